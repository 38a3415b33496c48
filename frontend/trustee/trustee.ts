// The trustees' page: one file, loaded by the page and, by the page, once more as its worker, so that one published hash
// stands for all of it.

import { begin } from "./page";
import { serve } from "./worker";

if (typeof document === "undefined") serve(self as unknown as Parameters<typeof serve>[0]);
else begin();
