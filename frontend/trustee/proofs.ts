// Whether a ballot keeps the rules, shown by its proofs. As `faults` in elections/ballot/ballots.py; specification of
// Belenios 2.0, "Proofs of interval membership", "Proofs of possibly-blank votes", "Signatures".

import { ofGenerator, power, powers, Q, readElement, times, type FixedBase } from "../shared/group";
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

/**
 * Whether the ciphertexts belong to the group and the proofs show that in one of the cases the ciphertext encrypts the
 * number beside it.
 */
async function shows(key: FixedBase, statement: string, cases: Case[], proofs: Proof[]): Promise<boolean> {
  if (proofs.length !== cases.length) return false;
  const challenges = proofs.map((proof) => exponent(proof.challenge));
  const responses = proofs.map((proof) => exponent(proof.response));
  const g = ofGenerator();
  const raised = new Map<Ciphertext, { alpha: bigint[]; beta: bigint[] }>();
  for (const each of new Set(cases.map(([ciphertext]) => ciphertext))) {
    const exponents = [...challenges, Q];
    const found = { alpha: powers(each.alpha, exponents), beta: powers(each.beta, exponents) };
    if (found.alpha.pop() !== 1n || found.beta.pop() !== 1n) return false;
    raised.set(each, found);
  }
  const commitments = cases.map(([ciphertext, value], at) => {
    const { alpha, beta } = raised.get(ciphertext)!;
    const rest = times(beta[at]!, g.power(-BigInt(value) * challenges[at]!)); // without the number that it may hold
    return `${times(g.power(responses[at]!), alpha[at]!)},${times(key.power(responses[at]!), rest)}`;
  });
  const sum = challenges.reduce((found, each) => found + each, 0n);
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
