"""Answering a request with a stored file. It comes from somebody else, so the browser is told to let it do nothing."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from core.documents.stored import Document

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For a file that the browser shows. Without the word ``sandbox``: Chromium shows no PDF under it (its viewer runs apart)."""
POLICY_OF_DOWNLOAD = f"{POLICY}; sandbox"


def respond(document: Document, download: bool) -> Response:
    """The file, to be shown (OParl's ``accessUrl``) or saved (its ``downloadUrl``); 304 for whoever has it already."""
    response = send_file(
        BytesIO(document.body),
        mimetype=document.media_type,
        as_attachment=download,
        download_name=document.name,
        etag=document.sha512,
        conditional=True,
    )
    del response.headers["Cache-Control"]  # the front door says it: no store where somebody is signed in
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY_OF_DOWNLOAD if download else POLICY
    return response
