// The words of a page come from the server, in the reader's language; the script has none of its own.

import { load } from "./loading";

/** What every message of words has. */
export interface Spoken {
  language: string;
  direction: string;
  /** Where the same message is in every language. */
  languages: { code: string; address: string }[];
  words: Record<string, string>;
}

/** A sentence with its places filled, such as %(count)s. */
export function fill(sentence: string, places: Record<string, string | number>): string {
  return sentence.replace(/%\((\w+)\)s/g, (_, name: string) => String(places[name] ?? ""));
}

/** Put the page around the script into the language of these words. */
export function speak(spoken: Spoken): void {
  document.documentElement.lang = spoken.language;
  document.documentElement.dir = spoken.direction;
  document.querySelectorAll<HTMLElement>("[data-word]").forEach((place) => {
    place.textContent = spoken.words[place.dataset["word"]!] ?? "";
  });
  document.querySelectorAll<HTMLAnchorElement>(".a-languages a").forEach((link) => {
    if (link.hreflang === spoken.language) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

/** Load the words in another language and hand them on; where they cannot be had, the language that is there stays. */
export async function inLanguage(code: string, now: () => Spoken, then: (words: ArrayBuffer) => void): Promise<void> {
  const other = now().languages.find((each) => each.code === code);
  if (!other || code === now().language) return;
  try {
    then(await load(other.address));
  } catch (unreachable) {
    return;
  }
}

/** Let the links to other languages change the words in place: what was typed and chosen stays. */
export function onLanguage(now: () => Spoken, then: (words: ArrayBuffer) => void): void {
  document.querySelectorAll<HTMLAnchorElement>(".a-languages a").forEach((link) => {
    link.addEventListener("click", (event) => {
      if (!now().languages.some(({ code }) => code === link.hreflang)) return;
      event.preventDefault();
      void inLanguage(link.hreflang, now, then);
    });
  });
}
