// A ballot: encrypted answers, the proofs that they keep the rules, and the signature of a credential. As in
// elections/ballot/ballots.py; specification of Belenios 2.0, "Encrypted answers", "Signatures", "Ballots".
//
// It is made in two steps. `seal` makes all but the signature, and its hash, the seal, is shown to the voter. Only then
// the voter decides: `sign` makes it a ballot that can be cast, `open` shows what it holds and leaves it unsigned, so
// that nobody can ever cast it.

import { publicCredential, secretExponent } from "./credentials";
import type { FixedBase } from "../shared/group";
import { bytesOf, fingerprint } from "../shared/hashes";
import { encrypt, prove, proveExponent, total, type Opened, type Proof } from "../shared/proofs";
import { isAllowed, keyOf, Refused, slotsOf, type Election, type Question } from "../shared/questions";

interface Answer {
  choices: { alpha: string; beta: string }[];
  individual_proofs: Proof[][];
  overall_proof: Proof[];
  blank_proof?: Proof[];
}

/** Fields in the order in which they are written, signed and hashed. */
interface Unsigned {
  election_uuid: string;
  election_hash: string;
  credential: string;
  answers: Answer[];
}

export interface Sealed {
  election: Election;
  message: Unsigned;
  /** SHA-256 of the message in Base64: stands in the signature, too. */
  seal: string;
  secret: bigint;
  opened: Opened[][];
}

export interface Signed {
  ballot: string;
  tracker: string;
}

/** An opened ballot as `open` leaves it, read again. */
export interface Opening {
  seal: string;
  choices: number[][];
}

type Progress = (done: number) => void;

/** How many boxes `seal` reports, one for each slot. */
export function boxesOf(election: Election): number {
  return election.questions.reduce((sum, question) => sum + slotsOf(question), 0);
}

/** Encrypts `choices`: for each question 0 or 1 for each slot, the blank's slot first where there is one. */
export async function seal(election: Election, code: string, choices: number[][], progress: Progress): Promise<Sealed> {
  if (
    choices.length !== election.questions.length ||
    !election.questions.every((question, at) => isAllowed(question, choices[at]!))
  ) {
    throw new Refused("choice");
  }
  const secret = await secretExponent(election.uuid, code);
  const credential = String(publicCredential(secret));
  const key = keyOf(election);
  const zero = `${election.fingerprint}|${credential}`;
  const answers: Answer[] = [];
  const opened: Opened[][] = [];
  let done = 0;
  for (const [at, question] of election.questions.entries()) {
    const slots = choices[at]!.map((number) => encrypt(key, number));
    opened.push(slots);
    answers.push(await answer(key, zero, question, slots, () => progress(++done)));
  }
  const message = {
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential,
    answers,
  };
  return { election, message, seal: await fingerprint(bytesOf(JSON.stringify(message))), secret, opened };
}

async function answer(key: FixedBase, zero: string, question: Question, slots: Opened[], done: () => void): Promise<Answer> {
  const individual: Proof[][] = [];
  for (const slot of slots) {
    individual.push(await prove(key, `prove|${zero}|${written([slot])}`, [[slot, 0], [slot, 1]]));
    done();
  }
  const whole = `${zero}|${written(slots)}`;
  const sum = total(slots.slice(question.blank ? 1 : 0));
  const cases: [Opened, number][] = [];
  for (let number = question.least; number <= question.most; number++) cases.push([sum, number]);
  const found = {
    choices: slots.map(({ alpha, beta }) => ({ alpha: String(alpha), beta: String(beta) })),
    individual_proofs: individual,
  };
  if (!question.blank) return { ...found, overall_proof: await prove(key, `prove|${whole}|${written([sum])}`, cases) };
  const blank = slots[0]!;
  return {
    ...found,
    overall_proof: await prove(key, `bproof1|${whole}`, [[blank, 1], ...cases]),
    blank_proof: await prove(key, `bproof0|${whole}`, [[blank, 0], [sum, 0]]),
  };
}

function written(slots: Opened[]): string {
  return slots.map(({ alpha, beta }) => `${alpha},${beta}`).join(",");
}

/** The ballot's exact text, to be cast, and its tracker. */
export async function sign(sealed: Sealed): Promise<Signed> {
  const proof = await proveExponent(sealed.secret, `sig|${sealed.seal}`);
  const ballot = JSON.stringify({ ...sealed.message, signature: { hash: sealed.seal, proof } });
  return { ballot, tracker: await fingerprint(bytesOf(ballot)) };
}

/** What a sealed ballot holds, with the randomness that shows it; to be checked by elections/ballot/challenge.py. */
export function open(sealed: Sealed): string {
  const randomness = sealed.opened.map((slots) => slots.map((slot) => String(slot.randomness)));
  const choices = sealed.opened.map((slots) => slots.map((slot) => slot.value));
  return JSON.stringify({ election: sealed.election.message, seal: sealed.seal, choices, randomness, ballot: sealed.message });
}

/**
 * What an opened ballot of this election holds, by encrypting its choices again with the randomness that it shows.
 * Throws Refused if it holds something else. Like elections/ballot/challenge.py.
 */
export async function checkOpening(election: Election, text: string): Promise<Opening> {
  let file: { election: string; seal: string; choices: number[][]; randomness: string[][]; ballot: Unsigned };
  try {
    file = JSON.parse(text);
    const { ballot, choices, randomness, seal } = file;
    const key = keyOf(election);
    const sound =
      file.election === election.message &&
      Object.keys(ballot).join() === "election_uuid,election_hash,credential,answers" &&
      ballot.election_uuid === election.uuid &&
      ballot.election_hash === election.fingerprint &&
      seal === (await fingerprint(bytesOf(JSON.stringify(ballot)))) &&
      [choices, randomness, ballot.answers].every((each) => each.length === election.questions.length) &&
      election.questions.every(
        (question, at) =>
          isAllowed(question, choices[at]!) &&
          ballot.answers[at]!.choices.length === choices[at]!.length &&
          choices[at]!.every((value, slot) => {
            const box = ballot.answers[at]!.choices[slot]!;
            const { alpha, beta } = encrypt(key, value, BigInt(randomness[at]![slot]!));
            return box.alpha === String(alpha) && box.beta === String(beta);
          }),
      );
    if (sound) return { seal, choices };
  } catch (malformed) {
    // as wrong as any other file
  }
  throw new Refused("opening");
}
