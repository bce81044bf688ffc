"""From the form of an exhibit, as it was sent, to the values of its YAML, and back."""

from collections.abc import Iterator

from django.http import QueryDict

from cases.admin.exhibit_forms import FORMS
from cases.markup.exhibit_source import Data


def data_of(kind: str, posted: QueryDict) -> Data:
    """The values of an exhibit from its form; every row sends all its fields, empty or not."""
    form = FORMS[kind]
    given: dict[str, Data] = {field.name: posted.get(field.name, "") for field in form.fields}
    if "periods" in given:
        given["periods"] = [*posted.get("periods", "").replace("，", " ").replace(",", " ").split()]
    if form.rows is None:
        return given
    names = [field.name for field in form.rows.fields]
    columns = [posted.getlist(name) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
    if kind == "key-figures":
        return [dict(row) for row in rows]
    given[names[0]] = [row[names[0]] for row in rows]
    if "label" in names:
        given["labels"] = {row["series"]: row["label"] for row in rows}
    return given


def pairs_of(data: Data) -> list[tuple[str, str]]:
    """The values of an exhibit as its form would send them: the inverse of `data_of`."""
    if isinstance(data, list):
        return [(name, _text(item, name)) for item in data for name in ("value", "label", "note")]
    return list(_pairs(data)) if isinstance(data, dict) else []


def _pairs(data: dict[str, Data]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if name == "series":
            for key in _texts(value):
                yield from [("series", key), ("label", _text(data.get("labels", {}), key))]
        elif name in ("entity", "entities"):
            yield from [("entities", slug) for slug in _texts(value)]
        elif name == "periods":
            yield "periods", ", ".join(_texts(value))
        elif isinstance(value, str):
            yield name, value


def _text(data: Data, name: str) -> str:
    return str(data.get(name, "")) if isinstance(data, dict) else ""


def _texts(data: Data) -> list[str]:
    return [str(item) for item in data] if isinstance(data, list) else [str(data)]
