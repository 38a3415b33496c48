"""``answerable demo``: the fictional city of Lindhafen, ready to try."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from flask_migrate import upgrade

from app import config
from app.commands import serve
from app.demo import load
from app.factory import create_app
from core import codes
from elections.sealing import write_private


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Prepare the data and stop.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Prepare the demo city in var/ (once), print the staff's sign-ins and some voting codes, and serve it."""
    os.environ["PORT"] = str(port)
    folder = Path(os.environ.get("ANSWERABLE_VAR", "var")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_settings(folder / "city.toml")
    founded = prepare(folder)
    site = f"http://{host}:{port}"
    click.echo("\nSign-ins of the demo's staff (no second factor here):")
    for person in founded.sign_ins:
        click.echo(f"  {person.role:17} {person.email:27} {person.password}")
    for vote in founded.votes:
        address = f"{site}/elections/{vote.election}"
        click.echo("\nVote online with one of these demo codes, as if it stood in your voting letter:")
        for code in vote.codes:
            click.echo(f"  {' '.join(codes.groups(code))}  {address}/vote/#{code}")
        click.echo(f"Or at the house's station device:  {address}/station/{vote.station}/")
        click.echo(
            f"Once it is closed, its trustees decrypt with demo-trustee-*.key in {folder}: {vote.passphrase}"
        )
    click.echo(f"\nOffice:  {site}/office/")
    click.echo(f"Site:    {site}/\n")
    if not no_serve:
        serve.run(host, port)


def prepare(folder: Path) -> load.Founded:
    """Migrate the database, play the demo's history if it is not there, and return sign-ins and voting codes."""
    app = create_app(config.from_environment())
    people, drawn = folder / "demo-sign-ins.json", folder / "demo-votes.json"
    with app.app_context():
        upgrade()
        if not load.is_loaded():
            click.echo("Founding the city of Lindhafen …")
            founded = load.load()
            _remember(people, [asdict(person) for person in founded.sign_ins])
            _remember(drawn, [asdict(vote) for vote in founded.votes])
            for files in founded.keys.values():
                for trustee, sealed in enumerate(files, start=1):
                    write_private(folder / f"demo-trustee-{trustee}.key", sealed)
    sign_ins = [load.SignIn(**person) for person in json.loads(people.read_text(encoding="utf-8"))]
    if not drawn.exists():  # a city that was founded before anybody voted online
        return load.Founded(sign_ins, [])
    votes = [load.Vote(**vote) for vote in json.loads(drawn.read_text(encoding="utf-8"))]
    return load.Founded(sign_ins, votes)


def _remember(path: Path, facts: object) -> None:
    """Keep it for the next start, for nobody else's eyes."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(facts, file, indent=2)


def _write_settings(path: Path) -> None:
    """Name the city in its own settings file, where the next start and every other command find it."""
    if path.exists():
        return
    city = load.read("city")
    lines = [
        "# The demo city. Change what you like, then start again.",
        "demo = true",
        "second_factor = false",
    ]
    for table, texts in (("city", city["name"]), ("contact", city["contact"])):
        lines += [
            "",
            f"[{table}]",
            *(f"{code} = {json.dumps(text, ensure_ascii=False)}" for code, text in texts.items()),
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
