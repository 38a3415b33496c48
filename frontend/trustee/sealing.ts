// The file that keeps a trustee's private key, opened by its passphrase. As in elections/sealing.py, stretched by PBKDF2.

import { bytesOf } from "../shared/hashes";
import { Fault } from "./faults";

const FORMAT = "answerable-sealed-1";
const KDF = "pbkdf2-hmac-sha256-2000000";
const ROUNDS = 2_000_000;
const PURPOSE = "trustee-key";
const SALT = 16;
const NONCE = 12;

/** `content` as a file that opens with the passphrase, here and at the command line. */
export async function seal(content: string, passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const salts = [hex(salt)];
  const key = await keyOf(passphrase, salt, "encrypt");
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: head(salts[0]!) }, key, bytesOf(content));
  const file = { format: FORMAT, kdf: KDF, purpose: PURPOSE, salts, sealed: hex(nonce) + hex(new Uint8Array(sealed)) };
  return `${JSON.stringify(file)}\n`;
}

/** What such a file holds. Throws Fault. */
export async function open(file: string, passphrase: string): Promise<string> {
  const { salt, sealed } = read(file);
  const key = await keyOf(passphrase, salt, "decrypt");
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: head(hex(salt)) },
      key,
      sealed.slice(NONCE),
    );
    return new TextDecoder().decode(opened);
  } catch (refused) {
    throw new Fault("passphrase");
  }
}

function read(file: string): { salt: Uint8Array<ArrayBuffer>; sealed: Uint8Array<ArrayBuffer> } {
  let found: { format?: unknown; kdf?: unknown; purpose?: unknown; salts?: unknown; sealed?: unknown };
  try {
    found = JSON.parse(file) ?? {};
  } catch (unreadable) {
    throw new Fault("sealed");
  }
  const { format, kdf, purpose, salts, sealed } = found;
  if (format !== FORMAT || purpose !== PURPOSE || !Array.isArray(salts) || salts.length !== 1) throw new Fault("sealed");
  if (kdf === undefined) throw new Fault("command_line");
  const [salt, content] = [bytes(salts[0]), bytes(sealed)];
  if (kdf !== KDF || !salt || salt.length !== SALT || !content || content.length <= NONCE) throw new Fault("sealed");
  return { salt, sealed: content };
}

/** What is bound to the content, written as Python writes it. */
function head(salt: string): Uint8Array<ArrayBuffer> {
  return bytesOf(`{"format": "${FORMAT}", "kdf": "${KDF}", "purpose": "${PURPOSE}", "salts": ["${salt}"]}`);
}

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const { subtle } = crypto;
  const typed = await subtle.importKey("raw", bytesOf(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  const stretched = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, 256);
  const joined = await subtle.importKey("raw", stretched, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const key = await subtle.sign("HMAC", joined, bytesOf(FORMAT));
  return subtle.importKey("raw", key, "AES-GCM", false, [use]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytes(text: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof text !== "string" || text.length % 2 || !/^[0-9a-f]*$/.test(text)) return null;
  const found = new Uint8Array(text.length / 2);
  for (let at = 0; at < found.length; at++) found[at] = parseInt(text.substr(2 * at, 2), 16);
  return found;
}
