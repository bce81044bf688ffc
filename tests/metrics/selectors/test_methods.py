"""The methods page leaves no registered statistic out."""

import pytest

from metrics.selectors.methods import methods_page
from metrics.stats.registry import STATISTICS


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_registered_statistic_is_shown(language: str) -> None:
    shown = [method.name for group in methods_page(language).groups for method in group.methods]
    assert sorted(shown) == sorted(item.name[language] for item in STATISTICS)
