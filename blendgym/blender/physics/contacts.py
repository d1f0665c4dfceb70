"""Who touches whom. Blender tells neither contacts nor impulses: this measures how near collision shapes are."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Protocol, TypeAlias

import bpy
import numpy as np

from blendgym.blender.physics import convex
from blendgym.blender.physics.body import Body
from blendgym.blender.physics.distances import Separation, separation
from blendgym.blender.physics.pieces import Boxes, Pieces, pieces_of, world_boxes
from blendgym.blender.physics.shapes import Floats, Shape, scaled
from blendgym.errors import SceneError
from blendgym.world import Contact

TOUCHING = 1e-3
"""Distance in m within which bodies touch, unless the task says otherwise."""

Pair: TypeAlias = tuple[Body, Body]


class Observer(Protocol):
    """Who knows where bodies are, and what shape they have."""

    def pose_of(self, body: Body) -> Floats:
        """4×4 matrix."""

    def shape_of(self, body: Body) -> Shape:
        """What it touches others with, before it is scaled."""


class Contacts:
    """Finds contacts between the bodies of a scene.

    Args:
        observer: Who knows where the bodies are.
        bodies: All that there are.
        constraints: All that connect them; some keep their two bodies from colliding.
    """

    def __init__(
        self, observer: Observer, bodies: Collection[Body], constraints: Iterable[bpy.types.RigidBodyConstraint]
    ) -> None:
        self._observer, self._bodies = observer, bodies
        self._apart = {frozenset((each.object1, each.object2)) for each in constraints if each.disable_collisions}
        self.forget()

    def forget(self) -> None:
        """Looks at shapes and collision groups anew, when contacts are next asked for."""
        self._pieces: dict[Body, Pieces] = {}
        self._pairs: list[Pair] | None = None

    def find(self, asked: Collection[Body], within: float) -> list[Contact]:
        """Contacts between bodies that the solver lets collide, in the order of the scene's bodies.

        Args:
            asked: One of them has to take part; any if there are none.
            within: Largest distance, in m.

        Raises:
            SceneError: If the distance is negative or not finite.
        """
        if not 0.0 <= within < math.inf:
            raise SceneError(f"Contacts are looked for within a distance of 0 m or more, got {within}.")
        if self._pairs is None:
            self._pairs = [pair for pair in combinations(self._bodies, 2) if self._can_touch(pair)]
        pairs = [pair for pair in self._pairs if not asked or pair[0] in asked or pair[1] in asked]
        return list(self._near(pairs, within))

    def _can_touch(self, pair: Pair) -> bool:
        first, second = (body.object for body in pair)
        if first.rigid_body.type == second.rigid_body.type == "PASSIVE" or {first, second} in self._apart:
            return False
        groups = first.rigid_body.collision_collections, second.rigid_body.collision_collections
        return any(one and other for one, other in zip(*groups, strict=True))

    def _near(self, pairs: Sequence[Pair], within: float) -> Iterator[Contact]:
        poses = {body: self._observer.pose_of(body) for body in dict.fromkeys(body for pair in pairs for body in pair)}
        for body in poses:
            if body not in self._pieces:
                self._pieces[body] = pieces_of(scaled(self._observer.shape_of(body), np.array(body.scale)))
        boxes = {body: world_boxes(self._pieces[body], pose) for body, pose in poses.items()}
        frames = {body: convex.frame_of(pose) for body, pose in poses.items()}
        for pair in _overlapping(pairs, boxes, within):
            first, second = pair
            contact = None
            for one, other in _near_pieces(boxes[first], boxes[second], within):
                a, b = self._pieces[first].convex[one], self._pieces[second].convex[other]
                grown = a.radius + b.radius
                farthest = within if contact is None else contact.distance
                apart = separation(convex.placed(a, frames[first]), convex.placed(b, frames[second]), farthest + grown)
                if apart and (distance := apart.distance - grown) <= farthest:
                    point = _middle(apart, a.radius, b.radius)
                    contact = Contact(first.name, second.name, point, np.array(apart.normal), distance)
            if contact:
                yield contact


def _overlapping(pairs: Sequence[Pair], boxes: dict[Body, Boxes], within: float) -> list[Pair]:
    """Those pairs whose bounding boxes are near each other."""
    whole = {body: (each.low.min(axis=0), each.high.max(axis=0)) for body, each in boxes.items()}
    ends = np.array([(*whole[first], *whole[second]) for first, second in pairs]).reshape(-1, 4, 3)
    low, high, other_low, other_high = ends.transpose(1, 0, 2)
    gaps = np.maximum(low, other_low) - np.minimum(high, other_high)
    return [pairs[index] for index in np.flatnonzero((gaps <= within).all(axis=1)).tolist()]


def _near_pieces(first: Boxes, second: Boxes, within: float) -> list[list[int]]:
    """Numbers of the pieces of two bodies whose bounding boxes are near each other."""
    gaps = np.maximum(first.low[:, None], second.low) - np.minimum(first.high[:, None], second.high)
    return np.argwhere((gaps <= within).all(axis=2)).tolist()


def _middle(apart: Separation, radius: float, other_radius: float) -> Floats:
    """The middle between the surfaces, which are those of the cores grown by their radii."""
    shift = (radius - other_radius) / 2.0
    return (np.array(apart.first) + apart.second) / 2.0 + shift * np.array(apart.normal)
