// Print and copy. The buttons are hidden in the page and shown here, since they do nothing without script.

import { each } from "./each.js";

each(document, "[data-print]", function (button) {
  button.hidden = false;
  button.addEventListener("click", function () {
    window.print();
  });
});

/** The old way, for browsers without a clipboard and for pages without https. */
function copySelected(element) {
  var range = document.createRange();
  range.selectNodeContents(element);
  var selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand("copy");
}

each(document, "[data-copy]", function (button) {
  var source = document.querySelector(button.getAttribute("data-copy"));
  var status = document.querySelector("[data-copied]");
  if (!source) return;

  function done() {
    if (status) status.textContent = status.getAttribute("data-copied");
  }
  button.hidden = false;
  button.addEventListener("click", function () {
    if (navigator.clipboard) {
      navigator.clipboard.writeText(source.textContent.replace(/\s+/g, " ").trim()).then(done, function () {
        if (copySelected(source)) done();
      });
    } else if (copySelected(source)) done();
  });
});
