"""The whole description against the whole API: what it says is what is answered, and nothing else.

Schemathesis makes requests from the OpenAPI document, good ones and bad ones, and follows its
links; every check it has looks at every answer.
"""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.services.exporting import build_export
from metrics.services.refresh import refresh_all
from tests.cases.api.conftest import write
from tests.metrics.factories import NOW, EntityFactory, make_series, publish

EXAMPLES, SECONDS = 8, 55
# Strict in all but this: that a cursor is one of ours, a key names something, a moment is past or a
# transform suits a series is no matter of a schema, and what does not is a 400.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "416", "429", "503"]
"""


@pytest.fixture
def small_world(transactional_db: None) -> None:
    """A little of everything that the API tells of."""
    from cases.models import Case

    level = make_series("webank.users", nature="stock")
    publish(
        (level, "2016", "100"), (level, "2017", "超过6,000万"), (level, "2007/2008", "约5"),
        (level, "undated", "7"), (make_series("webank.rate", unit="points", nature="ratio"),
                                  "2018", "1.5ppts"),
    )  # fmt: skip
    publish((level, "2017", "7,000万"), kind="correction", now=NOW + timedelta(hours=1))
    refresh_all(now=NOW + timedelta(hours=2))
    technology = Case.objects.create(slug="big-data", kind="technology", position=9)
    write(technology, "en", "Big data")
    case = Case.objects.create(slug="webank", position=1)
    case.technologies.set([technology])
    case.entities.add(EntityFactory(slug="webank"))
    write(case, "en", "WeBank", body="WeBank had {{ webank.users@2017 }} users.")
    write(case, "zh-hans", "微众银行", body="共{{ webank.users@2017 }}人。")
    build_export(NOW + timedelta(days=1))


@pytest.mark.usefixtures("small_world")
def test_api_is_as_described(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.API_ANONYMOUS_QUOTA = 1_000_000
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run",
        f"{live_server.url}/api/v1/schema?format=json",
        "--checks=all", "--phases=examples,coverage,fuzzing,stateful",
        f"--max-examples={EXAMPLES}", "--generation-deterministic",
        f"--max-time={SECONDS}", "--workers=1", "--no-color",
        "--continue-on-failure", "--suppress-health-check=all", "--no-shrink",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
