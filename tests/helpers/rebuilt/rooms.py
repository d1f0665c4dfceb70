"""Rooms of the suite in scenes that have been built with other values, and without parameters for these."""

from __future__ import annotations

from blendgym.envs.ball_plate.task import BallPlate
from blendgym.envs.reacher.task import Reacher
from blendgym.parameters import ParameterSpace

REACHER = {
    "upper_arm.mass": 1.6, "forearm.mass": 0.8, "forearm.length": 0.29, "shoulder.damping": 0.04,
    "elbow.damping": 0.006,
}  # fmt: skip
BALL_PLATE = {"gravity": 6.0, "ball.friction": 0.02, "ball.rolling_loss": 0.6, "ball.drag": 0.3}


class RebuiltReacher(Reacher):
    """The reacher with other dynamics."""

    scene = "rebuilt.reacher"
    parameters = ParameterSpace(*(each for name, each in Reacher.parameters.items() if name not in REACHER))


class RebuiltBallPlate(BallPlate):
    """The ball on the plate with other dynamics."""

    scene = "rebuilt.ball_plate"
    parameters = ParameterSpace(*(each for name, each in BallPlate.parameters.items() if name not in BALL_PLATE))
