"""`python -m tests.benchmarks`: run the suites, print the ratios, keep them under docs/."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.database import private_cluster
from tests.benchmarks.report import keep, machine
from tests.benchmarks.rounds import ROOT, Bench
from tests.benchmarks.rows import Result
from tests.benchmarks.suites import suites


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="the panel of 12M values too (hours)")
    parser.add_argument("--only", action="append", help="a suite by name; may be repeated")
    parser.add_argument("--series", type=int, default=10_000, help="of 120 months each (10,000)")
    parser.add_argument("--members", type=int, default=10_000, help="of a group (10,000)")
    parser.add_argument("--rounds", type=int, help="rounds of each suite")
    parser.add_argument("--keep", type=Path, default=ROOT / "docs", metavar="FOLDER")
    return parser.parse_args()


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    asked = arguments()
    os.environ["BENCH_MEMBERS"] = str(asked.members)  # for the sides, which run on their own
    known = suites(large=asked.large, series=asked.series)
    wanted = [suite for suite in known if not asked.only or suite.name in asked.only]
    if not wanted:
        names = ", ".join(suite.name for suite in suites(large=True))
        sys.exit(f"There is no such suite; with --large there are: {names}.")
    found: list[Result] = []
    with private_cluster() as databases, tempfile.TemporaryDirectory(prefix="fintech-bench-") as at:
        bench = Bench(databases, Path(at), tell)
        for suite in wanted:
            tell(f"== {suite.name}")
            results = list(suite.run(bench, asked.rounds))
            keep(asked.keep, suite.name, results, machine(databases.version()))
            found += results
    print("work | beside | found | to reach |")
    print("\n".join(map(str, found)))
    return int(any(result.holds is False for result in found))


if __name__ == "__main__":
    sys.exit(main())
