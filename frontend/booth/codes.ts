// Voting codes as people bring them: digits of any script, blanks and hyphens between. Like core/codes.py, error for error.

const LENGTH = 32;
const LOOKED_AT = 1000;
const VOTING = 2;
const RECEIPT = 1;
// \x1c-\x1f and \x85 are blanks for the server, too.
const IGNORED = /[\s\x1c-\x1f\x85\-\u00ad\u00b7._\u2010-\u2015\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu;
const DIGIT = /^\p{Nd}$/u;

export type CodeError = "code_empty" | "code_not_digits" | "code_length" | "code_is_receipt_code" | "code_mistyped";
export type Reading = { code: string } | { error: CodeError; count: number };

/** Digits of any script as 0-9. Unicode keeps the ten digits of a script together and in order, zero first. */
function western(letter: string): string {
  if (!DIGIT.test(letter)) return letter;
  let above = 0;
  let point = letter.codePointAt(0)!;
  while (point > 0 && DIGIT.test(String.fromCodePoint(point - 1))) {
    point--;
    above++;
  }
  return String(above % 10);
}

/** The 32 digits of a voting code, or what is wrong with what somebody typed. */
export function readCode(text: string): Reading {
  const letters = Array.from(Array.from(text).slice(0, LOOKED_AT).join("").replace(IGNORED, ""), western);
  const digits = letters.join("");
  const count = letters.length;
  if (!count) return { error: "code_empty", count };
  if (!/^[0-9]+$/.test(digits)) return { error: "code_not_digits", count };
  if (count !== LENGTH) return { error: "code_length", count };
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  if (rest === VOTING) return { code: digits };
  return { error: rest === RECEIPT ? "code_is_receipt_code" : "code_mistyped", count };
}
