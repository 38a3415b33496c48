// "Was my code used?": the code stays here, its public part is derived from it, and the board is asked about that.
//
// The page holds every answer in the reader's words, hidden; this script shows the right one and nothing of its own.

import { takeCode } from "./address";
import { readCode } from "./codes";
import { publicCredential, secretExponent } from "./credentials";
import { credentialKey } from "../shared/hashes";
import { fill } from "../shared/languages";

interface Use {
  used: boolean;
  tracker: string | null;
  state: "listed" | "spare" | "revoked" | null;
  replaced: boolean;
}

/** What the board says, as the name of the answer that the page holds. */
export function answerTo(use: Use): string {
  if (use.state === null) return "unknown";
  if (use.used) return "counts";
  if (use.state === "revoked") return use.replaced ? "replaced" : "revoked";
  return use.state === "spare" ? "spare" : "unused";
}

function begin(): void {
  const root = document.querySelector<HTMLElement>("[data-used]");
  if (!root || !window.crypto || !window.crypto.subtle) return;
  const { uuid = "", ask = "", board = "" } = root.dataset;
  const form = root.querySelector<HTMLFormElement>("form")!;
  const input = root.querySelector<HTMLInputElement>("input")!;
  const wrong = root.querySelector<HTMLElement>("[data-wrong]")!;
  const answers = root.querySelectorAll<HTMLElement>("[data-answer]");
  root.querySelector<HTMLElement>("[data-without]")!.hidden = true;
  form.hidden = false;
  const scanned = takeCode();
  if (scanned) input.value = scanned;

  function show(name: string, tracker = ""): void {
    for (const answer of Array.from(answers)) answer.hidden = answer.dataset["answer"] !== name;
    const shown = root!.querySelector<HTMLElement>(`[data-answer="${name}"]`);
    if (!shown) return;
    const place = shown.querySelector<HTMLElement>("[data-tracker]");
    if (place) place.textContent = tracker;
    const link = shown.querySelector<HTMLAnchorElement>("[data-board]");
    if (link) link.href = `${board}?tracker=${encodeURIComponent(tracker)}`;
    shown.querySelector<HTMLElement>("h2")!.focus();
  }

  /** What is wrong with the code, beside its field; an empty text takes it away. */
  function refuse(text: string): void {
    wrong.hidden = !text;
    wrong.querySelector("span:last-child")!.textContent = text;
    const group = form.querySelector(".govuk-form-group")!;
    group.classList[text ? "add" : "remove"]("govuk-form-group--error");
    input.classList[text ? "add" : "remove"]("govuk-input--error");
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  async function look(code: string): Promise<void> {
    try {
      const credential = publicCredential(await secretExponent(uuid, code));
      const key = await credentialKey(credential.toString());
      const response = await fetch(ask.replace("KEY", key), { credentials: "omit", cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      const use: Use = await response.json();
      show(answerTo(use), use.tracker ?? "");
    } catch (broken) {
      show("unreachable");
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show("");
    const reading = readCode(input.value);
    if ("error" in reading) {
      refuse(fill(wrong.dataset[reading.error.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())] ?? "", { count: reading.count }));
      input.focus();
      return;
    }
    refuse("");
    input.value = ""; // nobody who comes after reads it here
    void look(reading.code);
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("hashchange", () => {
    const code = takeCode();
    if (code) input.value = code;
  });
}

begin();
