"""Runs inside Blender: the scene of a task stepped in-process, with no wire and no task. This is the limit.

Reads numbers of steps from standard input, one a line, and answers each with the seconds that they took.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from blendgym.benchmarks.contest import answer_questions
from blendgym.scene_places import find_scene
from blendgym.server.process import without_workers
from blendgym.task import make_task

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World

RESET_AFTER = 500  # steps, so that the cache stays as short as in an episode


def main() -> None:
    """Serves ``raw_loop.py TASK``."""
    task = make_task(sys.argv[1], {})
    # Without worker threads, as in a server: they would go on looking for work while the other contestants run.
    with without_workers():
        from blendgym.blender.physics.world import World
        from blendgym.blender.scenes import load_scenes

        world = World(load_scenes(find_scene(task), 1)[0], task.control_rate, task.substeps)
    answer_questions(lambda steps: _seconds(world, steps))


def _seconds(world: World, steps: int) -> float:
    motor = world.motor(next(iter(world.motor_names)))
    taken = 0.0
    for first in range(0, steps, RESET_AFTER):
        world.rest()
        world.start()
        frame = world.scene.frame_current
        start = time.perf_counter()
        for step in range(min(RESET_AFTER, steps - first)):
            motor.force = 1.0 if step % 2 else -1.0
            world.scene.frame_set(frame + step + 1)
        taken += time.perf_counter() - start
    return taken


if __name__ == "__main__":
    main()
