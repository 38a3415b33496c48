// What the trustees' page computes, at a command line, for the tests: a list of calls in, a list of answers out, as JSON.

import { readFileSync } from "node:fs";
import { ofGenerator } from "../../frontend/shared/group";
import { checkBoard } from "../../frontend/trustee/board";
import { readHeld } from "../../frontend/trustee/keys";
import { open } from "../../frontend/trustee/sealing";
import { serve, type News, type Order } from "../../frontend/trustee/worker";
import { answer } from "./answering";

/** What the worker answers to orders, one after the other. */
async function heard(orders: Order[]): Promise<News[]> {
  const found: News[] = [];
  const scope: Parameters<typeof serve>[0] = { onmessage: null, postMessage: (news) => found.push(news) };
  serve(scope);
  for (const data of orders) {
    const before = found.length;
    scope.onmessage!({ data } as MessageEvent<Order>);
    while (!found.slice(before).some(({ news }) => news !== "progress")) await new Promise((done) => setTimeout(done, 2));
  }
  return found;
}

const calls: Record<string, (...given: any[]) => unknown> = {
  board: async (own: string, path: string, proofs = false) => {
    const { ballots, already } = await checkBoard(new Blob([readFileSync(path)]), BigInt(own), proofs, () => undefined);
    return { ballots, already };
  },
  open: (file: string, passphrase: string) => open(file, passphrase),
  held: (held: string) => String(ofGenerator().power(readHeld(held))),
  make: (index: number, size: number, passphrase: string) => heard([{ order: "make", index, size, passphrase }]),
  // The worker with the board that lies at `path`.
  decrypt: (key: string, passphrase: string, path: string, tally = "") =>
    heard([{ order: "check", key, passphrase, board: new Blob([readFileSync(path)]), tally, proofs: true }, { order: "decrypt" }]),
};

await answer(calls);
