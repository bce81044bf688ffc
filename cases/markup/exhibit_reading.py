"""Reading exhibits: each fence becomes a frozen dataclass, fully checked without a database.

Checked are keys, types, sizes, the form of series keys and of periods.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import yaml

from cases.markup.chart_fields import (
    CHART_TYPES,
    chart_name,
    check_period,
    check_stacked_units,
    fixed_period,
    read_units,
    slope_periods,
)
from cases.markup.errors import ExhibitError, not_found
from cases.markup.exhibits import (
    Callout,
    Chart,
    Exhibit,
    Image,
    KeyFigure,
    KeyFigures,
    Quote,
    Table,
    Timeline,
)
from cases.markup.tokens import (
    EXPECTED_SERIES,
    SERIES_KEY,
    find_tokens,
    parse_period,
    parse_reference,
)
from cases.markup.yaml_reader import Fields, Place, Prose, compose, sequence
from metrics.stats.phrases import Phrase

MAX_CHART_SERIES: Final = 8
MAX_TABLE_ROWS: Final = 40
MAX_TABLE_COLUMNS: Final = 24
MAX_KEY_FIGURES: Final = 8
MAX_TIMELINE_ENTITIES: Final = 12
MAX_TITLE: Final = 200
MAX_LABEL: Final = 100
MAX_CALLOUT: Final = 4_000
MAX_QUOTE: Final = 2_000
MAX_ALT: Final = 500
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def parse_exhibit(kind: str, body: str, *, line: int = 1) -> Exhibit:
    """The exhibit of a fence named ``kind``; ``line`` is the fence's own line in the file.

    Raises ExhibitError with the line of the fault and what is expected there.
    """
    if kind not in READERS:
        message = Phrase(
            "unknown exhibit %(found)s; expected %(known)s (or no name, for code)",
            found=repr(kind),
            known=", ".join(READERS),
        )
        raise ExhibitError(message, line)
    place = Place(line + 1)
    return READERS[kind](compose(body, place), place)


def _formed(form: re.Pattern[str], expected: Phrase) -> Callable[[str], str]:
    """Reads what has a form; what is not so is told with what is expected."""

    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise ExhibitError(not_found(expected, text))
        return text

    return read


_series_key: Final = _formed(SERIES_KEY, EXPECTED_SERIES)
_slug: Final = _formed(_SLUG, Phrase("expected an entity such as webank"))
_source: Final = _formed(_SLUG, Phrase("expected the slug of a source"))
_picture: Final = _formed(_SLUG, Phrase("expected the slug of a picture"))


def _captions(fields: Fields, *keys: str) -> tuple[Prose, ...]:
    """The texts at ``keys``, with their tokens checked."""
    found = []
    for key in keys:
        if key in fields:
            text = fields.value(key, _captioned, limit=MAX_CALLOUT)
            found.append(Prose(text, fields.line(key)))
    return tuple(found)


def _captioned(text: str) -> str:
    find_tokens(text)
    return text


def _labels(fields: Fields, series: tuple[str, ...]) -> dict[str, str]:
    return fields.mapping("labels", series, limit=MAX_LABEL)


def _label_texts(fields: Fields, labels: Mapping[str, str]) -> tuple[Prose, ...]:
    return tuple(Prose(label, fields.line("labels")) for label in labels.values())


def _chart(node: yaml.Node | None, place: Place) -> Chart:
    fields = Fields(
        node, place, what=Phrase("a chart"),
        required=("type", "title", "series"),
        optional=("subtitle", "period", "periods", "labels", "units", "id"),
    )  # fmt: skip
    kind = fields.choice("type", CHART_TYPES)
    period = fields.value("period", parse_period) if "period" in fields else None
    check_period(fields, kind, period)
    check_stacked_units(fields, kind)
    series = fields.values("series", _series_key, most=MAX_CHART_SERIES)
    labels = _labels(fields, series)
    return Chart(
        type=kind,
        title=fields.text("title", limit=MAX_TITLE),
        subtitle=fields.text("subtitle", limit=MAX_TITLE),
        series=series,
        period=period,
        labels=labels,
        units=read_units(fields),
        periods=slope_periods(fields, kind),
        name=fields.value("id", chart_name) if "id" in fields else "",
        line=place.line - 1,
        texts=_captions(fields, "title", "subtitle") + _label_texts(fields, labels),
    )


def _table(node: yaml.Node | None, place: Place) -> Table:
    fields = Fields(
        node, place, what=Phrase("a table"),
        required=("title", "series", "periods"), optional=("subtitle", "labels", "units"),
    )  # fmt: skip
    series = fields.values("series", _series_key, most=MAX_TABLE_ROWS)
    labels = _labels(fields, series)
    return Table(
        title=fields.text("title", limit=MAX_TITLE),
        subtitle=fields.text("subtitle", limit=MAX_TITLE),
        series=series,
        periods=fields.values("periods", parse_period, most=MAX_TABLE_COLUMNS),
        labels=labels,
        units=read_units(fields),
        line=place.line - 1,
        texts=_captions(fields, "title", "subtitle") + _label_texts(fields, labels),
    )


def _key_figures(node: yaml.Node | None, place: Place) -> KeyFigures:
    items: list[KeyFigure] = []
    texts: list[Prose] = []
    for item in sequence(node, place, "key-figures", MAX_KEY_FIGURES):
        fields = Fields(
            item,
            place,
            what=Phrase("a key figure"),
            required=("value", "label"),
            optional=("note",),
        )
        items.append(
            KeyFigure(
                value=fields.value("value", parse_reference),
                label=fields.text("label", limit=MAX_LABEL),
                note=fields.text("note", limit=MAX_TITLE),
            )
        )
        texts += _captions(fields, "label", "note")
    return KeyFigures(items=tuple(items), line=place.line - 1, texts=tuple(texts))


def _timeline(node: yaml.Node | None, place: Place) -> Timeline:
    fields = Fields(
        node,
        place,
        what=Phrase("a timeline"),
        optional=("entity", "entities", "title", "from", "to", "id"),
    )
    if ("entity" in fields) == ("entities" in fields):
        message = Phrase("expected either 'entity' or 'entities' in a timeline")
        raise place.fault(message, None)
    entities = fields.values("entities", _slug, most=MAX_TIMELINE_ENTITIES)
    return Timeline(
        entities=entities or (fields.value("entity", _slug),),
        title=fields.text("title", limit=MAX_TITLE),
        start=fields.value("from", fixed_period) if "from" in fields else None,
        end=fields.value("to", fixed_period) if "to" in fields else None,
        name=fields.value("id", chart_name) if "id" in fields else "",
        line=place.line - 1,
        texts=_captions(fields, "title"),
    )


def _callout(node: yaml.Node | None, place: Place) -> Callout:
    fields = Fields(node, place, what=Phrase("a callout"), required=("text",), optional=("title",))
    text = fields.text("text", limit=MAX_CALLOUT, multiline=True)
    # A block scalar's text starts on the line after its key.
    style = getattr(fields.nodes["text"], "style", None)
    line = fields.line("text") + (style in ("|", ">"))
    return Callout(
        text=text,
        title=fields.text("title", limit=MAX_TITLE),
        line=place.line - 1,
        texts=(*_captions(fields, "title"), Prose(text, line)),
    )


def _quote(node: yaml.Node | None, place: Place) -> Quote:
    fields = Fields(
        node,
        place,
        what=Phrase("a quote"),
        required=("text", "by"),
        optional=("source", "locator"),
    )
    return Quote(
        text=fields.text("text", limit=MAX_QUOTE),
        by=fields.text("by", limit=MAX_TITLE),
        source=fields.value("source", _source) if "source" in fields else "",
        locator=fields.text("locator", limit=MAX_LABEL),
        line=place.line - 1,
        texts=_captions(fields, "text", "by"),
    )


def _image(node: yaml.Node | None, place: Place) -> Image:
    fields = Fields(
        node,
        place,
        what=Phrase("an image"),
        required=("picture", "alt"),
        optional=("caption",),
    )
    return Image(
        picture=fields.value("picture", _picture),
        alt=fields.text("alt", limit=MAX_ALT),
        caption=fields.text("caption", limit=MAX_CALLOUT),
        line=place.line - 1,
        texts=_captions(fields, "alt", "caption"),
    )


READERS: Final = {
    "chart": _chart,
    "table": _table,
    "key-figures": _key_figures,
    "timeline": _timeline,
    "callout": _callout,
    "quote": _quote,
    "image": _image,
}
