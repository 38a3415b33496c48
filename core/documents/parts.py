"""What a paper's data is made of. Pure.

Templates know these shapes by their members (``templates/_papers/house.typ``): a run has ``text``, Markdown has
``blocks``, a QR code has ``svg``. Words come in as whole sentences, translated before.
"""

from __future__ import annotations

from typing import Any

import segno
from markdown_it.tree import SyntaxTreeNode

from core.localized import Localized, clean, direction
from core.texts import parse

Part = dict[str, Any]

_LINKS = ("http://", "https://", "mailto:", "tel:")
_ALIKE = {
    "code_block": "code",
    "fence": "code",
    "code_inline": "code",
    "softbreak": "space",
    "hardbreak": "break",
}


def run(text: str, language: str) -> Part:
    """A text in a language of its own, which may not be the paper's: a name, a quotation."""
    return {"text": clean(text), **_tongue(language)}


def localized(text: Localized, language: str) -> Part:
    """The version of ``text`` for a reader of ``language``, as a run in the language it is in."""
    version = text.best(language)
    return run(version.text, version.language)


def markdown(text: str, language: str) -> Part:
    """A Markdown text as blocks; what is safe in a page is safe here: nothing in it reaches the template as code."""
    return {"blocks": [_block(node) for node in parse(text)], **_tongue(language)}


def qr_code(content: str, label: str) -> Part:
    """``content`` as a QR code; ``label`` says to those who do not see it what it is for."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(border=0, svgclass=None, lineclass=None)
    return {"svg": drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), "label": label}


def _tongue(language: str) -> dict[str, str]:
    return {"lang": language.split("-")[0], "dir": direction(language)}


def _block(node: SyntaxTreeNode) -> Part:
    kind = _ALIKE.get(node.type, node.type)
    if kind in ("text", "code"):
        return {"kind": kind, "text": node.content.rstrip("\n")}
    if kind == "inline":
        return {"kind": "line", "parts": [_block(child) for child in node.children]}
    block: Part = {"kind": kind, "parts": [_block(child) for child in node.children]}
    if kind == "heading":
        block["level"] = int(node.tag[1:])
    elif kind == "ordered_list":
        block["start"] = int(node.attrs.get("start", 1))
    elif kind == "link":
        address = str(node.attrs.get("href", ""))
        block["address"] = address if address.startswith(_LINKS) else ""
    return block
