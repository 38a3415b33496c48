// The board as one file: plain blocks of 512 bytes, as in elections/ballot/archive.py. It is read piece by piece, since
// that of a city has hundreds of megabytes.

import { digest } from "../shared/hashes";
import { Fault } from "./faults";

const BLOCK = 512;
const AHEAD = 1 << 20;
const EVENT = ".event.json";
const DATA = ".data.json";

/** Something in the archive, named by the hash of what it holds. */
export interface Member {
  isEvent: boolean;
  digest: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Where its bytes begin. */
  offset: number;
  /** How much of the file has been read with it. */
  end: number;
}

/** Every member after the first, which only says what the file is. Throws Fault. */
export async function* members(file: Blob): AsyncGenerator<Member> {
  const reader = new Reader(file);
  let first = true;
  while (reader.at < file.size) {
    const { name, size } = readHeader(await reader.take(BLOCK));
    const offset = reader.at;
    const bytes = await reader.take(size);
    await reader.take((BLOCK - (size % BLOCK)) % BLOCK);
    if (first) {
      if (name !== "BELENIOS") throw new Fault("archive");
      first = false;
      continue;
    }
    const found = await digest(bytes);
    const isEvent = name === found + EVENT;
    if (!isEvent && name !== found + DATA) throw new Fault("archive");
    yield { isEvent, digest: found, bytes, offset, end: reader.at };
  }
}

/** Bytes of the archive that were read before. */
export async function bytesAt(file: Blob, offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(offset, offset + size).arrayBuffer());
}

/** Bytes as a text. Throws Fault. */
export function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (malformed) {
    throw new Fault("archive");
  }
}

function readHeader(head: Uint8Array): { name: string; size: number } {
  const text = String.fromCharCode(...head);
  const name = text.slice(0, 100).replace(/\0+$/, "");
  const size = text.slice(124, 135);
  if (!/^[0-7]{11}$/.test(size)) throw new Fault("archive");
  return { name, size: parseInt(size, 8) };
}

class Reader {
  at = 0;
  private buffer = new Uint8Array(0);
  private start = 0;

  constructor(private readonly file: Blob) {}

  async take(size: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.at + size > this.file.size) throw new Fault("archive");
    if (this.at + size > this.start + this.buffer.length) {
      this.start = this.at;
      this.buffer = await bytesAt(this.file, this.at, Math.max(size, AHEAD));
    }
    const from = this.at - this.start;
    this.at += size;
    return this.buffer.slice(from, from + size);
  }
}
