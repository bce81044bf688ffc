"""The colours of drawings that stand alone, where no style sheet of the site reaches them.

The site's own are in `static/css/tokens.css`; a test compares the two.
"""

from collections.abc import Mapping
from typing import Literal

from metrics.charts.svg import SERIES_CLASSES

Theme = Literal["light", "dark"]

_LIGHT = {
    "paper": "#fbfaf7",
    "wash": "#f3f0e8",
    "ink": "#1b1e23",
    "quiet": "#5d636d",
    "rule": "#dedad0",
    "accent": "#0b5c6b",
    "series-1": "#0b5c6b",
    "series-2": "#b4562b",
    "series-3": "#5f6f1f",
    "series-4": "#6b4a8f",
    "series-5": "#8a6400",
    "series-6": "#2f5fa8",
    "series-7": "#a0355f",
    "series-8": "#5d636d",
}
_DARK = {
    "paper": "#14161a",
    "wash": "#1b1e23",
    "ink": "#e9e6df",
    "quiet": "#a3a8b0",
    "rule": "#2e3238",
    "accent": "#6fc7d6",
    "series-1": "#6fc7d6",
    "series-2": "#e79a70",
    "series-3": "#b9c46c",
    "series-4": "#b9a0e0",
    "series-5": "#e8c55a",
    "series-6": "#8fb4f0",
    "series-7": "#ea90b4",
    "series-8": "#a3a8b0",
}
PALETTES: Mapping[Theme, Mapping[str, str]] = {"light": _LIGHT, "dark": _DARK}


def drawing_style(theme: Theme) -> str:
    """The rules of `static/css/svg.css` in literal colours, for one document."""
    colours = PALETTES[theme]
    tones = "".join(
        f".series-{n}{{color:{colours[f'series-{n}']}}}" for n in range(1, SERIES_CLASSES + 1)
    )
    return (
        f"text{{fill:{colours['ink']}}}.q{{fill:{colours['quiet']}}}.name{{fill:currentColor}}"
        f".grid{{fill:none;stroke:{colours['rule']}}}.axis{{fill:none;stroke:{colours['ink']}}}"
        ".break{stroke-linecap:round;stroke-width:1.5}"
        f".bound{{fill:none;stroke:{colours['ink']};opacity:.75}}.open{{fill:{colours['wash']}}}"
        f".span{{opacity:.35}}.seam{{stroke:{colours['wash']}}}.sign{{color:{colours['ink']}}}"
        f".halo{{fill:none;stroke:{colours['wash']};stroke-width:4}}"
        f".on{{fill:{colours['paper']}}}.paper{{fill:{colours['wash']}}}"
        f".ground{{fill:{colours['wash']}}}.title{{font-family:SERIF}}{tones}"
    )
