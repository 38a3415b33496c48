// Sending a ballot until the city has acknowledged it. The same bytes twice are one ballot, so trying again is safe.

import { send } from "../shared/loading";

export type Answer =
  | { kind: "accepted"; tracker: string }
  | { kind: "refused"; message: string; closed: boolean }
  | { kind: "unreachable" };

/** One attempt. Whatever is not an answer of the urn counts as unreachable. */
export async function cast(address: string, ballot: string): Promise<Answer> {
  const answer = await send(address, ballot);
  if (answer) {
    const { status, said } = answer;
    if (status === 200 && typeof said.tracker === "string") return { kind: "accepted", tracker: said.tracker };
    if (status >= 400 && typeof said.message === "string") {
      return { kind: "refused", message: said.message, closed: status === 409 || status === 410 };
    }
  }
  return { kind: "unreachable" };
}

/** Seconds to wait before the next attempt. */
export function pause(attempt: number): number {
  return Math.min(30, 2 ** attempt);
}
