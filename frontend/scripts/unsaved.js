// Asks before an officer leaves a page with an answer that was not sent: form[data-unsaved].

import { each } from "./each.js";

var sending = false;

document.addEventListener("submit", function (event) {
  sending = !event.defaultPrevented;
});

window.addEventListener("beforeunload", function (event) {
  var changed = false;
  each(document, "form[data-unsaved] textarea", function (field) {
    if (field.value !== field.defaultValue) changed = true;
  });
  if (changed && !sending) {
    event.preventDefault();
    event.returnValue = ""; // what Chrome before 119 looks at
  }
});
