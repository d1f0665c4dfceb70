"""Looking into a bin from where most is to be seen (runs on both sides of the wire)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.next_view.heap import (
    COLOURS,
    DISTANCE,
    ELEVATION,
    MAX_OBJECTS,
    SHAPES,
    SIZE,
    TARGET,
    camera_place,
)
from blendgym.envs.next_view.parameters import PARAMETERS
from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import World

LOOK = 84  # pixels, width and height of the images by which is judged what is seen
SEEN = 0.35  # visible share from which on an object counts as seen
COST = 0.02  # of a view
HEAD, ROW = 6, 6
"""How many numbers of an observation are about the camera, and about each object."""


class NextView(Task):
    """Objects lie in a bin with high walls and hide each other. Move the camera, and see each of them once.

    ## Description

    In each episode other objects, of six shapes in six colours, fall into a bin of four compartments and come to rest.
    The camera moves on a hemisphere around the bin and looks at its middle. What it sees is judged by the segmentation
    of an image of 84×84 pixels: an object counts as seen once 35% of it have been visible, of the pixels that it would
    cover if it were alone. No view shows everything: walls hide what is behind them, and the
    camera goes no higher than 42°.

    ## Action space

    `Box(-1, 1, (3,), float32)`: where the camera goes from where it is.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Change of the azimuth, counterclockwise from above, as a share of `azimuth.scale` (1.5 rad) | -1 | 1 | 1 |
    | 1 | Change of the elevation, as a share of `elevation.scale` (0.5 rad) | -1 | 1 | 1 |
    | 2 | Change of the distance, as a share of 0.5 m | -1 | 1 | 1 |

    The elevation stays from 12° to 42°, the distance from 1.8 to 3 m.

    ## Observation space

    The image that the camera sees, `Box(0, 255, (84, 84, 3), uint8)`, unless `obs_type` asks for something else. The
    state is `Box((78,), float32)`, and knows where the objects are, seen or not.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0–1 | Cosine and sine of the camera's azimuth | -1 | 1 | 1 |
    | 2 | Its elevation | 0 | 1.6 | rad |
    | 3 | Its distance from the middle of the bin | 0 | inf | m |
    | 4 | How many moves it has made | 0 | inf | 1 |
    | 5 | Share of the objects that have been seen | 0 | 1 | 1 |
    | 6 + 6 i | Whether there is an object i: 0 or 1 | 0 | 1 | 1 |
    | 7 + 6 i | Whether it has been seen: 0 or 1 | 0 | 1 | 1 |
    | 8 + 6 i | Share of it that is visible now | 0 | 1 | 1 |
    | 9–11 + 6 i | Its position | -inf | inf | m |

    ## Rewards

    The share of all objects that this view shows for the first time, less 0.02 for the view. What the camera sees
    before it has moved counts with the first view.

    ## Starting state

    `objects` objects (8) that have fallen and come to rest; the camera at a random azimuth, at an elevation of 20° to
    35°, 2.4 m away.

    ## Episode end

    Terminates when all objects have been seen: a success. Truncates after 5 views.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    templates = SHAPES
    control_rate = 50.0  # Hz
    substeps = 5
    action_space = Box(-1.0, 1.0, shape=(3,))
    observation_space = Box(
        low=(-1.0, -1.0, 0.0, 0.0, 0.0, 0.0, *(0.0, 0.0, 0.0, *[-math.inf] * 3) * MAX_OBJECTS),
        high=(1.0, 1.0, 1.6, math.inf, math.inf, 1.0, *(1.0, 1.0, 1.0, *[math.inf] * 3) * MAX_OBJECTS),
        shape=(HEAD + ROW * MAX_OBJECTS,),
    )
    observation_scale = (1.0, 1.0, 0.5, 0.5, 1.0, 1.0, *(1.0, 1.0, 1.0, 0.5, 0.5, 0.5) * MAX_OBJECTS)
    parameters = PARAMETERS
    return_range = (0.24, 0.94)
    success_return = 1.0 - 5 * COST - 1e-6

    objects = 8.0
    object_size = 1.0
    size_spread = 0.2
    friction = 0.6
    restitution = 0.0
    drop_height = 0.5  # m
    drop_spread = 0.4  # m
    azimuth_scale = 1.5  # rad
    elevation_scale = 0.5  # rad

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        for number in range(round(self.objects)):
            turn, across = rng.normal(size=4), self.drop_spread * rng.uniform(-1.0, 1.0, size=2)
            pose = Pose((*across, self.drop_height + 1.5 * SIZE * number), turn)
            size = self.object_size * (1.0 + self.size_spread * rng.uniform(-1.0, 1.0))
            shape, colour = str(rng.choice(SHAPES)), str(rng.choice(list(COLOURS)))
            yield Item(shape, pose, f"Object {number + 1}", scale=size, material=colour, category=shape)

    def bind(self, world: World) -> None:
        self._world, self._camera = world, world.camera("Camera")
        self._bodies = [world.body(f"Object {number + 1}") for number in range(round(self.objects))]

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for body in (*self._bodies, world.body("Bin"), world.body("Ground")):
            # Of two bodies that touch, Blender takes the product.
            body.friction, body.restitution = math.sqrt(self.friction), math.sqrt(self.restitution)
        world.settle(2.0, speed=0.3)
        self._azimuth, self._elevation = rng.uniform(-math.pi, math.pi), rng.uniform(*np.radians((20.0, 35.0)))
        self._distance = 2.4
        self._has_seen = np.zeros(len(self._bodies), bool)
        self._moves, self._count = 0, 0
        self._place_camera()

    def apply(self, action: NDArray[Any]) -> None:
        across, up, away = action.tolist()
        self._azimuth += self.azimuth_scale * across
        self._elevation = min(max(self._elevation + self.elevation_scale * up, ELEVATION[0]), ELEVATION[1])
        self._distance = min(max(self._distance + 0.5 * away, DISTANCE[0]), DISTANCE[1])
        self._moves += 1
        self._place_camera()

    def observe(self) -> NDArray[Any]:
        visible = self._visible_shares()
        self._has_seen |= visible >= SEEN
        seen = np.zeros(HEAD + ROW * MAX_OBJECTS, np.float32)
        seen[:4] = math.cos(self._azimuth), math.sin(self._azimuth), self._elevation, self._distance
        seen[4:6] = self._moves, self._has_seen.mean()
        rows = seen[HEAD:].reshape(MAX_OBJECTS, ROW)[: len(self._bodies)]
        rows[:, 0], rows[:, 1], rows[:, 2] = 1.0, self._has_seen, visible
        rows[:, 3:] = [body.position for body in self._bodies]
        return seen

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        count = int(np.count_nonzero(self._has_seen))
        found, self._count = (count - self._count) / len(self._bodies), count
        has_all = count == len(self._bodies)
        return Outcome(reward=found - COST, terminated=has_all, success=has_all)

    def _place_camera(self) -> None:
        self._camera.look_at(camera_place(self._azimuth, self._elevation, self._distance), TARGET)

    def _visible_shares(self) -> NDArray[np.float64]:
        """How much of each object is visible, as a share of what would be if it were alone."""
        sight = self._world.look("Camera", LOOK, LOOK, visibility=True)
        shares = [sight[body.name].visibility or 0.0 if body.name in sight else 0.0 for body in self._bodies]
        return np.array(shares)
