"""Scenarios that reshape the meshes of that scene."""

from __future__ import annotations

import numpy as np

from blendgym.data import Scenario
from blendgym.layout import Item
from blendgym.parameters import Length, Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.world import Pose


class Stretched(Scenario):
    """The sign is stretched along x, block and crate along z before they fall; nothing is touched where it is 1."""

    scene = "reshaping.scene"
    labels = {"heights": Box(0.0, 9.0, shape=(2,)), "built": Box(-1.0, 1.0, shape=(8, 3))}
    parameters = ParameterSpace(
        Parameter(name="stretch", unit="1", nominal=1.0, low=0.1, high=4.0, binding=TaskAttribute("stretch")),
    )
    stretch = 1.0

    def sample(self, world, rng):
        built = world.mesh("Sign").vertices
        if self.stretch != 1.0:
            world.mesh("Sign").vertices = built * (self.stretch, 1.0, 1.0)
            for name in ("Block", "Crate"):
                world.mesh(name).vertices = world.mesh(name).vertices * np.array((1.0, 1.0, self.stretch))
        world.settle(5.0)
        return {"heights": [world.body(name).position[2] for name in ("Block", "Crate")], "built": built}


class Contradicted(Stretched):
    """Undoes what a parameter has done."""

    parameters = ParameterSpace(
        *Stretched.parameters.values(),
        Parameter(name="block.length", unit="m", nominal=1.0, low=0.5, high=2.0, binding=Length("Block", "z")),
    )


class Copied(Scenario):
    """Copies of the crate, of which the first is reshaped."""

    scene = "reshaping.scene"
    templates = ("Crate",)
    parameters = ParameterSpace(
        Parameter(name="count", unit="1", nominal=1, low=1, high=2, kind="integer", binding=TaskAttribute("count"))
    )
    count = 1.0

    def layout(self, rng):
        for number in range(round(self.count)):
            yield Item("Crate", Pose((1.5 * number, 0.0, 0.5)))

    def sample(self, world, rng):
        mesh = world.mesh("Crate.001")
        mesh.vertices = 2.0 * mesh.vertices


MISTAKES = {
    "world.mesh('Sgin')": "has no mesh 'Sgin'.* Did you mean 'Sign'",
    "world.mesh('Camera')": "has no mesh 'Camera'",
    "world.mesh(3)": "A mesh is asked for by its name in Blender; got 3",
    "world.camera(3)": "A camera is asked for by its name in Blender; got 3",
    "world.camera('Sign')": "has no camera 'Sign'; it has Camera",
    "world.body('Sgin')": "has no rigid body 'Sgin'",
    "world.joint('Hinge')": "has no joint 'Hinge'",
    "world.motor('Drive')": "has no motor 'Drive'",
    "world.mesh('Sign').vertices = np.zeros((7, 3))": r"are float64 \(7, 3\); expected numbers in m, \(8, 3\)",
    "world.mesh('Sign').vertices = 'flat'": "expected numbers in m",
    "world.mesh('Sign').vertices = np.full((8, 3), np.nan)": "Vertex 0 of mesh 'Sign' would be at",
    "world.mesh('Sign').vertices = np.full((8, 3), 1e39)": "Vertex 0 of mesh 'Sign' would be at",
    "world.mesh('One').vertices = np.zeros((8, 3))": "cannot be reshaped, for Other would change with it",
    "world.mesh('Soft').vertices = np.zeros((8, 3))": "has shape keys, which win",
}
"""What is asked for and is not there, or cannot be done to a mesh, and what is said of it."""


class Wrong(Scenario):
    """Makes one of the mistakes; the sign is reshaped in a step, too."""

    scene = "reshaping.scene"
    parameters = ParameterSpace(
        Parameter(
            name="mistake", unit="1", nominal=0, low=0, high=len(MISTAKES), kind="integer",
            binding=TaskAttribute("mistake"),
        )
    )  # fmt: skip
    mistake = 0.0

    def bind(self, world):
        self._world = world

    def sample(self, world, rng):
        if self.mistake:
            exec([*MISTAKES][round(self.mistake) - 1], {"world": world, "np": np})  # noqa: S102 (these are the mistakes)

    def apply(self, action):
        self._world.mesh("Sign").vertices = np.zeros((8, 3))
