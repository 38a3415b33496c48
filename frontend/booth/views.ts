// What each step shows. A heading that takes the focus, one main button, and everything said in the server's words.

import { el, icon, refill, svg } from "../shared/dom";
import {
  button,
  buttons,
  card,
  details,
  fail as failAt,
  figure,
  foreign,
  formOf,
  heading,
  moveBar,
  paragraph,
  save,
  waiting,
} from "../shared/pieces";
import { fill } from "../shared/languages";
import { boxes, problems, type Booth, type Step } from "./page";
import { qr } from "./qr";
import { tongues } from "./station";
import type { AskedQuestion, Candidate } from "./paper";

const STAGES: [string, Step[]][] = [
  ["stage_choose", ["choose"]],
  ["stage_check", ["review"]],
  ["stage_seal", ["sealing", "sealed", "opened", "sending"]],
  ["stage_done", ["done"]],
];
const MOST_PIPS = 10;

/** The elements of the booth's step. */
export function show(booth: Booth): HTMLElement[] {
  const { notice } = booth.paper;
  const said = notice ? [el("div", { class: "govuk-inset-text" }, el("strong", {}, notice))] : [];
  return [...stages(booth), ...said, ...SHOWN[booth.vote.step](booth)];
}

const SHOWN: Record<Step, (booth: Booth) => HTMLElement[]> = {
  start,
  code,
  choose,
  review,
  sealing,
  sealed,
  opened,
  checked,
  sending,
  refused,
  done,
  broken,
};

// What several steps share -------------------------------------------------------------------------------------------

function say(booth: Booth, key: string): string {
  return booth.paper.words[key] ?? "";
}

function fail(place: HTMLElement, booth: Booth, errors: [string, string][]): void {
  failAt(place, say(booth, "errors"), errors);
}

function stages(booth: Booth): HTMLElement[] {
  const now = STAGES.findIndex(([, steps]) => steps.includes(booth.vote.step));
  if (now < 0) return [];
  const items = STAGES.map(([key], at) =>
    el(
      "li",
      { "data-state": at < now && "done", "aria-current": at === now && "step" },
      el("span", { class: "a-stages__number" }, `${at + 1}. `),
      say(booth, key),
      at < now && el("span", { class: "a-hidden" }, ` (${say(booth, "stage_passed")})`),
    ),
  );
  return [el("ol", { class: "a-stages a-noprint", "aria-label": say(booth, "stages") }, ...items)];
}

function titleOf(booth: Booth): HTMLElement {
  return el("p", { class: "a-lead" }, foreign(booth.paper.title, booth.paper.lang));
}

// At a station --------------------------------------------------------------------------------------------------------

/** The language comes first, each under its own name; where there is only one, nothing is to be chosen. */
function start(booth: Booth): HTMLElement[] {
  const spoken = tongues();
  return [
    heading(spoken.length ? say(booth, "station_heading") : say(booth, "code_heading")),
    titleOf(booth),
    el(
      "div",
      { class: "a-booth__tongues" },
      ...(spoken.length ? [] : [button(say(booth, "code_button"), () => booth.go("code"))]),
      ...spoken.map(({ code, name, direction }) =>
        el("button", { class: "govuk-button", type: "button", lang: code, dir: direction, click: () => booth.speakIn(code) }, name),
      ),
    ),
    paragraph(say(booth, "station_text")),
  ];
}

/** What stands above a step once nobody has touched the device for a while. */
export function quiet(booth: Booth): HTMLElement {
  return el(
    "section",
    { class: "govuk-inset-text a-noprint", role: "alert", "data-quiet": true },
    el("p", {}, el("strong", {}, say(booth, "station_quiet"))),
    button(say(booth, "station_stay"), () => undefined), // any touch says so
  );
}

// 0 The code ----------------------------------------------------------------------------------------------------------

