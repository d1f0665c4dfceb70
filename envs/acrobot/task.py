"""Swinging the tip of two links above a line (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.envs.acrobot.parameters import PARAMETERS
from blendgym.spaces import Box, Discrete, Leaf
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

LINE_HEIGHT = 1.0  # m above the shoulder


class Acrobot(Task):
    """Two links hang on each other, with a motor at the elbow and none at the shoulder. Swing the tip above the line.

    ## Description

    The task of Sutton ("Generalization in Reinforcement Learning: Successful Examples Using Sparse Coarse Coding",
    1996) and of Gymnasium's `Acrobot-v1`, as a rigid-body simulation in Blender. The links are uniform bars of 1 kg,
    with pins 1 m apart: at the first of the upper one is the shoulder, at the last of the lower one the tip. Hinges
    have no friction, and links turn all the way around. The simulation runs at 10 Hz with 100 physics steps per control
    period.

    ## Action space

    `action_type="continuous"`: `Box(-1, 1, (1,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Torque on the lower link towards +x, as a share of `torque.scale` (2 N·m) | -1 | 1 | 1 |

    The upper link feels the opposite. Gravity pulls at a horizontal lower link with 4.9 N·m.

    `action_type="discrete"`: `Discrete(3)`. 0 turns the lower link with `torque.scale` towards -x, 1 lets it swing, 2
    turns it towards +x.

    ## Observation space

    `Box((6,), float32)`. Angles are 0 in links that hang straight down, and grow as a hanging link swings towards +x;
    that of the elbow is relative to the upper link.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Cosine of the shoulder's angle | -1 | 1 | 1 |
    | 1 | Sine of the shoulder's angle | -1 | 1 | 1 |
    | 2 | Cosine of the elbow's angle | -1 | 1 | 1 |
    | 3 | Sine of the elbow's angle | -1 | 1 | 1 |
    | 4 | Angular velocity of the shoulder | -inf | inf | rad/s |
    | 5 | Angular velocity of the elbow | -inf | inf | rad/s |

    ## Rewards

    -1 for every step until the tip is above the line, and 0 for that one.

    ## Starting state

    The links hang: both angles (rad) and both angular velocities (rad/s) are drawn uniformly from ±`start.spread`.

    ## Episode end

    Terminates when the tip is more than 1 m above the shoulder, where the bar is: a success. Truncates after 300
    steps (30 s).

    ## Arguments

    * `action_type`: `"continuous"` (default) or `"discrete"`, which `BlendAcrobotDiscrete-v0` has.

    Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 10.0
    frames_per_step = 10
    observation_space = Box(
        low=(-1.0, -1.0, -1.0, -1.0, -math.inf, -math.inf), high=(1.0, 1.0, 1.0, 1.0, math.inf, math.inf), shape=(6,)
    )
    parameters = PARAMETERS

    observation_scale = (1.0, 1.0, 1.0, 1.0, 3.0, 6.0)
    return_range = (-300.0, -45.0)
    success_return = -299.0  # The tip gets there within the time limit.

    torque_scale = 2.0  # N·m
    start_spread = 0.1

    def __init__(self, action_type: str = "continuous") -> None:
        check_choice("action_type", action_type, ACTION_SPACES)
        self.action_space = ACTION_SPACES[action_type]
        self.keyboard = KEYBOARD[action_type]
        self._discrete = action_type == "discrete"

    def bind(self, world: World) -> None:
        self._shoulder, self._elbow = world.joint("Shoulder"), world.joint("Elbow")
        self._upper, self._lower = world.body("Upper"), world.body("Lower")
        self._drive = world.motor("Drive")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        shoulder, elbow, rate, elbow_rate = self.start_spread * rng.uniform(-1.0, 1.0, size=4)
        self._shoulder.place(shoulder, rate)
        self._elbow.place(elbow, elbow_rate)

    def apply(self, action: NDArray[Any]) -> None:
        share = action - 1.0 if self._discrete else action[0]
        self._drive.torque = self.torque_scale * float(share)

    def observe(self) -> NDArray[Any]:
        shoulder, elbow = self._shoulder, self._elbow
        angles = [turn(joint.position) for joint in (shoulder, elbow) for turn in (math.cos, math.sin)]
        return np.array([*angles, shoulder.velocity, elbow.velocity], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        # From the shoulder, the elbow is twice as far as the middle of the upper link, and so on to the tip.
        is_above = bool(2.0 * (self._lower.position[2] - self._upper.position[2]) > LINE_HEIGHT)
        return Outcome(reward=0.0 if is_above else -1.0, terminated=is_above, success=is_above)


ACTION_SPACES: dict[str, Leaf] = {"continuous": Box(-1.0, 1.0, shape=(1,)), "discrete": Discrete(3)}

KEYBOARD: dict[str, dict[str, float]] = {"continuous": {"a": -1.0, "d": 1.0}, "discrete": {"a": 0, "d": 2, "": 1}}
"""For people who play: to the left and to the right."""
