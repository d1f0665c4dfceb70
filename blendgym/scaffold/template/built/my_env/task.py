"""Pushing a puck to the middle of a rail (runs on both sides of the wire: no bpy, no Gymnasium)."""

import math

import numpy as np

from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from my_env.parameters import PARAMETERS

LIMIT = 1.5  # m


class MyEnv(Task):
    """A puck slides on a rail without friction. Push it to the middle and keep it there.

    ## Description

    A rigid-body simulation in Blender, at 20 Hz with 10 physics steps per control period.

    ## Action space

    `Box(-1, 1, (1,), float32)`: the force on the puck along +x, as a share of `force.scale` (1 N).

    ## Observation space

    `Box((2,), float32)`: position along x in m, velocity in m/s.

    ## Rewards

    Minus the distance from the middle, in m.

    ## Starting state

    At rest, the position drawn uniformly from ±1 m.

    ## Episode end

    Terminates when the puck is more than 1.5 m from the middle. Truncates after 100 steps (5 s). A success ends
    within 5 cm of the middle.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"  # the module beside this one; or a .blend beside it
    control_rate = 20.0  # Hz
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(2,))
    parameters = PARAMETERS
    keyboard = {"a": -1.0, "d": 1.0}  # for `blendgym play`
    force_scale = 1.0  # N

    def bind(self, world):  # once: looks up joints, motors and bodies by their names in Blender
        self._slide, self._drive = world.joint("Slide"), world.motor("Drive")

    def reset(self, world, rng):  # sets the initial state; rng is the only source of randomness
        self._slide.place(rng.uniform(-1.0, 1.0))

    def apply(self, action):  # before each control period
        self._drive.force = self.force_scale * float(action[0])

    def observe(self):  # after it
        return np.array([self._slide.position, self._slide.velocity], np.float32)

    def outcome(self, observation):
        distance = abs(self._slide.position)
        return Outcome(reward=-distance, terminated=distance > LIMIT, success=distance < 0.05)
