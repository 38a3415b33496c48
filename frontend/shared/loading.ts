// What a page needs of its browser and of its server.

/** What this browser must have. One without BigInt never comes here: it cannot read this script. */
export function able(): boolean {
  return typeof Worker === "function" && Boolean(window.crypto && window.crypto.subtle);
}

export async function load(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Error(String(response.status));
  return response.arrayBuffer();
}

/** A message in JSON. */
export function read(bytes: ArrayBuffer): any {
  return JSON.parse(new TextDecoder().decode(bytes));
}

const PATIENCE = 30_000;

/**
 * What the server says to a message, with its status. Null for whatever is no answer of ours: a proxy's page, a broken
 * line, a busy server.
 */
export async function send(address: string, message: string): Promise<{ status: number; said: any } | null> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const response = await fetch(address, {
      method: "POST",
      body: message,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: abort.signal,
    });
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) return null;
    return { status, said: (await response.json()) ?? {} };
  } catch (broken) {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
