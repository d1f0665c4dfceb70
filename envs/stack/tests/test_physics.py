"""Boxes stand and tip over where statics has it, and a tower that stands does not creep."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from shared import shared_env
from towers import MIDDLES, balanced

from blendgym.client.env import BlendEnv
from blendgym.envs.stack.boxes import KINDS, SIZE

LENGTH, WIDTH, HEIGHT = SIZE
REACH = 0.2  # m
STANDS, FALLS = 0.95, 1.02  # of the overhang at which a box tips


equal = shared_env("towers:Equal")


def built(env: BlendEnv, shifts: list[tuple[float, float]], **parameters: float) -> NDArray:
    """Heights of boxes above where the tower has them, in shares of a height, three seconds after the last.

    Args:
        env: Of equal boxes.
        shifts: Of each middle from the one below, or from that of the pedestal, along x and y, in m.
        parameters: By name, with an underscore for the dot.
    """
    values = {
        "boxes": len(shifts), "pedestal.length": LENGTH, "pedestal.width": WIDTH, "drop.height": 0.001,
        "placement.noise": 0.0, "reach": REACH,
    }  # fmt: skip
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    env.reset(seed=0, options={"params": values | named})
    for shift in [*shifts, *[(0.0, 0.0)] * 3]:
        observation = env.step(np.array([*np.array(shift) / REACH, 0.0], np.float32))[0]
    heights = observation[15::12][: len(shifts)] / HEIGHT
    return heights - (np.arange(len(shifts)) + 0.5)


@pytest.mark.parametrize(("kind", "offset"), [*enumerate(KINDS.values())])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_box_tips_when_its_centre_of_mass_is_beyond_the_edge_along_its_length(equal, kind, offset, sign):
    for share, stands in ((STANDS, True), (FALLS, False)):
        centre_of_mass = sign * share * LENGTH / 2
        (sunk,) = built(equal, [(centre_of_mass - offset * LENGTH, 0.0)], kind=kind)
        assert (abs(sunk) < 0.01) == stands, f"{share:.0%} of half a length"


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_it_tips_at_the_edge_along_its_width_too(equal, kind):
    offset = list(KINDS.values())[kind] * LENGTH
    for share, stands in ((STANDS, True), (FALLS, False)):
        (sunk,) = built(equal, [(-offset, share * WIDTH / 2)], kind=kind)
        assert (abs(sunk) < 0.01) == stands, f"{share:.0%} of half a width"


@pytest.mark.parametrize("boxes", [2, 3, 4])
def test_an_overhanging_tower_stands_as_far_as_the_harmonic_series_has_it(equal, boxes):
    limits = [LENGTH / 2 / below for below in range(boxes, 0, -1)]
    within = built(equal, [(STANDS * limit, 0.0) for limit in limits])
    assert np.abs(within).max() < 0.02
    beyond = built(equal, [(FALLS * limit, 0.0) for limit in limits])
    assert beyond.min() < -0.5


def test_a_tower_that_stands_stays_where_it_is(make_env):
    env = make_env("towers:Lasting")
    for seed in range(5):
        observation, _ = env.reset(seed=seed)
        for _ in range(5):
            observation, *_ = env.step(balanced(observation))
        before = observation[MIDDLES]
        for _ in range(10):
            observation, *_ = env.step(np.zeros(3, np.float32))
        assert np.abs(observation[MIDDLES] - before).max() < 0.002, "within two millimetres in ten seconds"
