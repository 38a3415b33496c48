"""The command ``answerable``: everything that is done from a terminal.

``serve`` and ``worker`` run it, ``demo`` shows it, ``db`` prepares its database; the rooms add their own commands.
``credentials`` runs alone, on a machine without any of it.
Errors are one sentence on standard error and exit code 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from core.errors import DomainError
from core.wording import explain

COMMANDS: Mapping[str, str] = {
    "serve": "app.commands.serve:serve",
    "demo": "app.commands.demo:demo",
    "worker": "app.worker:worker",
    "translations": "app.commands.translations:translations",
    "accounts": "accounts.cli:accounts",
    "consult": "consult.cli:consult",
    "elections": "elections.cli.elections:elections",
    "trustee": "elections.trustee:trustee",
    "credentials": "elections.authority.commands:credentials",
    "ledger": "followup.cli:ledger",
    "oparl": "motions.cli:oparl",
    "audit": "app.commands.audit:audit",
}
"""Where each command is. It is loaded when it is called: a trustee's machine never loads the server."""
ALONE = frozenset({"credentials"})
"""Groups that print letters and speak, without database and settings (``app.commands.alone``)."""


class Answerable(FlaskGroup):
    """Our commands, with domain errors worded instead of raised."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module, _, attribute = COMMANDS[name].partition(":")
            command = getattr(import_module(module), attribute)
            assert isinstance(command, click.Command)
            if name in ALONE:
                from app.commands.alone import alone  # not above: the others need none of it

                assert isinstance(command, click.Group)
                return alone(command)
            return command
        return super().get_command(ctx, name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            app: Flask = ctx.ensure_object(ScriptInfo).load_app()
            with app.app_context():
                for single in error.all():
                    click.echo(explain(single), err=True)
            ctx.exit(1)


def _create() -> Flask:
    from app.factory import create_app  # not above: commands that need no server load none

    return create_app()


main = Answerable(
    name="answerable",
    help="A city's participation desk: everything submitted gets a published answer.",
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
main.params.clear()


if __name__ == "__main__":
    main()
