// Whether a ballot keeps the rules, shown by its proofs. As `faults` in elections/ballot/ballots.py; specification of
// Belenios 2.0, "Proofs of interval membership", "Proofs of possibly-blank votes", "Signatures".

import { ofGenerator, power, Q, readElement, times, type FixedBase } from "../shared/group";
import { bytesOf, challenge, fingerprint } from "../shared/hashes";
import type { Proof } from "../shared/proofs";
import type { Election, Question } from "../shared/questions";
import type { Ciphertext, Table } from "./board";

interface Answer {
  individual_proofs: Proof[][];
  overall_proof: Proof[];
  blank_proof?: Proof[];
}

export interface Ballot {
  credential: string;
  answers: Answer[];
  signature: { hash: string; proof: Proof };
}

/** Whether everything holds that a ballot claims; `table` is what it encrypts, `key` of the election. */
export async function holds(election: Election, key: FixedBase, ballot: Ballot, table: Table): Promise<boolean> {
  const { signature, ...unsigned } = ballot;
  const credential = readElement(ballot.credential);
  if (credential === null || signature.hash !== (await fingerprint(bytesOf(JSON.stringify(unsigned))))) return false;
  const shown = times(ofGenerator().power(exponent(signature.proof.response)), power(credential, exponent(signature.proof.challenge)));
  if (String(await challenge(`sig|${signature.hash}|${shown}`)) !== signature.proof.challenge) return false;
  const zero = `${election.fingerprint}|${ballot.credential}`;
  for (const [at, question] of election.questions.entries()) {
    if (!(await answerHolds(key, zero, question, ballot.answers[at]!, table[at]!))) return false;
  }
  return true;
}

async function answerHolds(key: FixedBase, zero: string, question: Question, answer: Answer, row: Ciphertext[]): Promise<boolean> {
  const { individual_proofs, overall_proof, blank_proof } = answer;
  if (individual_proofs.length !== row.length || question.blank !== (blank_proof !== undefined)) return false;
  for (const [slot, each] of row.entries()) {
    if (readElement(String(each.alpha)) === null || readElement(String(each.beta)) === null) return false;
    if (!(await shows(key, `prove|${zero}|${written([each])}`, [[each, 0], [each, 1]], individual_proofs[slot]!))) return false;
  }
  const whole = `${zero}|${written(row)}`;
  const sum = row.slice(question.blank ? 1 : 0).reduce(
    (found, each) => ({ alpha: times(found.alpha, each.alpha), beta: times(found.beta, each.beta) }),
    { alpha: 1n, beta: 1n },
  );
  const cases: Case[] = [];
  for (let number = question.least; number <= question.most; number++) cases.push([sum, number]);
  if (!blank_proof) return shows(key, `prove|${whole}|${written([sum])}`, cases, overall_proof);
  const blank = row[0]!;
  return (
    (await shows(key, `bproof1|${whole}`, [[blank, 1], ...cases], overall_proof)) &&
    (await shows(key, `bproof0|${whole}`, [[blank, 0], [sum, 0]], blank_proof))
  );
}

type Case = [ciphertext: Ciphertext, value: number];

/** Whether the proofs show that in one of the cases the ciphertext encrypts the number beside it. */
async function shows(key: FixedBase, statement: string, cases: Case[], proofs: Proof[]): Promise<boolean> {
  if (proofs.length !== cases.length) return false;
  const g = ofGenerator();
  let sum = 0n;
  const commitments = cases.map(([{ alpha, beta }, value], at) => {
    const found = exponent(proofs[at]!.challenge);
    const response = exponent(proofs[at]!.response);
    sum += found;
    const rest = times(beta, g.power(BigInt(-value)));
    return `${times(g.power(response), power(alpha, found))},${times(key.power(response), power(rest, found))}`;
  });
  return (await challenge(`${statement}|${commitments.join(",")}`)) === sum % Q;
}

/** A number below the group's order, written in its one way; else it throws, and the ballot is none. */
function exponent(text: unknown): bigint {
  if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,79})$/.test(text) || BigInt(text) >= Q) throw new RangeError("exponent");
  return BigInt(text);
}

function written(row: Ciphertext[]): string {
  return row.map(({ alpha, beta }) => `${alpha},${beta}`).join(",");
}
