"""Pure decisions about accounts: roles and their changes, invitations, passwords.

Sources: ``domain.md`` ("People"); OWASP ASVS 5.0, 6.2 (passwords), 6.4.1 (activation secrets), 8.3.2 (permissions).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from core.errors import DomainError, raise_all
from core.localized import clean

INVITATION_LIFE = timedelta(hours=24)
PASSWORD_LENGTH = 12
"""Fewest characters of a password. There are no rules about digits or signs: length is what counts."""
PASSWORD_LENGTH_MAX = 256
FEWEST_GUESSES = 10**8
"""A password that zxcvbn would find with fewer guesses is refused as too common."""
JUDGED = 40
"""Characters of a password that are judged: time grows with length, and what is weak shows before that."""
COMMON_HERE = (
    *(
        "answerable",
        "administrator",
        "kennwort",
        "passwort",
        "geheim",
        "willkommen",
        "sommer",
        "winter",
        "herbst",
    ),
    *(
        "frühling",
        "montag",
        "freitag",
        "hallo",
        "schatz",
        "stadtverwaltung",
        "rathaus",
        "integration",
        "migration",
    ),
    *(
        "qwertz",
        "qwertzuiop",
        "qwertzuiopü",
        "asdfghjklö",
        "yxcvbnm",
        "ichliebedich",
        "iloveyousomuch",
        "letmein",
    ),
    *(
        "motdepasse",
        "bonjour",
        "jetaime",
        "azerty",
        "azertyuiop",
        "lozinka",
        "zaporka",
        "пароль",
        "йцукен",
        "йцукенгшщз",
    ),
    *("فلسطين", "السلام", "مرحبا", "كلمةالسر", "رمزعبور", "seniseviyorum", "parola", "sifre"),
)
"""Words that begin many passwords here and that zxcvbn's English lists do not have."""
NAME_LENGTH = 120
DEPARTMENT_KEY_LENGTH = 40
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f-\x9f]*")


class RoleName(StrEnum):
    """What a person in the office can be; one person may hold several."""

    OFFICER = "officer"
    APPROVER = "approver"
    MODERATOR = "moderator"
    RETURNING_OFFICER = "returning_officer"
    ELECTION_BOARD = "election_board"
    OBSERVER = "observer"
    CLERK = "clerk"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"


class AccountState(StrEnum):
    """Follows from facts; is stored nowhere."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


def account_state(*, active: bool, has_password: bool) -> AccountState:
    """Where an account stands."""
    if not active:
        return AccountState.DISABLED
    return AccountState.ACTIVE if has_password else AccountState.INVITED


def read_roles(names: Iterable[str]) -> frozenset[RoleName]:
    """The roles called ``names``. Raises ``role_unknown`` (``role``) for each that is none, ``roles_missing``."""
    roles, errors = set(), []
    for name in names:
        try:
            roles.add(RoleName(name))
        except ValueError:
            errors.append(DomainError("role_unknown", role=name))
    if not roles and not errors:
        errors.append(DomainError("roles_missing"))
    raise_all(errors)
    return frozenset(roles)


@dataclass(frozen=True, slots=True)
class Person:
    """What is said about somebody who gets an account, as it was typed."""

    email: str
    name: str
    roles: Collection[str]
    language: str
    department_id: int | None = None

    def problems(self, languages: Collection[str]) -> list[DomainError]:
        """Everything that is wrong: ``email_invalid``, ``name_missing``, ``name_long``, ``role_unknown``,
        ``roles_missing``, ``language_unknown``."""
        found: list[DomainError] = []
        for read in (
            lambda: read_email(self.email),
            lambda: read_name(self.name),
            lambda: read_roles(self.roles),
        ):
            try:
                read()
            except DomainError as error:
                found.extend(error.all())
        if self.language not in languages:
            found.append(DomainError("language_unknown", language=self.language))
        return found


def read_name(name: str) -> str:
    """A person's name on one line. Raises ``name_missing``, ``name_long`` (``count``)."""
    name = " ".join(clean(name).split())
    if not name:
        raise DomainError("name_missing")
    if len(name) > NAME_LENGTH:
        raise DomainError("name_long", count=NAME_LENGTH)
    return name


