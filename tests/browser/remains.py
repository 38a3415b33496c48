"""What a page leaves in a browser: in its storages, and in the memory of its scripts."""

from __future__ import annotations

from playwright.sync_api import Page

KEPT = """async () => [
    localStorage.length, sessionStorage.length, document.cookie.length, (await caches.keys()).length,
    (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
"""To be evaluated: how much lies in each place where a page can keep something."""


def memory(page: Page) -> str:
    """Every text that the page's scripts still hold, after what nobody refers to was thrown away."""
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    return "".join(parts)
