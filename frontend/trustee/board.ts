// Reading the whole board before anything is decrypted: its chain of hashes, its trustees, the product of the ballots that
// count, which is multiplied here anew, and, where the trustee has the time, the proofs in every ballot. Without them
// somebody on the server could add made-up ballots that cancel all others but one.

import { P, readElement, times, type FixedBase } from "../shared/group";
import { keyOf, readElection, slotsOf, type Election } from "../shared/questions";
import { bytesAt, members, textOf, type Member } from "./archive";
import { Fault } from "./faults";
import { readTrustees } from "./keys";
import { holds, type Ballot } from "./proofs";

export interface Ciphertext {
  alpha: bigint;
  beta: bigint;
}

/** A ciphertext for each question and slot. */
export type Table = Ciphertext[][];

export interface Board {
  election: Election;
  /** Which trustee this is, from 1. */
  owner: number;
  trustees: number;
  /** How many ballots count. */
  ballots: number;
  /** The hash of the encrypted tally. */
  tally: string;
  table: Table;
  /** Whether this trustee's part is on the board. */
  already: boolean;
}

type Kind = "Setup" | "Ballot" | "EndBallots" | "EncryptedTally" | "PartialDecryption" | "Result";

const FOLLOWS: Record<string, Kind[]> = {
  "": ["Setup"],
  Setup: ["Ballot", "EndBallots"],
  Ballot: ["Ballot", "EndBallots"],
  EndBallots: ["EncryptedTally"],
  EncryptedTally: ["PartialDecryption"],
  PartialDecryption: ["PartialDecryption", "Result"],
};
/** How many messages stand before each event, its payload last. */
const BEFORE: Record<Kind, number> = {
  Setup: 4,
  Ballot: 1,
  EndBallots: 0,
  EncryptedTally: 2,
  PartialDecryption: 2,
  Result: 1,
};

interface Event {
  parent?: string;
  height: number;
  type: Kind;
  payload?: string;
}

/**
 * Check the board for the trustee with the public key `own`, the proofs in its ballots too if `proofs` is set. `progress`
 * is told how many bytes are read. Throws Fault.
 */
export async function checkBoard(file: Blob, own: bigint, proofs: boolean, progress: (done: number) => void): Promise<Board> {
  const reading = new Reading(file, own, proofs);
  let pending: Member[] = [];
  for await (const member of members(file)) {
    if (!member.isEvent) pending.push(member);
    else {
      await reading.take(member, pending);
      pending = [];
      progress(member.end);
    }
  }
  if (pending.length) throw new Fault("chain");
  return reading.board();
}

class Reading {
  private last = "";
  private head = "";
  private height = -1;
  private election: Election | null = null;
  private key: FixedBase | null = null;
  private trustees: bigint[] = [];
  private listed = new Set<string>();
  /** Where the last ballot of each credential stands. */
  private readonly counted = new Map<string, [offset: number, size: number]>();
  private product: Table = [];
  /** The product of ballots that were replaced by later ones. */
  private replaced: Table = [];
  private table: Table | null = null;
  private tally = "";
  private readonly parts: number[] = [];

  constructor(
    private readonly file: Blob,
    private readonly own: bigint,
    private readonly proofs: boolean,
  ) {}

  async take(member: Member, pending: Member[]): Promise<void> {
    const event: Event = readJson(member);
    const { parent, height, type, payload } = event;
    if (
      (parent ?? "") !== this.head ||
      height !== this.height + 1 ||
      !(FOLLOWS[this.last] ?? []).includes(type) ||
      pending.length !== BEFORE[type] ||
      payload !== pending[pending.length - 1]?.digest
    ) {
      throw new Fault("chain");
    }
    [this.last, this.head, this.height] = [type, member.digest, height];
    if (type === "Setup") await this.setUp(pending);
    else if (type === "Ballot") await this.count(pending[0]!);
    else if (type === "EncryptedTally") this.multiplied(pending);
    else if (type === "PartialDecryption") this.parts.push(refers(pending, "payload").owner);
  }

  private async setUp(pending: Member[]): Promise<void> {
    const [election, trustees, credentials, setup] = pending as [Member, Member, Member, Member];
    const named = readJson(setup);
    if (named.election !== election.digest || named.trustees !== trustees.digest || named.credentials !== credentials.digest) {
      throw new Fault("chain");
    }
    this.election = await readElection(election.bytes.buffer);
    this.key = keyOf(this.election);
    this.trustees = await readTrustees(textOf(trustees.bytes));
    if (this.trustees.reduce(times, 1n) !== this.election.publicKey) throw new Fault("trustees");
    if (!this.trustees.includes(this.own)) throw new Fault("not_yours");
    this.listed = new Set<string>(JSON.parse(textOf(credentials.bytes)));
    this.product = this.ones();
    this.replaced = this.ones();
  }