def check_role_change(
    before: Collection[RoleName], after: Collection[RoleName], *, own: bool, other_administrators: int
) -> None:
    """Whether an account's roles may become ``after``.

    ``own``: somebody changes their own account. ``other_administrators``: how many other people can sign in as
    administrator. Raises ``own_roles``, ``roles_missing``, ``last_administrator``.
    """
    errors = []
    if own:
        errors.append(DomainError("own_roles"))
    if not after:
        errors.append(DomainError("roles_missing"))
    loses = RoleName.ADMINISTRATOR in before and RoleName.ADMINISTRATOR not in after
    if loses and not other_administrators:
        errors.append(DomainError("last_administrator"))
    raise_all(errors)


def check_disabling(roles: Collection[RoleName], *, own: bool, other_administrators: int) -> None:
    """Whether an account with ``roles`` may be disabled. Raises ``own_account``, ``last_administrator``."""
    errors = []
    if own:
        errors.append(DomainError("own_account"))
    if RoleName.ADMINISTRATOR in roles and not other_administrators:
        errors.append(DomainError("last_administrator"))
    raise_all(errors)


def check_second_factor_reset(*, own: bool) -> None:
    """Somebody else must take a second factor off an account, or a stolen session could. Raises ``own_account``."""
    if own:
        raise DomainError("own_account")


def check_invitation(
    now: datetime, expires_at: datetime, used_at: datetime | None, state: AccountState
) -> None:
    """Whether an invitation still opens an account.

    Raises ``invitation_used`` or ``invitation_expired``; an account that is no longer merely invited counts as used.
    """
    if used_at is not None or state is not AccountState.INVITED:
        raise DomainError("invitation_used")
    if now >= expires_at:
        raise DomainError("invitation_expired")


def normalize_password(password: str) -> str:
    """The form in which a password is compared, whatever keyboard typed its accents (NFKD)."""
    return unicodedata.normalize("NFKD", password)


def is_common(password: str, own_words: Iterable[str] = (), fewest: int = FEWEST_GUESSES) -> bool:
    """Whether ``password`` is among the first ``fewest`` that anybody would guess.

    Asks zxcvbn, which knows 30,000 passwords of published lists and how people vary them (digits behind, signs for
    letters, rows of keys, repetition), and beside them ``own_words`` and ``COMMON_HERE``. ASVS 6.2.4 and 6.2.11.
    """
    from zxcvbn import zxcvbn  # not above: 13 MB of word lists, which few processes ever need

    judged = unicodedata.normalize("NFC", password)[:JUDGED]
    words = [word.casefold() for word in (*own_words, *COMMON_HERE) if len(word) > 2]
    return bool(zxcvbn(judged, user_inputs=words)["guesses"] < fewest)


def check_password(password: str, *, name: str, email: str) -> None:
    """Whether ``password`` is good enough for the person called ``name`` with address ``email``.

    Raises ``password_short`` (``count``), ``password_long`` (``count``), ``password_simple`` (one character over and
    over), ``password_personal``, ``password_common``.
    """
    password = normalize_password(password)
    folded = password.casefold()
    local_part = email.split("@")[0]
    errors = []
    if len(password) < PASSWORD_LENGTH:
        errors.append(DomainError("password_short", count=PASSWORD_LENGTH))
    if len(password) > PASSWORD_LENGTH_MAX:
        errors.append(DomainError("password_long", count=PASSWORD_LENGTH_MAX))
    if len(set(folded)) < 4:
        errors.append(DomainError("password_simple"))
    if folded.strip() in {word.casefold() for word in (name, email, local_part, local_part * 2)}:
        errors.append(DomainError("password_personal"))
    if not errors and is_common(password, [*name.split(), *re.split(r"[@.]", email)]):
        errors.append(DomainError("password_common"))
    raise_all(errors)


def is_local_path(address: str) -> bool:
    """Whether ``address`` leads to a page of this very site, however browsers may read it.

    A path from the root, nothing else: browsers take ``//x`` and ``/\\x`` for another site, and drop blanks and
    controls before they look.
    """
    return _LOCAL_PATH.fullmatch(address) is not None


def normalize_email(email: str) -> str:
    """The form in which an address is stored and looked up: addresses differing in case only are the same."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def read_email(email: str) -> str:
    """An address that was typed, in its stored form. Raises ``email_invalid``.

    Addresses inside the city's own network are fine, and no name server is asked.
    """
    try:
        found = validate_email(normalize_email(email), check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError):
        raise DomainError("email_invalid") from None
    return normalize_email(found.normalized)


def hash_token(token: str) -> str:
    """What the database keeps of a link's secret (256 random bits: a plain hash is enough)."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
