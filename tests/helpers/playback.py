"""A file as plain Blender plays it: ``python playback.py FILE FRAMES OUTPUT`` writes the poses of its rigid bodies.

Poses are 4×4 matrices without scale, by name of the body: float64 (frames, 4, 4), of the frames after the first.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np


def played(file: Path, frames: int, folder: Path) -> dict[str, Any]:
    """The poses of the bodies of a file, played in a Blender of its own.

    Args:
        file: A ``.blend``.
        frames: How many frames after the first.
        folder: Where they are kept on the way.
    """
    output = folder / f"{file.stem}.npz"
    command = [sys.executable, __file__, str(file), str(frames), str(output)]
    subprocess.run(command, check=True, capture_output=True)
    return dict(np.load(output))


def play(file: str, frames: int, output: str) -> None:
    import bpy

    bpy.ops.wm.open_mainfile(filepath=file, load_ui=False)
    scene = bpy.context.scene
    first = scene.rigidbody_world.point_cache.frame_start
    scene.frame_set(first)
    bodies = [obj for obj in scene.rigidbody_world.collection.objects if obj.rigid_body]
    poses: dict[str, list[Any]] = {obj.name: [] for obj in bodies}
    for frame in range(first + 1, first + 1 + frames):
        scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        for obj in bodies:
            poses[obj.name].append(np.array(obj.evaluated_get(graph).matrix_world.normalized()))
    np.savez(output, **{name: np.array(each) for name, each in poses.items()})


if __name__ == "__main__":
    play(sys.argv[1], int(sys.argv[2]), sys.argv[3])