function code(booth: Booth): HTMLElement[] {
  const { vote, paper } = booth;
  const errors = el("div");
  const said = el("div");
  const group = el("div", { class: "govuk-form-group" });
  const field = el("textarea", {
    class: "govuk-textarea a-booth__code",
    id: "code",
    rows: "2",
    inputmode: "numeric",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    dir: "ltr",
    "aria-describedby": "code-hint",
  });
  field.value = grouped(vote.code);
  field.addEventListener("input", () => (vote.code = field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    enter();
  });
  function enter(): void {
    const error = booth.enter(field.value);
    if (!error) return;
    group.classList.add("govuk-form-group--error");
    field.classList.add("govuk-textarea--error");
    field.setAttribute("aria-describedby", "code-hint code-error");
    field.setAttribute("aria-invalid", "true");
    refill(said, el("p", { class: "govuk-error-message", id: "code-error" }, error));
    fail(errors, booth, [["code", error]]);
  }
  const form = formOf(enter);
  group.append(
    el("label", { class: "govuk-label govuk-label--m", for: "code" }, say(booth, "code_label")),
    el("div", { class: "govuk-hint", id: "code-hint" }, say(booth, "code_hint")),
    said,
    field,
  );
  form.append(
    group,
    el("button", { class: "govuk-button", type: "submit" }, say(booth, "code_button")),
  );
  return [
    errors,
    heading(say(booth, "code_heading")),
    titleOf(booth),
    el("ul", { class: "a-facts a-facts--links" }, ...[paper.closes, say(booth, "vote_again")].map((each) => el("li", {}, each))),
    ...(vote.scanned ? [el("div", { class: "govuk-inset-text" }, say(booth, "code_scanned"))] : []),
    ...(booth.station ? [paragraph(say(booth, "station_scan"))] : []),
    form,
    paragraph(say(booth, "code_stays")),
    ...(paper.practice && !booth.station
      ? [el("p", { class: "govuk-body" }, el("a", { class: "govuk-link", href: paper.practice }, say(booth, "practice_link")))]
      : []),
    // A station takes no file and leaves none.
    ...(booth.station ? [] : [details(say(booth, "check_title"), ...checker(booth))]),
  ];
}

/** Where another device's opened vote is checked. */
function checker(booth: Booth): HTMLElement[] {
  const said = el("div", { role: "alert" });
  const field = el("input", { class: "govuk-file-upload", id: "opened", type: "file", accept: ".json,application/json" });
  field.addEventListener("change", async () => {
    const file = field.files && field.files[0];
    const error = file ? await booth.check(file) : "";
    refill(said, error !== "" && el("p", { class: "govuk-error-message" }, error));
  });
  return [el("label", { class: "govuk-label", for: "opened" }, say(booth, "check_label")), said, field];
}

/** A code as it stands in the letter, if it is one; else as it was typed. */
function grouped(typed: string): string {
  return /^[0-9]{32}$/.test(typed) ? typed.replace(/(....)(?=.)/g, "$1 ") : typed;
}

// 1 Choose ------------------------------------------------------------------------------------------------------------

function choose(booth: Booth): HTMLElement[] {
  const { paper } = booth;
  const errors = el("div");
  const single = paper.questions.length === 1;
  const bar = el("div", { class: "a-actionbar" });
  const counts = el("div", { class: "a-booth__counts", "aria-live": "polite" });

  function count(): void {
    const wrong = problems(booth);
    if (!wrong.some(Boolean)) refill(errors);
    refill(
      counts,
      ...paper.questions.map((asked, at) =>
        el(
          "p",
          { class: wrong[at] && tooMany(booth, at) ? "a-booth__count a-booth__count--wrong" : "a-booth__count" },
          pips(booth, at),
          el("strong", {}, single ? "" : `${at + 1}: `, standing(booth, asked, at)),
        ),
      ),
    );
  }

  const form = formOf(() => {
    const wrong = problems(booth).flatMap((text, at): [string, string][] => (text ? [[`q${at}`, text]] : []));
    if (wrong.length) fail(errors, booth, wrong);
    else booth.go("review");
  });
  for (const [at, asked] of paper.questions.entries()) form.append(...question(booth, asked, at, single, count));
  bar.append(counts, el("button", { class: "govuk-button", type: "submit" }, say(booth, "choose_button")));
  form.append(bar);
  count();
  return [
    errors,
    heading(single ? paper.questions[0]!.rule : say(booth, "choose_heading")),
    titleOf(booth),
    form,
  ];
}

function tooMany(booth: Booth, at: number): boolean {
  const most = booth.election.questions[at]!.most;
  return booth.vote.chosen[at]!.size > most || (booth.vote.blank[at]! && booth.vote.chosen[at]!.size > 0);
}

