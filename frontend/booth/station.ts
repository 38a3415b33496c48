// A device in a city office: whoever walks away leaves nothing behind, and the next person begins anew.

const QUIET = 120_000;
const WARNED = 30_000;

export interface Tongue {
  code: string;
  name: string;
  direction: string;
}

/** The languages of the page, from the strip that a station keeps hidden. */
export function tongues(): Tongue[] {
  return Array.from(document.querySelectorAll<HTMLAnchorElement>(".a-languages a"), (link) => ({
    code: link.hreflang,
    name: link.textContent!,
    direction: link.dir,
  }));
}

/** Call `warn` after two minutes in which nobody did anything, `leave` half a minute later; any touch or key puts it off. */
export function watchQuiet(warn: (shown: boolean) => void, leave: () => void): void {
  let timer = 0;
  let warned = false;
  function begin(): void {
    clearTimeout(timer);
    if (warned) warn(false);
    warned = false;
    timer = window.setTimeout(() => {
      warn((warned = true));
      timer = window.setTimeout(() => {
        leave();
        begin();
      }, WARNED);
    }, QUIET);
  }
  for (const sign of ["pointerdown", "keydown", "touchstart"]) window.addEventListener(sign, begin);
  begin();
}
