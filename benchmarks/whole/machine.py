"""What figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import NamedTuple

from blendgym.processes import usable_processors
from blendgym.version import __version__


class Machine(NamedTuple):
    """A machine, and what runs on it.

    Args:
        processor: Its name.
        processors: How many this process may use.
        blendgym: Version.
        blender: Version.
        python: Version, of the trainer.
        load: The load average of the minute before.
    """

    processor: str
    processors: int
    blendgym: str
    blender: str
    python: str
    load: float

    def __str__(self) -> str:
        return (
            f"{self.processors} processors ({self.processor}), blendgym {self.blendgym}, Blender {self.blender}, "
            f"Python {self.python}, load average before {self.load:.1f}"
        )


def this_machine(blender: str) -> Machine:
    """The one that this runs on.

    Args:
        blender: Version of Blender.
    """
    load = round(os.getloadavg()[0], 1)
    return Machine(_processor(), usable_processors(), __version__, blender, platform.python_version(), load)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
