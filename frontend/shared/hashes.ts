// SHA-256 by the browser, in the forms that messages need. As in elections/ballot/canonical.py.

import { Q } from "./group";
import { asNumber } from "./random";

/** A text as it is hashed and sent. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

async function sha256(data: BufferSource): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** SHA-256 in Base64 without padding: fingerprint of an election, seal and tracker of a ballot. */
export async function fingerprint(data: BufferSource): Promise<string> {
  return btoa(String.fromCharCode(...(await sha256(data)))).replace(/=+$/, "");
}

/** SHA-256 in hexadecimal: how an archive names what it holds. */
export async function digest(data: BufferSource): Promise<string> {
  return Array.from(await sha256(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of a text as a number. */
export async function digestOf(text: string): Promise<bigint> {
  return asNumber(await sha256(bytesOf(text)));
}

/** A short hash of a credential's digits, as the board looks it up: elections/ballot/board.py:credential_key. */
export async function credentialKey(digits: string): Promise<string> {
  const whole = await sha256(bytesOf(digits));
  return Array.from(whole.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of a statement as a number, modulo the group's order. */
export async function challenge(statement: string): Promise<bigint> {
  return (await digestOf(statement)) % Q;
}

/** SHA-256 of several texts, read one after the other as one long number, modulo the group's order. */
export async function exponentOf(texts: string[]): Promise<bigint> {
  let value = 0n;
  for (const text of texts) value = (value << 256n) | (await digestOf(text));
  return value % Q;
}
