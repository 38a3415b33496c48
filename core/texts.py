"""Texts: folding for search, and Markdown that cannot carry a script."""

from __future__ import annotations

import hashlib
import re
import unicodedata

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
