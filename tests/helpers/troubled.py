"""A scenario that gets into trouble now and then, as its only parameter says."""

from __future__ import annotations

import os
import time

from scenarios import Silent

from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.parameters.sources import Prior

TROUBLED = "troubled:Troubled"
LIMIT = 0.7


class Troubled(Silent):
    """Does not get far where its trouble is above the limit."""

    parameters = ParameterSpace(
        Parameter(name="trouble", unit="1", nominal=0.0, low=0.0, high=1.0, binding=TaskAttribute("trouble"))
    )
    trouble = 0.0

    def __init__(self, kind="raise"):
        self._kind = kind

    def sample(self, world, rng):
        super().sample(world, rng)
        if self.trouble <= LIMIT:
            return
        if self._kind == "raise":
            raise ValueError("this is the trouble")
        if self._kind == "spoil":
            import bpy

            for each in list(bpy.data.cameras):
                bpy.data.cameras.remove(each)
        if self._kind == "die":
            os._exit(3)
        if self._kind == "hang":
            time.sleep(600)


def is_troubled(episode_seed):
    """Whether the sample of an episode gets into trouble, if all is drawn from priors."""
    return Prior(Troubled.parameters).draw(episode_seed, 0).unit[0, 0] > LIMIT
