"""A browser to open pages in: Debian's Chromium, driven by Playwright, with axe-core to look for what keeps people out."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("LICSCAN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
AXE = ROOT / ".axe" / "package" / "axe.min.js"
_WAIT = 60_000


@contextmanager
def browser() -> Iterator["Browser"]:
    """A browser; the test is skipped, visibly, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: make browser installs it")
    if CHROMIUM is None:
        pytest.skip("no Chromium (Debian's package chromium, or its path in LICSCAN_CHROMIUM)")
    with playwright.sync_playwright() as driver:
        # The pages are ours, and a container may not allow the sandbox.
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Seen:
    """A page that is open, and everything that went wrong in it or was asked of a network."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.troubles: list[str] = []
        page.set_default_timeout(_WAIT)
        page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.troubles.append(request.url)


@contextmanager
def opened(started: "Browser", file: Path, anchor: str = "", **options: Any) -> Iterator[Seen]:
    """A page, opened from the disk.

    Args:
        started: The browser.
        file: The page.
        anchor: Where in it.
        options: Those of a browser context: viewport, color scheme, whether scripts run.
    """
    context = started.new_context(**options)
    seen = Seen(context.new_page())
    seen.page.goto(f"{file.as_uri()}{anchor}", timeout=_WAIT)
    try:
        yield seen
    finally:
        context.close()


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something is so; the page's own policy keeps Playwright from waiting inside it."""
    end = time.monotonic() + _WAIT / 1000
    while not holds():
        assert time.monotonic() < end, "it did not become so"
        time.sleep(0.05)


def violations(page: "Page") -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own good practice."""
    if not AXE.exists():
        pytest.skip("no axe-core: make browser fetches it")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]
