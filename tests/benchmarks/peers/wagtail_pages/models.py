from django.db import models
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page

BODY = [("paragraph", RichTextBlock()), ("exhibit", RawHTMLBlock())]


class CasePage(Page):
    """A text whose blocks are prose and exhibits."""

    standfirst = models.TextField(blank=True)
    body = StreamField(BODY, use_json_field=True)
    related = models.ManyToManyField("self", blank=True)

    class Meta:
        app_label = "wagtail_pages"
