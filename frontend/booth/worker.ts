// The worker's side: it alone holds the secret exponent and the randomness, and ends with either a signature or an opening.

import { open, seal, sign, type Sealed } from "./ballots";
import { readElection } from "../shared/questions";

export type Order = { order: "seal"; election: ArrayBuffer; code: string; choices: number[][] } | { order: "sign" | "open" };
export type News =
  | { news: "progress"; done: number }
  | { news: "sealed"; seal: string }
  | { news: "signed"; ballot: string; tracker: string }
  | { news: "opened"; text: string; choices: number[][] }
  | { news: "failed" };

interface Scope {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(news: News): void;
}

/** Do what the page orders, one after the other. */
export function serve(scope: Scope): void {
  let sealed: Sealed | null = null;

  async function follow(order: Order): Promise<News> {
    if (order.order === "seal") {
      sealed = await seal(await readElection(order.election), order.code, order.choices, (done) =>
        scope.postMessage({ news: "progress", done }),
      );
      return { news: "sealed", seal: sealed.seal };
    }
    const taken = sealed;
    sealed = null; // what is opened can never be signed, and what is signed never be opened
    if (!taken) return { news: "failed" };
    if (order.order === "sign") return { news: "signed", ...(await sign(taken)) };
    return { news: "opened", text: open(taken), choices: taken.opened.map((slots) => slots.map((slot) => slot.value)) };
  }

  scope.onmessage = (event) => {
    follow(event.data).then(
      (news) => scope.postMessage(news),
      () => scope.postMessage({ news: "failed" }),
    );
  };
}
