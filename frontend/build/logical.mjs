// Left and right become start and end, so that one stylesheet serves both directions of writing.
//
// govuk-frontend is written with left and right; our own sections are logical already. This pass brings both to
// one spelling, and to the oldest one that browsers share: sizes and the block axis never depend on the
// direction, so they are written as width, height, top and bottom; along the line, shorthands become longhands
// (margin-inline-start is years older than margin-inline).

const RENAMED = {
  "inline-size": "width",
  "block-size": "height",
  "min-inline-size": "min-width",
  "max-inline-size": "max-width",
  "min-block-size": "min-height",
  "max-block-size": "max-height",
  "inset-block-start": "top",
  "inset-block-end": "bottom",
  "scroll-padding-block-start": "scroll-padding-top",
  left: "inset-inline-start",
  right: "inset-inline-end",
  "border-top-left-radius": "border-start-start-radius",
  "border-top-right-radius": "border-start-end-radius",
  "border-bottom-left-radius": "border-end-start-radius",
  "border-bottom-right-radius": "border-end-end-radius",
};
for (const box of ["margin", "padding", "border"]) {
  Object.assign(RENAMED, {
    [`${box}-left`]: `${box}-inline-start`,
    [`${box}-right`]: `${box}-inline-end`,
    [`${box}-block-start`]: `${box}-top`,
    [`${box}-block-end`]: `${box}-bottom`,
  });
}
for (const part of ["color", "style", "width"]) {
  Object.assign(RENAMED, {
    [`border-left-${part}`]: `border-inline-start-${part}`,
    [`border-right-${part}`]: `border-inline-end-${part}`,
    [`border-block-start-${part}`]: `border-top-${part}`,
    [`border-block-end-${part}`]: `border-bottom-${part}`,
  });
}

// Shorthands with one or two values, and the two longhands that stand for them.
const PAIRS = {
  "margin-inline": ["margin-inline-start", "margin-inline-end"],
  "margin-block": ["margin-top", "margin-bottom"],
  "padding-inline": ["padding-inline-start", "padding-inline-end"],
  "padding-block": ["padding-top", "padding-bottom"],
  "inset-inline": ["inset-inline-start", "inset-inline-end"],
  "inset-block": ["top", "bottom"],
  "border-block-color": ["border-top-color", "border-bottom-color"],
};

const VALUES = {
  "text-align": { left: "start", right: "end" },
  "justify-content": { left: "flex-start", right: "flex-end" },
  float: { left: "inline-start", right: "inline-end" },
  clear: { left: "inline-start", right: "inline-end" },
};

/** Split a value at its blanks, but not inside brackets. */
export function words(value) {
  return value.match(/(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+/g) ?? [];
}

function replace(declaration, pairs) {
  declaration.replaceWith(pairs.map(([prop, value]) => declaration.clone({ prop, value })));
}

/**
 * `margin: 0 1px 2px 3px` names right before left: such a value is taken apart. Border widths are left alone: there
 * the four values draw chevrons and ticks, which turn by hand (breadcrumbs) or not at all (ticks).
 */
function fourSides(declaration) {
  const [top, right = top, bottom = top, left = right] = words(declaration.value);
  const { prop } = declaration;
  if (prop === "inset") {
    replace(declaration, [
      ["top", top],
      ["inset-inline-end", right],
      ["bottom", bottom],
      ["inset-inline-start", left],
    ]);
  } else if (left !== right) {
    replace(declaration, [
      [`${prop}-top`, top],
      [`${prop}-inline-end`, right],
      [`${prop}-bottom`, bottom],
      [`${prop}-inline-start`, left],
    ]);
  }
}

export default function logical() {
  return {
    postcssPlugin: "answerable-logical",
    Once(root) {
      root.walkDecls(/^(margin|padding|inset)$/, fourSides);
      root.walkDecls((declaration) => {
        const pair = PAIRS[declaration.prop];
        if (pair) {
          const [start, end = start] = words(declaration.value);
          replace(declaration, [
            [pair[0], start],
            [pair[1], end],
          ]);
        }
      });
      root.walkDecls((declaration) => {
        declaration.prop = RENAMED[declaration.prop] ?? declaration.prop;
        declaration.value = VALUES[declaration.prop]?.[declaration.value] ?? declaration.value;
      });
    },
  };
}
