"""What a frontier aims at may change while it teaches."""

from __future__ import annotations

import numpy as np
import pytest
from toy_students import Unchanging, teach

from blendgym.errors import InvalidOption
from blendgym.teachers import Mix, make_teacher
from blendgym.teachers.acquisition import RECIPE, RandomAcquisition, acquire, acquisition_at
from blendgym.teachers.frontier import Frontier


def taught(rounds=20):
    teacher = Mix(Frontier(np.array([0.5]), shape_memory=1000.0, level_memory=500.0))
    teach(teacher, Unchanging(lambda unit: 1.0 - unit[:, 0]), np.random.default_rng(0), rounds=rounds, count=50)
    return teacher


def test_no_action_is_the_recipe_and_its_ends_are_the_bounds():
    assert acquisition_at(np.zeros(3)) == pytest.approx(RECIPE)
    assert acquisition_at(np.full(3, -1.0)) == pytest.approx((0.05, 2.0, 0.3))
    assert acquisition_at(np.full(3, 1.0)) == pytest.approx((0.6, 20.0, 0.95))


def test_tasks_go_where_the_new_target_is_at_once():
    teacher, line = taught(), np.linspace(0.0, 1.0, 401)[:, None]
    acquire(teacher, RECIPE._replace(target=0.6, sharpness=20.0, share=0.95))
    assert line[teacher.density(line).argmax(), 0] == pytest.approx(0.4, abs=0.06)
    assert teacher.density(line).mean() == pytest.approx(1.0, abs=0.03)
    assert teacher.density(line).min() == pytest.approx(0.05, abs=0.02)


def test_an_aim_out_of_bounds_or_of_another_teacher_is_refused():
    teacher = taught()
    with pytest.raises(InvalidOption, match="target"):
        acquire(teacher, RECIPE._replace(target=0.0))
    with pytest.raises(InvalidOption, match="got Uniform"):
        acquire(Mix(make_teacher("uniform", np.array([0.5]))), RECIPE)


def test_at_random_the_aim_is_another_after_each_update_and_continues_identically():
    teacher, generator = RandomAcquisition(taught()), np.random.default_rng(1)
    student, shares = Unchanging(lambda unit: 1.0 - unit[:, 0]), []
    for _ in range(6):
        teach(teacher, student, generator, rounds=1, count=20)
        shares.append(teacher.describe()["share"])
    assert len(set(shares)) == 6
    assert all(0.3 <= share <= 0.95 for share in shares)

    again = RandomAcquisition(taught(0))
    again.load_state_dict(teacher.state_dict())
    one, other = np.random.default_rng(2), np.random.default_rng(2)
    for _ in range(3):
        first, second = (each.sample(by, 30).unit for each, by in ((teacher, one), (again, other)))
        assert first.tolist() == second.tolist()
