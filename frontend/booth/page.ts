// The page's side: which step is shown, what the voter chose until then, and what is forgotten when.
//
// Nothing is stored: not in the browser's storages, not in its history, not in the address. A choice lives in `Vote`
// until the ballot is signed, the ballot until the city has acknowledged it.

import { takeCode } from "./address";
import { boxesOf, checkOpening } from "./ballots";
import { cast, pause } from "./casting";
import { readCode, type CodeError } from "./codes";
import { refill } from "../shared/dom";
import { fill, inLanguage, onLanguage, speak } from "../shared/languages";
import { able, load, read } from "../shared/loading";
import { matches, type Paper } from "./paper";
import { readElection, type Election } from "../shared/questions";
import { watchQuiet } from "./station";
import * as views from "./views";
import type { News, Order } from "./worker";

export type Step = "start" | "code" | "choose" | "review" | "sealing" | "sealed" | "opened" | "checked" | "sending" | "refused" | "done" | "broken";

/** What a voter has done so far. */
export interface Vote {
  step: Step;
  code: string;
  scanned: boolean;
  /** For each question the slots that are chosen, and whether it is left blank. */
  chosen: Set<number>[];
  blank: boolean[];
  boxes: number;
  seal: string;
  opened: { text: string; choices: number[][] } | null;
  ballot: string;
  tracker: string;
  waiting: boolean;
  message: string;
  final: boolean;
}

/** Everything the views may look at and do. */
export interface Booth {
  paper: Paper;
  election: Election;
  vote: Vote;
  /** Whether this is a device in a city office. */
  station: boolean;
  go(step: Step): void;
  speakIn(code: string): void;
  enter(typed: string): string;
  setVote(): void;
  act(order: "sign" | "open"): void;
  check(file: File): Promise<string>;
  send(): void;
  back(): void;
  leave(): void;
}

const BEFORE: Partial<Record<Step, Step>> = {
  choose: "code",
  review: "choose",
  sealing: "review",
  sealed: "review",
  opened: "review",
  checked: "code",
};

/** What is wrong with the choice in each question, or an empty text. */
export function problems(booth: Booth): string[] {
  const { paper, vote } = booth;
  return paper.questions.map((asked, at) => {
    const count = vote.chosen[at]!.size;
    if (!vote.blank[at]) return asked.wrong[count] ?? "";
    return count ? paper.words["blank_and_more"]! : "";
  });
}

