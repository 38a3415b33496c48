"""``answerable accounts``: the first administrator, invitations, and who can sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from accounts import queries, services
from accounts.messages import ROLES, STATES
from accounts.rules import RoleName
from core import settings
from core.audit import SYSTEM
from core.errors import DomainError, NotFound
from core.i18n import localized
from core.localized import Localized
from core.wording import explain

ROLE = click.Choice([role.value for role in RoleName])


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what a service refused, all of it, and end with status 1."""
    try:
        yield
    except NotFound as error:
        raise click.ClickException("There is no {kind} {key}.".format(**error.parameters)) from None
    except DomainError as error:
        raise click.ClickException("\n".join(explain(single) for single in error.all())) from None


def _about(department: str | None, language: str | None) -> tuple[int | None, str]:
    """The department's id, and the language or the city's own."""
    department_id = queries.department_id_of(department) if department else None
    return department_id, language or settings.current().official_language


@click.group("accounts", cls=AppGroup)
def accounts() -> None:
    """People who sign in, and their departments."""


@accounts.command("list")
def list_accounts() -> None:
    """Show every account with its state and roles."""
    for line in queries.list_accounts():
        roles = ", ".join(str(ROLES[role]) for role in line.roles)
        department = f"  {localized(line.department).text}" if line.department else ""
        click.echo(f"{line.email}  {line.name}  {STATES[line.state]}  {roles}{department}")


@accounts.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="May be given several times.")
@click.option("--department", help="Short name of the department.")
@click.option("--language", help="Language of the letter; the official one if left out.")
def invite_account(
    email: str, name: str, roles: tuple[str, ...], department: str | None, language: str | None
) -> None:
    """Send EMAIL a link that works once, for 24 hours, to choose a password."""
    with _in_words():
        department_id, tongue = _about(department, language)
        services.invite_account(
            SYSTEM, email=email, name=name, roles=roles, department_id=department_id, language=tongue
        )
    click.echo(f"An invitation to {email} is on its way.")


@accounts.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="May be given several times.")
@click.option("--department", help="Short name of the department.")
@click.option("--language", help="Language of letters; the official one if left out.")
@click.password_option(help="Asked for if left out, which keeps it out of the shell's history.")
def create_account(
    email: str,
    name: str,
    roles: tuple[str, ...],
    department: str | None,
    language: str | None,
    password: str,
) -> None:
    """Make an account that can sign in at once, such as the first administrator's."""
    with _in_words():
        department_id, tongue = _about(department, language)
        services.create_account(
            email=email,
            name=name,
            roles=roles,
            password=password,
            department_id=department_id,
            language=tongue,
        )
    click.echo(f"{email} can sign in now.")


@accounts.command("disable")
@click.argument("email")
def disable_account(email: str) -> None:
    """End the sessions of EMAIL and let nobody sign in with that account."""
    with _in_words():
        services.disable_account(SYSTEM, queries.account_id_of(email))
    click.echo(f"{email} can no longer sign in.")


@accounts.command("create-department")
@click.argument("key")
@click.option("--name", "names", multiple=True, required=True, help='In a language: "en=Transport Office".')
@click.option("--head-email", help="Who gets the digest of what is overdue.")
def create_department(key: str, names: tuple[str, ...], head_email: str | None) -> None:
    """Add a department called KEY for short. The first name given is the original."""
    texts = dict(name.partition("=")[::2] for name in names)
    unknown = [code for code in texts if code not in settings.current().languages]
    if unknown:
        raise click.BadParameter(f"no language {', '.join(unknown)}: write en=Name", param_hint="--name")
    with _in_words():
        services.create_department(SYSTEM, key, Localized.of(texts, next(iter(texts))), head_email)
    click.echo(f"The department {key} is there.")
