"""Texts in several languages, each with the state of its translation. Pure.

A ``Localized`` value is what a draft's title, a measure's body or a reply's reason is: one original and any number
of translations. The state tells a reader how far to trust what they read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# Scripts written from right to left, by the language codes that use them.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "yi", "sd", "ug", "dv"})

_CONTROLS = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"  # C0 and C1, but not tab and line ends
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, embeddings, overrides, isolates
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n?|\u0085|\u2028|\u2029")


class State(StrEnum):
    """How a text came to be in its language."""

    ORIGINAL = "original"
    CHECKED = "checked"
    MACHINE = "machine"
    OUTDATED = "outdated"


def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a language code such as ``ar`` or ``de-CH``."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def clean(text: str) -> str:
    """``text`` without control characters, bidi overrides or lone surrogates, line ends as ``\\n``, trimmed.

    Direction is carried by ``dir`` on the element, so no invisible character may change it (Trojan Source).
    """
    if text.isprintable():  # nearly every cell of a large table: none of what is taken out can be printed
        return text.strip()
    return _CONTROLS.sub("", _LINE_END.sub("\n", text)).strip()


@dataclass(frozen=True, slots=True)
class Version:
    """One text in one language."""

    language: str
    text: str
    state: State

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Localized:
    """The same text in several languages, the original first; at most one version per language."""

    versions: tuple[Version, ...] = ()

    @classmethod
    def original(cls, language: str, text: str) -> Localized:
        """A text that so far exists in the language it was written in."""
        return cls.of({language: text}, language)

    @classmethod
    def of(cls, texts: Mapping[str, str], original: str) -> Localized:
        """Texts by language, written in ``original``; the others count as checked translations."""
        cleaned = ((code, clean(text)) for code, text in texts.items())
        return cls(
            _in_order(
                Version(code, text, State.ORIGINAL if code == original else State.CHECKED)
                for code, text in cleaned
                if text
            )
        )

    @classmethod
    def load(cls, stored: Mapping[str, Mapping[str, str]] | None) -> Localized:
        """Read the form that the database keeps: ``{"de": {"text": …, "state": …}}``."""
        return cls(
            _in_order(Version(code, v["text"], State(v["state"])) for code, v in (stored or {}).items())
        )

    def dump(self) -> dict[str, dict[str, str]]:
        """The form that the database keeps."""
        return {v.language: {"text": v.text, "state": v.state.value} for v in self.versions}

    def __bool__(self) -> bool:
        return bool(self.versions)

    def get(self, language: str) -> Version | None:
        """The version in exactly this language, if there is one."""
        return next((v for v in self.versions if v.language == language), None)

    @property
    def source(self) -> Version | None:
        """The original, or the first version where no original is known."""
        return next(
            (v for v in self.versions if v.state is State.ORIGINAL),
            self.versions[0] if self.versions else None,
        )

    def best(self, language: str) -> Version:
        """What a reader of ``language`` should see: their language, else the original, else nothing."""
        return self.get(language) or self.source or Version(language, "", State.ORIGINAL)

    def with_version(self, language: str, text: str, state: State) -> Localized:
        """A copy in which ``language`` reads ``text``; a changed original marks its translations outdated."""
        text = clean(text)
        kept = [v for v in self.versions if v.language != language]
        before = self.get(language)
        if before is not None and before.state is State.ORIGINAL and before.text != text:
            kept = [Version(v.language, v.text, State.OUTDATED) for v in kept]
            state = State.ORIGINAL
        if text:
            kept.append(Version(language, text, state))
        return Localized(_in_order(kept))


def _in_order(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The original first, then by language: databases do not keep the order of what is in a JSON object."""
    return tuple(sorted(versions, key=lambda v: (v.state is not State.ORIGINAL, v.language)))
