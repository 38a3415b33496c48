"""``answerable credentials``: what the credential authority does, on a machine of its own."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask_babel import get_babel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.rules import PASSWORD_LENGTH, check_password, is_common
from core import clock, settings
from core.errors import DomainError
from core.localized import Localized
from core.settings import Settings
from elections.authority import checking, files, following, letters, making
from elections.authority.letters import Facts
from elections.authority.registry import Registry, new_lock
from elections.authority.roll import read_roll
from elections.ballot.randomness import BASE58
from elections.ballot.replacements import Change, Reason

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)
FEWEST_GUESSES = 10**12
"""More than for accounts: whoever has the file tries as fast as they can, and no server slows them down."""
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M"])
_IDENTIFIER = re.compile(f"[{BASE58}]{{14,64}}")
_ADDRESS = re.compile(r"https://[!-~]+", re.ASCII)


@click.group("credentials")
def credentials() -> None:
    """Voting codes and letters: the credential authority's work, apart from the server."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not leave the memory in a file


def _passphrases(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--passphrase-file",
        "passphrase_files",
        type=FILE,
        multiple=True,
        help="A file with one person's passphrase; twice, for two. Else both are asked for.",
    )(command)


def _following(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--out", type=NEW, required=True, help="The public record, which grows."),
        click.option(
            "--board",
            type=FILE,
            help="The board as published last (.bel). Only before voting opens there is none yet.",
        ),
        click.option(
            "--number", type=click.IntRange(1), required=True, help="The person's number on the roll."
        ),
        click.argument("registry", type=FILE),
    ):
        command = option(command)
    return _passphrases(command)


# Making --------------------------------------------------------------------------------------------------------------


@credentials.command("make")
@click.argument("roll", type=FILE)
@click.option("--election", required=True, help="The election's identifier on the board.")
@click.option("--title", required=True, help="Its title, in the official language.")
@click.option("--title-in", nargs=2, multiple=True, metavar="LANGUAGE TEXT", help="Its title in another one.")
@click.option("--official", required=True, metavar="LANGUAGE", help="The official language, such as de.")
@click.option("--address", "sender", multiple=True, required=True, help="A line of who sends the letters.")
@click.option("--return", "returns", required=True, help="The one line to which letters go back.")
@click.option("--contact", multiple=True, required=True, help="A line of where help is to be had.")
@click.option("--opens", type=MOMENT, required=True, help="When voting opens, YYYY-MM-DDTHH:MM.")
@click.option("--closes", type=MOMENT, required=True, help="When voting closes.")
@click.option("--url", required=True, metavar="BASE", help="The voting page; codes come behind its #.")
@click.option("--out", type=NEW, required=True, metavar="DIR", help="A folder that is not there yet.")
@click.option(
    "--spares", type=click.IntRange(1, 100), default=3, show_default=True, help="Spare codes in percent."
)
@click.option("--namesakes", is_flag=True, help="Rows of one name at one address are different people.")
@_passphrases
def make(
    roll: Path,
    election: str,
    title: str,
    title_in: Sequence[tuple[str, str]],
    official: str,
    sender: Sequence[str],
    returns: str,
    contact: Sequence[str],
    opens: datetime,
    closes: datetime,
    url: str,
    out: Path,
    spares: int,
    namesakes: bool,
    passphrase_files: Sequence[Path],
) -> None:
    """Draw a code for everybody in the table ROLL and some to spare; write lists, letters and the file of two persons.

    ROLL has the columns number, name, street, postcode, city and language. A folder "fonts" beside it may hold fonts for
    names in further scripts. All is written, or nothing.
    """
    facts = Facts(
        title=Localized.of({**dict(title_in), official: title}, official),
        official=official,
        languages=frozenset(each.language for each in get_babel().instance.list_translations()),
        sender=sender,
        returns=returns,
        contact=contact,
        opens=opens,
        closes=closes,
        address=url,
    )
    _check_facts(election, facts)
    making.check_folder(out)
    settings.configure(
        Settings(
            folder=roll.absolute().parent,
            city=Localized.original(official, sender[0]),
            languages=tuple(sorted(facts.languages)),
            official_language=official,
        )
    )
    people = read_roll(roll, official, namesakes=namesakes)
    letters.check(facts, people)
    lock = new_lock(*_ask(passphrase_files, new=True))
    with _bar("Printing") as progress:
        made = making.make(election, people, facts, spares, out, lock, progress)
    click.echo(_after(made, out))


def _check_facts(election: str, facts: Facts) -> None:
    if not _IDENTIFIER.fullmatch(election):
        raise DomainError("election_identifier")
    if facts.official not in facts.languages:
        raise DomainError("official_language", known=", ".join(sorted(facts.languages)))
    if facts.closes <= facts.opens:
        raise DomainError("voting_backwards")
    if not _ADDRESS.fullmatch(facts.address) or "#" in facts.address:
        raise DomainError("voting_address")


def _after(made: making.Made, out: Path) -> str:
    return f"""\
Letters: {made.people}, spares: {made.spares}, PDF files: {len(made.letters)}, all in {out}.

The codes stand in these PDF files and nowhere else. Next:
1. Print {making.LETTERS} on a printer that keeps no copies, put the letters into envelopes, lock the spares away.
2. Delete the PDF files: answerable credentials destroy {out} --letters
3. Hand {making.PUBLIC} and {making.SPARES} to the election board. Both are for everybody.
4. Keep {making.REGISTRY} apart from the server. It opens with both passphrases only.
5. Delete the roll on this machine: whoever has it and opens {making.REGISTRY} sees who has voted."""


# Afterwards ----------------------------------------------------------------------------------------------------------


