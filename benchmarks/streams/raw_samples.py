"""Runs inside Blender: samples set up and captured with no stream, no wire and nobody to take them. This is the limit.

``raw_samples.py TASK VIEW``, a ``View`` as JSON, is a ``Child`` of ``contest.py``, in the environment of a server.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from blendgym.benchmarks.contest import answer_questions
from blendgym.data.streams.indices import sample_seed
from blendgym.images.captures import Capture
from blendgym.images.views import View
from blendgym.scene_places import find_scene
from blendgym.server.process import without_workers
from blendgym.task import make_task
from blendgym.wire.messages import Episode

if TYPE_CHECKING:
    from blendgym.server.simulation import Simulation


class RawSamples:
    """Makes the samples of a stream with the seed 0.

    Args:
        task: The scenario, as ``module:Class``.
        view: What is captured of each, a ``View`` as JSON.
    """

    def __init__(self, task: str, view: str) -> None:
        self._view = msgspec.json.decode(view, type=View)
        # Without worker threads, as in a server: they would go on looking for work while the other contestants run.
        with without_workers():
            self._simulation = _simulation_of(task)

    def make(self, index: int) -> Capture:
        """What is seen of a sample."""
        self._simulation.reset(Episode(seed=sample_seed(0, index)))
        return self._simulation.capture([self._view])[0]

    def seconds(self, samples: int) -> float:
        """The seconds that the first samples take."""
        start = time.perf_counter()
        for index in range(samples):
            self.make(index)
        return time.perf_counter() - start


def main() -> None:
    """Serves."""
    answer_questions(RawSamples(*sys.argv[1:]).seconds)
    os._exit(0)  # On its way out bpy complains of each context of EGL (4.5).


def _simulation_of(task: str) -> Simulation:
    from blendgym.blender.scenes import load_scenes
    from blendgym.server.simulation import Simulation

    made = make_task(task, {})
    return Simulation(made, load_scenes(find_scene(made), 1)[0])


if __name__ == "__main__":
    main()
