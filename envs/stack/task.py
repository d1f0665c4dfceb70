"""Stacking boxes (runs on both sides of the wire)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.stack.boxes import (
    DENSITY,
    KINDS,
    LARGEST,
    MAX_BOXES,
    SHELF,
    SIZE,
    SMALLEST,
    Extents,
    waiting_place,
)
from blendgym.envs.stack.parameters import PARAMETERS
from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose, about_z

if TYPE_CHECKING:
    from blendgym.world import Body, World

SUNK = 0.02  # m, below where a box of a tower has to be
TILTED = math.cos(math.radians(8))
STILL = 0.02  # m/s, and rad/s for boxes of a decimetre
NEXT, ROW = 8, 12
"""How many numbers of an observation are about the next box, and about each of all."""
LOWEST = (0.0, *[0.0] * 4, *[-math.inf] * 3, *[-1.1] * 4)
HIGHEST = (1.0, *[1.0] * 4, *[math.inf] * 3, *[1.1] * 4)
"""Of the numbers about a box; poses have single precision, so a unit vector may be a little longer."""


class Crate(NamedTuple):
    """A box of the present episode.

    Args:
        extents: Its size and balance.
        body: What the physics moves.
        turn: How it waits, in rad about z.
    """

    extents: Extents
    body: Body
    turn: float


class Stack(Task):
    """Boxes wait on a shelf. Put one after the other on a narrow pedestal, so that the tower stands.

    ## Description

    Boxes of random sizes and densities; some have an end of iron, so that their centre of mass is not in their middle.
    In each step one is let go of a little above the tower, not quite where it was aimed at, and the simulation runs for
    a second, in 50 frames of 10 physics steps. A box tips over when its centre of mass, with all that stands on it, is
    beyond the edge of what carries it. So a tower stands if every part of it is balanced.

    ## Action space

    `Box(-1, 1, (3,), float32)`: where the middle of the next box is let go of.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Offset along x from the middle of the box on top, or of the pedestal; 1 is `reach` (0.15 m) | -1 | 1 | 1 |
    | 1 | Offset along y, likewise | -1 | 1 | 1 |
    | 2 | Turn about the vertical from how the box waits, as a share of a quarter turn | -1 | 1 | 1 |

    ## Observation space

    `Box((80,), float32)`. Lengths are in m, along the axes of the world; heights begin at the top of the pedestal.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | How many boxes are waiting | 0 | 6 | 1 |
    | 1–3 | Size of the next one along x, y and z, as it waits | 0 | 1 | m |
    | 4–5 | Its centre of mass from its middle along x and y, as it waits | -1 | 1 | m |
    | 6–7 | Middle of the box on top from the middle of the pedestal, along x and y | -inf | inf | m |
    | 8 + 12 i | Whether box i, in the order of their turns, has been let go of: 0 or 1 | 0 | 1 | 1 |
    | 9–11 + 12 i | Its length, width and height | 0 | 1 | m |
    | 12 + 12 i | Its centre of mass from its middle along its length | 0 | 1 | m |
    | 13–15 + 12 i | Its middle from the middle of the pedestal along x, y and z | -inf | inf | m |
    | 16–18 + 12 i | Its length axis along x, y and z | -1.1 | 1.1 | 1 |
    | 19 + 12 i | Cosine of its tilt | -1.1 | 1.1 | 1 |

    Rows of boxes that an episode does not have are zeros, as 1–5 are after the last one.

    ## Rewards

    What the tower has grown in the step, as a share of the height of all boxes: all that stands from the pedestal
    upwards counts, and what falls is lost. 1 more if in the end all stand, and stand still. So the return is the share
    that stands in the end, and 2 for a whole tower.

    ## Starting state

    `boxes` boxes, 18 to 30 cm long, 13 to 19 cm wide and 7 to 12 cm high, times `box.size`, lie on the shelf in one of
    four directions. Of the share `box.imbalance` the centre of mass is off by 18% or 30% of the length.

    ## Episode end

    Terminates when a box has fallen off the tower, or when all have been let go of. Truncates after 12 steps. It is a
    success if all stand and no box moves faster than 2 cm/s.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    templates = tuple(KINDS)
    control_rate = 1.0  # Hz
    frames_per_step = 50
    substeps = 10
    action_space = Box(-1.0, 1.0, shape=(3,))
    observation_space = Box(
        low=(0.0, *[0.0] * 3, *[-1.0] * 2, *[-math.inf] * 2, *LOWEST * MAX_BOXES),
        high=(MAX_BOXES, *[1.0] * 5, *[math.inf] * 2, *HIGHEST * MAX_BOXES),
        shape=(NEXT + ROW * MAX_BOXES,),
    )
    observation_scale = (1.0, *(0.1,) * 7, *(1.0, *(0.1,) * 7, *(1.0,) * 4) * MAX_BOXES)
    parameters = PARAMETERS
    return_range = (0.0, 2.0)
    success_return = 1.999

    boxes = 5.0
    box_size = 1.0
    imbalance = 0.7
    density_spread = 0.3
    friction = 0.6
    restitution = 0.0
    placement_noise = 0.005  # m
    drop_height = 0.01  # m
    reach = 0.15  # m

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        self._plan: list[tuple[Extents, float]] = []
        for number in range(round(self.boxes)):
            size = self.box_size * rng.uniform(SMALLEST, LARGEST)
            kind = rng.choice(list(KINDS)[1:]) if rng.random() < self.imbalance else next(iter(KINDS))
            density = DENSITY * (1.0 + self.density_spread * rng.uniform(-1.0, 1.0))
            length, width, height = size.tolist()
            extents, turn = Extents(length, width, height, KINDS[kind] * length), math.pi / 2 * int(rng.integers(4))
            self._plan.append((extents, turn))
            place = (*waiting_place(number), SHELF[1] + extents.height / 2)
            pose, name, mass = _pose(extents, place, turn), f"Box {number + 1}", density * float(size.prod())
            yield Item(str(kind), pose, name, scale=size / SIZE, mass=mass, category="Box")

    def bind(self, world: World) -> None:
        self._crates = [
            Crate(extents, world.body(f"Box {number}"), turn) for number, (extents, turn) in enumerate(self._plan, 1)
        ]
        self._grounds = [world.body(name) for name in ("Pedestal", "Shelf", "Ground")]

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._noise = rng.normal(size=(MAX_BOXES, 2))
        self._count, self._height = 0, 0.0
        for body in (*self._grounds, *(crate.body for crate in self._crates)):
            # Of two bodies that touch, Blender takes the product.
            body.friction, body.restitution = math.sqrt(self.friction), math.sqrt(self.restitution)
        for crate in self._crates:
            crate.body.hold()

    def apply(self, action: NDArray[Any]) -> None:
        if self._count == len(self._crates):
            return
        extents, body, turn = self._crates[self._count]
        place = self._top() + self.reach * action[:2] + self.placement_noise * self._noise[self._count]
        height = sum(crate.extents.height for crate in self._crates[: self._count])
        middle = (*place, height + self.drop_height + extents.height / 2)
        body.release(_pose(extents, middle, turn + math.pi / 2 * float(action[2])))
        self._count += 1

    def observe(self) -> NDArray[Any]:
        seen = np.zeros(NEXT + ROW * MAX_BOXES, np.float32)
        seen[0] = len(self._crates) - self._count
        if self._count < len(self._crates):
            seen[1:6] = _as_it_waits(self._crates[self._count])
        seen[6:8] = self._top()
        for number, (extents, body, _) in enumerate(self._crates):
            pose = body.pose
            row = number < self._count, *extents, *_middle(extents, pose), *pose[:3, 0], pose[2, 2]
            seen[NEXT + ROW * number :][:ROW] = row
        return seen

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        total = sum(crate.extents.height for crate in self._crates)
        standing = self._standing()
        height = sum(crate.extents.height for crate in self._crates[:standing]) / total
        gained, self._height = height - self._height, height
        is_built = standing == len(self._crates) and self._is_still()
        ended = standing < self._count or self._count == len(self._crates)
        return Outcome(reward=gained + is_built, terminated=ended, success=is_built)

    def _top(self) -> NDArray[np.float64]:
        """Where the middle of the box on top is, or of the pedestal, along x and y."""
        if self._count == 0:
            return np.zeros(2)
        extents, body, _ = self._crates[self._count - 1]
        return _middle(extents, body.pose)[:2]

    def _standing(self) -> int:
        """How many boxes stand on each other, from the pedestal upwards."""
        height = 0.0
        for number, (extents, body, _) in enumerate(self._crates[: self._count]):
            pose = body.pose
            sunk = height + extents.height / 2 - _middle(extents, pose)[2]
            if sunk > SUNK or pose[2, 2] < TILTED:
                return number
            height += extents.height
        return self._count

    def _is_still(self) -> bool:
        bodies = [crate.body for crate in self._crates]
        speeds = [np.linalg.norm((body.velocity, 0.1 * body.angular_velocity), axis=1).max() for body in bodies]
        return bool(max(speeds) < STILL)


def _pose(extents: Extents, middle: Any, turn: float) -> Pose:
    """The pose of a level box by its middle; its origin is its centre of mass."""
    x, y, z = middle
    off = extents.offset
    place = x + off * math.cos(turn), y + off * math.sin(turn), z
    return Pose(place, about_z(turn))


def _middle(extents: Extents, pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of a box, by the pose of its body."""
    middle: NDArray[np.float64] = pose[:3, 3] - extents.offset * pose[:3, 0]
    return middle


def _as_it_waits(crate: Crate) -> tuple[float, ...]:
    """Size along x, y and z, and centre of mass from the middle along x and y, in one of four directions."""
    length, width, height, offset = crate.extents
    cosine, sine = round(math.cos(crate.turn)), round(math.sin(crate.turn))
    size = (length, width) if cosine else (width, length)
    return (*size, height, offset * cosine, offset * sine)
