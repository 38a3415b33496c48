"""A city's register to import a roll from: invented people, as a register office would hand them over."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from typing import Any

from elections.rules.roll_maps import RollMap, read_map

HEADING = (
    "Nr", "Vorname", "Nachname", "Anschrift", "PLZ", "Ort", "Sprache", "Geburtsdatum", "Einzug", "Staat 1",
    "Staat 2", "Aufenthalt seit", "Sperre", "Passnummer",
)  # fmt: skip
MAP: dict[str, Any] = {
    "columns": {
        "name": ["Vorname", "Nachname"],
        "street": "Anschrift",
        "postcode": "PLZ",
        "city": "Ort",
        "language": "Sprache",
        "register_id": "Nr",
        "born_on": "Geburtsdatum",
        "resident_since": "Einzug",
        "lawful_since": "Aufenthalt seit",
        "citizenship": ["Staat 1", "Staat 2"],
        "exclusions": "Sperre",
    },
    "values": {
        "citizenship": {"DEU": "citizen", "*": "foreign", "XXA": "stateless"},
        "exclusions": {"A": "asylum_procedure", "G": "right_lost"},
        "language": {"arabisch": "ar", "deutsch": "de"},
    },
    "possible": {"citizenship": ["naturalised"]},
}
STATES = ("SYR", "UKR", "VNM", "POL", "TUR", "DEU", "NGA")
FIRST = ("Amira", "Oleh", "Linh", "Piotr", "Ayşe", "Ngozi", "José", "Fatima", "Bohdan", "Zeynep")
LAST = ("Haddad", "Kovalenko", "Nguyen", "Nowak", "Yılmaz", "Okafor", "Silva", "Al-Sayed", "Bondar", "Demir")


def mapping(**changed: Any) -> RollMap:
    """The mapping of the test city's register."""
    return read_map({**MAP, **changed})


def person(number: int = 1, **changed: str) -> dict[str, str]:
    """One row of the register: somebody who may vote, unless ``changed`` says otherwise."""
    row = dict(
        zip(
            HEADING,
            (
                str(number), "Amira", f"Haddad {number}", f"Seestraße {number}", "01234", "Lindhafen", "Arabisch",
                "01.02.1990", "01.02.2020", "SYR", "", "01.03.2019", "", f"P{number:07}",
            ),
            strict=True,
        )
    )  # fmt: skip
    return {**row, **changed}


def table(people: Sequence[dict[str, str]]) -> bytes:
    """The register as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADING, delimiter=";")
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue().encode("utf-8")


def town(count: int, seed: int = 7) -> bytes:
    """A register of ``count`` different people of all kinds."""
    draw = random.Random(seed)
    return table(
        [
            person(
                number,
                Vorname=draw.choice(FIRST),
                Nachname=f"{draw.choice(LAST)}-{draw.choice(LAST)}",
                Anschrift=f"{draw.choice(LAST)}weg {draw.randint(1, 90)}",
                PLZ=f"{draw.randint(1000, 9999):05}",
                Geburtsdatum=f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(1940, 2014)}",
                Einzug=f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(1990, 2027)}",
                **{"Staat 1": draw.choice(STATES), "Staat 2": draw.choice(("", "", "", "DEU"))},
            )
            for number in range(1, count + 1)
        ]
    )
