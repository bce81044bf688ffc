"""A walk through the site in a browser: where one is, and what went wrong on the way."""

import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

SCREENSHOTS = Path(__file__).parent / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Visit:
    """A page of a browser; `faults` holds console errors, failed and foreign requests."""

    def __init__(self, site: str, page: Page) -> None:
        self.site = site
        self.page = page
        self.faults: list[str] = []
        self._shots = 0
        page.set_viewport_size(DESK)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._note_foreign)
        page.on("requestfailed", self._note_failed)
        page.on("response", self._note_status)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def shoot(self, name: str) -> None:
        """Keep how the page looks on a phone and on a desk."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self._shots += 1
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            file = f"{self._shots:02}-{name}-{size['width']}.png"
            self.page.screenshot(path=SCREENSHOTS / file, full_page=True)

    def seconds_until(self, path: str, text: str, *, within: float) -> float:
        """Reload the page until it shows the text; how long that took."""
        start = time.monotonic()
        while True:
            self.open(path)
            if text in self.page.inner_text("main"):
                return time.monotonic() - start
            waited = time.monotonic() - start
            assert waited < within, f"{path} does not show {text} after {waited:.1f} s"

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _note_foreign(self, request: Request) -> None:
        is_embedded = urlsplit(request.url).scheme in ("data", "blob")
        if not is_embedded and not request.url.startswith(f"{self.site}/"):
            self.faults.append(f"foreign: {request.url}")

    def _note_failed(self, request: Request) -> None:
        """A question given up for a newer one, or because its page is left, is no fault."""
        is_question = "/preview/" in request.url or request.url.endswith("/check/")
        if request.failure == "net::ERR_ABORTED" and is_question:
            return
        self.faults.append(f"failed: {request.url} {request.failure}")

    def _note_status(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")
