"""Group DRO: the worst regions gain weight as its formula says, whether or not anything can be learnt there."""

from __future__ import annotations

import numpy as np
import pytest
from toy_students import episodes_of, half_unlearnable, slope, teach

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import plain_tasks
from blendgym.teachers.group_robust import GroupRobust


def halved(step_size):
    """A teacher that has cut its cube in the middle once: all of the lower half is passed, nothing of the upper."""
    teacher = GroupRobust(np.array([0.5]), step_size=step_size, leaves=2)
    unit = np.random.default_rng(0).random((200, 1))
    teacher.observe(episodes_of(plain_tasks(unit), unit[:, 0] < 0.5))
    teacher.update()
    return teacher


def test_each_update_multiplies_the_weight_of_a_region_by_the_exponential_of_its_loss():
    teacher = halved(step_size=0.3)
    for _ in range(3):
        unit = np.repeat([[0.25], [0.75]], 100, axis=0)
        teacher.observe(episodes_of(plain_tasks(unit), unit[:, 0] < 0.5))
        teacher.update()
    lower, upper = teacher.density(np.array([[0.25], [0.75]]))
    assert upper / lower == pytest.approx(np.exp(3 * 0.3), rel=1e-3)


def test_without_a_step_all_tasks_are_alike():
    assert halved(step_size=0.0).density(np.array([[0.25], [0.75]])).tolist() == [1.0, 1.0]


def test_what_nobody_can_learn_comes_to_have_nearly_all_tasks():
    teacher = GroupRobust(np.array([0.2]))
    teach(teacher, half_unlearnable(), np.random.default_rng(0), rounds=200)
    assert np.mean(teacher.sample(np.random.default_rng(1), 2000).unit > 0.5) > 0.95


def test_harder_places_have_more_tasks():
    teacher = GroupRobust(np.array([0.5]), step_size=0.02)
    teach(teacher, slope(), np.random.default_rng(0), rounds=100)
    density = teacher.density(np.linspace(0.1, 0.9, 5)[:, None])
    assert np.all(np.diff(density) >= 0.0)
    assert density[-1] > 2.0 * density[0]


def test_a_step_size_below_zero_is_refused():
    with pytest.raises(InvalidOption, match="The step size of group DRO"):
        GroupRobust(np.array([0.5]), step_size=-0.1)