@credentials.command("replace")
@_following
@click.option("--spare", type=click.IntRange(1), required=True, help="The number on the spare letter.")
def replace(
    registry: Path, number: int, spare: int, board: Path | None, out: Path, passphrase_files: Sequence[Path]
) -> None:
    """Let a spare count for a person whose letter was lost, unless a ballot was cast with it."""
    _step(registry, board, out, passphrase_files, lambda held: held.replaced(number, spare, clock.today()))


@credentials.command("revoke")
@_following
@click.option(
    "--reason",
    type=click.Choice([each.value for each in Reason]),
    required=True,
    help="Struck from the roll, or votes on paper.",
)
def revoke(
    registry: Path, number: int, reason: str, board: Path | None, out: Path, passphrase_files: Sequence[Path]
) -> None:
    """Let a person's credential count no longer, for good, unless a ballot was cast with it."""
    _step(
        registry,
        board,
        out,
        passphrase_files,
        lambda held: held.revoked(number, Reason(reason), clock.today()),
    )


@credentials.command("add")
@_following
@click.option("--spare", type=click.IntRange(1), required=True, help="The number on the spare letter.")
def add(
    registry: Path, number: int, spare: int, board: Path | None, out: Path, passphrase_files: Sequence[Path]
) -> None:
    """Let a spare count for a person who came on the roll after the codes were made."""
    _step(registry, board, out, passphrase_files, lambda held: held.added(number, spare, clock.today()))


def _step(
    registry: Path,
    board: Path | None,
    out: Path,
    passphrase_files: Sequence[Path],
    verb: Callable[[Registry], Registry],
) -> None:
    entry = following.step(registry, _ask(passphrase_files), board, out, verb)
    click.echo(f"Entry {entry.number} of the record: {_DONE[entry.kind]} Publish {out} today.")


_DONE = {
    Change.REPLACED: "the old credential counts no longer, the spare does.",
    Change.REVOKED: "the credential counts no longer.",
    Change.ADDED: "the spare counts.",
}


@credentials.command("destroy")
@click.argument("target", metavar="DIR|FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--letters", "only_letters", is_flag=True, help="Letters only: once they are printed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(target: Path, only_letters: bool, yes: bool) -> None:
    """Overwrite and delete the file of two persons, and letters that were left: after the window for objections."""
    found = following.remains(target, only_letters=only_letters)
    for path in found:
        click.echo(str(path))
    if not yes:
        click.confirm("Destroy these for good?", abort=True)
    for path in found:
        files.destroy(path)
    click.echo(
        f"Files overwritten and deleted: {len(found)}. A disk may keep copies all the same (SSD, snapshots, backups): "
        "destroy the disk, or the key it is encrypted with."
    )


@credentials.command("check")
@click.argument("public", type=FILE)
@click.option("--election", required=True, help="The election's identifier on the board.")
@click.option("--spares", type=FILE, help="The published list of spares.")
@click.option("--record", type=FILE, help="The public record of what changed since.")
@click.option("--ask-code", is_flag=True, help="Ask for a code, unseen, and say whether it counts.")
def check(public: Path, election: str, spares: Path | None, record: Path | None, ask_code: bool) -> None:
    """Whether the published list PUBLIC is sound, and whether a code is on it. Needs nothing secret but that code."""
    with _bar("Checking") as progress:
        found = checking.check(
            public.read_bytes(),
            election,
            spares.read_bytes() if spares else None,
            record.read_bytes() if record else None,
            progress,
        )
    click.echo(
        f"Credentials, all different, all of the group, in the order of their digits: {len(found.listed)}."
    )
    if spares:
        click.echo(f"Spares among them: {len(found.spares)}.")
    if record:
        click.echo(f"Entries of the record, each naming the one before: {found.entries}.")
    if spares or record:
        click.echo(f"Credentials that count today: {len(found.counting)}.")
    if ask_code:
        state = checking.state(found, election, click.prompt("Code", hide_input=True))
        click.echo(_STATES[state])


_STATES = {
    checking.State.COUNTS: "This code counts.",
    checking.State.WAITS: "This code belongs to a spare that was not given to anybody yet.",
    checking.State.OVER: "This code counts no longer: it was replaced or revoked.",
    checking.State.FOREIGN: "This code is not on the list.",
}


# Asking --------------------------------------------------------------------------------------------------------------


def _ask(passphrase_files: Sequence[Path], *, new: bool = False) -> tuple[str, str]:
    """The passphrases of two persons, from files or unseen from the terminal; ``new`` ones are judged."""
    if passphrase_files:
        if len(passphrase_files) != 2:
            raise DomainError("passphrase_files")
        first, second = (_read_line(path) for path in passphrase_files)
    else:
        first, second = (_prompt(person, new) for person in (1, 2))
    if new:
        for person, passphrase in enumerate((first, second), start=1):
            _judge(person, passphrase)
        if first == second:
            raise DomainError("passphrases_same")
    return first, second


def _prompt(person: int, new: bool) -> str:
    asked = f"Passphrase of person {person}"
    while True:
        given: str = click.prompt(asked, hide_input=True, confirmation_prompt=new)
        if not new:
            return given
        try:
            _judge(person, given)
        except DomainError:
            click.echo("Too easy to guess. Take several words that do not belong together.", err=True)
        else:
            return given


def _judge(person: int, passphrase: str) -> None:
    weak = DomainError("passphrase_weak", person=person, length=PASSWORD_LENGTH)
    try:
        check_password(passphrase, name="", email="")
    except DomainError:
        raise weak from None
    if is_common(passphrase, fewest=FEWEST_GUESSES):
        raise weak


def _read_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise DomainError("passphrase_files") from None


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a terminal watches."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
