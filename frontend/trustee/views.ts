// What each step shows. A heading that takes the focus, one main button, and everything said in the server's words.

import { el, refill } from "../shared/dom";
import { fill } from "../shared/languages";
import { button, buttons, details, fail, figure, foreign, formOf, heading, moveBar, paragraph, save, waiting } from "../shared/pieces";
import type { Desk, Step } from "./page";

const FEW = 10;
const VARIED = 6;

/** The elements of the step. */
export function show(desk: Desk): HTMLElement[] {
  return SHOWN[desk.work.step](desk);
}

const SHOWN: Record<Step, (desk: Desk) => HTMLElement[]> = {
  start,
  make,
  making: working,
  made,
  open,
  checking,
  checked,
  decrypting: working,
  decrypted,
};

function say(desk: Desk, key: string): string {
  return desk.paper.words[key] ?? "";
}

function titleOf(desk: Desk): HTMLElement {
  return el("p", { class: "a-lead" }, foreign(desk.paper.title, desk.paper.lang));
}

function back(desk: Desk, key = "back_button"): HTMLElement {
  return button(say(desk, key), desk.leave, "secondary");
}

// The beginning -------------------------------------------------------------------------------------------------------

function start(desk: Desk): HTMLElement[] {
  const { paper } = desk;
  const makes = paper.trustees.length
    ? buttons(button(say(desk, "make_button"), () => desk.go("make"), paper.makes ? "" : "secondary"))
    : paragraph(say(desk, "nobody_named"));
  const decrypts = buttons(button(say(desk, "decrypt_button"), () => desk.go("open"), paper.decrypts ? "" : "secondary"));
  return [
    heading(say(desk, "start_heading")),
    titleOf(desk),
    el("p", { class: "govuk-body" }, el("strong", {}, paper.state)),
    paragraph(say(desk, "start_text")),
    part(desk, "make", makes),
    part(desk, "decrypt", decrypts),
    gap(details(
      say(desk, "about_title"),
      ...[
        say(desk, "about_offline"),
        say(desk, "about_key"),
        say(desk, "about_tally"),
        say(desk, "about_proofs"),
        say(desk, "about_page"),
        say(desk, "about_threshold"),
      ].map((text) => el("p", {}, text)),
    )),
    el("p", { class: "govuk-body" }, el("a", { class: "govuk-link", href: desk.publicAddress }, say(desk, "all_trustees"))),
  ];
}

function part(desk: Desk, key: "make" | "decrypt", act: HTMLElement): HTMLElement {
  const [title, text] = key === "make" ? [say(desk, "make_title"), say(desk, "make_text")] : [say(desk, "decrypt_title"), say(desk, "decrypt_text")];
  return el("section", { class: "a-card a-gap" }, el("h2", { class: "a-card__title" }, title), el("p", {}, text), act);
}

// Forms ---------------------------------------------------------------------------------------------------------------

/** A field with its label and hint, and a place for what is wrong with it. What was typed before stands in it still. */
function field<K extends "input" | "select">(
  desk: Desk,
  tag: K,
  id: string,
  label: string,
  hint: string,
  attributes: Record<string, string>,
  ...children: HTMLElement[]
): HTMLElement {
  const made = desk.fields.get(id) ?? el(tag, { id, ...attributes });
  desk.fields.set(id, made);
  if (made instanceof HTMLSelectElement) {
    const { value } = made;
    refill(made, ...children);
    if (value) made.value = value;
  }
  made.removeAttribute("aria-invalid");
  if (hint) made.setAttribute("aria-describedby", `${id}-hint`);
  else made.removeAttribute("aria-describedby");
  return el(
    "div",
    { class: "govuk-form-group" },
    el("label", { class: "govuk-label govuk-label--s", for: id }, label),
    hint !== "" && el("div", { class: "govuk-hint", id: `${id}-hint` }, hint),
    made,
  );
}

/** The errors above a form, and each beside its field. */
function refuse(desk: Desk, place: HTMLElement, form: HTMLElement, errors: [string, string][]): void {
  form.querySelectorAll(".govuk-error-message").forEach((each) => each.remove());
  form.querySelectorAll(".govuk-form-group--error").forEach((each) => each.classList.remove("govuk-form-group--error"));
  for (const [id, text] of errors) {
    const made = desk.fields.get(id)!;
    const error = el("p", { class: "govuk-error-message", id: `${id}-error` }, text);
    made.parentElement!.classList.add("govuk-form-group--error");
    made.parentElement!.insertBefore(error, made);
    made.setAttribute("aria-invalid", "true");
    const described = form.querySelector(`#${id}-hint`) ? `${id}-hint ` : "";
    made.setAttribute("aria-describedby", `${described}${id}-error`);
  }
  fail(place, say(desk, "errors"), errors);
}

