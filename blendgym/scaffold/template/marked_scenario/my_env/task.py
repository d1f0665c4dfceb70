"""A scene that nobody acts in: its samples are for annotated images (runs on both sides of the wire: no bpy)."""

from pathlib import Path

from blendgym.marks import marked_parameters
from blendgym.scenario import Scenario


class MyEnv(Scenario):
    """A scene that differs from sample to sample in what is marked in it.

    ## Description

    What can fall falls for four seconds, or until it rests.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene.blend"  # beside this file
    camera = "Camera"
    parameters = marked_parameters(Path(__file__).with_name("scene.blend"))

    def sample(self, world, rng):
        world.settle(4.0)