/** What stands in the bar: too many is said at once, too few only when going on. */
function standing(booth: Booth, asked: AskedQuestion, at: number): string {
  const count = booth.vote.chosen[at]!.size;
  if (tooMany(booth, at)) return problems(booth)[at]!;
  return booth.vote.blank[at] ? say(booth, "blank") : asked.says[count]!;
}

function pips(booth: Booth, at: number): HTMLElement | null {
  const most = booth.election.questions[at]!.most;
  if (most > MOST_PIPS) return null;
  const full = booth.vote.chosen[at]!.size;
  const each = Array.from({ length: most }, (_, pip) => el("span", { class: pip < full && "is-on" }));
  return el("span", { class: "a-pips", "aria-hidden": "true" }, ...each);
}

function question(booth: Booth, asked: AskedQuestion, at: number, single: boolean, changed: () => void): HTMLElement[] {
  const { vote } = booth;
  const group = asked.groups.map((each) => {
    const legend = each.title || asked.title;
    return el(
      "fieldset",
      { class: "a-region" },
      el("legend", {}, el(single ? "h2" : "h3", {}, foreign(legend, each.title ? each.lang : asked.lang))),
      el(
        "div",
        { class: "a-ballot govuk-checkboxes" },
        ...each.candidates.map((candidate) => choice(booth, candidate, at, changed)),
      ),
    );
  });
  const head = single
    ? []
    : [el("h2", { class: "govuk-heading-l" }, `${at + 1}. `, foreign(asked.title, asked.lang)), paragraph(asked.rule)];
  const blank = booth.election.questions[at]!.blank
    ? [
        el(
          "fieldset",
          { class: "a-region a-region--blank" },
          el("legend", {}, say(booth, "blank_legend")),
          el(
            "div",
            { class: "a-ballot govuk-checkboxes" },
            box(`q${at}b`, vote.blank[at]!, [say(booth, "blank")], [say(booth, "blank_hint")], (on) => {
              vote.blank[at] = on;
              changed();
            }),
          ),
        ),
      ]
    : [];
  return [el("div", { id: `q${at}`, tabindex: "-1", class: "govuk-skip-link-focused-element" }, ...head, ...group, ...blank)];
}

function choice(booth: Booth, candidate: Candidate, at: number, changed: () => void): HTMLElement {
  const chosen = booth.vote.chosen[at]!;
  const { slot, name, statement, lang } = candidate;
  const hint = statement
    ? [
        el(
          "details",
          {},
          el("summary", {}, fill(say(booth, "statement"), { name })),
          ...statement.split(/\n+/).map((text) => el("p", { lang: lang || "und", dir: "auto" }, text)),
        ),
      ]
    : [];
  return box(`q${at}s${slot}`, chosen.has(slot), [foreign(name, "")], hint, (on) => {
    if (on) chosen.add(slot);
    else chosen.delete(slot);
    changed();
  });
}

function box(
  id: string,
  checked: boolean,
  label: (HTMLElement | string)[],
  hint: (HTMLElement | string)[],
  changed: (on: boolean) => void,
): HTMLElement {
  const field = el("input", { class: "govuk-checkboxes__input", id, type: "checkbox", autocomplete: "off" });
  field.checked = checked;
  const item = el(
    "div",
    { class: "govuk-checkboxes__item" },
    field,
    el("label", { class: "govuk-label govuk-checkboxes__label", for: id }, ...label),
    hint.length > 0 && el("div", { class: "govuk-hint govuk-checkboxes__hint" }, ...hint),
  );
  const mark = () => item.classList.toggle("is-chosen", field.checked);
  field.addEventListener("change", () => {
    mark();
    changed(field.checked);
  });
  mark();
  return item;
}

// 2 Check -------------------------------------------------------------------------------------------------------------

