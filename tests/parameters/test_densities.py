"""The density of draws from priors is that of their histogram."""

from __future__ import annotations

import numpy as np
import pytest

from blendgym.parameters import Correlation, Parameter, ParameterSpace, TaskAttribute
from blendgym.parameters.sources import Prior


def parameter(name):
    return Parameter(name=name, unit="1", nominal=1.5, low=1.0, high=2.0, binding=TaskAttribute(name))


def test_independent_draws_have_density_one():
    space = ParameterSpace(parameter("a"), parameter("b"))
    np.testing.assert_array_equal(Prior(space).density(np.random.default_rng(0).random((5, 2))), 1.0)


@pytest.mark.parametrize("strength", [0.7, -0.4])
def test_correlated_draws_have_the_density_of_their_histogram(strength):
    space = ParameterSpace(parameter("a"), parameter("b"), correlations=[Correlation("a", "b", strength)])
    drawn = space.correlated(np.random.default_rng(0).random((100_000, 2)))
    shares = np.histogram2d(*drawn.T, bins=4, range=[(0, 1), (0, 1)])[0] / len(drawn)
    middles = (np.arange(200) + 0.5) / 200
    grid = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1)
    expected = space.density(grid).reshape(4, 50, 4, 50).mean(axis=(1, 3)) / 16
    np.testing.assert_allclose(shares, expected, atol=0.003)
