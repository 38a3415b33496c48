// Office pages. Loaded beside public.js; everything works without it.

import "./selection.js";
import "./unsaved.js";
