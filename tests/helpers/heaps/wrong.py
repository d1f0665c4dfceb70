"""Layouts that cannot be, by what is wrong with them."""

from __future__ import annotations

import numpy as np

from blendgym.layout import Item
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.world import Pose
from heaps.task import Heap

WRONG = {
    "unknown template": [Item("Crate"), Item("Sofa")],
    "one name twice": [Item("Crate", name="A"), Item("Crate", name="A")],
    "a name that is taken": [Item("Crate", name="Floor")],
    "no place": [Item("Crate", Pose((0, 0, np.nan)))],
    "no direction": [Item("Crate", Pose((0, 0, 1), (0, 0, 0, 0)))],
    "no size": [Item("Crate", scale=0.0)],
    "four sizes": [Item("Crate", scale=(1, 1, 1, 1))],
    "no mass": [Item("Crate", mass=-1.0)],
    "less mass than Blender takes": [Item("Crate", mass=1e-9)],
    "more mass than Blender takes": [Item("Crate", mass=1e300)],
    "too small to have mass": [Item("Crate", scale=1e-3)],
    "a mass in words": [Item("Crate", mass="heavy")],
    "no velocity": [Item("Crate", velocity=(np.nan, 0, 0))],
    "a velocity in words": [Item("Crate", angular_velocity="fast")],
    "too fast": [Item("Crate", Pose((0, 0, 1)), velocity=(1e12, 0, 0))],
    "too far": [Item("Crate", Pose((1e6, 0, 1)))],
    "too large": [Item("Crate", scale=1e30)],
    "a number for a name": [Item("Crate", name=7)],
    "a number for a category": [Item("Crate", category=7)],
    "a list for a template": [Item(["Crate"])],
    "a place in words": [Item("Crate", "here")],
    "no list": None,
    "one item alone": Item("Crate"),
    "unknown material": [Item("Crate", material="Gold")],
    "a mass for what is no body": [Item("Lamp", mass=2.0)],
    "no item": ["Crate"],
    "several things at once": [
        Item("Crate", material="Gold"),
        Item("Crate", Pose((1e6, 0, 1))),
        Item("Lamp", mass=2.0),
    ],
    "too many": [Item("Lamp")] * 10_001,
}


FAULTS = {what: {"params": {"fault": 1.0 + number}} for number, what in enumerate(WRONG)}
"""Options of an episode whose layout cannot be."""


class Wrong(Heap):
    """Lays out one crate, unless it is told to lay out what cannot be."""

    parameters = ParameterSpace(
        Parameter(
            name="fault", unit="1", nominal=0, low=0, high=len(WRONG), kind="integer", binding=TaskAttribute("fault"),
            description="Which of the wrong layouts it is, from 1 on; 0 is none of them",
        )
    )  # fmt: skip
    fault = 0.0

    def layout(self, rng):
        return [[Item("Crate", Pose((0, 0, 1)))], *WRONG.values()][round(self.fault)]
