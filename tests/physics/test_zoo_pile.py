"""Thirty things on a heap: they come to rest in their tray, on each other and not in each other."""

from __future__ import annotations

import numpy as np
import pytest
from zoo.scenes.pile import COUNT, INNER


@pytest.fixture(scope="module")
def fallen(zoo):
    """Bodies after four seconds, (bodies, 13); and in every step the touching pairs and the deepest overlap."""
    env = zoo("Pile")
    env.reset(seed=1)
    rows = np.array([env.step(np.zeros(1, np.float32))[0] for _ in range(200)])
    return rows[-1, :-2].reshape(COUNT, 13), rows[:, -2:]


def test_the_heap_lies_in_its_tray_and_is_nearly_at_rest(fallen):
    bodies, _ = fallen
    assert np.abs(bodies[:, :2]).max() < INNER / 2
    assert bodies[:, 2].min() > 0.04
    assert np.linalg.norm(bodies[:, 7:10], axis=1).max() < 0.2


def test_things_lie_on_each_other_and_none_in_another_by_more_than_a_tenth_of_a_millimetre(fallen):
    _, contacts = fallen
    touching, deepest = contacts[-50:].T
    assert touching.min() >= COUNT
    assert deepest.max() < 1e-4


def test_things_that_fall_do_not_touch_at_first(zoo):
    observation, _ = zoo("Pile").reset(seed=1)
    assert observation[-2] == observation[-1] == 0.0