/** What was chosen, as a list for each question. `choices` has the blank's slot first where there is one. */
function chosenLists(booth: Booth, isChosen: (at: number, slot: number) => boolean, isBlank: (at: number) => boolean): HTMLElement[] {
  const { paper, election } = booth;
  return paper.questions.flatMap((asked, at) => {
    const items = asked.groups.flatMap((group) =>
      group.candidates
        .filter((candidate) => isChosen(at, candidate.slot))
        .map((candidate) => {
          const written = election.questions[at]!.answers[candidate.slot]!;
          return item(
            foreign(candidate.name, ""),
            group.title ? foreign(group.title, group.lang) : null,
            // What is encrypted is the place of this name in the election's own message.
            written === candidate.name ? null : foreign(written, ""),
          );
        }),
    );
    if (isBlank(at)) items.push(item(say(booth, "blank")));
    else if (!items.length) items.push(item(say(booth, "nobody")));
    const head = paper.questions.length > 1 ? [el("h2", { class: "govuk-heading-m" }, `${at + 1}. `, foreign(asked.title, asked.lang))] : [];
    return [...head, el("ul", { class: "a-choices" }, ...items)];
  });
}

function item(name: HTMLElement | string, ...more: (HTMLElement | null)[]): HTMLElement {
  return el(
    "li",
    { class: "a-choice" },
    el("span", { class: "a-choice__number", "aria-hidden": "true" }, icon("check")),
    el("div", {}, el("p", {}, el("strong", {}, name)), ...more.map((each) => each && el("p", { class: "a-meta" }, each))),
  );
}

function review(booth: Booth): HTMLElement[] {
  const { vote, paper } = booth;
  const left = paper.questions.map((asked, at) => (vote.blank[at] ? "" : (asked.left[vote.chosen[at]!.size] ?? ""))).filter(Boolean);
  return [
    el(
      "div",
      { class: "a-split" },
      el(
        "div",
        {},
        heading(say(booth, "review_heading")),
        titleOf(booth),
        ...chosenLists(
          booth,
          (at, slot) => vote.chosen[at]!.has(slot),
          (at) => vote.blank[at]!,
        ),
        ...left.map((text) => el("div", { class: "govuk-inset-text" }, text)),
        buttons(
          button(say(booth, "seal_button"), booth.setVote, "", "lock"),
          button(say(booth, "change_button"), () => booth.go("choose"), "secondary"),
        ),
      ),
      el("div", { class: "a-stack" }, card(say(booth, "secret_heading"), say(booth, "secret_text"), say(booth, "coerced_text"))),
    ),
  ];
}

// 3 Seal, open or send ------------------------------------------------------------------------------------------------

function sealing(booth: Booth): HTMLElement[] {
  const shown = [
    heading(say(booth, "sealing_heading")),
    ...waiting(say(booth, "keep_open"), boxes(booth), paragraph(say(booth, "sealing_text"), "")),
    el("p", { class: "govuk-body govuk-!-margin-top-5" }, say(booth, "nothing_sent")),
    buttons(button(say(booth, "stop_button"), booth.back, "secondary")),
  ];
  const place = el("div", {}, ...shown);
  progress(place, booth);
  return shown;
}

/** Move the bar. */
export function progress(place: Element, booth: Booth): void {
  const { boxes: now } = booth.vote;
  moveBar(place, now, boxes(booth), booth.paper.progress[now] ?? "");
}

function sealed(booth: Booth): HTMLElement[] {
  return [
    heading(say(booth, "sealed_heading")),
    paragraph(say(booth, "sealed_text"), "a-lead"),
    // Always shown: a device that shows it only to those who test could lie to all others.
    ...figure("seal", say(booth, "seal_label"), booth.vote.seal, true),
    buttons(
      button(say(booth, "send_button"), () => booth.act("sign")),
      button(say(booth, "change_button"), booth.back, "secondary"),
    ),
    details(
      say(booth, "challenge_title"),
      el("p", {}, say(booth, "challenge_text")),
      el("p", {}, say(booth, "challenge_note")),
      button(say(booth, "open_button"), () => booth.act("open"), "secondary"),
    ),
  ];
}

function opened(booth: Booth): HTMLElement[] {
  return [
    heading(say(booth, "opened_heading")),
    paragraph(say(booth, "opened_text"), "a-lead"),
    ...openedLists(booth),
    ...(booth.station
      ? []
      : [
          paragraph(say(booth, "opened_check")),
          el("p", { class: "govuk-body" }, el("code", { class: "a-booth__command", dir: "ltr" }, "answerable elections check-challenge opened-ballot.json")),
        ]),
    buttons(
      button(say(booth, "again_button"), () => booth.go("review")),
      ...(booth.station ? [] : [button(say(booth, "save_button"), () => save(booth.vote.opened!.text, "opened-ballot.json"), "secondary")]),
    ),
  ];
}

