"""Pictures of cubes that fall, each at some moment of the fall, with the boxes of all that are in sight.

python examples/falling_cubes/falling_cubes.py cubes.png
"""

import sys

import numpy as np
from PIL import Image, ImageDraw

from blendgym.data import Scenario, Stream
from blendgym.layout import Item
from blendgym.parameters import Light, Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.world import Pose

COLOURS = ("Coral", "Amber", "Lemon", "Leaf", "Sea", "Plum", "Chalk")
PLACES = (6, 4, 3)  # in the air, so far from each other that no cubes touch


class FallingCubes(Scenario):
    """Cubes of all colours fall from places in the air; a sample is some moment of that."""

    scene = "cubes_scene"
    templates = COLOURS
    labels = {"moment": Box(0.0, 2.0, shape=())}
    parameters = ParameterSpace(
        Parameter(name="cubes", unit="1", nominal=30, low=10, high=50, kind="integer", binding=TaskAttribute("cubes")),
        Parameter(
            name="sun.azimuth", unit="rad", nominal=-2.54, low=-3.1, high=0.0, group="visual",
            binding=Light("Sun", "azimuth"),
        ),
    )  # fmt: skip
    views = {"": {"passes": ["rgb", "segmentation"], "visibility": True}}
    cubes = 30.0

    def layout(self, rng):
        """Some of the places have a cube, turned anyhow."""
        for number in rng.choice(np.prod(PLACES), round(self.cubes), replace=False):
            place = np.array(np.unravel_index(number, PLACES)) - (2.5, 1.5, -0.9)
            pose = Pose(1.05 * place, rng.normal(size=4))
            yield Item(str(rng.choice(COLOURS)), pose, scale=rng.uniform(0.6, 1.1), category="Cube")

    def sample(self, world, rng):
        """Lets them fall for a while."""
        moment = rng.uniform(0.3, 1.3)  # s
        world.settle(moment)
        return {"moment": moment}


def main(path="cubes.png", count=4, **view):
    """Makes some samples, says what is in them, and saves the last with its boxes."""
    with Stream(FallingCubes, count=int(count), randomize="all", **view) as stream:
        for sample in stream:
            cubes = [seen for seen in sample.view.objects if seen.category == "Cube" and seen.visibility > 0.2]
            print(f"{sample.labels['moment']:.2f} s: {len(cubes)} of {sample.parameters['cubes']:.0f} cubes are seen")
    picture = Image.fromarray(sample.images["rgb"])
    draw = ImageDraw.Draw(picture)
    for cube in cubes:
        draw.rectangle(cube.box, outline="white")
    picture.save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
