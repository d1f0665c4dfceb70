"""The picture of a meta-episode shows what happened in it."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.patches import StepPatch

import blendgym.envs  # noqa: F401  # registers the ids
from blendgym.errors import ResetNeeded
from blendgym.meta.history import BINS, History, marginal_pass_rates
from blendgym.meta.rendering import figure_of
from blendgym.parameters.episodes import UNIFORM, Episodes

NAMES = ("cart.mass", "gravity")
LOW, HIGH = np.array([[0.4, 0.2], [0.3, 0.1], [0.2, 0.0]]), np.array([[0.5, 0.6], [0.5, 0.7], [0.9, 0.8]])


def episodes_at(unit, successes, tag=UNIFORM):
    count, scores = len(unit), successes.astype(np.float64)
    tags, zeros = np.full(count, tag), np.zeros(count, np.int64)
    return Episodes(unit, tags, zeros, scores, scores, successes, np.full(count, 10))


@pytest.fixture
def history():
    made, generator = History(NAMES), np.random.default_rng(0)
    for step, (low, high) in enumerate(zip(LOW, HIGH, strict=True)):
        unit = generator.random((40, 2))
        made.note(low, high, episodes_at(unit, unit[:, 0] < 0.5), 1000 * step, 0.1 * step)
    return made


def test_each_parameter_has_ribbons_at_its_bounds_over_a_map_of_its_pass_rates(history):
    figure = figure_of(history)
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert tuple(panel.get_title(loc="left") for panel in panels) == NAMES
    for number, panel in enumerate(panels):
        ribbons = [patch.get_data().values for patch in panel.patches if isinstance(patch, StepPatch)]
        np.testing.assert_array_equal(ribbons, [LOW[:, number], HIGH[:, number]])
        (rates,) = (each.get_array() for each in panel.collections if isinstance(each, QuadMesh))
        expected = np.array([moment.pass_rates[number] for moment in history.moments]).T
        np.testing.assert_array_equal(rates.filled(np.nan).reshape(expected.shape), expected)


def test_the_lower_panel_has_the_score_of_the_probe_and_the_success_in_uniform_tasks(history):
    curves = {line.get_label(): line.get_ydata() for line in figure_of(history).axes[-1].lines}
    np.testing.assert_allclose(curves["score of the probe"], [0.0, 0.1, 0.2])
    np.testing.assert_allclose(
        curves["success in uniform tasks"], [moment.uniform_success for moment in history.moments]
    )


def test_pass_rates_are_those_of_the_episodes_in_each_bin_and_unknown_elsewhere():
    unit = np.array([[0.01, 0.99], [0.02, 0.99], [0.99, 1.0]])
    rates = marginal_pass_rates(episodes_at(unit, np.array([True, False, True])))
    assert rates.shape == (2, BINS)
    assert (rates[0, 0], rates[0, -1]) == (0.5, 1.0)
    assert rates[1, -1] == pytest.approx(2 / 3)
    assert np.isnan(rates).sum() == 2 * BINS - 3


def test_render_draws_the_episode_so_far():
    env = gym.make(
        "BlendAdaptiveDR-v0", student="field", randomize=NAMES, steps_per_action=3_200, render_mode="rgb_array"
    ).unwrapped
    with pytest.raises(ResetNeeded):
        env.render()
    env.reset(seed=0)
    pictures = [env.render()]
    for _ in range(2):
        env.step(np.float32([-1.0, 1.0, -0.5, 0.5]))
        pictures.append(env.render())
    assert len({picture.tobytes() for picture in pictures}) == 3
    assert all(picture.dtype == np.uint8 and picture.shape == pictures[0].shape for picture in pictures)
    np.testing.assert_array_equal(env.render(), pictures[-1])
