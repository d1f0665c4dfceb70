"""Models of the pass rate are compared on what they had not seen when they said it."""

from __future__ import annotations

import numpy as np
import pytest
from command_line import blendgym

from blendgym.agents.torch_modes import one_thread
from blendgym.benchmarks.learning.neural_pass_rates import NeuralPassRateModel
from blendgym.benchmarks.learning.pass_rate_models import BaseRate, predicted
from blendgym.teachers.pass_rates.model import PassRateModel


def portions_of(rate, count=24):
    generator = np.random.default_rng(0)
    units = [generator.random((60, 2)) for _ in range(count)]
    return [(unit, generator.random(60) < rate(unit)) for unit in units]


def ring(unit):
    """Passed on a ring around the middle, which no product of two coordinates describes."""
    radius = np.hypot(*(unit - 0.5).T)
    return np.where((radius > 0.2) & (radius < 0.4), 0.95, 0.05)


def test_without_a_place_a_model_is_as_good_as_the_mean_and_orders_nothing():
    found = predicted(BaseRate(2), portions_of(lambda unit: np.full(len(unit), 0.3)))
    assert found.log_loss == pytest.approx(-(0.3 * np.log(0.3) + 0.7 * np.log(0.7)), abs=0.03)
    assert found.order == pytest.approx(0.5, abs=0.05)


def test_where_places_tell_them_apart_a_model_of_places_is_better():
    with one_thread():
        models = (BaseRate(2), PassRateModel(2), NeuralPassRateModel(2))
        base, own, neural = (predicted(model, portions_of(lambda unit: unit[:, 0] > 0.6)) for model in models)
    assert own.log_loss < 0.4 * base.log_loss
    assert neural.log_loss < 0.5 * base.log_loss


def test_on_a_ring_the_neural_model_knows_what_the_quadratic_one_cannot():
    with one_thread():
        own, neural = (predicted(model, portions_of(ring)) for model in (PassRateModel(2), NeuralPassRateModel(2)))
    assert neural.order > own.order + 0.05


@pytest.mark.long
def test_the_command_ends_with_a_row_for_each_model():
    shown = blendgym("bench", "pass-rates", "--teachers", "uniform", "--seeds", 1, "--steps", 100_000).stdout
    assert all(name in shown for name in ("base rate", "the frontier's own", "neural"))
