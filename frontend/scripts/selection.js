// The officer's list: a box that chooses every row, and the number of rows chosen. form[data-selection] holds the
// rows' boxes [data-row], the box for all of them [data-row-all], and [data-row-count] for the number.

import { each } from "./each.js";

each(document, "form[data-selection]", function (form) {
  var all = form.querySelector("[data-row-all]");

  function count() {
    var rows = 0;
    var chosen = 0;
    each(form, "[data-row]", function (box) {
      var line = box.closest("li, tr");
      rows++;
      if (box.checked) chosen++;
      if (line) line.classList[box.checked ? "add" : "remove"]("is-chosen");
    });
    each(form, "[data-row-count]", function (place) {
      place.textContent = chosen;
    });
    if (all) {
      all.checked = chosen > 0 && chosen === rows;
      all.indeterminate = chosen > 0 && chosen < rows;
    }
  }

  each(form, "[data-with-script]", function (element) {
    element.hidden = false;
  });
  form.addEventListener("change", function (event) {
    if (event.target === all) {
      each(form, "[data-row]", function (box) {
        box.checked = all.checked;
      });
    }
    count();
  });
  window.addEventListener("pageshow", count); // the back button brings ticks back
});
