"""What core says: sentences for files that were handed over and for papers that are printed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence

Parameters = Mapping[str, object]


def _number(parameters: Parameters, name: str) -> int:
    return int(str(parameters[name]))


def _file_too_large(parameters: Parameters) -> str:
    megabytes = max(1, _number(parameters, "limit") // 1_000_000)
    return ngettext(
        "The file is too large. It may have %(num)d megabyte.",
        "The file is too large. It may have %(num)d megabytes.",
        megabytes,
    )


def _unpacks_too_large(parameters: Parameters) -> str:
    megabytes = max(1, _number(parameters, "limit") // 1_000_000)
    return ngettext(
        "The file holds more than %(num)d megabyte once it is unpacked. Send it in parts.",
        "The file holds more than %(num)d megabytes once it is unpacked. Send it in parts.",
        megabytes,
    )


def _rows_too_many(parameters: Parameters) -> str:
    return ngettext(
        "The file has too many rows. There is room for one.",
        "The file has too many rows. There is room for %(limit)s.",
        _number(parameters, "limit"),
        limit=format_decimal(_number(parameters, "limit")),
    )


def _columns_too_many(parameters: Parameters) -> str:
    return ngettext(
        "The file has too many columns. There is room for one.",
        "The file has too many columns. There is room for %(num)d.",
        _number(parameters, "limit"),
    )


def _row_length(parameters: Parameters) -> str:
    found = ngettext("It has one value.", "It has %(num)d values.", _number(parameters, "found"))
    expected = ngettext(
        "The heading has one column.", "The heading has %(num)d columns.", _number(parameters, "expected")
    )
    return " ".join([_("Row %(row)s is not complete.", row=parameters["row"]), found, expected])


def _cell_too_long(parameters: Parameters) -> str:
    return ngettext(
        "Row %(row)s, column “%(column)s”: shorten this. There is room for one character.",
        "Row %(row)s, column “%(column)s”: shorten this. There is room for %(limit)s characters.",
        _number(parameters, "limit"),
        row=parameters["row"],
        column=parameters["column"],
        limit=format_decimal(_number(parameters, "limit")),
    )


CONFLICTS: frozenset[str] = frozenset()

SENTENCES: Mapping[str, Sentence] = {
    # files
    "file_kind": _l("This kind of file cannot be read. Save the table as XLSX or CSV."),
    "file_too_large": _file_too_large,
    "file_empty": _l("The file holds no text to import."),
    "file_unreadable": _l(
        "The file is damaged or no spreadsheet. Open it, and save it again as XLSX or CSV."
    ),
    "file_locked": _l("The file is locked with a password. Save it without one."),
    "file_unpacks_too_large": _unpacks_too_large,
    "encoding_unknown": _l("There is no encoding “%(encoding)s”."),
    "file_not_in_encoding": _l(
        "Line %(line)s, place %(column)s is not %(encoding)s. Correct the map or the file."
    ),
    "file_has_nul": _l("Line %(line)s, place %(column)s holds a zero byte. This is not a text file."),
    "csv_broken": _l("Row %(row)s cannot be read as CSV: %(reason)s"),
    "column_missing": _l("The file has no column “%(column)s”."),
    "column_twice": _l("The file has the column “%(column)s” more than once."),
    "column_unnamed": _l("Row %(row)s, column “%(column)s”: this column has no heading. Give it one."),
    "columns_too_many": _columns_too_many,
    "rows_too_many": _rows_too_many,
    "row_length": _row_length,
    "cell_too_long": _cell_too_long,
    "cell_unreadable": _l(
        "Row %(row)s, column “%(column)s” holds a zero byte. Delete the cell and write it anew."
    ),
    # documents that are handed over
    "document_empty": _l("The file is empty. Choose another one."),
    "document_kind": _l("This kind of file cannot be taken. Save it as PDF."),
    "document_damaged": _l("The PDF is damaged or shows no page. Open it, and save it again as PDF."),
    "document_locked": _l("The PDF is locked or encrypted. Save it without a password."),
    "document_with_script": _l(
        "The PDF holds a program (JavaScript). Print it into a new PDF, and send that one."
    ),
    "document_with_action": _l(
        "The PDF can start programs, open other files or send data. Print it into a new PDF, and send that one."
    ),
    "document_with_files": _l("The PDF holds other files, films or sounds. Save it without them."),
    "document_too_complex": _l(
        "The PDF is too large inside to be checked. Print it into a new PDF, or split it."
    ),
    "document_erased": _l("This file was erased here before. It cannot be stored again."),
    # papers
    "paper_letters_missing": _l(
        "The paper cannot be printed: our fonts have no letters for “%(letters)s”. Add a font, or write it in others."
    ),
}
