// What Chrome 80 and iOS 12 need to show a page that is styled and readable.
//
// Everything here stands at the end of the file, behind an "@supports not" that today's browsers skip. Cascade
// layers are resolved before this pass (postcss-cascade-layers), prefixes are added after it (autoprefixer).

import postcss from "postcss";
import { words } from "./logical.mjs";

const NO_INSET = "not (inset-inline-start: 0)"; // Chrome 86, Safari 14.0 and older: no gap between flex items either
const NO_RADIUS = "not (border-start-start-radius: 0)"; // Chrome 88, Safari 14
const NO_FLOAT = "not (float: inline-start)"; // Chrome 117, Safari 14
const NO_FOCUS_VISIBLE = `(${NO_INSET}) or (not (scroll-behavior: smooth))`; // Chrome 85, Safari 15.3

const SIDES = {
  "inset-inline-start": { ltr: "left", rtl: "right", guard: NO_INSET },
  "inset-inline-end": { ltr: "right", rtl: "left", guard: NO_INSET },
  "border-start-start-radius": { ltr: "border-top-left-radius", rtl: "border-top-right-radius", guard: NO_RADIUS },
  "border-start-end-radius": { ltr: "border-top-right-radius", rtl: "border-top-left-radius", guard: NO_RADIUS },
  "border-end-start-radius": { ltr: "border-bottom-left-radius", rtl: "border-bottom-right-radius", guard: NO_RADIUS },
  "border-end-end-radius": { ltr: "border-bottom-right-radius", rtl: "border-bottom-left-radius", guard: NO_RADIUS },
};
const FLOATS = {
  "inline-start": { ltr: "left", rtl: "right" },
  "inline-end": { ltr: "right", rtl: "left" },
};

/** The selector under a page direction, or null when it already asks for the other one. */
function within(selector, direction) {
  const own = selector.match(/^\[dir="?(ltr|rtl)"?\](:not\(#\\#\))*\s+(.*)$/s);
  if (own) {
    return own[1] === direction ? `html[dir=${direction}] ${own[3]}` : null;
  }
  // The class .a-js sits on <html> itself.
  return /^(html\b|\.a-js\b)/.test(selector)
    ? selector.replace(/^(html)?/, `html[dir=${direction}]`)
    : `html[dir=${direction}] ${selector}`;
}

/** Half of a length, as it was written. */
function half(length) {
  return length.replace(/[\d.]+/, (number) => String(Number(number) / 2));
}

/** A rule with the @media around it, as it stood. */
function framed(rule, selectors, declarations) {
  let node = postcss.rule({ selectors, nodes: declarations });
  for (let parent = rule.parent; parent && parent.type === "atrule"; parent = parent.parent) {
    node = postcss.atRule({ name: parent.name, params: parent.params, nodes: [node] });
  }
  return node;
}

function sidesOf(rule) {
  const found = [];
  for (const declaration of rule.nodes.filter((node) => node.type === "decl")) {
    const { prop, value, important } = declaration;
    const turned = (prop === "float" || prop === "clear") && FLOATS[value];
    if (SIDES[prop]) {
      found.push({ guard: SIDES[prop].guard, make: (way) => postcss.decl({ prop: SIDES[prop][way], value, important }) });
    } else if (turned) {
      found.push({ guard: NO_FLOAT, make: (way) => postcss.decl({ prop, value: turned[way], important }) });
    }
  }
  return found;
}

/** Margins that stand for the gap of a flex container; an icon before bare text is its only child, yet needs one. */
function gapsOf(rule) {
  const values = {};
  rule.each((node) => {
    if (node.type === "decl") values[node.prop] = node.value;
  });
  if (!values.gap || !/flex$/.test(values.display ?? "")) return [];
  const [row, column = row] = words(values.gap);
  const { selectors } = rule;
  const rules = [];
  if (values["flex-wrap"] === "wrap" && parseFloat(row)) {
    const margins = ["margin-top", "margin-bottom"].map((prop) => postcss.decl({ prop, value: half(row) }));
    rules.push(framed(rule, selectors.map((selector) => `${selector} > *`), margins));
  }
  if (parseFloat(column)) {
    const neighbours = selectors.flatMap((selector) => [`${selector} > *:not(:last-child)`, `${selector} > svg`]);
    rules.push(framed(rule, neighbours, [postcss.decl({ prop: "margin-inline-end", value: column })]));
  }
  return rules;
}

export default function olderBrowsers() {
  return {
    postcssPlugin: "answerable-older-browsers",
    OnceExit(root) {
      const blocks = new Map();
      const add = (guard, node) => {
        if (!blocks.has(guard)) blocks.set(guard, postcss.atRule({ name: "supports", params: guard, nodes: [] }));
        blocks.get(guard).append(node);
      };
      root.walkRules((rule) => {
        if (rule.selector.includes(":focus-visible") && !rule.selector.includes(":not(:focus-visible)")) {
          const selectors = rule.selectors.map((selector) => selector.replace(/:focus-visible/g, ":focus"));
          add(NO_FOCUS_VISIBLE, framed(rule, selectors, rule.clone().nodes));
        }
        gapsOf(rule).forEach((node) => add(NO_INSET, node));
        rule.each((node) => {
          if (node.prop === "margin-inline-end" && node.value === "auto") {
            add(NO_INSET, framed(rule, rule.selectors, [node.clone({ important: true })])); // pushes the rest away
          }
        });
        const sides = sidesOf(rule);
        for (const guard of new Set(sides.map((side) => side.guard))) {
          for (const way of ["ltr", "rtl"]) {
            const selectors = rule.selectors.map((selector) => within(selector, way)).filter(Boolean);
            const declarations = sides.filter((side) => side.guard === guard).map((side) => side.make(way));
            if (selectors.length) add(guard, framed(rule, selectors, declarations));
          }
        }
      });
      blocks.forEach((block) => root.append(block));
    },
  };
}
