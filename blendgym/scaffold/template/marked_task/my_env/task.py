"""Keeping a scene as it was drawn (runs on both sides of the wire: no bpy, no Gymnasium)."""

import math
from pathlib import Path

import numpy as np

from blendgym.marks import marked_parameters
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

# By name: what each drives, and N or N·m of the strongest action.
MOTORS = {}

# Hinges and sliders, by name: where an episode begins, in rad or m from how they were drawn.
JOINTS = {}

# What moves and hangs on none of these joints.
BODIES = ()


class MyEnv(Task):
    """Everything shall stay where it was drawn, or come back there: the reward is yours to change.

    ## Description

    A rigid-body simulation in Blender of `scene.blend`, at 20 Hz with 10 physics steps per control period.

    ## Action space

    `Box(-1, 1, (motors,), float32)`: the force or torque of each motor, as a share of the strongest.

    ## Observation space

    `Box((2 joints + 6 bodies,), float32)`: position and velocity of each joint, in rad and rad/s or m and m/s; then how
    far each body is from where it was drawn in m, and its velocity in m/s.

    ## Rewards

    Minus the distance from how it was drawn: the norm of all positions.

    ## Starting state

    At rest, each joint drawn uniformly from its range in `JOINTS`.

    ## Episode end

    Truncates after 200 steps (10 s). A success ends within 0.05.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene.blend"  # beside this file
    camera = "Camera"
    control_rate = 20.0  # Hz
    action_space = Box(-1.0, 1.0, shape=(len(MOTORS),))
    observation_space = Box(-math.inf, math.inf, shape=(2 * len(JOINTS) + 6 * len(BODIES),))
    parameters = marked_parameters(Path(__file__).with_name("scene.blend"))
    keyboard = {"a": -1.0, "d": 1.0}  # for `blendgym play`: all motors at once

    def bind(self, world):  # once: looks up motors, joints and bodies by their names in Blender
        self._motors = [(world.motor(name), drives, most) for name, (drives, most) in MOTORS.items()]
        self._joints = [world.joint(name) for name in JOINTS]
        self._bodies = [world.body(name) for name in BODIES]
        self._drawn = [body.position for body in self._bodies]

    def reset(self, world, rng):  # sets the initial state; rng is the only source of randomness
        for joint, (low, high) in zip(self._joints, JOINTS.values(), strict=True):
            joint.place(rng.uniform(low, high))

    def apply(self, action):  # before each control period
        for (motor, drives, most), share in zip(self._motors, action, strict=True):
            setattr(motor, drives, most * float(share))

    def observe(self):  # after it
        joints = [(joint.position, joint.velocity) for joint in self._joints]
        bodies = [np.concatenate([body.position - at, body.velocity]) for body, at in zip(self._bodies, self._drawn)]
        return np.concatenate([*joints, *bodies]).astype(np.float32)

    def outcome(self, observation):
        moved = [body.position - at for body, at in zip(self._bodies, self._drawn)]
        distance = float(np.linalg.norm(np.concatenate([[joint.position for joint in self._joints], *moved])))
        return Outcome(reward=-distance, terminated=False, success=distance < 0.05)
