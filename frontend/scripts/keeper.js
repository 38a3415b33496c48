// Keeps what was typed into form[data-keep="name"] until the receipt has been shown, on this device and in this tab
// only. A reload, a lost connection or the back button then costs nobody their letter.

import { each } from "./each.js";

var FIELDS = "textarea[name], input[type=text][name], input[type=email][name], input[type=tel][name]";

function key(name) {
  return "answerable:" + name;
}

function keep(form) {
  var place = key(form.getAttribute("data-keep"));
  var kept = JSON.parse(sessionStorage.getItem(place) || "{}");
  each(form, FIELDS, function (field) {
    if (!field.value && kept[field.name]) field.value = kept[field.name];
    field.addEventListener("input", function () {
      kept[field.name] = field.value;
      try {
        sessionStorage.setItem(place, JSON.stringify(kept));
      } catch (full) {} // the form works as it does without script
    });
  });
}

try {
  each(document, "[data-kept-clear]", function (element) {
    sessionStorage.removeItem(key(element.getAttribute("data-kept-clear")));
  });
  each(document, "form[data-keep]", keep);
} catch (forbidden) {} // some browsers refuse the store as a whole
