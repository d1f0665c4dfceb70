"""How long a client waits for a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from blendgym.checks import is_number
from blendgym.errors import InvalidOption

KERNEL_SECONDS = 1800.0
"""What the first picture on a GPU may take longer: drivers compile the kernels of Cycles for it, and keep them."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds after which an operation that got no answer raises ``ServerTimeout``.

    Args:
        start: From the launch of Blender to its first answer: imports, scene, shaders. With views that need a GPU it
            is ``KERNEL_SECONDS`` more.
        reset: For ``reset()``.
        step: For ``step()``.
        render: For ``render()`` and ``capture()``. The first image of EEVEE takes half a minute without a GPU; the
            first that needs a GPU has ``KERNEL_SECONDS`` more.
        close: For a server to end by itself; afterwards it is killed.
    """

    start: float = 120.0
    reset: float = 30.0
    step: float = 10.0
    render: float = 120.0
    close: float = 5.0


def deadlines_from(changes: Mapping[str, Any]) -> Deadlines:
    """The default deadlines, with some replaced.

    Raises:
        InvalidOption: If a name is unknown, or a value is no positive number.
    """
    known = [field.name for field in fields(Deadlines)]
    for name, seconds in changes.items():
        if name not in known:
            raise InvalidOption(f"Deadline {name!r} is unknown; there are {', '.join(known)}.")
        if not (is_number(seconds) and seconds > 0):
            raise InvalidOption(f"Deadline {name!r} is {seconds!r}; expected a positive number of seconds.")
    return replace(Deadlines(), **{name: float(seconds) for name, seconds in changes.items()})
