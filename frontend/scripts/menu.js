// Says that scripts run (the stylesheet then folds the menu on phones) and lets the button open it.

import { each } from "./each.js";

document.documentElement.className += " a-js";

each(document, ".a-nav__toggle", function (button) {
  function isOpen() {
    return button.getAttribute("aria-expanded") === "true";
  }
  button.addEventListener("click", function () {
    button.setAttribute("aria-expanded", String(!isOpen()));
  });
  button.parentNode.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && isOpen()) {
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }
  });
});
