"""Three kinds of meshes, scattered: colours, depth and instances side by side, as networks are trained with them.

python examples/three_meshes/three_meshes.py meshes.png
"""

import sys

import numpy as np
from PIL import Image

from blendgym.data import Scenario, Stream
from blendgym.images.pictures.passes import picture_of
from blendgym.layout import Item
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Discrete
from blendgym.world import Pose

MESHES = ("Monkey", "Ring", "Gem")
PASSES = ("rgb", "depth", "segmentation")


class ThreeMeshes(Scenario):
    """Copies of three meshes that have fallen onto a table; the labels say how many there are of each."""

    scene = "meshes_scene"
    templates = MESHES
    labels = {mesh: Discrete(17) for mesh in MESHES}
    parameters = ParameterSpace(
        Parameter(name="count", unit="1", nominal=12, low=4, high=16, kind="integer", binding=TaskAttribute("count"))
    )
    views = {"": {"passes": PASSES}}
    count = 12.0

    def layout(self, rng):
        """Each in a place of its own, a little above the table."""
        self._kinds = rng.choice(MESHES, round(self.count))
        for mesh, place in zip(self._kinds, rng.choice(16, len(self._kinds), replace=False), strict=True):
            across = 0.9 * (np.array(divmod(place, 4)) - 1.5) + rng.uniform(-0.15, 0.15, 2)
            yield Item(str(mesh), Pose((*across, 0.6), rng.normal(size=4)), scale=rng.uniform(0.8, 1.2))

    def sample(self, world, rng):
        """Lets them come to rest."""
        world.settle(2.0, speed=0.1)
        return {mesh: np.count_nonzero(self._kinds == mesh) for mesh in MESHES}


def main(path="meshes.png", count=3, **view):
    """Makes some samples, and saves the passes of each in a row."""
    rows = []
    with Stream(ThreeMeshes, count=int(count), randomize="all", **view) as stream:
        for sample in stream:
            print(", ".join(f"{number} × {mesh}" for mesh, number in sample.labels.items()))
            rows.append(np.hstack([np.asarray(picture_of(name, sample.view).image) for name in PASSES]))
    Image.fromarray(np.vstack(rows)).save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
