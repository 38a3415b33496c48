"""What may be submitted, how much of it, and when a repeated form is the same submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consult.rules.rounds import LANGUAGE as LANGUAGE
from consult.rules.rounds import Phase
from core.errors import DomainError, raise_all
from core.localized import clean

TEXT_LENGTH = 10_000
WORDING_LENGTH = 5_000
NAME_LENGTH = 200
REASON_LENGTH = 500


class Kind(StrEnum):
    """What somebody wants to say."""

    SUPPORT = "support"
    CONCERN = "concern"
    PROPOSAL = "proposal"
    QUESTION = "question"


class Channel(StrEnum):
    """How a submission reached the city."""

    WEB = "web"
    EMAIL = "e-mail"
    PAPER = "paper"
    PHONE = "phone"
    MEETING = "meeting"
    SURVEY = "survey"
    IMPORT = "import"


class AuthorKind(StrEnum):
    """Who is speaking."""

    PERSON = "person"
    NATIONAL_INSTITUTION = "national_institution"
    NGO = "ngo"
    MIGRANT_ASSOCIATION = "migrant_association"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """One submission as it arrives, cleaned of control characters. ``unit_id`` None means the whole draft."""

    unit_id: int | None
    text: str
    kind: str | None = None
    proposed_wording: str = ""
    language: str = ""
    channel: str = Channel.WEB.value
    author_kind: str = AuthorKind.PERSON.value
    name: str = ""
    publish_name: bool = False
    received_on: date | None = None
    code_mac: bytes | None = None
    import_key: str | None = None


def check_phase(phase: Phase) -> None:
    """Comments are taken while the round is open. Raises ``round_not_open_yet`` or ``round_closed``."""
    if phase in (Phase.DRAFT, Phase.ANNOUNCED):
        raise DomainError("round_not_open_yet")
    if phase is not Phase.OPEN:
        raise DomainError("round_closed")


def check_submission(new: NewSubmission, *, kind_required: bool = True) -> None:
    """All that is wrong with one submission at once: ``text_missing``, ``text_too_long`` (``limit``, ``length``),
    ``kind_missing``, ``kind_unknown``, ``wording_too_long``, ``name_too_long``, ``author_kind_unknown``,
    ``channel_unknown``, ``language_unknown``."""
    errors = []
    if kind_required and not new.kind:
        errors.append(DomainError("kind_missing"))
    elif new.kind and new.kind not in set(Kind):
        errors.append(DomainError("kind_unknown", value=new.kind[:40]))
    if not new.text.strip():
        errors.append(DomainError("text_missing"))
    elif len(new.text) > TEXT_LENGTH:
        errors.append(DomainError("text_too_long", limit=TEXT_LENGTH, length=len(new.text)))
    if len(new.proposed_wording) > WORDING_LENGTH:
        errors.append(DomainError("wording_too_long", limit=WORDING_LENGTH, length=len(new.proposed_wording)))
    if len(new.name) > NAME_LENGTH:
        errors.append(DomainError("name_too_long", limit=NAME_LENGTH))
    if new.author_kind not in set(AuthorKind):
        errors.append(DomainError("author_kind_unknown", value=new.author_kind[:40]))
    if new.channel not in set(Channel):
        errors.append(DomainError("channel_unknown", value=new.channel[:40]))
    if new.language and not LANGUAGE.fullmatch(new.language):
        errors.append(DomainError("language_unknown", value=new.language[:40]))
    raise_all(errors)


def check_public_text(text: str, proposed_wording: str, reason: str) -> None:
    """A changed version for the public says something, is no longer than a comment may be, and says why it differs.

    Raises, together, ``text_missing``, ``text_too_long``, ``wording_too_long`` (``limit``, ``length``),
    ``redaction_reason_missing`` and ``redaction_reason_too_long`` (``limit``).
    """
    errors = []
    if not text.strip():
        errors.append(DomainError("text_missing"))
    elif len(text) > TEXT_LENGTH:
        errors.append(DomainError("text_too_long", limit=TEXT_LENGTH, length=len(text)))
    if len(proposed_wording) > WORDING_LENGTH:
        errors.append(DomainError("wording_too_long", limit=WORDING_LENGTH, length=len(proposed_wording)))
    if not clean(reason):
        errors.append(DomainError("redaction_reason_missing"))
    elif len(reason) > REASON_LENGTH:
        errors.append(DomainError("redaction_reason_too_long", limit=REASON_LENGTH))
    raise_all(errors)


def check_language(language: str) -> None:
    """A language code such as ``uk`` or ``zh-Hant``. Raises ``language_unknown``."""
    if not LANGUAGE.fullmatch(language):
        raise DomainError("language_unknown", value=language[:40])


def check_hidden_reason(reason: str) -> None:
    """Hiding a text needs a reason that its author and the public can read."""
    if not clean(reason):
        raise DomainError("hidden_reason_missing")
    if len(reason) > REASON_LENGTH:
        raise DomainError("hidden_reason_too_long", limit=REASON_LENGTH)


def check_reconsideration(text: str, answered_on: date | None, asked_before: bool) -> None:
    """One second look, after the answer, with a word on what was misread."""
    errors = []
    if answered_on is None:
        errors.append(DomainError("not_answered_yet"))
    if asked_before:
        errors.append(DomainError("reconsidered_before"))
    if not text.strip():
        errors.append(DomainError("text_missing"))
    elif len(text) > TEXT_LENGTH:
        errors.append(DomainError("text_too_long", limit=TEXT_LENGTH, length=len(text)))
    raise_all(errors)
