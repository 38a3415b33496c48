"""A paper to try things on: a public notice with a table, a list, a QR code and a code, in three languages."""

from __future__ import annotations

from typing import Any

from core.documents import parts

CODE = ["4821", "0937", "5512", "8840", "1029", "3384", "7765", "2041"]
ADDRESS = "https://lindhafen.example/council/27/"


def notice(language: str, **words: Any) -> dict[str, Any]:
    """The notice's data in ``language``, with ``words`` of that language."""
    return {
        "groups": CODE,
        "qr": parts.qr_code(ADDRESS, words.pop("qr")),
        "body": parts.markdown(words.pop("body"), language),
        **words,
    }


NOTICES = {
    "en": notice(
        "en",
        title="Your council, your vote",
        lead="Everybody who lives here with a foreign passport can vote until Sunday, 14 March 2027.",
        head=["What happens", "Until when"],
        rows=[
            ["Put your name forward", "15 January 2027"],
            ["Look whether you are on the roll", "12 February 2027"],
            ["Vote", "14 March 2027"],
        ],
        heading="1. How to vote",
        body="You need **one code**. It is in your letter.\n\n1. Scan the sign.\n2. Type your code.\n3. Choose "
        "*up to three* people.\n\n- No account\n- No passport number\n\nMore on [our page](https://lindhafen.example/).",
        qr="QR code that opens the page of the election",
        name="Your code",
        facts=[["Election", parts.run("ML-27", "en")], ["Candidate", parts.run("سميرة حداد", "ar")]],
    ),
    "de": notice(
        "de",
        title="Ihr Beirat, Ihre Stimme",
        lead="Alle, die hier mit ausländischem Pass leben, können bis Sonntag, 14. März 2027 wählen.",
        head=["Was geschieht", "Bis wann"],
        rows=[
            ["Sich zur Wahl stellen", "15. Januar 2027"],
            ["Nachsehen, ob man im Verzeichnis steht", "12. Februar 2027"],
            ["Wählen", "14. März 2027"],
        ],
        heading="1. So wählen Sie",
        body="Sie brauchen **einen Code**. Er steht in Ihrem Brief.\n\n1. Zeichen scannen.\n2. Code eingeben.\n3. "
        "*Bis zu drei* Personen wählen.\n\n- Kein Konto\n- Keine Passnummer\n\nMehr auf [unserer Seite](https://lindhafen.example/).",
        qr="QR-Code, der die Seite der Wahl öffnet",
        name="Ihr Code",
        facts=[["Wahl", parts.run("ML-27", "en")], ["Kandidatin", parts.run("سميرة حداد", "ar")]],
    ),
    "ar": notice(
        "ar",
        title="مجلسكم، صوتكم",
        lead="كل من يعيش هنا بجواز سفر أجنبي يمكنه التصويت حتى الأحد 14 مارس 2027.",
        head=["ماذا يحدث", "حتى متى"],
        rows=[
            ["الترشّح", "15 يناير 2027"],
            ["التأكد من القيد في السجل", "12 فبراير 2027"],
            ["التصويت", "14 مارس 2027"],
        ],
        heading="1. كيفية التصويت",
        body="تحتاجون إلى **رمز واحد**، وهو في رسالتكم.\n\n1. امسحوا العلامة.\n2. اكتبوا الرمز.\n3. اختاروا "
        "*حتى ثلاثة* أشخاص.\n\n- دون حساب\n- دون رقم جواز\n\nالمزيد على [صفحتنا](https://lindhafen.example/).",
        qr="رمز يفتح صفحة الانتخاب",
        name="رمزكم",
        facts=[["الانتخاب", parts.run("ML-27", "en")], ["المرشحة", parts.run("Olena Kovalenko", "uk")]],
    ),
}
