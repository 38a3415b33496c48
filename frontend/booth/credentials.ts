// From a voter's code to the credential that everybody sees. As in elections/ballot/credentials.py.

import { ofGenerator } from "../shared/group";
import { exponentOf } from "../shared/hashes";

/** The secret exponent that belongs to the code (its 32 digits) in the election `uuid`. */
export function secretExponent(uuid: string, code: string): Promise<bigint> {
  return exponentOf([0, 1].map((half) => `derive_credential|${uuid}|${half}|${code}`));
}

/** The credential that belongs to a secret exponent. */
export function publicCredential(secret: bigint): bigint {
  return ofGenerator().power(secret);
}
