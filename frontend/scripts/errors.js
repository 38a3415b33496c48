// A failed form begins at its error summary, also for those who do not see it.

import { each } from "./each.js";

each(document, "[data-errors]", function (summary) {
  summary.focus();
});
