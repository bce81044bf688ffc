"""Every line of docs/api.md that can be run is run, against a server with the shipped content."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.test import Client

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found, language
    return found


@pytest.fixture
def api(transactional_db: None, live_server: Any) -> str:
    call_command("load_content", verbosity=0)
    return f"{live_server.url}/api/v1"


def test_every_curl_line_is_answered(api: str, tmp_path: Path) -> None:
    lines = [line for block in blocks("sh") for line in re.sub(r"\\\n", " ", block).splitlines()
             if line.startswith("curl")]  # fmt: skip
    assert len(lines) >= 15
    for line in lines:
        script = line.replace("curl ", "curl -sS --fail-with-body ", 1)
        done = subprocess.run(
            ["sh", "-c", script],
            env={"API": api, "PATH": os.environ["PATH"], "no_proxy": "*"},
            cwd=tmp_path, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        if "fin_live" in line:
            assert "invalid_key" in done.stdout, line
            continue
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        assert done.stdout.strip(), line


def test_every_python_line_runs(api: str) -> None:
    # What checks a webhook is run by tests/partners/test_guide.py.
    for block in (one for one in blocks("python") if HERE in one):
        known: dict[str, Any] = {}
        exec(compile(block.replace(f"{HERE}/api/v1", api), "docs/api.md", "exec"), known)  # noqa: S102
        assert len(known["npl"])
        assert all(isinstance(period, str) for period in known["npl"]["period"])
        assert known["npl"]["value"].dtype == "float64"
        assert len(known["everything"]) > 100
        assert len(known["series"]) > 50


def test_every_line_of_r_runs(api: str, tmp_path: Path) -> None:
    """Where there is no R (CI has it), what it would read is there to be read."""
    for block in blocks("r"):
        script = block.replace(f"{HERE}/api/v1", api)
        if shutil.which("Rscript") or os.environ.get("CI"):
            file = tmp_path / "guide.R"
            file.write_text(script + "\nstopifnot(is.numeric(npl$value), is.character(npl$period))")
            subprocess.run(["Rscript", str(file)], check=True, timeout=120)
        for path in re.findall(r'paste0\(API, "([^"]*)"\)', script):
            with urlopen(api + path) as answer:  # noqa: S310
                assert answer.read().startswith(b"series,period,")


def test_explorer_leads_to_the_guides(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs").content.decode()
    for address, words in (
        ("/api/v1/docs/guide", "An observation"),
        ("/api/v1/docs/changes", "The promise"),
    ):
        assert f'href="{address}"' in page
        guide = client.get(address)
        assert words in guide.content.decode()
        assert client.post(address).status_code == 405
