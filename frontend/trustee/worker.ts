// The worker's side: it alone holds passphrase and private key, and ends when the page has what it asked for.

import { ofGenerator } from "../shared/group";
import { checkBoard, type Board } from "./board";
import { Fault, type FaultName } from "./faults";
import { makeKey, readHeld } from "./keys";
import { decryptPart } from "./parts";
import { open, seal } from "./sealing";

export type Order =
  | { order: "make"; index: number; size: number; passphrase: string }
  | { order: "check"; key: string; passphrase: string; board: Blob; tally: string; proofs: boolean }
  | { order: "decrypt" };

export interface Checked {
  uuid: string;
  name: string;
  fingerprint: string;
  owner: number;
  trustees: number;
  ballots: number;
  tally: string;
  already: boolean;
  /** Whether the proofs in every ballot were checked. */
  proofs: boolean;
}

export type News =
  | { news: "made"; sealed: string; given: string; fingerprint: string }
  | { news: "progress"; done: number }
  | { news: "checked"; checked: Checked }
  | { news: "decrypted"; part: string }
  | { news: "failed"; fault: FaultName };

interface Scope {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(news: News): void;
}

/** Do what the page orders, one after the other. */
export function serve(scope: Scope): void {
  let ready: { board: Board; secret: bigint } | null = null;

  async function follow(order: Order): Promise<News> {
    if (order.order === "make") {
      const { held, given, fingerprint } = await makeKey(order.index, order.size);
      return { news: "made", sealed: await seal(held, order.passphrase), given, fingerprint };
    }
    if (order.order === "check") {
      const secret = readHeld(await open(order.key, order.passphrase));
      const progress = (done: number) => scope.postMessage({ news: "progress", done });
      const board = await checkBoard(order.board, ofGenerator().power(secret), order.proofs, progress);
      if (order.tally && order.tally !== board.tally) throw new Fault("other_tally");
      ready = { board, secret };
      const { election, owner, trustees, ballots, tally, already } = board;
      const { uuid, name, fingerprint } = election;
      return { news: "checked", checked: { uuid, name, fingerprint, owner, trustees, ballots, tally, already, proofs: order.proofs } };
    }
    const taken = ready;
    ready = null;
    if (!taken) throw new Fault("broken");
    return { news: "decrypted", part: await decryptPart(taken.board, taken.secret) };
  }

  scope.onmessage = ({ data }) => {
    follow(data).then(
      (news) => scope.postMessage(news),
      (error: unknown) => scope.postMessage({ news: "failed", fault: faultOf(error, data) }),
    );
  };
}

/** What is no fault that we know is one of the file that was read. */
function faultOf(error: unknown, { order }: Order): FaultName {
  if (error instanceof Fault) return error.fault;
  return order === "check" ? "archive" : "broken";
}
