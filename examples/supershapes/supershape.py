"""A supershape: a mesh that is made of numbers (runs on both sides of the wire).

The formula is that of J. Gielis, "A generic geometric transformation that unifies a wide range of natural and abstract
shapes", American Journal of Botany 90 (2003), 333-338.
"""

import numpy as np

from blendgym.data import Scenario
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute

LATITUDES, LONGITUDES = 40, 80


def radius(angle, m, n1, n2, n3):
    """The superformula with a = b = 1: how far a closed curve is from its middle, by angle."""
    quarter = m * angle / 4.0
    return (np.abs(np.cos(quarter)) ** n2 + np.abs(np.sin(quarter)) ** n3) ** (-1.0 / n1)


def supershape(m1, m2, n1, n2, n3):
    """The spherical product of two such curves, with m1 lobes around and m2 up: float64 (vertices, 3), within 1 m."""
    longitude = np.linspace(-np.pi, np.pi, LONGITUDES, endpoint=False)
    latitude = np.linspace(-np.pi / 2, np.pi / 2, LATITUDES)[:, None]
    around, up = radius(longitude, m1, n1, n2, n3), radius(latitude, m2, n1, n2, n3)
    across = around * up * np.cos(latitude)
    height = np.broadcast_to(up * np.sin(latitude), across.shape)
    points = np.stack([across * np.cos(longitude), across * np.sin(longitude), height], axis=-1).reshape(-1, 3)
    return points / np.linalg.norm(points, axis=1).max()


def _number(name, nominal, low, high, description):
    return Parameter(
        name=name, unit="1", nominal=nominal, low=low, high=high, binding=TaskAttribute(name), description=description
    )


class Supershape(Scenario):
    """A supershape of clay."""

    scene = "supershape_scene"
    parameters = ParameterSpace(
        _number("m1", 4.0, 0.0, 10.0, "Lobes around the vertical"),
        _number("m2", 4.0, 0.0, 10.0, "Lobes around a horizontal axis"),
        _number("n1", 1.5, 0.5, 5.0, "How far the valleys go in: the less, the further"),
        _number("n2", 3.0, 0.5, 5.0, "How pointed the lobes are"),
        _number("n3", 3.0, 0.5, 5.0, "How wide the valleys are"),
    )
    m1 = m2 = 4.0
    n1, n2, n3 = 1.5, 3.0, 3.0

    def sample(self, world, rng):
        """Gives the mesh its shape."""
        world.mesh("Shape").vertices = supershape(self.m1, self.m2, self.n1, self.n2, self.n3)
