"""Files as plain Blender plays them: ``python playback.py FRAMES FOLDER FILE…`` writes the poses of their rigid bodies.

Poses are 4×4 matrices without scale, by name of the body: float64 (frames, 4, 4), of the frames after the first.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np


def played(file: Path, frames: int, folder: Path) -> dict[str, Any]:
    """The poses of the bodies of a file, played in a Blender of its own."""
    return all_played([file], frames, folder)[file.stem]


def all_played(files: Iterable[Path], frames: int, folder: Path) -> dict[str, dict[str, Any]]:
    """The poses of the bodies of files, played one after the other in a Blender, by the names of the files.

    Args:
        files: Each a ``.blend``.
        frames: How many frames after the first.
        folder: Where they are kept on the way.
    """
    files = list(files)
    command = [sys.executable, __file__, str(frames), str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)
    return {file.stem: dict(np.load(folder / f"{file.stem}.npz")) for file in files}


def play(file: Path, frames: int, output: Path) -> None:
    import bpy

    bpy.ops.wm.open_mainfile(filepath=str(file), load_ui=False)
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
    for name in sys.argv[3:]:
        play(Path(name), int(sys.argv[1]), Path(sys.argv[2], f"{Path(name).stem}.npz"))
