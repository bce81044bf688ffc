"""Pages about the publication itself."""

from django.http import HttpRequest

from cases.views.pages import Page, reader_page


@reader_page()
def about(request: HttpRequest) -> Page:
    return Page("about/about.html", {"section": "about"})


@reader_page()
def licence(request: HttpRequest) -> Page:
    return Page("about/licence.html", {"section": "licence"})
