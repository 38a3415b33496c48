/** Run `act` for each element inside `root` that matches, in the order of the page. */
export function each(root, selector, act) {
  Array.prototype.forEach.call(root.querySelectorAll(selector), act);
}
