"""The engines that render, and what each of them can do."""

from __future__ import annotations

from typing import NamedTuple

from blendgym.images.passes import PASSES


class Engine(NamedTuple):
    """What one engine can do.

    Args:
        options: Which options of a view it heeds.
        samples: How many samples a pixel can have; the first is the default. Empty: any number.
        lights_by_sky: Whether an HDRI or a physical sky lights the scene.
        is_panoramic: Whether it renders colours through a fisheye.
        lacks: Names of the passes that it cannot give.
    """

    options: tuple[str, ...]
    samples: tuple[int, ...]
    lights_by_sky: bool
    is_panoramic: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def passes(self) -> tuple[str, ...]:
        """Names of the passes that it gives."""
        return tuple(name for name in PASSES if name not in self.lacks)


ENGINES = {
    "raster": Engine(("samples", "shadow_maps"), (4, 1, 9, 16, 25), lights_by_sky=False),
    "workbench": Engine(("samples",), (1, 5, 8, 11, 16, 32), lights_by_sky=False, lacks=("rgb_linear",)),
    "eevee": Engine(("samples",), (), lights_by_sky=True),
    "cycles": Engine(
        ("samples", "bounces", "denoise", "motion_blur", "focus_distance", "f_stop", "device"),
        (),
        lights_by_sky=True,
        is_panoramic=True,
    ),
}
"""Every engine, by name: from the fastest to the most realistic."""

DEVICES = ("cpu", "gpu")
"""What Cycles renders colours on."""


def engines_with(ability: str) -> str:
    """Names of the engines that give a pass or heed an option, for messages."""
    able = [name for name, engine in ENGINES.items() if ability in engine.passes + engine.options]
    return f"that needs {' or '.join(able)}"