function value(desk: Desk, id: string): string {
  return desk.fields.get(id)!.value;
}

/** What was typed, which then stands there no more. */
function taken(desk: Desk, id: string): string {
  const typed = value(desk, id);
  desk.fields.get(id)!.value = "";
  return typed;
}

function chosen(desk: Desk, id: string): File | null {
  const made = desk.fields.get(id) as HTMLInputElement;
  return (made.files && made.files[0]) ?? null;
}

const SECRET = { class: "govuk-input", type: "password", dir: "ltr", autocapitalize: "none", spellcheck: "false" };

/** A small box to tick. */
function box(id: string, label: string, hint: string, turned: (on: boolean) => void): HTMLElement {
  const made = el("input", {
    class: "govuk-checkboxes__input",
    id,
    type: "checkbox",
    autocomplete: "off",
    ...(hint && { "aria-describedby": `${id}-hint` }),
  });
  made.addEventListener("change", () => turned(made.checked));
  turned(false);
  return el(
    "div",
    { class: "govuk-checkboxes govuk-checkboxes--small govuk-form-group" },
    el(
      "div",
      { class: "govuk-checkboxes__item" },
      made,
      el("label", { class: "govuk-label govuk-checkboxes__label", for: id }, label),
      hint !== "" && el("div", { class: "govuk-hint govuk-checkboxes__hint", id: `${id}-hint` }, hint),
    ),
  );
}

/** A box that shows what is typed into the passphrase fields. */
function showing(desk: Desk, ...ids: string[]): HTMLElement {
  return box("show", say(desk, "passphrase_show"), "", (on) =>
    ids.forEach((id) => desk.fields.get(id)!.setAttribute("type", on ? "text" : "password")),
  );
}

/** What went wrong in the worker, where it can be mended. */
function faultAbove(desk: Desk): HTMLElement {
  const place = el("div");
  const { fault } = desk.work;
  if (fault) {
    refill(
      place,
      el(
        "div",
        { class: "govuk-error-summary", role: "alert", tabindex: "-1", "data-errors": true },
        el("h2", { class: "govuk-error-summary__title" }, say(desk, "errors")),
        el("p", { class: "govuk-body" }, desk.paper.words[`fault_${fault}`] ?? ""),
      ),
    );
  }
  return place;
}

// Making a key --------------------------------------------------------------------------------------------------------

function make(desk: Desk): HTMLElement[] {
  const { paper, invited } = desk;
  const errors = faultAbove(desk);
  const options = paper.trustees.map(({ number, name, keyed }) =>
    el("option", { value: String(number) }, [`${number} – ${name}`, keyed && ` (${say(desk, "place_taken")})`].filter(Boolean).join("")),
  );
  const form = formOf(() => {
    const wrong: [string, string][] = [];
    const typed = value(desk, "passphrase").normalize("NFC");
    if (!value(desk, "place")) wrong.push(["place", say(desk, "place_missing")]);
    if (Array.from(typed).length < paper.shortest) wrong.push(["passphrase", say(desk, "passphrase_hint")]);
    else if (new Set(typed).size < VARIED || /^[0-9\s]*$/.test(typed)) wrong.push(["passphrase", say(desk, "passphrase_common")]);
    else if (value(desk, "again").normalize("NFC") !== typed) wrong.push(["again", say(desk, "passphrase_differs")]);
    if (wrong.length) refuse(desk, errors, form, wrong);
    else {
      taken(desk, "again");
      desk.make(Number(value(desk, "place")), taken(desk, "passphrase"));
    }
  });
  form.append(
    field(desk, "select", "place", say(desk, "place_label"), "", { class: "govuk-select", autocomplete: "off" }, el("option", { value: "" }, "–"), ...options),
    field(desk, "input", "passphrase", say(desk, "passphrase_new"), say(desk, "passphrase_hint"), { ...SECRET, autocomplete: "new-password" }),
    field(desk, "input", "again", say(desk, "passphrase_again"), "", { ...SECRET, autocomplete: "new-password" }),
    showing(desk, "passphrase", "again"),
    buttons(el("button", { class: "govuk-button", type: "submit" }, say(desk, "make_button")), back(desk)),
  );
  if (invited && !value(desk, "place")) desk.fields.get("place")!.value = String(invited.index);
  return [errors, heading(say(desk, "making_heading")), titleOf(desk), form];
}

