// Public pages. Everything works without this file; it only saves steps.

import "./menu.js";
import "./code_form.js";
import "./keeper.js";
import "./buttons.js";
import "./errors.js";
import "./double_click.js";
