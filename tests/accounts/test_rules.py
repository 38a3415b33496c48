"""Who may become what, and which passwords and invitations hold. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts import rules
from accounts.rules import AccountState, RoleName
from core.errors import DomainError

NOON = datetime(2027, 9, 14, 12, tzinfo=UTC)
ADMINISTRATOR, OFFICER = RoleName.ADMINISTRATOR, RoleName.OFFICER


def codes(error: DomainError) -> set[str]:
    return {single.code for single in error.all()}


def refusals_of_role_change(
    before: set[RoleName], after: set[RoleName], *, own: bool = False, others: int = 1
) -> set[str]:
    try:
        rules.check_role_change(before, after, own=own, other_administrators=others)
    except DomainError as error:
        return codes(error)
    return set()


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("before", [{OFFICER}, {ADMINISTRATOR}, {ADMINISTRATOR, OFFICER}])
@pytest.mark.parametrize("after", [set(), {OFFICER}, {ADMINISTRATOR}, {ADMINISTRATOR, OFFICER}])
def test_every_role_change_is_refused_for_its_own_reasons(
    own: bool, others: int, before: set[RoleName], after: set[RoleName]
) -> None:
    expected = set()
    if own:
        expected.add("own_roles")
    if not after:
        expected.add("roles_missing")
    if ADMINISTRATOR in before and ADMINISTRATOR not in after and others == 0:
        expected.add("last_administrator")
    assert refusals_of_role_change(before, after, own=own, others=others) == expected


@pytest.mark.parametrize(
    ("roles", "own", "others", "expected"),
    [
        ({OFFICER}, False, 0, set()),
        ({OFFICER}, True, 1, {"own_account"}),
        ({ADMINISTRATOR}, False, 1, set()),
        ({ADMINISTRATOR}, False, 0, {"last_administrator"}),
        ({ADMINISTRATOR}, True, 0, {"own_account", "last_administrator"}),
    ],
)
def test_nobody_disables_themselves_or_the_last_administrator(
    roles: set[RoleName], own: bool, others: int, expected: set[str]
) -> None:
    try:
        rules.check_disabling(roles, own=own, other_administrators=others)
        found = set()
    except DomainError as error:
        found = codes(error)
    assert found == expected


def test_a_role_that_does_not_exist_is_named_in_the_refusal() -> None:
    with pytest.raises(DomainError) as refused:
        rules.read_roles(["officer", "mayor"])
    assert (refused.value.code, refused.value.parameters) == ("role_unknown", {"role": "mayor"})


def test_no_role_at_all_is_refused() -> None:
    with pytest.raises(DomainError, match="roles_missing"):
        rules.read_roles([])


def test_an_invitation_holds_until_its_last_second() -> None:
    end = NOON + rules.INVITATION_LIFE
    rules.check_invitation(end - timedelta(seconds=1), end, None, AccountState.INVITED)
    with pytest.raises(DomainError, match="invitation_expired"):
        rules.check_invitation(end, end, None, AccountState.INVITED)


@pytest.mark.parametrize(
    ("used_at", "state"),
    [
        (NOON, AccountState.INVITED),
        (None, AccountState.ACTIVE),
        (None, AccountState.DISABLED),
    ],
)
def test_an_invitation_of_an_open_or_closed_account_counts_as_used(
    used_at: datetime | None, state: AccountState
) -> None:
    with pytest.raises(DomainError, match="invitation_used"):
        rules.check_invitation(NOON, NOON + timedelta(hours=1), used_at, state)


def test_an_account_without_password_is_invited_and_a_closed_one_disabled() -> None:
    assert rules.account_state(active=True, has_password=False) is AccountState.INVITED
    assert rules.account_state(active=True, has_password=True) is AccountState.ACTIVE
    assert rules.account_state(active=False, has_password=False) is AccountState.DISABLED
    assert rules.account_state(active=False, has_password=True) is AccountState.DISABLED


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("correct horse battery", set()),
        ("żółta łódź i rower", set()),
        ("الحصان الصحيح بطارية", set()),
        ("elevenchars", {"password_short"}),
        ("aaaaaaaaaaaaaaaaa", {"password_simple"}),
        ("ababababababab", {"password_simple"}),
        ("Jana.Holub@Lindhafen.example", {"password_personal"}),
        ("jana.holubjana.holub", {"password_personal"}),
        ("ab", {"password_short", "password_simple"}),
        ("correct horse " * 50, {"password_long"}),
    ],
)
def test_a_password_must_be_long_and_not_oneself(password: str, expected: set[str]) -> None:
    try:
        rules.check_password(password, name="Jana Holub", email="jana.holub@lindhafen.example")
        found = set()
    except DomainError as error:
        found = codes(error)
    assert found == expected


COMMON = [
    "123456789012",
    "1q2w3e4r5t6y",
    "password1234",
    "Passwort1234!",
    "P@ssw0rd2026",
    "qwertyuiop12",
    "Qwertzuiop12",
    "iloveyou1234",
    "ichliebedich",
    "administrator",
    "answerable2026",
    "abcdefghijkl",
    "unbelievable",
    "sunshine2020",
    "drowssap4321",
    "hallohallohallo",
    "motdepasse123",
    "пароль123456",
    "lindhafen2027",
    "Holub12345678",
    "abcdabcdabcd" * 20,
]
UNCOMMON = [
    "four quiet words together",
    "vier ruhige Wörter am Abend",
    "čamac plovi prema otoku",
    "тихий човен пливе",
    "قارب صغير يعبر الميناء",
    "قایق کوچک در بندر",
    "3756-e039-7c2b-ca09",
    "kZ8#rrv!2qLm",
    "一只小船慢慢驶过安静的海港",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_anybody_would_guess_first_is_refused(password: str) -> None:
    with pytest.raises(DomainError, match="password_common"):
        rules.check_password(password, name="Jana Holub", email="jana@lindhafen.example")


@pytest.mark.parametrize("password", UNCOMMON)
def test_words_that_do_not_belong_together_are_taken_in_every_script(password: str) -> None:
    rules.check_password(password, name="Jana Holub", email="jana@lindhafen.example")


def test_a_password_is_the_same_on_every_keyboard() -> None:
    assert rules.normalize_password("Mu\u0308nster") == rules.normalize_password("M\u00fcnster")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Jana@Lindhafen.Example ", "jana@lindhafen.example"),
        ("jana@intranet", "jana@intranet"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert rules.read_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "jana", "@lindhafen.example", "jana@", "a b@c.example", "jana@x\x00.example", "\ud800@x.example"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(DomainError, match="email_invalid"):
        rules.read_email(typed)
