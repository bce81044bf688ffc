"""What axe finds at fault on a page that has come to rest."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """Everything, each with the elements it is about."""
    return _found(page)


def serious_violations(page: Page) -> list[str]:
    """What is serious or critical: the pages of the admin stand on Django's own."""
    return _found(page, SERIOUS)


def _found(page: Page, impacts: tuple[str, ...] = ()) -> list[str]:
    # a colour on its way from one theme to the other has no contrast of its own
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in found
        if not impacts or one["impact"] in impacts
    ]
