"""Runs inside Blender: layouts of a task played with nothing around them, frame by frame. This is the limit.

``raw_layouts.py THINGS SECONDS`` is a ``Child`` of ``contest.py``; its steps are episodes of ``pour.py``.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from blendgym.benchmarks.contest import answer_questions
from blendgym.benchmarks.layouts.pour import Pour
from blendgym.scene_places import find_scene
from blendgym.server.process import without_workers

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World
    from blendgym.blender.stage import Stage


def main() -> None:
    """Serves."""
    task = Pour(things=int(sys.argv[1]), seconds=float(sys.argv[2]))
    # Without worker threads, as in a server: they would go on looking for work while the other contestants run.
    with without_workers():
        from blendgym.blender.physics.world import World
        from blendgym.blender.scenes import load_scenes
        from blendgym.blender.stage import Stage

        loaded = load_scenes(find_scene(task), 1)[0]
        stage = Stage(loaded, task.templates)
        world = World(loaded, task.control_rate, task.substeps)
    frames = round(float(sys.argv[2]) * task.control_rate)
    answer_questions(lambda episodes: sum(_seconds(task, stage, world, frames, seed) for seed in range(episodes)))


def _seconds(task: Pour, stage: Stage, world: World, frames: int, seed: int) -> float:
    stage.lay_out(task.layout(np.random.Generator(np.random.PCG64(seed))))
    world.furnish(stage.objects)
    world.rest()
    world.start()
    first = world.scene.frame_current
    start = time.perf_counter()
    for frame in range(first + 1, first + 1 + frames):
        world.scene.frame_set(frame)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
