// The booth's library at a command line, for the tests: a list of calls in, a list of answers out, as JSON.

import * as ballots from "../../frontend/booth/ballots";
import { readCode } from "../../frontend/booth/codes";
import { publicCredential, secretExponent } from "../../frontend/booth/credentials";
import { qr } from "../../frontend/booth/qr";
import { Q } from "../../frontend/shared/group";
import { credentialKey } from "../../frontend/shared/hashes";
import { readElection } from "../../frontend/shared/questions";
import { randomExponent } from "../../frontend/shared/random";
import { serve, type News, type Order } from "../../frontend/booth/worker";
import { answer } from "./answering";

const electionOf = (text: string) => readElection(new TextEncoder().encode(text).buffer);

const calls: Record<string, (...given: any[]) => unknown> = {
  read: (text: string) => readCode(text),
  key: (digits: string) => credentialKey(digits),
  qr: (text: string, mask: number) => qr(text, mask),
  derive: async (uuid: string, code: string) => {
    const secret = await secretExponent(uuid, code);
    return [String(secret), String(publicCredential(secret))];
  },
  election: async (text: string) => {
    const { uuid, fingerprint, questions } = await electionOf(text);
    return { uuid, fingerprint, questions };
  },
  vote: async (text: string, code: string, choices: number[][]) => {
    const progress: number[] = [];
    const sealed = await ballots.seal(await electionOf(text), code, choices, (done) => progress.push(done));
    return { ...(await ballots.sign(sealed)), seal: sealed.seal, progress };
  },
  challenge: async (text: string, code: string, choices: number[][]) =>
    ballots.open(await ballots.seal(await electionOf(text), code, choices, () => undefined)),
  check: async (text: string, file: string) => ballots.checkOpening(await electionOf(text), file),
  // What the worker answers to a list of orders, without its progress.
  orders: async (text: string, code: string, choices: number[][], orders: ("sign" | "open")[]) => {
    const heard: News[] = [];
    const election = new TextEncoder().encode(text).buffer;
    const scope: Parameters<typeof serve>[0] = { onmessage: null, postMessage: (news) => heard.push(news) };
    serve(scope);
    for (const order of [{ order: "seal", election, code, choices }, ...orders.map((order) => ({ order }))] as Order[]) {
      const before = heard.length;
      scope.onmessage!({ data: order } as MessageEvent<Order>);
      while (!heard.slice(before).some(({ news }) => news !== "progress")) await new Promise((done) => setTimeout(done, 5));
    }
    return heard.filter(({ news }) => news !== "progress").map(({ news }) => news);
  },
  // What the browser gives is replaced by what the test gives, 32 bytes at a time.
  exponent: (drawn: number[][]) => {
    const real = crypto.getRandomValues;
    crypto.getRandomValues = ((bytes: Uint8Array) => {
      bytes.set(drawn.shift()!);
      return bytes;
    }) as typeof crypto.getRandomValues;
    try {
      return [String(randomExponent()), drawn.length, String(Q)];
    } finally {
      crypto.getRandomValues = real;
    }
  },
};

await answer(calls);