  private ones(): Table {
    return this.election!.questions.map((question) => Array.from({ length: slotsOf(question) }, () => ({ alpha: 1n, beta: 1n })));
  }

  private async count({ bytes, offset }: Member): Promise<void> {
    const [{ credential }, table] = this.read(bytes);
    if (this.proofs) await this.prove(bytes);
    multiply(this.product, table);
    const before = this.counted.get(credential);
    if (before) multiply(this.replaced, this.read(await bytesAt(this.file, ...before))[1]);
    this.counted.set(credential, [offset, bytes.length]);
  }

  private async prove(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      if (await holds(this.election!, this.key!, ...this.read(bytes))) return;
    } catch (malformed) {
      // as wrong as any other
    }
    throw new Fault("proofs");
  }

  /** A ballot and its ciphertexts, if it is one of this election. */
  private read(bytes: Uint8Array<ArrayBuffer>): [Ballot, Table] {
    const { uuid, fingerprint, questions } = this.election!;
    const text = textOf(bytes);
    const ballot = JSON.parse(text);
    const { election_uuid, election_hash, credential, answers } = ballot;
    if (
      election_uuid !== uuid ||
      election_hash !== fingerprint ||
      !this.listed.has(credential) ||
      answers.length !== questions.length ||
      JSON.stringify(ballot) !== text
    ) {
      throw new Fault("ballot");
    }
    const table: Table = answers.map((answer: { choices: unknown[] }) => answer.choices.map(readCiphertext));
    if (table.some((row, at) => row.length !== slotsOf(questions[at]!))) throw new Fault("ballot");
    return [ballot, table];
  }

  private multiplied(pending: Member[]): void {
    const { num_tallied, total_weight, encrypted_tally } = refers(pending, "encrypted_tally");
    const table: Table = readJson(pending[0]!).map((row: unknown[]) => row.map(readCiphertext));
    const whole = table.map((row) => row.map((each) => ({ ...each })));
    if (table.length !== this.product.length || table.some((row, at) => row.length !== this.product[at]!.length)) {
      throw new Fault("product");
    }
    multiply(whole, this.replaced);
    const same = whole.every((row, at) =>
      row.every(({ alpha, beta }, slot) => alpha === this.product[at]![slot]!.alpha && beta === this.product[at]![slot]!.beta),
    );
    if (!same || num_tallied !== this.counted.size || total_weight !== this.counted.size) throw new Fault("product");
    // Outside the group, what is decrypted could give something of the key away. The identity is there if nobody voted.
    const inside = (value: bigint) => value === 1n || readElement(String(value)) !== null;
    if (!table.every((row) => row.every(({ alpha, beta }) => inside(alpha) && inside(beta)))) throw new Fault("product");
    this.table = table;
    this.tally = encrypted_tally;
  }

  board(): Board {
    if (!this.election) throw new Fault("archive");
    if (!this.table) throw new Fault("not_closed");
    const owner = this.trustees.indexOf(this.own) + 1;
    return {
      election: this.election,
      owner,
      trustees: this.trustees.length,
      ballots: this.counted.size,
      tally: this.tally,
      table: this.table,
      already: this.parts.includes(owner),
    };
  }
}

/** A message in its one form. Throws Fault. */
function readJson(member: Member): any {
  const text = textOf(member.bytes);
  const found = JSON.parse(text);
  if (typeof found !== "object" || found === null || JSON.stringify(found) !== text) throw new Fault("chain");
  return found;
}

/** The last of two messages, which names the hash of the one before it as `name`. */
function refers(pending: Member[], name: string): any {
  const found = readJson(pending[1]!);
  if (found[name] !== pending[0]!.digest) throw new Fault("chain");
  return found;
}

function readCiphertext(value: any): Ciphertext {
  return { alpha: readNumber(value.alpha), beta: readNumber(value.beta) };
}

function readNumber(text: unknown): bigint {
  if (typeof text !== "string" || text.length > 617 || !/^[1-9][0-9]*$/.test(text)) throw new Fault("ballot");
  const value = BigInt(text);
  if (value >= P) throw new Fault("ballot");
  return value;
}

function multiply(held: Table, by: Table): void {
  for (const [at, row] of held.entries()) {
    for (const [slot, each] of row.entries()) {
      const { alpha, beta } = by[at]![slot]!;
      each.alpha = times(each.alpha, alpha);
      each.beta = times(each.beta, beta);
    }
  }
}
