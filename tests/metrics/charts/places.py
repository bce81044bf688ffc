"""Where the texts and marks of a drawing stand."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree as ET

from metrics.charts.text import text_width
from tests.metrics.charts.builders import SVG


class Box(NamedTuple):
    """The room of one text, of which descenders may reach out."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        beside = self.right <= other.left + 1 or other.right <= self.left + 1
        above = self.bottom <= other.top + 1 or other.bottom <= self.top + 1
        return not beside and not above


def size(root: ET.Element) -> tuple[float, float]:
    _, _, width, height = map(float, root.get("viewBox", "").split())
    return width, height


def _placed(element: ET.Element, shift: float = 0.0) -> Iterator[tuple[ET.Element, float]]:
    moved = re.match(r"translate\(([-\d.]+)", element.get("transform", ""))
    shift += float(moved[1]) if moved else 0.0
    yield element, shift
    for child in element:
        if child.tag not in (f"{SVG}defs", f"{SVG}title", f"{SVG}desc"):
            yield from _placed(child, shift)


def boxes(root: ET.Element) -> list[Box]:
    """One for each text that is drawn."""
    found = []
    for element, shift in _placed(root):
        if element.tag == f"{SVG}text" and element.text:
            font = float(element.get("font-size", "14"))
            wide = text_width(element.text, font)
            x, y = float(element.get("x", "")) + shift, float(element.get("y", ""))
            left = x - {"end": wide, "middle": wide / 2}.get(element.get("text-anchor", ""), 0)
            found.append(Box(element.text, left, y - font * 0.75, left + wide, y + font * 0.1))
    return found


def collisions(root: ET.Element) -> list[tuple[str, str]]:
    """Texts that cover each other."""
    return [(a.text, b.text) for a, b in combinations(boxes(root), 2) if a.covers(b)]


def outside(root: ET.Element) -> list[str]:
    """What reaches out of the drawing, by more than the half of a stroke."""
    width, height = size(root)
    found = [
        box.text
        for box in boxes(root)
        if box.left < -1 or box.right > width + 1 or box.top < -1 or box.bottom > height + 1
    ]
    for element, shift in _placed(root):
        for x, y in corners(element):
            if not (-2 <= x + shift <= width + 2 and -2 <= y <= height + 2):
                found.append(ET.tostring(element, encoding="unicode"))
    return found


STEP = re.compile(r"([MLHVlhv])([^MLHVlhvZz]*)|[Zz]")


def corners(element: ET.Element) -> list[tuple[float, float]]:
    """The corners of a path, the centre of a circle, those of a rectangle."""
    if element.tag == f"{SVG}circle":
        return [(float(element.get("cx", "")), float(element.get("cy", "")))]
    if element.tag == f"{SVG}rect":
        x, y = float(element.get("x", "")), float(element.get("y", ""))
        wide, high = float(element.get("width", "")), float(element.get("height", ""))
        return [(x, y), (x + wide, y + high)]
    if element.tag != f"{SVG}path":
        return []
    found, x, y = [], 0.0, 0.0
    for match in STEP.finditer(element.get("d", "")):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", match[2] or "")]
        letter = match[1] or "Z"
        pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
        if letter in "HhVv":
            pairs = [(n, 0.0) if letter in "Hh" else (0.0, n) for n in numbers]
        for a, b in pairs:
            if letter.islower():
                x, y = x + a, y + b
            elif letter == "H":
                x = a
            elif letter == "V":
                y = b
            else:
                x, y = a, b
            found.append((x, y))
    return found
