"""``answerable trustee``: making a share of an election's key, checking it, and decrypting with it. Works offline.

A trustee's key lies in a file sealed by a passphrase. What trustees exchange lies in a **folder** that they pass around:
nothing in it is secret. Without a threshold ``keygen`` is all; with one, every trustee runs ``keygen``, then ``deal``,
then ``accept``, each after all others have done the step before. ``assemble`` makes ``trustees.json`` of the folder.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from core.errors import DomainError
from elections import sealing
from elections.ballot import canonical, ceremony, tally, trustees
from elections.ballot.board import Board, read_board
from elections.ballot.chain import Kind
from elections.ballot.group import BELENIOS_2048, Group
from elections.offline import OfflineGroup, ask_passphrase, passphrase_file
from elections.verify import check_file

PURPOSE = "trustee-key"
CERTIFICATE, POLYNOMIAL, KEY = "certificate", "polynomial", "key"
GROUP: Group = BELENIOS_2048

_KEY_FILE = click.argument("key_file", type=click.Path(dir_okay=False, path_type=Path))
_FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="What the trustees pass around.",
)
_BUNDLE = click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("trustee", cls=OfflineGroup)
def trustee() -> None:
    """A trustee's share of an election's key. Needs no server and no network."""


@dataclass(frozen=True, slots=True, repr=False)
class Holding:
    """What a sealed key file holds. Exists in memory only; its representation holds nothing."""

    index: int
    size: int
    threshold: int
    """0 where all are required."""
    seed: str = ""
    """With a threshold: what signs and opens messages of the ceremony."""
    secret: str = ""
    """The exponent, once it is known."""

    def __repr__(self) -> str:
        return "Holding(withheld)"


# Making the key --------------------------------------------------------------------------------------------------------


@trustee.command("keygen")
@_KEY_FILE
@_FOLDER
@click.option("--index", type=int, required=True, help="Your place among the trustees, from 1.")
@click.option("--of", "size", type=int, required=True, help="How many trustees there are.")
@click.option("--threshold", type=int, default=0, help="How many suffice to decrypt; else all are needed.")
@click.option(
    "--for-browsers",
    is_flag=True,
    help="Seal the file so that the trustees' page of the site opens it, too.",
)
@passphrase_file
def keygen(
    key_file: Path,
    folder: Path,
    index: int,
    size: int,
    threshold: int,
    for_browsers: bool,
    passphrase_file: Path | None,
) -> None:
    """Make a key in KEY_FILE, sealed by a passphrase, and put what may be known of it into the folder."""
    if threshold and for_browsers:
        raise click.UsageError("--for-browsers goes with keys that are all needed.")
    if not (1 <= index <= size and 0 <= threshold <= size):
        raise DomainError("trustee_numbers")
    for public in (CERTIFICATE, KEY):
        if _file(folder, index, public).exists():
            raise DomainError("file_exists", file=str(_file(folder, index, public)))
    passphrase = ask_passphrase(passphrase_file, new=True)
    if threshold:
        seed = ceremony.new_seed()
        holding = Holding(index, size, threshold, seed=seed)
        signed = ceremony.certify(GROUP, seed, index=index, threshold=threshold, size=size)
        public, content = CERTIFICATE, signed.plain()
        said = "Next, once all certificates are in the folder: answerable trustee deal"
    else:
        secret, key = trustees.make_key(GROUP)
        holding = Holding(index, size, 0, secret=str(secret))
        public, content = KEY, key.plain(GROUP)
        said = f"The fingerprint of your public key, to be read out: {trustees.fingerprint(GROUP, key)}"
    folder.mkdir(parents=True, exist_ok=True)
    sealing.write_private(key_file, _sealed(holding, passphrase, for_browsers))
    _give(folder, index, public, content)
    click.echo(f"Your key lies in {key_file}. Keep it and its passphrase apart, and keep a copy of both.")
    click.echo(said)


@trustee.command("deal")
@_KEY_FILE
@_FOLDER
@passphrase_file
def deal(key_file: Path, folder: Path, passphrase_file: Path | None) -> None:
    """With a threshold, step 2: check all certificates and give every trustee their part."""
    holding = _open(key_file, ask_passphrase(passphrase_file))
    if not holding.seed or holding.secret:
        raise DomainError("ceremony_round")
    certificates = _certificates(folder, holding.size)
    polynomial = ceremony.draw_polynomial(GROUP, holding.seed, certificates)
    _give(folder, holding.index, POLYNOMIAL, polynomial.plain())
    click.echo("Next, once everybody has dealt: answerable trustee accept")


@trustee.command("accept")
@_KEY_FILE
@_FOLDER
@passphrase_file
def accept(key_file: Path, folder: Path, passphrase_file: Path | None) -> None:
    """With a threshold, step 3: check what the others dealt, and add your share to KEY_FILE."""
    passphrase = ask_passphrase(passphrase_file)
    holding = _open(key_file, passphrase)
    if not holding.seed or holding.secret:
        raise DomainError("ceremony_round")
    certificates = _certificates(folder, holding.size)
    polynomials = _polynomials(folder, holding.size)
    secret, key = ceremony.accept_shares(GROUP, holding.seed, certificates, polynomials)
    _replace(key_file, _sealed(replace(holding, secret=str(secret)), passphrase))
    _give(folder, holding.index, KEY, key.plain(GROUP))
    click.echo("Your share is in your key file. Next, by one of you: answerable trustee assemble")


@trustee.command("assemble")
@_FOLDER
@click.option("--of", "size", type=int, required=True, help="How many trustees there are.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def assemble(folder: Path, size: int, out: Path) -> None:
    """Put the set of trustees together from the folder, check it, and write it for the election board."""
    keys = [trustees.read_key(GROUP, each) for each in _taken(folder, KEY, size)]
    made: trustees.Trustees
    if _file(folder, 1, CERTIFICATE).exists():
        made = (ceremony.assemble(GROUP, _certificates(folder, size), _polynomials(folder, size), keys),)
    else:
        made = tuple(trustees.Single(key) for key in keys)
    faults = sorted(set(trustees.faults(GROUP, made)))
    if faults:
        raise DomainError("trustee_set_unsound", faults=", ".join(faults))
    data = trustees.write_trustees(GROUP, made)
    sealing.write_private(out, data)
    click.echo(f"Written to {out}. Everybody compares this hash: {canonical.digest(data)}")


# Using it --------------------------------------------------------------------------------------------------------------


@trustee.command("check")
@_KEY_FILE
@_BUNDLE
@passphrase_file
def check(key_file: Path, bundle: Path, passphrase_file: Path | None) -> None:
    """Say whether your key is one of those that the election in BUNDLE is encrypted to, and whether the set is sound."""
    holding = _open(key_file, ask_passphrase(passphrase_file))
    board = read_board(bundle)
    owner = _owner(board, holding)
    faults = sorted(set(trustees.faults(board.election.group, board.trustees)))
    if faults:
        raise DomainError("trustee_set_unsound", faults=", ".join(faults))
    click.echo(f"Your key is trustee {owner} of “{board.election.name}” ({board.election.uuid}).")
    click.echo(f"Fingerprint of the election: {board.election.fingerprint}")
    click.echo(f"Hash of the set of trustees: {board.setup.trustees}")


@trustee.command("decrypt")
@_KEY_FILE
@_BUNDLE
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@passphrase_file
def decrypt(key_file: Path, bundle: Path, out: Path, passphrase_file: Path | None) -> None:
    """Check the whole BUNDLE, multiply its ballots anew, and only then give your part of the decryption.

    Nothing but the product of all ballots is ever decrypted.
    """
    holding = _open(key_file, ask_passphrase(passphrase_file))
    account = check_file(bundle)
    board = account.board
    if board is None or not account.sound:
        raise DomainError("bundle_unsound")
    owner = _owner(board, holding)
    if board.table is None or board.last not in (Kind.ENCRYPTED_TALLY, Kind.PARTIAL_DECRYPTION):
        raise DomainError("bundle_not_closed")
    table = tally.read_table(board.election, board.table)
    part = tally.decrypt_part(board.election, table, int(holding.secret))
    sealing.write_private(out, tally.hand_over(board.election, owner, part))
    click.echo(f"Your part is in {out}. Hand it to the election board.")


def _owner(board: Board, holding: Holding) -> int:
    """The number of this trustee in the election. Raises DomainError ``trustee_not_in_election``, ``ceremony_round``."""
    if not holding.secret:
        raise DomainError("ceremony_round")
    own = board.election.group.generator.power(int(holding.secret))
    for owner, key in trustees.owners(board.trustees).items():
        if key.public_key == own:
            return owner
    raise DomainError("trustee_not_in_election")


# Files -----------------------------------------------------------------------------------------------------------------


def _sealed(holding: Holding, passphrase: str, for_browsers: bool = False) -> bytes:
    return sealing.seal(canonical.write(asdict(holding)), PURPOSE, [passphrase], for_browsers=for_browsers)


def _open(key_file: Path, passphrase: str) -> Holding:
    if not key_file.is_file():
        raise DomainError("sealed_unreadable")
    content = sealing.open_sealed(key_file.read_bytes(), PURPOSE, [passphrase])
    return Holding(**canonical.read(content))


def _replace(path: Path, data: bytes) -> None:
    """The file with new content, or with the old one if the machine stops meanwhile."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    sealing.write_private(beside, data)
    os.replace(beside, path)


def _file(folder: Path, index: int, what: str) -> Path:
    return folder / f"trustee-{index}.{what}.json"


def _give(folder: Path, index: int, what: str, content: dict[str, Any]) -> None:
    sealing.write_private(_file(folder, index, what), canonical.write(content))


def _taken(folder: Path, what: str, size: int) -> list[Any]:
    """What every trustee gave, in order. Raises DomainError ``ceremony_missing`` (``missing``: whose)."""
    missing = [index for index in range(1, size + 1) if not _file(folder, index, what).is_file()]
    if missing:
        raise DomainError("ceremony_missing", missing=", ".join(map(str, missing)))
    return [canonical.read(_file(folder, index, what).read_bytes()) for index in range(1, size + 1)]


def _certificates(folder: Path, size: int) -> list[trustees.SignedMessage]:
    return [trustees.read_signed(GROUP, each) for each in _taken(folder, CERTIFICATE, size)]


def _polynomials(folder: Path, size: int) -> list[ceremony.Polynomial]:
    return [ceremony.read_polynomial(GROUP, each) for each in _taken(folder, POLYNOMIAL, size)]
