"""``answerable audit``: recompute every audit chain and compare the tables with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.queries import commitments as consult_commitments
from consult.queries import consistency as consult_consistency
from core import audit as chains
from core.db import db
from core.exports import one_moment
from council.queries import commitments as council_commitments
from elections.queries import commitments as elections_commitments
from elections.queries import consistency as elections_consistency
from elections.queries import objections
from followup.models import Register
from followup.numbers import register_number
from followup.queries import chain, consistency
from followup.queries import commitments as followup_commitments
from followup.queries.consistency import Mismatch
from motions.queries import commitments as motions_commitments
from motions.queries import consistency as motions_consistency

SOURCES: dict[str, chains.Source] = {
    **followup_commitments.SOURCES,
    **consult_commitments.SOURCES,
    **council_commitments.SOURCES,
    **elections_commitments.SOURCES,
    **objections.SOURCES,
    **motions_commitments.SOURCES,
}
"""Where the content of every kind of subject is found again."""

IN_CHAIN = {
    "sequence": "an entry is missing or out of order",
    "link": "it does not name the entry before it",
    "hash": "the entry was changed",
    "length": "the end of the chain was cut or added to",
    "head": "the end of the chain was rewritten",
    "content": "the text, answer or figure it is about was changed",
    "missing": "what it is about is gone, and no entry says it was erased",
    "chain_missing": "the register has no chain",
}
IN_TABLES = {
    "unrecorded": "no entry says that this was received",
    "gap": "a number is missing",
    "number": "it was recorded under another number",
    "last_number": "the register's last number is not that of its last row",
    "due": "the due day is not the one that was promised",
    "answer_unrecorded": "it counts as answered, but no entry says so",
    "answer_lost": "it was answered, but does not count as answered",
    "outcome": "the answer shown is not the one that was published",
    "met_day": "the step was met on another day than was recorded",
    "approval": "other people wrote or approved the answer than was recorded",
    "concluded_unanswered": "the register is concluded, but an answer is missing",
    "conclusion_unrecorded": "the register counts as concluded, but no entry says so",
    "conclusion_lost": "the register was concluded, but does not count as concluded",
    "promise_missing": "what was received has no promise",
    "subject_missing": "the promise has lost what it is about",
    "release": "the public text, or the reason for changing it, is not the one that was released",
    "hiding": "the text was hidden, shown or given another reason without an entry",
    "language": "the comment is said to be in another language than was recorded",
    "stage": "the acts in the minutes do not lead to the stage where the election stands",
    "decision": "the nomination is decided otherwise than the minutes say",
    "ballot": "a candidate stands, or does not, against what was decided on the nomination",
    "figures": "what two persons entered for a station is not what the minutes committed to",
    "counted": "a count is not the one that the minutes committed to",
    "effect": "another effect of the objection is stored than was recorded",
    "motion_stage": "the motion stands elsewhere than what happened to it leads",
    "vote": "a vote is missing, or is not the one that was recorded",
    "agenda": "something is on an agenda, or off it, without an entry",
    "minutes": "other minutes are approved than the council approved",
    "erasure": "the text was erased without an entry, or is back",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong in a chain or in the tables beside it.

    ``sequence`` is 0 where no entry is concerned, ``numbers`` are register numbers (none for the whole).
    """

    chain: str
    sequence: int
    numbers: tuple[str, ...]
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """One chain: how long it is, where it ends, and what is wrong with it, if anything."""

    chain: str
    length: int
    head: str
    finding: Finding | None


def check(session: Session, anchors: Sequence[str] = ()) -> tuple[list[Result], list[str]]:
    """Recompute all chains from one moment; return them, and the ``anchors`` that no sound entry carries."""
    one_moment(session)
    accounts, missing = chains.verify(session, SOURCES, anchors)
    findings = {account.chain: _in_chain(session, account.fault) for account in accounts if account.fault}
    for register in session.scalars(select(Register).order_by(Register.id)).all():
        if register.chain not in {account.chain for account in accounts}:
            accounts.append(chains.Account(register.chain, 0, chains.GENESIS, None))
            lost = chains.Fault(register.chain, 0, "chain_missing")
            findings[register.chain] = _in_chain(session, lost)
    broken = set(findings)
    for look in (
        consistency.mismatches,
        consult_consistency.mismatches,
        objections.mismatches,
        elections_consistency.mismatches,
        motions_consistency.mismatches,
    ):
        for mismatch in look(session, broken):
            findings.setdefault(f"register:{mismatch.code}", _in_tables(mismatch))
    results = [Result(a.chain, a.length, a.head, findings.get(a.chain)) for a in accounts]
    session.rollback()
    return results, missing


def _in_chain(session: Session, fault: chains.Fault) -> Finding:
    code = fault.chain.partition(":")[2]
    link = chain.at(session, fault.chain, fault.sequence)
    numbers = link.numbers if link else []
    return Finding(
        fault.chain,
        fault.sequence,
        tuple(register_number(code, number) for number in numbers),
        fault.code,
        IN_CHAIN[fault.code],
    )


def _in_tables(mismatch: Mismatch) -> Finding:
    numbers = (register_number(mismatch.code, mismatch.number),) if mismatch.number else ()
    return Finding(f"register:{mismatch.code}", 0, numbers, mismatch.reason, IN_TABLES[mismatch.reason])


@click.group("audit", cls=AppGroup)
def audit() -> None:
    """The audit chains."""


@audit.command("verify")
@click.option(
    "--anchor", "anchors", multiple=True, metavar="HASH", help="A hash from a receipt or from the site."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(anchors: tuple[str, ...], as_json: bool) -> None:
    """Recompute every chain, compare the tables with it, and look for each HASH. Ends with status 1 if not sound."""
    results, missing = check(db.session(), anchors)
    sound = not missing and not any(result.finding for result in results)
    if as_json:
        found = {"sound": sound, "chains": [asdict(result) for result in results], "anchors_missing": missing}
        click.echo(json.dumps(found))
    else:
        for result in results:
            click.echo(_line(result))
        for anchor in missing:
            click.echo(f"NOT FOUND  {anchor}: no sound entry carries this hash")
        click.echo("Everything is as it was recorded." if sound else "This is not what was recorded.")
    if not sound:
        raise SystemExit(1)


def _line(result: Result) -> str:
    entries = f"{result.length} entries, head {result.head}"
    if result.finding is None:
        return f"sound      {result.chain}: {entries}"
    place = f"entry {result.finding.sequence}" if result.finding.sequence else "the tables"
    numbers = result.finding.numbers
    about = f" ({numbers[0]}{f' and {len(numbers) - 1} more' if len(numbers) > 1 else ''})" if numbers else ""
    return f"BROKEN     {result.chain}: {place}{about}: {result.finding.reason}; {entries}"
