// What stands behind "#" in the address.

import { readCode } from "./codes";

/** A code from a QR code stands behind "#", which never reaches a server: it is taken out of the address at once. */
export function takeCode(): string {
  let typed = location.hash.slice(1);
  if (typed === "main") return ""; // the link past the head of the page
  if (typed) history.replaceState(history.state, "", location.pathname + location.search);
  try {
    typed = decodeURIComponent(typed);
  } catch (malformed) {
    return "";
  }
  return "code" in readCode(typed) ? typed : "";
}
