// A trustee's part of the decryption. As in elections/ballot/tally.py; specification of Belenios 2.0, "Partial decryptions".

import { modulo, ofGenerator, powers, Q } from "../shared/group";
import { challenge } from "../shared/hashes";
import type { Proof } from "../shared/proofs";
import { randomExponent } from "../shared/random";
import type { Board } from "./board";

/** The file to hand in: for each ciphertext the factor, and the proof that it was made with the trustee's key. */
export async function decryptPart({ election, owner, table }: Board, secret: bigint): Promise<string> {
  const statement = `decrypt|${election.fingerprint}|${ofGenerator().power(secret)}`;
  const factors: string[][] = [];
  const proofs: Proof[][] = [];
  for (const row of table) {
    const made = [];
    for (const { alpha } of row) made.push(await decrypt(alpha, secret, statement));
    factors.push(made.map(([factor]) => factor));
    proofs.push(made.map(([, proof]) => proof));
  }
  const part = { decryption_factors: factors, decryption_proofs: proofs };
  return JSON.stringify({ election: election.uuid, owner, partial_decryption: part });
}

async function decrypt(alpha: bigint, secret: bigint, statement: string): Promise<[string, Proof]> {
  const nonce = randomExponent();
  const [factor, second] = powers(alpha, [secret, nonce]);
  const found = await challenge(`${statement}|${ofGenerator().power(nonce)},${second}`);
  const response = modulo(nonce - secret * found, Q);
  return [String(factor), { challenge: String(found), response: String(response) }];
}
