// Building pages out of elements: text is always text, so nothing that somebody wrote becomes markup.

type Child = Node | string | null | false;
type Attributes = Record<string, string | boolean | EventListener>;

/** An element with attributes (a function is a listener, true an empty attribute, false none) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element: Element, children: Child[]): void {
  for (const child of children) if (child) element.append(child);
}

/** Put `children` in the place of whatever the element held. */
export function refill(element: Element, ...children: Child[]): void {
  element.textContent = "";
  append(element, children);
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  check: "M4.5 12.5l5 5 10-11",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
  print: "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
};

/** A small picture beside a word, as templates/_components/icon.html draws it. */
export function icon(name: keyof typeof PATHS): SVGElement {
  const path = svg("path", { d: PATHS[name] });
  return svg("svg", { class: "a-icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, path);
}

/** An element of a drawing. */
export function svg(tag: string, attributes: Record<string, string>, ...children: Element[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  append(element, children);
  return element;
}
