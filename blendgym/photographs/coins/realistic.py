"""The same table by Cycles, under surroundings that were photographed, with metals that reflect them."""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from blendgym.errors import InvalidStudy
from blendgym.parameters import Camera, Material, Parameter, ParameterSpace
from blendgym.photographs.coins.scenario import (
    CAMERA,
    HEIGHT_OF_RENDER,
    IMAGING,
    OTHERS,
    REFLECTANCES,
    SUBJECTS,
    WIDTH,
    Table,
)
from blendgym.photographs.coins.table import METALS

SAMPLES, BOUNCES = 8, 2
"""Light paths through a pixel, which are denoised, and reflections on each."""

IRRADIANCES = {
    "city": 6.84, "courtyard": 2.12, "forest": 4.74, "interior": 5.63, "night": 0.5, "studio": 1.52, "sunrise": 1.66,
    "sunset": 2.19,
}  # fmt: skip
"""On level ground under each of the surroundings that Blender ships (CC0, of Poly Haven), measured from their files."""

IRRADIANCE = 2.0
"""To which all of them are brought, as a photographer would expose them."""


class RealisticTable(Table):
    """Coins on cloth as light makes them look. Surroundings are those of the stream; the camera is turned in them."""

    views = {  # noqa: RUF012  # declared as by every task
        "": {
            "passes": ["rgb", "segmentation"], "width": WIDTH, "height": HEIGHT_OF_RENDER, "engine": "cycles",
            "samples": SAMPLES, "bounces": BOUNCES, "denoise": True,
        }
    }  # fmt: skip
    parameters = ParameterSpace(
        *SUBJECTS, *OTHERS, *REFLECTANCES,
        *(
            Parameter(
                name=f"{metal.lower()}.roughness", unit="1", nominal=0.4, low=0.15, high=0.6, group="texture",
                binding=Material(metal, "roughness"), description=f"How matt {metal.lower()} is",
            )
            for metal in METALS
        ),
        *CAMERA,
        Parameter(
            name="camera.azimuth", unit="rad", nominal=-math.pi / 2.0, low=-math.pi, high=math.pi, group="camera",
            binding=Camera("Camera", "azimuth"), description="On which side of the table the camera is",
        ),
        *IMAGING,
    )  # fmt: skip


def surroundings() -> list[Path]:
    """Files of the photographed surroundings that the bpy wheel ships.

    Raises:
        InvalidStudy: If they are missing.
    """
    package = find_spec("bpy")
    folder = Path(package.origin).parent if package and package.origin else Path()
    files = {file.stem: file for file in folder.glob("*/datafiles/studiolights/world/*.exr")}
    if missing := sorted(set(IRRADIANCES) - set(files)):
        raise InvalidStudy(
            f"Surroundings are missing that realistic renders are lit by: {', '.join(missing)}. The bpy wheel ships "
            "them: pip install 'blendgym[bpy]'"
        )
    return [files[name] for name in IRRADIANCES]


def lit_by(file: Path) -> dict[str, Any]:
    """The appearance of a scene that one of the surroundings lights, and nothing else."""
    strength = IRRADIANCE / IRRADIANCES[file.stem]
    return {"lighting": {"hdri": str(file), "strength": strength, "lights": 0.0}}
