// Zero-knowledge proofs: a ballot shows that it keeps the rules without showing what it holds. As in
// elections/ballot/proofs.py; specification of Belenios 2.0, "Proofs of interval membership", "Signatures".

import { modulo, ofGenerator, Q, times, type FixedBase } from "./group";
import { challenge } from "./hashes";
import { randomExponent } from "./random";

/** A challenge and a response as they stand in a message. */
export interface Proof {
  challenge: string;
  response: string;
}

function proof(challenged: bigint, response: bigint): Proof {
  return { challenge: String(challenged), response: String(modulo(response, Q)) };
}

/** An encrypted number with what only its maker knows: (g^r, y^r * g^value). */
export interface Opened {
  alpha: bigint;
  beta: bigint;
  randomness: bigint;
  value: number;
}

/** Shows that one knows the exponent, bound to the statement, whose hash ends with the commitment. */
export async function proveExponent(exponent: bigint, statement: string): Promise<Proof> {
  const nonce = randomExponent();
  const found = await challenge(`${statement}|${ofGenerator().power(nonce)}`);
  return proof(found, nonce - exponent * found);
}

/** `value` under fresh randomness, or under the one that an opened ballot shows. */
export function encrypt(key: FixedBase, value: number, randomness = randomExponent()): Opened {
  const g = ofGenerator();
  return { alpha: g.power(randomness), beta: times(key.power(randomness), g.power(BigInt(value))), randomness, value };
}

/** The product of ciphertexts, opened likewise: it encrypts the sum. */
export function total(opened: Opened[]): Opened {
  return opened.reduce(
    (sum, each) => ({
      alpha: times(sum.alpha, each.alpha),
      beta: times(sum.beta, each.beta),
      randomness: modulo(sum.randomness + each.randomness, Q),
      value: sum.value + each.value,
    }),
    { alpha: 1n, beta: 1n, randomness: 0n, value: 0 },
  );
}

/**
 * Proofs that in one of the cases the ciphertext encrypts the number beside it. The first case that is true is proved,
 * the others are simulated; nobody can tell which.
 */
export async function prove(key: FixedBase, statement: string, cases: [Opened, number][]): Promise<Proof[]> {
  const truth = cases.findIndex(([opened, value]) => opened.value === value);
  if (truth < 0) throw new RangeError("none of the cases is true");
  const g = ofGenerator();
  const nonces = cases.map(randomExponent);
  const challenges = cases.map(randomExponent);
  const commitments = cases.map(([opened, value], at) => {
    // With response = nonce - randomness * challenge, alpha and beta fall out of the equations.
    const stray = at === truth ? 0n : BigInt(opened.value - value) * challenges[at]!;
    return `${g.power(nonces[at]!)},${times(key.power(nonces[at]!), g.power(stray))}`;
  });
  const sum = await challenge(`${statement}|${commitments.join(",")}`);
  const others = challenges.reduce((found, each, at) => (at === truth ? found : found + each), 0n);
  challenges[truth] = modulo(sum - others, Q);
  return cases.map(([opened], at) => proof(challenges[at]!, nonces[at]! - opened.randomness * challenges[at]!));
}
