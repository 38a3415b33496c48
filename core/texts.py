"""Texts: folding for search, Markdown that cannot carry a script, and what changed between two versions, word by word."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from core.localized import clean

# Letters that readers treat as one and keyboards write differently (Arabic, Persian, Turkish).
_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "ı": "i",
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "\u0640": None,  # tatweel
        "\u200c": " ",  # zero-width non-joiner parts Persian words
        "\u200d": None,
        "\u00ad": None,
    }
)
_BLANKS = re.compile(r"\s+")
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_COMPARED = 1_500
"""Words on each side that are compared one by one; longer texts are shown as taken out and put in."""
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "h5", "code", "hr"}
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "html_block", "html_inline"]
)


class _Folding(dict[int, str | None]):
    """What each character becomes: filled as characters are met, so that folding is one pass in C."""

    def __missing__(self, point: int) -> str | None:
        character = chr(point)
        category = unicodedata.category(character)
        folded: str | None = character
        if category == "Mn":
            folded = None
        elif category == "Nd":
            folded = str(unicodedata.digit(character))
        self[point] = folded
        return folded


_FOLDING = _Folding(_LETTERS)


def fold(text: str) -> str:
    """``text`` as search compares it: no case, no accents or vowel marks, one form of each letter and digit."""
    # Decomposed first, so that accents fall away; composed again, since some letters (Korean) are more than one part.
    # Case twice, since signs such as № and ℌ hold capitals that only show once they are parted.
    parted = unicodedata.normalize("NFKD", text.casefold()).casefold()
    parted = unicodedata.normalize("NFKD", parted).translate(_FOLDING)
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", parted).translate(_LETTERS)).strip()


def digest(text: str) -> str:
    """One value for texts that differ only in case, accents and blanks (hexadecimal, 128 bits)."""
    return hashlib.sha256(fold(text).encode("utf-8")).hexdigest()[:32]


def to_html(markdown: str) -> Markup:
    """Safe HTML of ``markdown``: paragraphs, emphasis, lists, quotes, links to http(s) and mailto; nothing else."""
    rendered = _markdown.render(clean(markdown))
    return Markup(  # noqa: S704 - the allow-list above is what makes it safe
        nh3.clean(
            rendered,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener nofollow",
        )
    )


def parse(markdown: str) -> list[SyntaxTreeNode]:
    """The blocks of ``markdown``, by the same rules as ``to_html``: neither images nor HTML are known."""
    return SyntaxTreeNode(_markdown.parse(clean(markdown))).children


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of ``text`` on one line, cut at a word, at most ``length`` characters and an ellipsis."""
    line = _BLANKS.sub(" ", text).strip()
    if len(line) <= length:
        return line
    cut = line[:length].rsplit(" ", 1)[0]
    return (cut if len(cut) > length // 2 else line[:length]) + "…"


class Kept(StrEnum):
    """What became of a piece of text in a newer version."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of two versions. Same and out together are the older one, same and in the newer."""

    kept: Kept
    text: str


def differences(older: str, newer: str) -> list[Piece]:
    """What changed, in words, signs and blanks; no letter of either version is lost. What goes out comes before what comes in."""
    before, after = _WORDS.findall(older), _WORDS.findall(newer)
    if max(len(before), len(after)) > MOST_COMPARED and older != newer:
        return [Piece(Kept.OUT, older), Piece(Kept.IN, newer)]
    pieces: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kept.SAME, "".join(before[first:last])))
            continue
        out, come = "".join(before[first:last]), "".join(after[start:end])
        pieces += [piece for piece in (Piece(Kept.OUT, out), Piece(Kept.IN, come)) if piece.text]
    return pieces