function working(desk: Desk): HTMLElement[] {
  return [heading(say(desk, "working_heading")), paragraph(say(desk, "working_text"), "a-lead")];
}

function made(desk: Desk): HTMLElement[] {
  const { work, invited } = desk;
  const { index, sealed, given, fingerprint, saved } = work;
  const byLink = invited !== null && invited.index === index;
  return [
    heading(say(desk, "made_heading")),
    paragraph(say(desk, "made_steps"), "a-lead"),
    step(
      1,
      say(desk, "save_title"),
      paragraph(say(desk, "save_text")),
      buttons(
        button(
          say(desk, "save_button"),
          () => {
            save(sealed, `private-key-trustee-${index}.json`);
            desk.keep();
          },
          saved ? "secondary" : "",
        ),
      ),
      ...(saved ? comparing(desk) : []),
    ),
    step(2, say(desk, "hand_title"), ...handing(desk, byLink, given)),
    step(
      3,
      say(desk, "fingerprint_title"),
      paragraph(say(desk, "fingerprint_text")),
      ...figure("fingerprint", say(desk, "fingerprint_label"), fingerprint),
    ),
    gap(buttons(back(desk, "finish_button"))),
  ];
}

/** Whether the file that was saved is really there: it is chosen once more and compared. */
function comparing(desk: Desk): HTMLElement[] {
  const told = el("div", { role: "status" });
  const whole = field(desk, "input", "saved", say(desk, "saved_label"), "", { class: "govuk-file-upload", type: "file" });
  desk.fields.get("saved")!.onchange = async () => {
    const file = chosen(desk, "saved");
    const same = file !== null && (await file.text()) === desk.work.sealed;
    refill(told, file && paragraph(same ? say(desk, "saved_same") : say(desk, "saved_other"), same ? "govuk-body" : "govuk-error-message"));
  };
  return [whole, told];
}

function gap(...inside: HTMLElement[]): HTMLElement {
  return el("div", { class: "a-gap" }, ...inside);
}

function step(number: number, title: string, ...inside: HTMLElement[]): HTMLElement {
  return el("section", { class: "a-card a-gap" }, el("h2", { class: "a-card__title" }, `${number}. ${title}`), ...inside);
}

/** What can be done with the public key; not before the private one is saved, since without it nothing can be counted. */
function handing(desk: Desk, byLink: boolean, given: string): HTMLElement[] {
  const { work } = desk;
  if (!work.saved) return [paragraph(say(desk, "hand_text")), paragraph(say(desk, "hand_first"))];
  const file = button(
    say(desk, "hand_save_button"),
    () => save(given, `trustee-${work.index}.key.json`),
    byLink ? "secondary" : "",
  );
  if (!byLink) file.setAttribute("data-next", "");
  if (!byLink) return [paragraph(say(desk, "hand_text")), paragraph(say(desk, "hand_file")), buttons(file)];
  if (work.handed?.kind === "done") return [said(say(desk, "hand_done"))];
  const hand = button(say(desk, "hand_button"), desk.handInKey);
  hand.setAttribute("data-next", "");
  return [
    paragraph(say(desk, "hand_text")),
    paragraph(say(desk, "hand_link")),
    ...notHanded(desk, say(desk, "hand_unreachable")),
    buttons(hand, file),
  ];
}

function said(text: string): HTMLElement {
  return el("div", { class: "govuk-inset-text", role: "status", tabindex: "-1", "data-handed": true }, el("strong", {}, text));
}

/** Why handing in did not work. */
function notHanded(desk: Desk, unreachable: string): HTMLElement[] {
  const { handed } = desk.work;
  if (!handed || handed.kind === "done") return [];
  return [said(handed.kind === "refused" ? handed.message : unreachable)];
}

// Decrypting ----------------------------------------------------------------------------------------------------------

