"""The encrypted vote from a terminal: checking bundles, comparing boards, opened ballots, rehearsals. No server needed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from core import clock
from elections import verify
from elections.ballot import challenge
from elections.ballot.questions import Question
from elections.rehearsal import Plan, invented_answers
from elections.rehearsal import rehearse as run_rehearsal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _printable(text: str) -> str:
    """``text`` without what could move the cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@click.command("verify")
@click.argument("bundle", type=FILE)
@click.option("--processes", type=click.IntRange(1), default=None, help="Else one for each core.")
@click.option(
    "--head",
    "heads",
    multiple=True,
    help="A head of the board that you wrote down or were sent earlier: it must be in the chain.",
)
@click.pass_context
def verify_bundle(ctx: click.Context, bundle: Path, processes: int | None, heads: tuple[str, ...]) -> None:
    """Check everything that BUNDLE claims, an election's archive (.bel) or its whole audit bundle (.tar), and print an
    account. Exit code 1 if it is not sound."""
    if not verify.check_file(bundle, processes, heads).sound:
        ctx.exit(1)


@click.command("verify-diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.pass_context
def verify_difference(ctx: click.Context, old: Path, new: Path) -> None:
    """Whether the board NEW is the board OLD with something added and nothing changed. Exit code 1 if not."""
    problems = verify.differences(old, new)
    for problem in problems:
        click.echo(f"{verify.DIFFERENCES.get(problem.code, problem.code)} ({problem.where})")
    click.echo("Something was changed." if problems else "Nothing was changed; the newer board only adds.")
    if problems:
        ctx.exit(1)


@click.command("check-challenge")
@click.argument("file", type=FILE)
@click.option("--election", "published", type=FILE, help="The published election.json, to compare with.")
@click.option(
    "--json", "as_json", is_flag=True, help='Print {"seal": ..., "election": ..., "choices": [[0, 1]]}.'
)
def check_challenge(file: Path, published: Path | None, as_json: bool) -> None:
    """Say what the opened ballot in FILE holds, by encrypting it again. Exit code 1 if it is not what the booth said.

    The booth leaves FILE when a voter asks it to open a ballot. Compare the seal with the one that was on the screen before.
    """
    opened = challenge.check_challenge(file.read_bytes(), published.read_bytes() if published else None)
    election = opened.election
    if as_json:
        report = {"seal": opened.seal, "election": election.fingerprint, "choices": opened.choices}
        click.echo(json.dumps(report))
        return
    click.echo(f"Seal: {opened.seal}")
    click.echo(f"Election: {_printable(election.name)}, fingerprint {election.fingerprint}")
    for question, choice, answers in zip(election.questions, opened.choices, opened.answers(), strict=True):
        click.echo(_printable(question.text))
        if question.blank and choice[0]:
            click.echo("  a blank vote")
        elif not answers:
            click.echo("  nobody")
        for answer in answers:
            click.echo(f"  {_printable(answer)}")
    click.echo("The ballot holds exactly this. It has no signature, so nobody can cast it.")


@click.command("rehearse")
@click.option("--voters", type=click.IntRange(0), required=True, help="How many people are on the roll.")
@click.option("--candidates", type=click.IntRange(1), required=True, help="How many candidates stand.")
@click.option("--min", "least", type=click.IntRange(0), default=0, help="Fewest votes on a ballot.")
@click.option("--max", "most", type=click.IntRange(1), required=True, help="Most votes on a ballot.")
@click.option("--blank", is_flag=True, help="Ask for a blank vote besides.")
@click.option(
    "--trustees", "size", type=click.IntRange(1), required=True, help="How many trustees there are."
)
@click.option(
    "--threshold", type=click.IntRange(1), default=None, help="How many suffice; else all are needed."
)
@click.option("--seed", default="", help="Decides what the fictional voters choose, never a key.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def rehearse(
    voters: int,
    candidates: int,
    least: int,
    most: int,
    blank: bool,
    size: int,
    threshold: int | None,
    seed: str,
    out: Path,
) -> None:
    """Run a whole encrypted election of people who do not exist and leave bundle.bel, expected.json, result.json.

    Exit code 1 if what was decrypted is not what plain addition gives.
    """
    question = Question("Rehearsal", invented_answers(candidates), least, most, blank)
    plan = Plan(voters, (question,), size, threshold, seed)
    done = run_rehearsal(plan, out, int(clock.now().timestamp()), processes=os.cpu_count() or 1)
    click.echo(f"{done.ballots} ballots cast. The bundle is {done.bundle}.")
    click.echo(f"Decrypted: {done.result[0]}")
    if done.result != done.expected:
        raise click.ClickException("The result is not what plain addition gives. Report this.")