/** What another device put into a vote that it opened. */
function checked(booth: Booth): HTMLElement[] {
  return [
    heading(say(booth, "opened_heading")),
    paragraph(say(booth, "checked_text"), "a-lead"),
    ...openedLists(booth),
    buttons(button(say(booth, "next_button"), booth.leave, "secondary")),
  ];
}

function openedLists(booth: Booth): HTMLElement[] {
  const { vote, election } = booth;
  const { choices } = vote.opened!;
  const first = (at: number) => (election.questions[at]!.blank ? 1 : 0);
  return [
    ...chosenLists(
      booth,
      (at, slot) => choices[at]![slot + first(at)] === 1,
      (at) => first(at) === 1 && choices[at]![0] === 1,
    ),
    ...figure("seal", say(booth, "seal_label"), vote.seal, true),
  ];
}

function sending(booth: Booth): HTMLElement[] {
  if (!booth.vote.waiting) {
    return [heading(say(booth, "sending_heading")), paragraph(say(booth, "keep_open"), "a-lead")];
  }
  return [
    heading(say(booth, "waiting_heading")),
    paragraph(say(booth, "waiting_text"), "a-lead"),
    paragraph(say(booth, "waiting_again")),
    buttons(button(say(booth, "send_again_button"), booth.send)),
  ];
}

function refused(booth: Booth): HTMLElement[] {
  const { vote } = booth;
  return [
    heading(say(booth, "refused_heading")),
    paragraph(vote.message, "a-lead"),
    ...(vote.final ? [] : [buttons(button(say(booth, "leave_button"), booth.leave, "secondary"))]),
  ];
}

// 4 Done --------------------------------------------------------------------------------------------------------------

function done(booth: Booth): HTMLElement[] {
  const { vote, paper, station } = booth;
  const board = station ? "" : paper.board; // nobody reads on at a station
  return [
    heading(say(booth, "done_heading")),
    titleOf(booth),
    paragraph(station ? say(booth, "station_done") : say(booth, "done_text")),
    ...figure("tracker", say(booth, "tracker_label"), vote.tracker),
    ...square(booth),
    buttons(
      ...(board ? [el("a", { class: "govuk-button", href: board, role: "button" }, say(booth, "board_button"))] : []),
      button(say(booth, "print_button"), () => window.print(), board ? "secondary" : "", "print"),
    ),
    paragraph(say(booth, "tracker_text")),
    ...figure("seal", say(booth, "seal_label"), vote.seal, true),
    el("ul", { class: "govuk-list govuk-list--bullet" }, el("li", {}, paper.closes), el("li", {}, say(booth, "vote_again")), el("li", {}, say(booth, "nothing_stays")), station && el("li", {}, say(booth, "station_returns"))),
    buttons(button(say(booth, "next_button"), booth.leave, "secondary")),
  ];
}

/** The address at which another device finds the vote on the board. */
function square(booth: Booth): HTMLElement[] {
  const { paper, vote } = booth;
  const address = new URL(paper.board, location.href).href;
  const drawn = paper.board ? qr(`${address}?tracker=${encodeURIComponent(vote.tracker)}`) : null;
  if (!drawn) return [];
  const size = drawn.length;
  const dark = drawn.flatMap((row, y) => row.flatMap((set, x) => (set ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  const picture = svg(
    "svg",
    { class: "a-qr", viewBox: `-4 -4 ${size + 8} ${size + 8}`, role: "img", "aria-label": say(booth, "qr_text") },
    svg("rect", { x: "-4", y: "-4", width: `${size + 8}`, height: `${size + 8}`, fill: "#fff" }),
    svg("path", { d: dark, fill: "#000" }),
  );
  const shown = el("p", { class: "govuk-body" });
  shown.append(picture);
  return [shown, paragraph(say(booth, "qr_text"))];
}

function broken(booth: Booth): HTMLElement[] {
  return [
    heading(say(booth, "broken_heading")),
    paragraph(say(booth, "broken_text"), "a-lead"),
    paragraph(say(booth, "stations")),
  ];
}
