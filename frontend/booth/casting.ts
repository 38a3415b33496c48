// Sending a ballot until the city has acknowledged it. The same bytes twice are one ballot, so trying again is safe.

export type Answer =
  | { kind: "accepted"; tracker: string }
  | { kind: "refused"; message: string; closed: boolean }
  | { kind: "unreachable" };

const PATIENCE = 30_000;

/** One attempt. Whatever is not an answer of the urn counts as unreachable: a proxy's page, a broken line, a busy server. */
export async function cast(address: string, ballot: string): Promise<Answer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const response = await fetch(address, {
      method: "POST",
      body: ballot,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: abort.signal,
    });
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) return { kind: "unreachable" };
    const said = await response.json();
    if (status === 200 && typeof said.tracker === "string") return { kind: "accepted", tracker: said.tracker };
    if (status >= 400 && typeof said.message === "string") {
      return { kind: "refused", message: said.message, closed: status === 409 || status === 410 };
    }
  } catch (broken) {
    // the same as no answer
  } finally {
    clearTimeout(timer);
  }
  return { kind: "unreachable" };
}

/** Seconds to wait before the next attempt. */
export function pause(attempt: number): number {
  return Math.min(30, 2 ** attempt);
}
