"""Runs inside Blender: the samples of ``raw_samples.py``, published by blendtorch's own publisher without an end.

``blendtorch_samples.py CHECKOUT TASK VIEW ADDRESS FIRST STEP`` makes every so many samples from a first one on, and
ends with its standard input.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from blendgym.benchmarks.streams.raw_samples import RawSamples


def main() -> None:
    """Publishes."""
    checkout, task, view, address, first, step = sys.argv[1:]
    threading.Thread(target=_end_with_input, daemon=True).start()
    samples = RawSamples(task, view)
    publisher = _publisher(Path(checkout), address, int(first))
    for index in itertools.count(int(first), int(step)):
        publisher.publish(index=index, **samples.make(index).images)


def _publisher(checkout: Path, address: str, number: int) -> Any:
    # blendtorch's package itself imports bgl, which Blender has no more (5.0); the publisher needs none of it.
    package = ModuleType("blendtorch")
    package.__path__ = [str(checkout / "pkg_blender" / "blendtorch" / "btb")]
    sys.modules["blendtorch"] = package
    from blendtorch.publisher import DataPublisher

    return DataPublisher(address, number)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
