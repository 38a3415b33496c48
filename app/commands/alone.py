"""Commands that need no server: they run without database, settings or folder, and still speak and print."""

from __future__ import annotations

import click
from flask import Flask
from flask_babel import Babel

from app import resources
from app.doors import opening
from core.documents import papers
from core.errors import DomainError
from core.wording import explain


class Alone(click.Group):
    """A group of such commands. Domain errors are sentences on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        with bare_application().app_context():
            try:
                return super().invoke(ctx)
            except DomainError as error:
                for single in error.all():
                    click.echo(explain(single), err=True)
                ctx.exit(1)


def alone(group: click.Group) -> Alone:
    """``group`` with its commands, run alone."""
    return Alone(name=group.name, commands=group.commands, help=group.help, callback=group.callback)


def bare_application() -> Flask:
    """Catalogues, sentences and papers, and nothing else of the application."""
    bare = Flask("answerable", static_folder=None, template_folder=None)
    Babel(bare, default_locale="en", default_translation_directories=str(resources.folder("translations")))
    papers.init_papers(resources.folder("templates"))
    opening.word_errors()
    return bare