export function begin(): void {
  const found = document.querySelector<HTMLElement>("[data-booth]");
  if (!found || !able()) return;
  const root = found;
  const station = root.dataset["station"] !== undefined;
  const first: Step = station ? "start" : "code";
  const { election: electionAddress = "", words: wordsAddress = "", cast: castAddress = "", script = "" } = root.dataset;
  const stage = document.createElement("div");
  const scanned = takeCode();
  let bytes: ArrayBuffer;
  let worker: Worker | null = null;
  let decided = false;
  let attempt = 0;
  let timer = 0;
  let booth: Booth;

  Promise.all([load(electionAddress), load(wordsAddress)])
    .then(open)
    .catch(() => undefined); // the page's own words say what to do

  async function open([electionBytes, words]: [ArrayBuffer, ArrayBuffer]): Promise<void> {
    bytes = electionBytes;
    const election = await readElection(bytes);
    const paper: Paper = read(words);
    booth = {
      paper,
      election,
      vote: emptyVote(election),
      station,
      go,
      speakIn: (code) => void inLanguage(code, () => booth.paper, translate).then(() => go("code")),
      enter,
      setVote,
      act,
      check,
      send,
      back: () => void goBack(),
      leave: () => {
        forget();
        go(first);
      },
    };
    if (scanned) Object.assign(booth.vote, { code: scanned, scanned: true });
    refill(root, stage);
    show(matches(paper, election) ? (scanned ? "code" : first) : "broken", false);
    watch();
    if (station) watchQuiet(warn, leaveQuietly);
  }

  function go(step: Step): void {
    show(step, true);
  }

  function show(step: Step, moved: boolean): void {
    const { vote, paper } = booth;
    vote.step = step;
    if (step !== "opened" && step !== "checked") vote.opened = null;
    refill(stage, ...views.show(booth));
    const heading = stage.querySelector<HTMLElement>("h1")!;
    document.title = [heading.textContent, paper.title].join(" – ");
    if (moved) {
      window.scrollTo(0, 0);
      heading.focus();
    }
  }

  function warn(shown: boolean): void {
    if (!shown) stage.querySelector("[data-quiet]")?.remove();
    else if (!still()) stage.prepend(views.quiet(booth));
  }

  /** Whether there is nothing to forget, or a vote that must reach the city first. */
  function still(): boolean {
    return booth.vote.step === "start" || Boolean(booth.vote.ballot);
  }

  function leaveQuietly(): void {
    if (!still()) booth.leave();
  }

  /** The code as typed: what is wrong with it, or an empty text and the next step. */
  function enter(typed: string): string {
    const reading = readCode(typed.slice(typed.indexOf("#") + 1)); // a reader of QR codes types the whole address
    if ("error" in reading) return codeError(booth.paper, reading.error, reading.count);
    booth.vote.code = reading.code;
    if (history.state !== "booth") history.pushState("booth", "");
    go("choose");
    return "";
  }

  function setVote(): void {
    const { vote, election } = booth;
    drop();
    decided = false;
    worker = new Worker(script);
    worker.onmessage = (event: MessageEvent<News>) => hear(event.data);
    worker.onerror = () => hear({ news: "failed" });
    vote.boxes = 0;
    const choices = election.questions.map((question, at) => [
      ...(question.blank ? [Number(vote.blank[at])] : []),
      ...question.answers.map((_, slot) => Number(vote.chosen[at]!.has(slot))),
    ]);
    order({ order: "seal", election: bytes, code: vote.code, choices });
    go("sealing");
  }

  function order(what: Order): void {
    worker!.postMessage(what);
  }

  function act(what: "sign" | "open"): void {
    if (!worker || decided) return;
    decided = true;
    order({ order: what });
    if (what === "sign") go("sending");
  }

  /** Whether a file that another device left holds what it says: an empty text and the next step, or what is wrong. */
  async function check(file: File): Promise<string> {
    try {
      const text = await new Response(file).text();
      const { seal, choices } = await checkOpening(booth.election, text);
      Object.assign(booth.vote, { seal, opened: { text, choices } });
    } catch (refused) {
      return booth.paper.words["check_failed"]!;
    }
    go("checked");
    return "";
  }

  function hear(said: News): void {
    const { vote } = booth;
    if (said.news === "progress") {
      vote.boxes = said.done;
      views.progress(stage, booth);
    } else if (said.news === "sealed") {
      vote.seal = said.seal;
      go("sealed");
    } else if (said.news === "opened") {
      drop();
      vote.opened = said;
      go("opened");
    } else if (said.news === "signed") {
      drop();
      const { ballot, tracker } = said;
      booth.vote = { ...emptyVote(booth.election), step: vote.step, seal: vote.seal, ballot, tracker };
      send();
    } else {
      forget();
      go("broken");
    }
  }

  /** Send until there is an answer. */
  async function send(): Promise<void> {
    clearTimeout(timer);
    const { ballot, tracker, seal } = booth.vote;
    if (!ballot) return;
    booth.vote.waiting = false;
    go("sending");
    const said = await cast(castAddress, ballot);
    if (booth.vote.ballot !== ballot) return;
    if (said.kind === "unreachable") {
      booth.vote.waiting = true;
      go("sending");
      timer = window.setTimeout(send, pause(++attempt) * 1000);
      return;
    }
    forget();
    if (said.kind === "accepted" && said.tracker === tracker) {
      Object.assign(booth.vote, { tracker, seal });
      go("done");
    } else {
      const refused = said.kind === "refused";
      booth.vote.message = refused ? said.message : fill(booth.paper.words["other_tracker"]!, { tracker });
      booth.vote.final = !refused || said.closed;
      go("refused");
    }
  }

  function goBack(): boolean {
    const step = BEFORE[booth.vote.step];
    if (!step) return false;
    drop();
    go(step);
    return true;
  }

  function drop(): void {
    worker?.terminate(); // and with it the secret exponent and the randomness
    worker = null;
  }

  function forget(): void {
    drop();
    clearTimeout(timer);
    attempt = 0;
    booth.vote = emptyVote(booth.election);
  }

  function watch(): void {
    // The browser's own way back leads one step back, not out of the booth.
    window.addEventListener("popstate", () => {
      if (goBack() && booth.vote.step !== "code") history.pushState("booth", "");
    });
    window.addEventListener("beforeunload", (event) => {
      if (!booth.vote.ballot) return;
      event.preventDefault();
      event.returnValue = "";
    });
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    window.addEventListener("hashchange", () => {
      const code = takeCode();
      if (!code || !["start", "code", "done", "refused"].includes(booth.vote.step)) return;
      forget();
      Object.assign(booth.vote, { code, scanned: true });
      go("code");
    });
    window.addEventListener("online", () => booth.vote.waiting && send());
    onLanguage(() => booth.paper, translate);
  }

  function translate(words: ArrayBuffer): void {
    const paper: Paper = read(words);
    if (!matches(paper, booth.election)) return;
    booth.paper = paper;
    speak(paper);
    show(booth.vote.step, false);
  }
}

function emptyVote(election: Election): Vote {
  return {
    step: "code",
    code: "",
    scanned: false,
    chosen: election.questions.map(() => new Set<number>()),
    blank: election.questions.map(() => false),
    boxes: 0,
    seal: "",
    opened: null,
    ballot: "",
    tracker: "",
    waiting: false,
    message: "",
    final: false,
  };
}

function codeError(paper: Paper, error: CodeError, count: number): string {
  return fill(paper.words[error]!, { count });
}

/** How many boxes a vote in this election has. */
export const boxes = (booth: Booth): number => boxesOf(booth.election);
