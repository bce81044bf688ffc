"""The methods document says what the code does."""

from pathlib import Path

from metrics.stats.handbook import handbook
from metrics.stats.registry import STATISTICS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "methods.md"


def test_document_equals_the_registry() -> None:
    """Refresh it by `python -m metrics.stats.handbook > docs/methods.md`."""
    assert DOCUMENT.read_text(encoding="utf-8") == handbook()


def test_handbook_names_every_statistic() -> None:
    text = handbook()
    assert all(f"(`{item.key}`)" in text for item in STATISTICS)
