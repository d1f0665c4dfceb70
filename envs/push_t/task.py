"""Pushing a T-shaped block to where it belongs (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.parameters import PARAMETERS
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose, about_z

if TYPE_CHECKING:
    from blendgym.world import World

REACH = 0.4  # m, of the finger along x and y
SPREAD = 0.25  # m, of the block's start along x and y
START = 0.333  # m, of the finger's
CLEARANCE = 0.045  # m, between the middle of the finger and the block at the start
SUCCESS = 0.95  # of the goal
NEAR = 0.1  # m, from the middle of the finger to that of the block
BONUS = 6.0
ACTIONS = ("target", "relative")
REWARDS = ("shaped", "coverage")
KEYBOARD = {"w": (0.0, 1.0), "s": (0.0, -1.0), "a": (-1.0, 0.0), "d": (1.0, 0.0)}
"""For people who play, with relative actions."""


class PushT(Task):
    """A T-shaped block lies on a table. Push it with a round finger until it covers the T that is painted there.

    ## Description

    The task of Chi et al. ("Diffusion Policy: Visuomotor Policy Learning via Action Diffusion", 2023), as a rigid-body
    simulation in Blender with contacts and Coulomb friction. The block has the size of theirs: a bar of 20 × 5 cm on a
    stem of 5 × 15 cm, 4 cm thick, of 0.8 kg with the moments of inertia of a T. It slides on a table without a rim. The
    finger is an upright cylinder that is moved along straight lines: it goes where it is sent, however hard the block
    resists, so the mass of the block does not matter. The control rate is 10 Hz, with 20 physics steps per control
    period.

    ## Action space

    `Box(-1, 1, (2,), float32)`.

    `action_type="target"`, that of the field: where the finger is sent, in shares of 0.4 m from the middle of the
    table. It covers 1 - exp(-`finger.gain` · 0.1 s) of the way in each step (63%), but is not faster than
    `finger.speed` (0.3 m/s).

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Target of the finger along x | -1 | 1 | 0.4 m |
    | 1 | Target of the finger along y | -1 | 1 | 0.4 m |

    `action_type="relative"`: how far it goes in the step, in shares of `finger.speed` · 0.1 s (3 cm), within 0.4 m of
    the middle of the table and not faster than `finger.speed`; `finger.gain` has no effect. This is easier to explore,
    and learnt faster. People play it with the keys w, a, s and d.

    ## Observation space

    `Box((6,), float32)`, in the frame of the table. Positions have the unit of the action, so the finger stays where it
    is if it is sent to where it is seen.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Finger position along x | -1.1 | 1.1 | 0.4 m |
    | 1 | Finger position along y | -1.1 | 1.1 | 0.4 m |
    | 2 | Position of the block's centre of mass along x | -2.5 | 2.5 | 0.4 m |
    | 3 | Position of the block's centre of mass along y | -2.5 | 2.5 | 0.4 m |
    | 4 | Cosine of the block's angle, which is 0 with the bar along x above the stem | -1.1 | 1.1 | 1 |
    | 5 | Sine of the block's angle, which grows counterclockwise | -1.1 | 1.1 | 1 |

    The goal is in the middle of the table, turned by 45°.

    ## Rewards

    `reward_type="shaped"`: the growth of a potential in the step, and 6 more for success. The potential is
    2 · min(coverage / 0.95, 1) - 2 · displacement / 0.25 m - 0.25 · distance / 0.4 m: coverage is the share of the goal
    that the block covers, displacement the root mean square distance of the block's points from where they belong, and
    distance that of the finger from the block's centre, as far as it is more than 0.1 m. So a return says how much
    nearer to its goal the block has come: less than 5.6 without success, and more than 5.9 with it.

    `reward_type="coverage"`, that of the field: min(coverage / 0.95, 1), which is 0 until the block reaches the goal.
    As success ends the episode, the highest return belongs to blocks that are kept just short of it, so this is for
    policies that imitate, and are judged by `info["is_success"]`.

    ## Starting state

    The block's position is drawn uniformly from ±0.25 m along x and y about its goal, its angle from ±π, all
    times `start.spread`. The finger's is drawn uniformly from ±0.333 m along x and y where it is free of the block.
    All are at rest.

    ## Episode end

    Terminates with success when the block covers more than 95% of the goal. Truncates after 300 steps (30 s).

    ## Arguments

    * `action_type`: `"target"` (default) or `"relative"`.
    * `reward_type`: `"shaped"` (default) or `"coverage"`.

    Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 10.0
    substeps = 20
    action_space = Box(-1.0, 1.0, shape=(2,))
    observation_space = Box((-1.1, -1.1, -2.5, -2.5, -1.1, -1.1), (1.1, 1.1, 2.5, 2.5, 1.1, 1.1), shape=(6,))
    parameters = PARAMETERS

    return_range = (0.0, 10.0)
    success_return = 5.8

    finger_speed = 0.3  # m/s
    finger_gain = 10.0  # 1/s
    start_spread = 1.0

    def __init__(self, action_type: str = "target", reward_type: str = "shaped") -> None:
        check_choice("action_type", action_type, ACTIONS)
        check_choice("reward_type", reward_type, REWARDS)
        self._is_relative, self._is_shaped = action_type == "relative", reward_type == "shaped"
        self.keyboard = KEYBOARD if self._is_relative else {}

    def bind(self, world: World) -> None:
        self._block, self._finger = world.body("Block"), world.body("Finger")
        self._period = world.period

    def reset(self, world: World, rng: np.random.Generator) -> None:
        x, y, angle = self.start_spread * rng.uniform(-1.0, 1.0, 3) * (SPREAD, SPREAD, math.pi)
        block = tee.Place(tee.GOAL.x + x, tee.GOAL.y + y, tee.GOAL.angle + angle)
        self._block.place(_pose(block.x, block.y, float(self._block.position[2]), block.angle))
        self._finger_at = _free_point(block, rng)
        self._finger_height = float(self._finger.position[2])
        self._finger.place(_pose(*self._finger_at, self._finger_height))
        self._potential = self._potential_of(block, tee.coverage(block.seen_from(tee.GOAL)))

    def apply(self, action: NDArray[Any]) -> None:
        x, y = self._finger_at
        farthest = self.finger_speed * self._period
        if self._is_relative:
            way_x, way_y = farthest * float(action[0]), farthest * float(action[1])
        else:
            share = 1.0 - math.exp(-self.finger_gain * self._period)
            way_x, way_y = share * (REACH * float(action[0]) - x), share * (REACH * float(action[1]) - y)
        slower = farthest / max(math.hypot(way_x, way_y), farthest)
        self._finger_at = _within_reach(x + slower * way_x), _within_reach(y + slower * way_y)
        self._finger.move_to(_pose(*self._finger_at, self._finger_height))

    def observe(self) -> NDArray[Any]:
        x, y = self._finger_at
        pose = self._block.pose
        return np.array(
            [x / REACH, y / REACH, pose[0, 3] / REACH, pose[1, 3] / REACH, pose[0, 0], pose[1, 0]], np.float32
        )

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        pose = self._block.pose
        block = tee.Place(float(pose[0, 3]), float(pose[1, 3]), math.atan2(pose[1, 0], pose[0, 0]))
        covered = tee.coverage(block.seen_from(tee.GOAL))
        succeeded = covered > SUCCESS
        if not self._is_shaped:
            return Outcome(min(covered / SUCCESS, 1.0), terminated=succeeded, success=succeeded)
        before, self._potential = self._potential, self._potential_of(block, covered)
        return Outcome(self._potential - before + BONUS * succeeded, terminated=succeeded, success=succeeded)

    def _potential_of(self, block: tee.Place, covered: float) -> float:
        """What the shaped reward is the growth of."""
        displaced = tee.displacement(block.seen_from(tee.GOAL))
        away = max(math.dist(self._finger_at, block[:2]) - NEAR, 0.0)
        return 2.0 * min(covered / SUCCESS, 1.0) - 2.0 * displaced / SPREAD - 0.25 * away / REACH


def _within_reach(coordinate: float) -> float:
    return min(max(coordinate, -REACH), REACH)


def _free_point(block: tee.Place, rng: np.random.Generator) -> tee.Point:
    """Where the finger begins: clear of the block."""
    while True:
        x, y = rng.uniform(-START, START, 2).tolist()
        if tee.distance(*block.point_seen(x, y)) > CLEARANCE:
            return x, y


def _pose(x: float, y: float, z: float, angle: float = 0.0) -> Pose:
    return Pose((x, y, z), about_z(angle))
