"""Which language a text is in: a guess from its letters and its commonest words, for people who need not choose. Pure.

A statistical model (py3langid) knows more languages and costs 100 MB of memory in every worker. Letters settle most of
what reaches a city's desk, a dozen common words the rest; the author chooses in the form where it matters, and an
officer can correct it. A wrong guess harms nobody: the language decides on ``lang``, direction and who translates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

OFFERED = (
    "am", "ar", "bg", "bn", "ckb", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hr", "hu", "hy", "it", "ja",
    "ka", "ko", "ku", "nl", "pl", "ps", "pt", "ro", "ru", "so", "sq", "sr", "ta", "th", "ti", "tr", "uk", "ur", "vi",
    "zh",
)  # fmt: skip
"""The languages that a form offers by name. Any other can still be stored."""

_READ = 3000
"""Characters that are looked at; more would not change the guess."""

# Letters of a script, and its languages with the letters that only they use; the last one needs none.
_SCRIPTS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
     (("ckb", "ڕڵێۆە"), ("ps", "ټډړښځڅې"), ("ur", "ٹڈڑےں"), ("fa", "پچژگکی"), ("ar", ""))),
    ("\u0400-\u04ff", (("uk", "іїєґ"), ("sr", "ћђљњџј"), ("ru", "ыэё"), ("bg", "ъ"), ("ru", ""))),
    ("\u0370-\u03ff\u1f00-\u1fff", (("el", ""),)),
    ("\u0530-\u058f", (("hy", ""),)),
    ("\u0590-\u05ff", (("he", ""),)),
    ("\u0900-\u097f", (("hi", ""),)),
    ("\u0980-\u09ff", (("bn", ""),)),
    ("\u0b80-\u0bff", (("ta", ""),)),
    ("\u0e00-\u0e7f", (("th", ""),)),
    ("\u10a0-\u10ff", (("ka", ""),)),
    ("\u1200-\u137f", (("ti", "ኣቐ"), ("am", ""))),
    ("\u1100-\u11ff\uac00-\ud7af", (("ko", ""),)),
    ("\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff", (("ja", "のはをにがでとたるい"), ("zh", ""))),
)  # fmt: skip
_COUNTERS = tuple((re.compile(f"[{letters}]"), languages) for letters, languages in _SCRIPTS)
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]+")

_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "cs": "a je se na že není pro jsou ale také prosím byl jsem který má",
        "de": "der die das und ist nicht ich wir sie mit für ein eine zu bitte auch den dem von auf sind es",
        "en": "the and is are you to of in that it for not with please we this be my have i at on",
        "es": "el los y es no que para con una por en se más como las del muy hay está",
        "fr": "le les et est pas je nous vous pour avec une des que dans du au il sur plus ce",
        "hr": "i je u na da se za ne su što sam koji nije bi kao ali ima molim",
        "hu": "a az és nem hogy van egy is meg kell csak kérem",
        "it": "il che di è non per con una sono gli della anche più ho ma del",
        "ku": "û ji bo li di de ye ku na ev min em dikin ne heye",
        "nl": "de het een en van is niet ik wij met voor op zijn ook dat",
        "pl": "i w na jest nie się do że dla są proszę o jak czy mam",
        "pt": "o os e é não que para com uma em por mais também do da ao",
        "ro": "și în nu este pentru cu că mai sunt la să de o un vă",
        "so": "iyo waa in ka ku oo uu aan waxaan la u ay",
        "sq": "dhe për një të në nuk është me ka që ju lutem edhe i",
        "tr": "ve bir için bu çok değil da de ile daha lütfen var ne gibi olarak",
        "vi": "và là của không cho có được tôi các một này",
    }.items()
}


def guess(text: str, fallback: str) -> str:
    """The likeliest language of ``text``; ``fallback`` (the reader's own) where nothing speaks against it."""
    sample = text[:_READ].lower()
    words = _LATIN.findall(sample)
    best, languages = sum(map(len, words)), None
    for letters, candidates in _COUNTERS:
        count = len(letters.findall(sample))
        if count > best:
            best, languages = count, candidates
    if languages is not None:
        return next(code for code, own in languages if not own or any(letter in sample for letter in own))
    return _by_words(words, fallback)


def _by_words(words: Sequence[str], fallback: str) -> str:
    votes = {code: sum(word in known for word in words) for code, known in _WORDS.items()}
    most = max(votes.values())
    leading = [code for code, count in votes.items() if count == most]
    if most == 0 or fallback in leading:
        return fallback if fallback in _WORDS or not words else "en"
    return leading[0]
