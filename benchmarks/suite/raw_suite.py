"""Runs inside Blender: an episode of a task as it begins, stepped in-process, with no actions, no wire and no task.

``raw_suite.py TASK`` is a ``Child`` of ``contest.py``. Unlike ``raw_loop.py`` it takes any task: episodes begin as in a
server, layouts included.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from blendgym.benchmarks.contest import answer_questions
from blendgym.scene_places import find_scene
from blendgym.server.process import without_workers
from blendgym.task import Task, make_task
from blendgym.wire.messages import Episode

if TYPE_CHECKING:
    from blendgym.server.simulation import Simulation

MOST_FRAMES = 4_000
"""Of an episode: the cache of a simulation that begins is a little longer."""


def main() -> None:
    """Serves."""
    task = make_task(sys.argv[1], {})
    # Without worker threads, as in a server: they would go on looking for work while the other contestants run.
    with without_workers():
        from blendgym.blender.scenes import load_scenes
        from blendgym.server.simulation import Simulation

        simulation = Simulation(task, load_scenes(find_scene(task), 1)[0])
    answer_questions(lambda steps: _seconds(simulation, task, steps))


def _seconds(simulation: Simulation, task: Task, steps: int) -> float:
    most = min(500, MOST_FRAMES // task.frames_per_step)
    taken = 0.0
    for first in range(0, steps, most):
        simulation.reset(Episode(seed=first))
        scene = simulation.world.scene
        now, frames = scene.frame_current, min(most, steps - first) * task.frames_per_step
        start = time.perf_counter()
        for frame in range(now + 1, now + 1 + frames):
            scene.frame_set(frame)
        taken += time.perf_counter() - start
    return taken


if __name__ == "__main__":
    main()
