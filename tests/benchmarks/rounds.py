"""Sides run in turn, each in a process of its own on a copy of its world."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path
from typing import Any

from tests.benchmarks.database import Databases
from tests.benchmarks.rows import Measured

Options = dict[str, Any]
Sums = list[tuple[Any, ...]]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Side:
    """Work to be timed: `module:function` under `sides`, the world it begins in, its options.

    A side that `stays` works on in the database that the side before it left. One that is slow
    runs only `most` times. `result` is a query for sums of what was written: sides of one run
    that have the same query must agree. `environment` is added to that of its process.
    """

    name: str
    work: str
    world: str = ""
    options: Options = field(default_factory=dict)
    stays: bool = False
    most: int = 99
    result: str = ""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """Databases, the folder for the files of a run, the environment of its children."""

    databases: Databases
    folder: Path
    tell: Callable[[str], None]

    def build(
        self,
        world: str,
        build: str,
        options: Options,
        template: str = "template0",
        environment: dict[str, str] | None = None,
    ) -> None:
        """Make the world by a function under `sides`, unless it stands."""
        if not self.databases.exists(world):
            self.tell(f"building {world}")
            address = self.databases.create(world, template)
            self.child(build, address, options, environment)

    def child(
        self,
        work: str,
        address: str,
        options: Options,
        added: dict[str, str] | None = None,
    ) -> Measured:
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "DATA_DIR": str(self.folder),
            "DEBUG": "true",
            "ENV_FILE": os.devnull,
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "fintechsite.settings",
            "SECRET_KEY": "only-for-benchmarks-only-for-benchmarks-only-for-benchmarks",
            "BENCH_FOLDER": str(self.folder),
            **(added or {}),
        }
        command = [sys.executable, "-m", "tests.benchmarks.child", work, json.dumps(options)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return Measured(**json.loads(done.stdout.splitlines()[-1]))

    def rounds(self, sides: Sequence[Side], count: int) -> dict[str, list[Measured]]:
        """Each side `count` times, one after the other, so that a slow minute hits them all.

        The first round is not kept where there are several: it fills the caches of the machine.
        """
        measures: dict[str, list[Measured]] = defaultdict(list)
        results: dict[str, Sums] = {}
        for number in range(count + (count > 1)):
            for side in sides:
                if len(measures[side.name]) >= side.most:
                    continue
                measured = self._run(side)
                if side.result:
                    refuse_other(results, side, self.databases.fetch("side", side.result))
                self.tell(f"round {number}: {side.name}: {measured.seconds:.3f} s")
                if number or count == 1 or side.most < count:
                    measures[side.name].append(measured)
        return dict(measures)

    def _run(self, side: Side) -> Measured:
        address = self.databases.address("side")
        if side.world and not side.stays:
            address = self.databases.create("side", side.world)
        return self.child(side.work, address, side.options, side.environment)


def refuse_other(results: dict[str, Sums], side: Side, found: Sums) -> None:
    """Keep what the first side wrote; another that wrote something else is no peer."""
    first = results.setdefault(side.result, found)
    for mine, other in zip(first, found, strict=True):
        if not all(isclose(a, b, rel_tol=1e-6) for a, b in zip(mine, other, strict=True)):
            raise AssertionError(f"{side.name} wrote {found}, others wrote {first}")
