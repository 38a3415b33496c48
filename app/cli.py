"""The command ``answerable``: everything that is done from a terminal.

``serve`` and ``worker`` run it, ``demo`` shows it, ``db`` prepares its database; the rooms add their own commands.
``credentials`` runs alone, on a machine without any of it.
Errors are one sentence on standard error and exit code 1.
"""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from accounts.cli import accounts
from app.commands import demo, serve
from app.commands.alone import alone
from app.commands.audit import audit
from app.commands.translations import translations
from app.factory import create_app
from app.worker import worker
from consult.cli import consult
from core.errors import DomainError
from core.wording import explain
from elections.authority.commands import credentials
from elections.cli import elections
from followup.cli import ledger


class Answerable(FlaskGroup):
    """Our commands, with domain errors worded instead of raised."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            app: Flask = ctx.ensure_object(ScriptInfo).load_app()
            with app.app_context():
                for single in error.all():
                    click.echo(explain(single), err=True)
            ctx.exit(1)


main = Answerable(
    name="answerable",
    help="A city's participation desk: everything submitted gets a published answer.",
    create_app=lambda: create_app(),
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
main.params.clear()
for command in (serve.serve, demo.demo, worker, translations, accounts, consult, elections, ledger, audit):
    main.add_command(command)
main.add_command(alone(credentials))


if __name__ == "__main__":
    main()
