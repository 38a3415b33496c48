// The page's side: which step is shown, what a trustee brought until then, and what is forgotten when.
//
// Nothing is stored: not in the browser's storages, not in its history, not in the address. Passphrases go to the worker
// and are not kept; a made key lives in `work` until the trustee is done with it.

import { refill } from "../shared/dom";
import { onLanguage, speak, type Spoken } from "../shared/languages";
import { able, load, read, send } from "../shared/loading";
import type { FaultName } from "./faults";
import * as views from "./views";
import type { Checked, News, Order } from "./worker";

export type Step = "start" | "make" | "making" | "made" | "open" | "checking" | "checked" | "decrypting" | "decrypted";

/** What the server says (trustee.json). */
export interface Paper extends Spoken {
  title: string;
  lang: string;
  /** Where the election is, in words. */
  state: string;
  /** Whether keys are made now; whether parts are decrypted now. */
  makes: boolean;
  decrypts: boolean;
  /** The hash of the encrypted tally on the public board; empty before there is one. */
  tally: string;
  /** The fewest characters of a passphrase. */
  shortest: number;
  trustees: { number: number; name: string; keyed: boolean }[];
}

/** How handing in went; null before. */
export type Handed = { kind: "done"; last: boolean } | { kind: "refused"; message: string } | { kind: "unreachable" } | null;

/** What a trustee has done so far. */
export interface Work {
  step: Step;
  index: number;
  /** The key just made: the sealed file, the file to hand in, the fingerprint; and whether the first is saved. */
  sealed: string;
  given: string;
  fingerprint: string;
  saved: boolean;
  /** How much of how much of the board is read; 0 while it is loaded. */
  done: number;
  all: number;
  checked: Checked | null;
  part: string;
  handed: Handed;
  sending: boolean;
  /** What was wrong, shown where one can mend it. */
  fault: FaultName | null;
}

/** Everything the views may look at and do. */
export interface Desk {
  paper: Paper;
  work: Work;
  /** The address of the public page of trustees. */
  publicAddress: string;
  /** The code of the trustee's own place, from the address that the election board gave them. */
  invited: { index: number; code: string } | null;
  /** Fields of the forms by id: what was typed and chosen stays when the language changes or something was wrong. */
  fields: Map<string, HTMLInputElement | HTMLSelectElement>;
  go(step: Step): void;
  make(index: number, passphrase: string): void;
  check(key: File, passphrase: string, board: File | null, proofs: boolean): void;
  decrypt(): void;
  handInKey(): void;
  handInPart(): void;
  /** The private key was saved. */
  keep(): void;
  leave(): void;
}

