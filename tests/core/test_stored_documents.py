"""Files that people hand over: what is refused and why, what is kept, and how a browser gets it back."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.db import db, write
from core.documents import pdf, stored
from core.documents.answering import respond
from core.documents.stored import (
    Checked,
    StoredDocument,
    check_upload,
    clean_name,
    describe,
    erase,
    read,
    store,
)
from core.errors import DomainError, NotFound
from core.wording import explain
from tests.city import at_once, fresh, refused, rows
from tests.conftest import TODAY
from tests.core.pdfs import PAGE, assembled, by_hand, packed, written

SCRIPT, ACTION, FILES = pdf.SCRIPT, pdf.ACTION, pdf.FILES
LOCKED, DAMAGED, COMPLEX = "document_locked", "document_damaged", "document_too_complex"


def codes(look: Callable[[], object]) -> list[str]:
    """For which reasons something is refused; none where it is not."""
    try:
        look()
    except DomainError as error:
        return [each.code for each in error.all()]
    return []


# What is in it -------------------------------------------------------------------------------------------------------


def test_an_honest_file_passes_with_its_pages() -> None:
    assert pdf.inspect(by_hand()) == 1
    assert pdf.inspect(written()) == 1
    tree = by_hand(
        b"<< /Type /Pages /Parent 2 0 R /Kids [3 0 R 5 0 R] >>",
        PAGE,
        pages=b"/Kids [4 0 R 6 0 R] /Count 3",
    )
    assert codes(lambda: pdf.inspect(tree)) == [DAMAGED], "a branch that leads nowhere"
    assert pdf.inspect(by_hand(PAGE, pages=b"/Kids [3 0 R 4 0 R] /Count 2")) == 2


def test_links_forms_and_outlines_are_no_harm() -> None:
    link = (
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://a.example/Launch) >> >>"
    )
    page = PAGE.replace(b">>", b"/Annots [4 0 R] >>")
    assert pdf.inspect(by_hand(link, page=page, catalog=b"/OpenAction [3 0 R /Fit]")) == 1
    assert (
        pdf.inspect(by_hand(b"<< /S /P /Type /StructElem >>", catalog=b"/MarkInfo << /Marked true >>")) == 1
    )


HOSTILE: dict[str, tuple[bytes, list[str]]] = {
    "a script on opening": (
        by_hand(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        [SCRIPT],
    ),
    "a script in disguise": (by_hand(catalog=b"/OpenAction << /S /J#61vaScript /J#53 (1) >>"), [SCRIPT]),
    "a script behind a reference": (
        by_hand(b"<< /S 5 0 R >>", b"/JavaScript", catalog=b"/AA << /WC 4 0 R >>"),
        [SCRIPT],
    ),
    "a script that nothing leads to": (by_hand(b"[ [ << /A << /JS (1) >> >> ] ]"), [SCRIPT]),
    "a script beside the table": (
        assembled(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE],
            beside=b"9 0 obj << /S%hidden\n /#4aavaScript >> endobj\n",
        ),
        [SCRIPT],
    ),
    "a packed script": (packed(b"<< /S /JavaScript /JS (app.alert(1)) >>"), [SCRIPT]),
    "a form of scripts": (by_hand(catalog=b"/AcroForm << /XFA (x) >>"), [SCRIPT]),
    "a program": (by_hand(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), [ACTION]),
    "a packed program": (packed(b"<< /S /Launch /F (cmd.exe) >>"), [ACTION]),
    "another file": (by_hand(catalog=rb"/OpenAction << /S /GoToR /F (\\\\host\\share) >>"), [ACTION]),
    "a form that sends": (
        by_hand(catalog=b"/OpenAction << /S /SubmitForm /F (http://x.example) >>"),
        [ACTION],
    ),
    "an attachment by a writer": (written(add_attachment=("a.exe", b"MZ")), [FILES]),
    "an attachment to a page": (
        by_hand(
            b"<< /Type /Annot /Subtype /FileAttachment >>", page=PAGE.replace(b">>", b"/Annots [4 0 R] >>")
        ),
        [FILES],
    ),
    "a film": (by_hand(b"<< /Type /Annot /Subtype /RichMedia >>"), [FILES]),
    "everything at once": (
        by_hand(b"<< /S /Launch >>", b"<< /EF << >> >>", catalog=b"/OpenAction << /S /JavaScript >>"),
        [ACTION, FILES, SCRIPT],
    ),
    "a password": (written(encrypt="secret"), [LOCKED]),
    "a password for changing it": (written(encrypt=("", "owner")), [LOCKED]),
    "no pages": (by_hand(pages=b"/Kids [] /Count 0"), [DAMAGED]),
    "pages in a ring": (by_hand(pages=b"/Kids [2 0 R] /Count 1"), [DAMAGED]),
    "no catalog": (b"%PDF-1.7\nhello", [DAMAGED]),
    "cut off": (written()[:200], [DAMAGED]),
    "nothing but its beginning": (b"%PDF-", [DAMAGED]),
}


@pytest.mark.parametrize("file", HOSTILE)
def test_what_could_harm_its_readers_is_refused_for_its_own_reason(file: str) -> None:
    content, expected = HOSTILE[file]
    assert codes(lambda: pdf.inspect(content)) == expected


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_PAGES", 1), ("MOST_OBJECTS", 3), ("MOST_VALUES", 5), ("DEEPEST_PAGE", 0)]
)
def test_what_would_take_too_long_is_refused(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = by_hand(PAGE, pages=b"/Kids [3 0 R 4 0 R] /Count 2")
    assert pdf.inspect(content) == 2
    monkeypatch.setattr(pdf, limit, value)
    assert codes(lambda: pdf.inspect(content)) == [COMPLEX]


def test_what_is_nested_without_end_is_refused_and_breaks_nothing() -> None:
    nested = by_hand(b"[" * 100_000 + b"]" * 100_000)
    assert codes(lambda: pdf.inspect_apart(nested)) in ([COMPLEX], [DAMAGED])


def test_a_file_is_looked_into_apart_and_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.inspect_apart(by_hand()) == 1
    assert codes(lambda: pdf.inspect_apart(HOSTILE["everything at once"][0])) == [ACTION, FILES, SCRIPT]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        assert codes(lambda: pdf.inspect_apart(by_hand())) == [COMPLEX]
    monkeypatch.setattr(pdf, "SECONDS", 0)
    assert codes(lambda: pdf.inspect_apart(by_hand())) == [COMPLEX]


# What may be handed over ---------------------------------------------------------------------------------------------


def test_what_passes_is_a_pdf_with_its_hash() -> None:
    content = by_hand()
    found = check_upload("Minutes.pdf", content)
    assert (found.name, found.media_type, found.content) == ("Minutes.pdf", "application/pdf", content)
    assert found.sha512 == hashlib.sha512(content).hexdigest()


def test_other_files_are_refused_before_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(lambda: check_upload("a.pdf", b"")) == ["document_empty"]
    for content in (b"<html>", b"PK\x03\x04", b" %PDF-1.7", b"%pdf-1.7"):
        assert codes(lambda content=content: check_upload("a.pdf", content)) == ["document_kind"]  # type: ignore[misc]
    monkeypatch.setattr(stored, "SIZE_LIMIT", 10)
    assert codes(lambda: check_upload("a.pdf", by_hand())) == ["file_too_large"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Antrag.pdf", "Antrag.pdf"),
        ("ANTRAG.PDF", "ANTRAG.pdf"),
        ("C:\\Papers\\La\u0308rm.PDF", "Lärm.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("عريضة\u200f.pdf", "عريضة.pdf"),
        ('say "hi" <b>?.pdf', "say _hi_ _b__.pdf"),
        ("", "document.pdf"),
        (" .pdf", "document.pdf"),
        ("...", "document.pdf"),
        ("ä" * 500 + ".pdf", "ä" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(typed: str, shown: str) -> None:
    assert clean_name(typed, ".pdf") == shown
    assert len(shown) <= stored.NAME_LENGTH


def test_every_refusal_has_a_sentence_of_its_own(sqlite_app: Flask) -> None:
    every = (
        SCRIPT,
        ACTION,
        FILES,
        LOCKED,
        DAMAGED,
        COMPLEX,
        "document_empty",
        "document_kind",
        "document_erased",
    )
    with sqlite_app.test_request_context("/"):
        said = {explain(DomainError(code)) for code in every}
    assert len(said) == len(every)
    assert all(sentence.endswith(".") for sentence in said)


# What is kept --------------------------------------------------------------------------------------------------------


def checked(content: bytes = b"%PDF-1", name: str = "Minutes.pdf") -> Checked:
    return Checked(name, "application/pdf", content, hashlib.sha512(content).hexdigest())


def keep(file: Checked) -> int:
    with write() as session:
        return store(session, file)


def test_a_file_is_kept_and_comes_back_as_it_was(app: Flask) -> None:
    content = by_hand()
    kept = keep(checked(content))
    found = read(db.session(), kept)
    assert (found.name, found.media_type, found.size) == ("Minutes.pdf", "application/pdf", len(content))
    assert (found.body, found.stored_on, found.sha512) == (
        content,
        TODAY,
        hashlib.sha512(content).hexdigest(),
    )


def test_the_same_file_is_kept_once_under_its_first_name(app: Flask) -> None:
    first, second, other = keep(checked()), keep(checked(name="Copy.pdf")), keep(checked(b"%PDF-2"))
    assert first == second != other
    assert [row.name for row in rows(StoredDocument)] == ["Minutes.pdf", "Minutes.pdf"]


def test_two_who_hand_over_the_same_file_at_once_share_it(app: Flask) -> None:
    found = at_once(app, [lambda: keep(checked())] * 4)
    assert len(set(map(str, found))) == 1
    assert len(rows(StoredDocument)) == 1


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    for number in (1, 0, -1, 2**40):
        assert codes(lambda number=number: read(db.session(), number)) == ["not_found"]  # type: ignore[misc]
    assert describe(db.session(), [1]) == {}


def test_facts_are_told_without_what_is_in_the_file(app: Flask) -> None:
    kept = keep(checked())
    fresh()
    facts = describe(db.session(), [kept])[kept]
    assert (facts.name, facts.size, facts.erased) == ("Minutes.pdf", 6, False)
    (row,) = db.session.scalars(db.select(StoredDocument))
    assert "body" not in vars(row)


def test_an_erased_file_is_gone_for_good_and_its_facts_stay(app: Flask) -> None:
    kept = keep(checked())
    with write() as session:
        erase(session, kept)
    fresh()
    assert describe(db.session(), [kept])[kept].erased
    with pytest.raises(NotFound):
        read(db.session(), kept)
    with refused("document_erased"):
        keep(checked())
    with refused("not_found"), write() as session:
        erase(session, kept + 1)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM core_document",
        "UPDATE core_document SET body = body || body",
        "UPDATE core_document SET name = 'Other.pdf'",
        "UPDATE core_document SET sha512 = '" + "0" * 128 + "'",
        "UPDATE core_document SET size = 7",
        "UPDATE core_document SET id = 77",
    ],
)
def test_the_database_changes_no_file(app: Flask, change: str) -> None:
    keep(checked())
    before = [(row.name, row.sha512, row.size) for row in rows(StoredDocument)]
    with pytest.raises(IntegrityError, match="document"), write() as session:
        session.execute(text(change))
    fresh()
    assert [(row.name, row.sha512, row.size) for row in rows(StoredDocument)] == before


# How a browser gets it -----------------------------------------------------------------------------------------------


def answered(
    app: Flask, download: bool, name: str = "Lärm.pdf", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    kept = keep(checked(name=name))
    with app.test_request_context("/", headers=headers):
        response = respond(read(db.session(), kept), download)
        response.direct_passthrough = False
        return response.status_code, dict(response.headers), response.get_data()


def test_a_file_is_shown_without_any_right_and_saved_under_its_name(sqlite_app: Flask) -> None:
    status, headers, body = answered(sqlite_app, False)
    assert (status, body, headers["Content-Type"]) == (200, b"%PDF-1", "application/pdf")
    assert headers["Content-Disposition"].startswith("inline;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert headers["ETag"] == f'"{hashlib.sha512(b"%PDF-1").hexdigest()}"'
    _status, headers, _body = answered(sqlite_app, True)
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''L%C3%A4rm.pdf" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"].endswith("; sandbox")


def test_who_has_the_file_already_gets_it_not_again(sqlite_app: Flask) -> None:
    _status, headers, _body = answered(sqlite_app, False)
    status, again, _body = answered(sqlite_app, False, **{"If-None-Match": headers["ETag"]})
    assert (status, again["ETag"]) == (304, headers["ETag"])
