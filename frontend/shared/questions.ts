// The election's message: what is asked, and under which key answers are encrypted. As in elections/ballot/questions.py.

import { FixedBase, GROUP, readElement } from "./group";
import { fingerprint } from "./hashes";

export interface Question {
  text: string;
  answers: string[];
  least: number;
  most: number;
  blank: boolean;
}

export interface Election {
  uuid: string;
  name: string;
  questions: Question[];
  publicKey: bigint;
  fingerprint: string;
  /** The message itself, letter by letter. */
  message: string;
}

/** This booth cannot serve that election, or a choice breaks its rules: a fault of a program, never of a voter. */
export class Refused extends Error {}

/** An election from its exact bytes. Throws Refused. */
export async function readElection(data: ArrayBuffer): Promise<Election> {
  const [message, found] = parsed(data);
  const { version, group, uuid, name, questions } = found;
  const publicKey = readElement(found["public_key"]);
  if (version !== 1 || group !== GROUP || typeof uuid !== "string" || typeof name !== "string" || publicKey === null) {
    throw new Refused("election");
  }
  if (!Array.isArray(questions) || !questions.length) throw new Refused("questions");
  return { uuid, name, questions: questions.map(readQuestion), publicKey, fingerprint: await fingerprint(data), message };
}

function parsed(data: ArrayBuffer): [string, Record<string, unknown>] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    return [text, record(JSON.parse(text))];
  } catch (unreadable) {
    throw new Refused("json");
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Refused("record");
  return value as Record<string, unknown>;
}

function readQuestion(value: unknown): Question {
  const { type, question, answers, min, max, blank = false } = record(value);
  if (
    type !== undefined ||
    typeof question !== "string" ||
    !Array.isArray(answers) ||
    !answers.every((answer) => typeof answer === "string") ||
    typeof blank !== "boolean" ||
    !whole(min) ||
    !whole(max) ||
    !(min <= max && max <= answers.length && max > 0)
  ) {
    throw new Refused("question");
  }
  return { text: question, answers, least: min, most: max, blank };
}

function whole(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** How many ciphertexts answer it. */
export function slotsOf(question: Question): number {
  return question.answers.length + (question.blank ? 1 : 0);
}

/** Whether 0 or 1 for each slot, the blank's first where there is one, keeps the rules. */
export function isAllowed(question: Question, choice: number[]): boolean {
  const first = question.blank ? 1 : 0;
  if (choice.length !== question.answers.length + first || choice.some((number) => number !== 0 && number !== 1)) {
    return false;
  }
  const chosen = choice.slice(first).reduce((sum, number) => sum + number, 0);
  return question.blank && choice[0] ? chosen === 0 : question.least <= chosen && chosen <= question.most;
}

/** Tables for an election's public key. */
export function keyOf(election: Election): FixedBase {
  return new FixedBase(election.publicKey);
}
