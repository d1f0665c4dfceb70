"""``probe.py PROBE RESULT``: tries one thing of Blender and writes what it found to a file. Runs on its own."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import bpy

ENGINES = {"cycles": ("CYCLES",), "workbench": ("BLENDER_WORKBENCH",), "eevee": ("BLENDER_EEVEE", "BLENDER_EEVEE_NEXT")}
"""The identifiers that an engine has had; EEVEE's was another from 4.2 to 4.5."""


INTERFACES = ("CUDA", "OPTIX", "HIP", "ONEAPI", "METAL")
"""By which Cycles may find GPUs."""


def main() -> None:
    """Runs the probe that the command line names."""
    probe, result = sys.argv[-2], Path(sys.argv[-1])
    other = {"version": _version, "gpus": _gpus}
    result.write_text(
        other[probe]() if probe in other else _render(ENGINES[probe], result.with_suffix(".png")), encoding="utf-8"
    )
    os._exit(0)


def _version() -> str:
    return f"Blender {bpy.app.version_string}, Python {sys.version.split()[0]}"


def _gpus() -> str:
    """The names of the GPUs that Blender finds, by interface, as JSON."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    # Names at once: the entries move when Blender finds more of them (4.5).
    list_of = preferences.get_devices_for_type
    return json.dumps({name: [each.name for each in list_of(name) if each.type == name] for name in INTERFACES})


def _render(identifiers: tuple[str, ...], image: Path) -> str:
    scene = bpy.context.scene
    for identifier in identifiers:
        try:
            scene.render.engine = identifier
            break
        except TypeError:
            continue
    else:
        raise RuntimeError(f"this Blender has no engine {' or '.join(identifiers)}")
    scene.cycles.samples = 1
    scene.render.resolution_x = scene.render.resolution_y = 64
    scene.render.resolution_percentage = 100
    scene.render.filepath = str(image)
    start = time.monotonic()
    bpy.ops.render.render(write_still=True)
    seconds = time.monotonic() - start
    pixels = bpy.data.images.load(str(image)).pixels[:]
    if max(pixels) == min(pixels):
        raise RuntimeError("the image is of one colour")
    return f"64×64 image in {seconds:.1f} s{_driver()}"


def _driver() -> str:
    import gpu

    try:
        return f", OpenGL renderer {gpu.platform.renderer_get()}"
    except SystemError:  # No GPU context, which Cycles does not need.
        return ""


if __name__ == "__main__":
    main()
