"""Commands that run on a machine of their own, without the server, its database or its settings.

Errors are worded in English; nothing of the application is loaded.
"""

from __future__ import annotations

from pathlib import Path

import click

from core import wording
from core.errors import DomainError
from elections import sealing
from elections.messages import ballots

wording.register(ballots.SENTENCES)


class OfflineGroup(click.Group):
    """Commands whose domain errors are said in a sentence on standard error, with exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            for single in error.all():
                click.echo(wording.explain(single), err=True)
            ctx.exit(1)


passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the passphrase from the first line of this file instead of asking.",
)


def ask_passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase from ``file`` or from the terminal, typed twice if it is ``new``.

    Raises what ``sealing.check_passphrase`` names for a new one.
    """
    if file is not None:
        passphrase = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    else:
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    if new:
        sealing.check_passphrase(passphrase)
    return passphrase
