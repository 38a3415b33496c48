// The only source of randomness: the browser's own, made for keys.

import { Q } from "./group";

/** An exponent from 0 to Q - 1, each as likely as any other: what is too large is drawn again. */
export function randomExponent(): bigint {
  const bytes = new Uint8Array(32);
  for (;;) {
    crypto.getRandomValues(bytes);
    const value = asNumber(bytes);
    if (value < Q) return value;
  }
}

/** Bytes as a number, the most significant first. */
export function asNumber(bytes: Uint8Array): bigint {
  let digits = "0x";
  for (const byte of bytes) digits += (byte < 16 ? "0" : "") + byte.toString(16);
  return BigInt(digits);
}
