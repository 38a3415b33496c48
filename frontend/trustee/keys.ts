// A trustee's key, where all trustees are needed. As in elections/ballot/trustees.py; specification of Belenios 2.0,
// "Verification keys".

import { GROUP, ofGenerator, power, Q, readElement, times } from "../shared/group";
import { challenge, digestOf } from "../shared/hashes";
import { proveExponent, type Proof } from "../shared/proofs";
import { randomExponent } from "../shared/random";
import { Fault } from "./faults";

/** As it is published. */
export interface PublicKey {
  pok: Proof;
  public_key: string;
}

export interface Made {
  /** What the sealed file holds: see Holding in elections/trustee.py. */
  held: string;
  /** The file to hand in. */
  given: string;
  fingerprint: string;
}

/** A fresh key of trustee `index` of `size`. */
export async function makeKey(index: number, size: number): Promise<Made> {
  const secret = randomExponent();
  const published = String(ofGenerator().power(secret));
  const pok = await proveExponent(secret, statement(published));
  return {
    held: JSON.stringify({ index, size, threshold: 0, seed: "", secret: String(secret) }),
    given: JSON.stringify({ pok, public_key: published }),
    fingerprint: await spoken(published),
  };
}

function statement(published: string): string {
  return `pok|${GROUP}|${published}`;
}

/** Thirty digits in groups of five, to be compared by word of mouth. */
export async function spoken(published: string): Promise<string> {
  const digits = String((await digestOf(published)) % 10n ** 30n).padStart(30, "0");
  return digits.replace(/(.{5})(?=.)/g, "$1 ");
}

/** The secret exponent that an opened key file holds. Throws Fault. */
export function readHeld(held: string): bigint {
  let found: { threshold?: unknown; secret?: unknown };
  try {
    found = JSON.parse(held) ?? {};
  } catch (unreadable) {
    throw new Fault("sealed");
  }
  const { threshold, secret } = found;
  if (threshold !== 0) throw new Fault("threshold");
  if (typeof secret !== "string" || !/^[0-9]{1,80}$/.test(secret) || BigInt(secret) >= Q) throw new Fault("sealed");
  return BigInt(secret);
}

/**
 * The keys of an election's trustees, all of them needed, each shown to be known to its owner: else somebody could have
 * made up a key that cancels those of the others. Throws Fault.
 */
export async function readTrustees(text: string): Promise<bigint[]> {
  const found: [string, PublicKey][] = JSON.parse(text);
  if (found.some(([kind]) => kind !== "Single")) throw new Fault("threshold");
  const keys: bigint[] = [];
  for (const [, { public_key, pok }] of found) {
    const key = readElement(public_key);
    if (key === null || keys.includes(key) || !(await knows(key, pok))) throw new Fault("trustees");
    keys.push(key);
  }
  return keys;
}

async function knows(key: bigint, pok: Proof): Promise<boolean> {
  const committed = times(ofGenerator().power(BigInt(pok.response)), power(key, BigInt(pok.challenge)));
  return String(await challenge(`${statement(String(key))}|${committed}`)) === pok.challenge;
}
