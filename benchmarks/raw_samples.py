"""Runs inside Blender: samples set up and captured with no stream, no wire and nobody to take them. This is the limit.

``raw_samples.py TASK VIEW``, a ``View`` as JSON, is a ``Child`` of ``contest.py``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from blendgym.benchmarks.contest import answer_questions
from blendgym.data.indices import sample_seed
from blendgym.images.views import View
from blendgym.scene_places import find_scene
from blendgym.server.process import without_workers
from blendgym.task import make_task
from blendgym.wire.messages import Episode

if TYPE_CHECKING:
    from blendgym.server.simulation import Simulation


def main() -> None:
    """Serves."""
    os.environ.update(LP_NUM_THREADS="0", OPENBLAS_NUM_THREADS="1")  # As for a server that is launched.
    task, view = make_task(sys.argv[1], {}), msgspec.json.decode(sys.argv[2], type=View)
    # Without worker threads, as in a server: they would go on looking for work while the other contestants run.
    with without_workers():
        from blendgym.blender.scenes import load_scenes
        from blendgym.server.simulation import Simulation

        simulation = Simulation(task, load_scenes(find_scene(task), 1)[0])
    answer_questions(lambda samples: _seconds(simulation, view, samples))
    os._exit(0)  # On its way out bpy complains of each context of EGL (4.5).


def _seconds(simulation: Simulation, view: View, samples: int) -> float:
    start = time.perf_counter()
    for index in range(samples):
        simulation.reset(Episode(seed=sample_seed(0, index)))
        simulation.capture([view])
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
