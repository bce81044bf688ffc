"""One side in a process of its own: `python -m tests.benchmarks.child MODULE:FUNCTION OPTIONS`.

Prints seconds, most memory and what the side counted, as one line of JSON.
"""

import gc
import importlib
import json
import resource
import sys
import time
from typing import Any

import django

KILOBYTE = 1024


def measure(work: str, options: dict[str, Any]) -> dict[str, Any]:
    module, _, name = work.partition(":")
    steps = getattr(importlib.import_module(f"tests.benchmarks.sides.{module}"), name)(**options)
    next(steps)  # prepared
    gc.collect()
    started = time.perf_counter()
    counted = next(steps) or {}
    seconds = time.perf_counter() - started
    for _ in steps:
        raise AssertionError(f"{work} yields more than twice")
    return {"seconds": seconds, "memory": most_memory(), **counted}


def most_memory() -> int:
    """The most that this process or the largest of its children ever had in memory, in bytes."""
    own, children = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return int(max(own, children)) * KILOBYTE


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(sys.argv[1], json.loads(sys.argv[2]))))  # noqa: T201
