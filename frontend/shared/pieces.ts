// Pieces of which the steps of a page are made: headings, buttons, figures, errors. Without words of their own.

import { el, icon, refill, svg } from "./dom";

/** Where a step begins: it takes the focus, and shows no ring, since nothing can be done with it. */
export function heading(text: string): HTMLElement {
  return el("h1", { class: "govuk-heading-xl govuk-skip-link-focused-element", tabindex: "-1" }, text);
}

export function paragraph(text: string, kind = "govuk-body"): HTMLElement {
  return el("p", { class: kind }, text);
}

export function button(text: string, act: () => void, kind: "" | "secondary" = "", picture?: "lock" | "print"): HTMLElement {
  return el(
    "button",
    { class: `govuk-button${kind && ` govuk-button--${kind}`}`, type: "button", click: act },
    picture ? icon(picture) : null,
    text,
  );
}

export function buttons(...each: HTMLElement[]): HTMLElement {
  return el("div", { class: "govuk-button-group a-noprint" }, ...each);
}

/** A form that is never sent: `act` runs instead. */
export function formOf(act: () => void): HTMLFormElement {
  return el("form", {
    novalidate: true,
    submit: (event: Event) => {
      event.preventDefault();
      act();
    },
  });
}

export function foreign(text: string, lang: string): HTMLElement {
  return el("bdi", { lang: lang || "und", dir: "auto" }, text);
}

/** A number that somebody compares: always from left to right, broken where the line ends. */
export function figure(id: string, label: string, value: string, small = false): HTMLElement[] {
  return [
    el("h2", { class: small ? "govuk-heading-s" : "govuk-heading-m", id }, label),
    el("p", { class: "govuk-body" }, el("code", { class: `a-tracker${small ? " a-tracker--small" : ""}`, dir: "ltr" }, value)),
  ];
}

export function card(title: string, ...texts: string[]): HTMLElement {
  return el(
    "section",
    { class: "a-card a-card--tinted a-noprint" },
    el("h2", { class: "a-card__title" }, title),
    ...texts.map((text) => el("p", {}, text)),
  );
}

export function details(title: string, ...inside: HTMLElement[]): HTMLElement {
  return el(
    "details",
    { class: "govuk-details a-noprint" },
    el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, title)),
    el("div", { class: "govuk-details__text" }, ...inside),
  );
}

/** All errors at once, above the form, each leading to its place. */
function summary(title: string, errors: [string, string][]): HTMLElement {
  return el(
    "div",
    { class: "govuk-error-summary", role: "alert", tabindex: "-1", "data-errors": true },
    el("h2", { class: "govuk-error-summary__title" }, title),
    el(
      "ul",
      { class: "govuk-list govuk-error-summary__list" },
      ...errors.map(([id, text]) =>
        el(
          "li",
          {},
          el(
            "a",
            {
              href: `#${id}`,
              click: (event: Event) => {
                event.preventDefault(); // the address stays as it is
                document.getElementById(id)?.focus();
              },
            },
            text,
          ),
        ),
      ),
    ),
  );
}

/** Show the errors, and put the focus on them. */
export function fail(place: HTMLElement, title: string, errors: [string, string][]): void {
  refill(place, summary(title, errors));
  (place.firstChild as HTMLElement).focus();
}

/** A bar that fills, up to `all`. */
function bar(all: number, labelledBy: string): HTMLElement {
  const run = svg("rect", { class: "a-seal__run", width: "0%", height: "100%" });
  const drawn = svg(
    "svg",
    { "aria-hidden": "true", focusable: "false" },
    svg("rect", { class: "a-seal__track", width: "100%", height: "100%" }),
    run,
  );
  return el(
    "div",
    {
      class: "a-seal__bar",
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": String(all),
      "aria-labelledby": labelledBy,
    },
    drawn as unknown as HTMLElement,
  );
}

/** Move the bar that stands in `place`, if any; `said` is aloud at every quarter only. */
export function moveBar(place: Element, now: number, all: number, said: string): void {
  const found = place.querySelector("[role=progressbar]");
  if (!found) return;
  const before = Number(found.getAttribute("aria-valuenow"));
  found.setAttribute("aria-valuenow", String(now));
  found.setAttribute("aria-valuetext", said);
  place.querySelector(".a-seal__run")!.setAttribute("width", `${(100 * now) / all}%`);
  place.querySelector("[data-progress]")!.textContent = said;
  if (Math.floor((4 * now) / all) > Math.floor((4 * before) / all)) place.querySelector("[data-announced]")!.textContent = said;
}

/** What a bar stands in: what is going on, the figure beside it, and where it is said aloud. */
export function waiting(label: string, all: number, ...below: HTMLElement[]): HTMLElement[] {
  return [
    el(
      "section",
      { class: "a-seal", "aria-labelledby": "keep-open" },
      el("h2", { class: "govuk-heading-m govuk-!-margin-bottom-0", id: "keep-open" }, label),
      bar(all, "keep-open"),
      el("p", {}, el("strong", { "data-progress": true })),
      ...below,
    ),
    el("p", { class: "a-hidden", role: "status", "data-announced": true }),
  ];
}

/** Hand the browser a file, without a server. */
export function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