export function begin(): void {
  const found = document.querySelector<HTMLElement>("[data-trustee]");
  if (!found || !able()) return;
  const root = found;
  const { words = "", keys = "", parts = "", board: boardAddress = "", public: publicAddress = "", script = "" } = root.dataset;
  const stage = document.createElement("div");
  const invited = takeCode();
  // Loaded at once, so that it is there when the network is not.
  let worker = new Worker(script);
  let loading: AbortController | null = null;
  let desk: Desk;

  load(words)
    .then(open)
    .catch(() => undefined); // the page's own words say what to do

  function open(bytes: ArrayBuffer): void {
    desk = {
      paper: read(bytes),
      work: nothing(),
      publicAddress,
      invited,
      fields: new Map(),
      go,
      make,
      check,
      decrypt,
      handInKey: () => handIn(keys, keyMessage(), (said) => said.fingerprint === bare(desk.work.fingerprint), false),
      handInPart: () => handIn(parts, desk.work.part, (said) => typeof said.done === "boolean", true),
      keep: () => {
        desk.work.saved = true;
        show("made", false);
        stage.querySelector<HTMLElement>("[data-next]")?.focus();
      },
      leave,
    };
    refill(root, stage);
    listen();
    watch();
    show("start", false);
  }

  function go(step: Step): void {
    show(step, true);
  }

  function show(step: Step, moved: boolean): void {
    desk.work.step = step;
    refill(stage, ...views.show(desk));
    const heading = stage.querySelector<HTMLElement>("h1")!;
    document.title = [heading.textContent, desk.paper.title].join(" – ");
    if (!moved) return;
    window.scrollTo(0, 0);
    const errors = stage.querySelector<HTMLElement>("[data-errors]");
    (errors ?? heading).focus();
  }

  function make(index: number, passphrase: string): void {
    desk.work.index = index;
    go("making");
    order({ order: "make", index, size: desk.paper.trustees.length, passphrase });
  }

  async function check(key: File, passphrase: string, chosen: File | null, proofs: boolean): Promise<void> {
    const { work } = desk;
    Object.assign(work, { done: 0, all: 0, checked: null, fault: null });
    go("checking");
    try {
      const board = chosen ?? (await loadBoard());
      if (desk.work !== work || work.step !== "checking") return;
      work.all = board.size;
      order({ order: "check", key: await key.text(), passphrase, board, tally: desk.paper.tally, proofs });
    } catch (broken) {
      if (desk.work === work && work.step === "checking") fail("unreachable");
    }
  }

  async function loadBoard(): Promise<Blob> {
    loading = new AbortController();
    const response = await fetch(boardAddress, { credentials: "omit", cache: "no-store", signal: loading.signal });
    if (!response.ok) throw new Error(String(response.status));
    return response.blob();
  }

  function decrypt(): void {
    if (desk.work.step !== "checked") return;
    go("decrypting");
    order({ order: "decrypt" });
  }

  function order(what: Order): void {
    worker.postMessage(what);
  }

  function listen(): void {
    worker.onmessage = (event: MessageEvent<News>) => hear(event.data);
    worker.onerror = () => hear({ news: "failed", fault: "broken" });
  }

  function hear(said: News): void {
    const { work } = desk;
    if (said.news === "progress") {
      work.done = said.done;
      views.progress(stage, desk);
    } else if (said.news === "made") {
      const { sealed, given, fingerprint } = said;
      Object.assign(work, { sealed, given, fingerprint });
      renew();
      desk.fields.clear();
      go("made");
    } else if (said.news === "checked") {
      work.checked = said.checked;
      desk.fields.clear();
      go("checked");
    } else if (said.news === "decrypted") {
      work.part = said.part;
      renew();
      go("decrypted");
    } else {
      fail(said.fault);
    }
  }

  function fail(fault: FaultName): void {
    renew();
    desk.work.fault = fault;
    go(desk.work.step === "making" ? "make" : "open");
  }

  function keyMessage(): string {
    const { work } = desk;
    return JSON.stringify({ number: work.index, code: invited?.code ?? "", key: JSON.parse(work.given) });
  }

  /** Hand in once, however often the button is pressed; the same message again would change nothing either. */
  async function handIn(address: string, message: string, fits: (said: any) => boolean, ends: boolean): Promise<void> {
    const { work } = desk;
    if (work.sending || work.handed?.kind === "done") return;
    work.sending = true;
    const answer = await send(address, message);
    if (desk.work !== work) return;
    work.sending = false;
    if (answer && answer.status === 200 && fits(answer.said)) work.handed = { kind: "done", last: ends && answer.said.done };
    else if (answer && answer.status >= 400 && typeof answer.said.message === "string") {
      work.handed = { kind: "refused", message: answer.said.message };
    } else work.handed = { kind: "unreachable" };
    show(work.step, false);
    stage.querySelector<HTMLElement>("[data-handed]")?.focus();
  }

  /** A fresh worker: with the old one goes all that it knew. */
  function renew(): void {
    loading?.abort();
    loading = null;
    worker.terminate();
    worker = new Worker(script);
    listen();
  }

  function leave(): void {
    renew();
    desk.fields.clear();
    desk.work = nothing();
    go("start");
  }

  function watch(): void {
    window.addEventListener("beforeunload", (event) => {
      const { sealed, saved, part, handed } = desk.work;
      if (!(sealed && !saved) && !(part && handed?.kind !== "done")) return;
      event.preventDefault();
      event.returnValue = "";
    });
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    onLanguage(
      () => desk.paper,
      (bytes) => {
        desk.paper = read(bytes);
        speak(desk.paper);
        show(desk.work.step, false);
      },
    );
  }
}

/** The code of a place stands behind "#", as 2-0123…, and never reaches a log: it is taken out of the address at once. */
function takeCode(): Desk["invited"] {
  const found = /^#([1-9][0-9]?)-([0-9a-f]{32})$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { index: Number(found[1]), code: found[2]! };
}

function bare(fingerprint: string): string {
  return fingerprint.replace(/ /g, "");
}

function nothing(): Work {
  return {
    step: "start",
    index: 0,
    sealed: "",
    given: "",
    fingerprint: "",
    saved: false,
    done: 0,
    all: 0,
    checked: null,
    part: "",
    handed: null,
    sending: false,
    fault: null,
  };
}
