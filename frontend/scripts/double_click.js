// A second click on a button within two seconds sends nothing. The button stays usable: if the first try got lost,
// the next one goes out, and the server makes one submission of both.

var PAUSE = 2000;

document.addEventListener("submit", function (event) {
  var form = event.target;
  var now = Date.now();
  if (event.defaultPrevented) return;
  if (now - (form.sentAt || 0) < PAUSE) event.preventDefault();
  else form.sentAt = now;
});
