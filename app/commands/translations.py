"""``answerable translations check``: every message in every language, complete and with its placeholders."""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from app import resources

_NAMED = re.compile(r"%\((\w+)\)[sd]")
_TAG = re.compile(r"</?\w+[^>]*>")


@click.group("translations")
def translations() -> None:
    """The catalogues of the interface's languages."""


@translations.command("check")
@click.option(
    "--template", type=click.Path(exists=True, path_type=Path), help="A fresh messages.pot to compare with."
)
def check(template: Path | None) -> None:
    """Fail on a missing or fuzzy message, a lost placeholder or tag, or a missing plural form."""
    wanted = _read(template, "en") if template else None
    folder = resources.folder("translations")
    catalogues = sorted(folder.glob("*/LC_MESSAGES/messages.po"))
    faults = [fault for path in catalogues for fault in check_catalogue(path, wanted)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults or not catalogues:
        sys.exit(1)
    click.echo(f"{len(catalogues)} catalogues are complete.")


@translations.command("fill-english")
def fill_english() -> None:
    """Complete the English catalogue with the messages themselves: they are written in English."""
    path = resources.folder("translations") / "en" / "LC_MESSAGES" / "messages.po"
    catalogue = _read(path, "en")
    for message in catalogue:
        if message.id and not all(_strings(message)):
            message.string = message.id if isinstance(message.id, str) else tuple(message.id)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False)


def check_catalogue(path: Path, wanted: Catalog | None = None) -> Iterator[str]:
    """Every fault of one catalogue, as a line."""
    catalogue = _read(path, path.parts[-3])
    name = path.parts[-3]
    for message in catalogue:
        if message.id:
            yield from (f"{name}: {fault}: {_first(message.id)!r}" for fault in _faults(catalogue, message))
    for message in wanted or ():
        if message.id and catalogue.get(message.id, message.context) is None:
            yield f"{name}: not in the catalogue: {_first(message.id)!r}"


def _faults(catalogue: Catalog, message: Message) -> Iterator[str]:
    strings = _strings(message)
    if message.fuzzy:
        yield "fuzzy"
    if isinstance(message.id, tuple) and len(strings) != catalogue.num_plurals:
        yield "wrong number of plural forms"
    if not all(strings):
        yield "missing"
        return
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    sets = [set(_NAMED.findall(text)) for text in ids]
    allowed, needed = set().union(*sets), set.intersection(*sets) - {"num", "count"}
    tags = sorted(_TAG.findall(ids[-1]))
    for text in strings:
        found = set(_NAMED.findall(text))
        # A plural form for zero, one or two may say the number in words; the last one stands for any number.
        if found - allowed or needed - found or (text is strings[-1] and allowed - found):
            yield "placeholders differ"
        if sorted(_TAG.findall(text)) != tags:
            yield "tags differ"
        if text.strip(string.whitespace) != text and ids[0].strip() == ids[0]:
            yield "blanks at an end"


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def _first(id: str | list[str] | tuple[str, ...]) -> str:
    return id if isinstance(id, str) else id[0]


def _read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)
