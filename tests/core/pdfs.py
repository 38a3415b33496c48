"""PDF files to hand over: honest ones, and such as nobody should open."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfWriter

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"


def by_hand(
    *more: bytes, catalog: bytes = b"", page: bytes = PAGE, pages: bytes = b"/Kids [3 0 R] /Count 1"
) -> bytes:
    """A file of a catalog (1), a tree of pages (2), a page (3) and ``more`` objects (4, …)."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages %s >>" % pages,
            page,
            *more,
        ]
    )


def assembled(objects: Sequence[bytes], beside: bytes = b"") -> bytes:
    """A file with a proper table of its objects; ``beside`` lies in it without being in the table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n" + beside)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def packed(hidden: bytes) -> bytes:
    """A file that holds the object ``hidden`` in a compressed stream of objects, where no search for bytes finds it."""
    inside = zlib.compress(b"5 0 " + hidden)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(inside), inside),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    table = [b"\0\0\0\0\0"]
    for number, content in enumerate(objects, start=1):
        table.append(b"\1" + out.tell().to_bytes(3, "big") + b"\0")
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table.append(b"\2" + (4).to_bytes(3, "big") + b"\0")
    start = out.tell()
    table.append(b"\1" + start.to_bytes(3, "big") + b"\0")
    rows = b"".join(table)
    out.write(
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (len(rows), rows)
    )
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def written(**does: object) -> bytes:
    """A page by a writer of PDF files, which ``does`` what its methods are called."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for method, given in does.items():
        getattr(writer, method)(*given if isinstance(given, tuple) else (given,))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
