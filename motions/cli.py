"""``answerable oparl``: what others may check of our open data, and of anybody's."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console

from motions.oparl.crawl import check_site


@click.group("oparl")
def oparl() -> None:
    """OParl 1.1: the council's open data."""


@oparl.command("check")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as a list of objects.")
@click.pass_context
def check(ctx: click.Context, address: str, as_json: bool) -> None:
    """Check the whole site whose system object is at ADDRESS, and print every fault. Exit code 1 if there is one."""
    console = Console(stderr=True)
    with console.status("Reading…") as status:
        faults = check_site(address, progress=lambda count: status.update(f"{count} addresses read"))
    if as_json:
        click.echo(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False))
    else:
        for fault in faults:
            said = ": ".join(part for part in (fault.at, fault.what) if part)
            click.echo(f"{fault.code}  {fault.where}  {said}".rstrip())
        click.echo(f"{len(faults)} faults." if faults else "No fault was found.")
    if faults:
        ctx.exit(1)
