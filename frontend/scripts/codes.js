// Receipt codes as people bring them: any of the usual digits, blanks and hyphens between. Like core/codes.py.

var ZEROS = [0x30, 0x660, 0x6f0, 0xff10]; // Western, Arabic, Persian, full-width

/** The digits of a text as 0-9, everything else left out. */
export function digits(text) {
  var found = "";
  for (var i = 0; i < text.length; i++) {
    for (var j = 0; j < ZEROS.length; j++) {
      var digit = text.charCodeAt(i) - ZEROS[j];
      if (digit >= 0 && digit < 10) found += digit;
    }
  }
  return found;
}

/** 32 digits that leave 2 modulo 97 are a voting code; a receipt's leave 1. */
export function isVotingCode(code) {
  var rest = 0;
  for (var i = 0; i < code.length; i++) rest = (rest * 10 + Number(code.charAt(i))) % 97;
  return code.length === 32 && rest === 2;
}
