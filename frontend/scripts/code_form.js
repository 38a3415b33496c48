// The form for a receipt code. A QR code carries the digits after "#", which no browser sends to a server: they are
// moved into the field, and out of the address. Nothing is ever sent by itself, and a voting code not at all.

import { digits, isVotingCode } from "./codes.js";
import { each } from "./each.js";

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch (malformed) {
    return "";
  }
}

each(document, "form[data-code-form]", function (form) {
  var field = form.querySelector("[name=code]");
  var warning = form.querySelector("[data-code-warning]");

  function check() {
    var wrong = isVotingCode(digits(field.value));
    if (warning) warning.hidden = !wrong;
    return wrong;
  }
  function take() {
    var code = digits(plain(location.hash));
    if (code.length !== 32) return;
    field.value = code.replace(/(....)(?=.)/g, "$1 ");
    history.replaceState(null, "", location.pathname + location.search);
    check();
  }

  field.addEventListener("input", check);
  form.addEventListener("submit", function (event) {
    if (check()) {
      event.preventDefault();
      field.focus();
    }
  });
  window.addEventListener("hashchange", take);
  take();
});
