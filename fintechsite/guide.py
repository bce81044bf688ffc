"""docs/editing.md as a page of the admin."""

from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin


@cache
def guide_html() -> SafeString:
    """The guide without its first heading, each section with an anchor to link to."""
    text = (settings.BASE_DIR / "docs" / "editing.md").read_text()
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.use(anchors_plugin, min_level=2, max_level=3)
    _title, _newline, body = text.partition("\n")
    return mark_safe(markdown.render(body))  # noqa: S308  (our own file, raw HTML as it stands)
