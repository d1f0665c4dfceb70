"""The box that tasks of the meta-environment are drawn from."""

from __future__ import annotations

import numpy as np

from blendgym.meta.distribution import BoxDistribution


def test_a_box_is_put_in_order_and_a_proper_one_stays_as_it_is():
    box = BoxDistribution(np.array([0.6, -0.2]), np.array([0.4, 1.2]))
    np.testing.assert_array_equal([box.low, box.high], [[0.4, 0.0], [0.6, 1.0]])
    places = np.random.default_rng(0).random(1000)
    narrow = BoxDistribution(places, places)
    again = BoxDistribution(narrow.low, narrow.high)
    np.testing.assert_array_equal([again.low, again.high], [narrow.low, narrow.high])


def test_density_of_a_box_is_that_of_its_samples():
    box = BoxDistribution(np.array([0.1, 0.5]), np.array([0.6, 0.7]))
    tasks = box.sample(np.random.default_rng(0), 1000).unit
    assert ((tasks >= box.low) & (tasks <= box.high)).all()
    np.testing.assert_allclose(box.density(tasks), 10.0)
    assert box.density(np.array([[0.3, 0.8]])) == 0.0
