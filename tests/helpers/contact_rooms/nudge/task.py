"""The task of the room."""

from __future__ import annotations

import math

import numpy as np

from blendgym.parameters import Mass, Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.task import Outcome, Task


class Nudge(Task):
    """Push the ball away with the paddle. A metre of the ball is worth a point, one of the paddle a tenth."""

    scene = "scene"
    control_rate = 20.0
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(3,))
    parameters = ParameterSpace(
        Parameter(name="paddle.mass", unit="kg", nominal=1.0, low=0.5, high=2.0, binding=Mass("Paddle")),
        Parameter(
            name="force.scale", unit="N", nominal=5.0, low=2.0, high=8.0, binding=TaskAttribute("force_scale")
        ),
    )  # fmt: skip
    return_range = (0.0, 0.5)
    success_return = 0.3

    force_scale = 5.0

    def bind(self, world):
        self._slide, self._drive, self._ball = world.joint("Slide"), world.motor("Drive"), world.body("Ball")

    def reset(self, world, rng):
        self._slide.place(rng.uniform(-0.05, 0.05))

    def apply(self, action):
        self._before = self._points()
        self._drive.force = self.force_scale * float(action[0])

    def observe(self):
        return np.array([self._slide.position, self._slide.velocity, self._ball.position[0]], np.float32)

    def outcome(self, observation):
        return Outcome(reward=self._points() - self._before, terminated=bool(observation[0] > 0.6))

    def _points(self):
        return float(self._ball.position[0]) + 0.1 * self._slide.position