function open(desk: Desk): HTMLElement[] {
  const errors = faultAbove(desk);
  let proofs = false;
  const form = formOf(() => {
    const wrong: [string, string][] = [];
    const key = chosen(desk, "key");
    if (!key) wrong.push(["key", say(desk, "key_missing")]);
    if (!value(desk, "passphrase")) wrong.push(["passphrase", say(desk, "passphrase_missing")]);
    if (wrong.length || !key) refuse(desk, errors, form, wrong);
    else desk.check(key, taken(desk, "passphrase"), chosen(desk, "board"), proofs);
  });
  const file = { class: "govuk-file-upload", type: "file" };
  form.append(
    field(desk, "input", "key", say(desk, "key_label"), say(desk, "key_hint"), file),
    field(desk, "input", "passphrase", say(desk, "passphrase_label"), "", { ...SECRET, autocomplete: "current-password" }),
    showing(desk, "passphrase"),
    field(desk, "input", "board", say(desk, "board_label"), say(desk, "board_hint"), file),
    box("proofs", say(desk, "proofs_label"), say(desk, "proofs_hint"), (on) => (proofs = on)),
    buttons(el("button", { class: "govuk-button", type: "submit" }, say(desk, "check_button")), back(desk)),
  );
  return [errors, heading(say(desk, "open_heading")), titleOf(desk), form];
}

const MEGABYTE = 1_000_000;

function checking(desk: Desk): HTMLElement[] {
  const shown = [
    heading(say(desk, "checking_heading")),
    ...waiting(say(desk, "working_text"), 100),
    buttons(back(desk, "stop_button")),
  ];
  progress(el("div", {}, ...shown), desk);
  return shown;
}

/** Move the bar. */
export function progress(place: Element, desk: Desk): void {
  const { done, all } = desk.work;
  if (!all) return moveBar(place, 0, 100, say(desk, "loading_text"));
  const size = (bytes: number) => (bytes / MEGABYTE).toLocaleString(desk.paper.language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  moveBar(place, Math.floor((100 * done) / all), 100, fill(say(desk, "read_text"), { done: size(done), all: size(all) }));
}

function checked(desk: Desk): HTMLElement[] {
  const found = desk.work.checked!;
  const number = (value: number) => value.toLocaleString(desk.paper.language);
  const code = (value: string) => el("code", { class: "a-figures a-booth__command", dir: "ltr" }, value);
  const facts: [string, HTMLElement | string][] = [
    [say(desk, "election_label"), foreign(found.name, "")],
    [say(desk, "owner_label"), fill(say(desk, "owner_text"), { owner: number(found.owner), all: number(found.trustees) })],
    [say(desk, "ballots_label"), number(found.ballots)],
    [say(desk, "fingerprint_election"), code(found.fingerprint)],
    [say(desk, "tally_label"), code(found.tally)],
  ];
  return [
    heading(say(desk, "checked_heading")),
    paragraph(say(desk, "checked_text"), "a-lead"),
    el(
      "dl",
      { class: "govuk-summary-list" },
      ...facts.map(([name, value]) =>
        el(
          "div",
          { class: "govuk-summary-list__row" },
          el("dt", { class: "govuk-summary-list__key" }, name),
          el("dd", { class: "govuk-summary-list__value" }, value),
        ),
      ),
    ),
    paragraph(desk.paper.tally ? say(desk, "tally_same") : say(desk, "tally_compare")),
    paragraph(found.proofs ? say(desk, "proofs_checked") : say(desk, "proofs_not_checked")),
    ...(found.ballots < FEW ? [el("div", { class: "govuk-inset-text" }, say(desk, "few_ballots"))] : []),
    ...(found.already ? [el("div", { class: "govuk-inset-text" }, say(desk, "already"))] : []),
    buttons(...(found.already ? [] : [button(say(desk, "go_button"), desk.decrypt, "", "lock")]), back(desk)),
  ];
}

function decrypted(desk: Desk): HTMLElement[] {
  const { work } = desk;
  const { handed, checked: found } = work;
  const file = button(say(desk, "part_save_button"), () => save(work.part, `part-trustee-${found!.owner}.json`), "secondary");
  if (handed?.kind === "done") {
    return [
      heading(say(desk, "decrypted_heading")),
      said(handed.last ? say(desk, "part_last") : say(desk, "part_done")),
      buttons(back(desk, "finish_button"), file),
    ];
  }
  return [
    heading(say(desk, "decrypted_heading")),
    paragraph(say(desk, "decrypted_text"), "a-lead"),
    ...notHanded(desk, say(desk, "part_unreachable")),
    buttons(button(say(desk, "part_button"), desk.handInPart), file),
    buttons(back(desk, "finish_button")),
  ];
}
