"""Sampling for p · (1 - p): where the tree is cut, what is preferred, and what is never given up."""

from __future__ import annotations

import numpy as np
import pytest
from toy_students import Unchanging, corner_fails, episodes_of, forgetful, half_unlearnable, slope, teach

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import plain_tasks
from blendgym.teachers import Mix
from blendgym.teachers.distributions.contrasts import Contrasts
from blendgym.teachers.distributions.partition import Partition
from blendgym.teachers.learnability import Learnability
from blendgym.teachers.pass_rates.running import PassRates


def test_the_leaves_of_a_partition_fill_the_cube_without_overlap():
    generator = np.random.default_rng(0)
    partition = Partition(3)
    for _ in range(40):
        partition.split(int(generator.integers(len(partition))), int(generator.integers(3)))
    assert partition.volumes.sum() == pytest.approx(1.0)
    unit = np.vstack([generator.random((2000, 3)), generator.integers(0, 2, (20, 3)).astype(np.float64)])
    inside = np.all((unit[:, None] >= partition.low) & (unit[:, None] <= partition.high), axis=2)
    assert np.all(inside[np.arange(len(unit)), partition.leaves_of(unit)])
    assert np.all(inside[:2000].sum(axis=1) == 1)


def test_places_of_leaves_are_in_them():
    partition = Partition(2)
    partition.split(0, 1)
    leaves = np.array([0, 1, 1, 0, 1])
    assert partition.leaves_of(partition.places(np.random.default_rng(0), leaves)).tolist() == leaves.tolist()


def test_a_pass_rate_is_the_mean_of_what_came_together_and_later_episodes_count_more():
    running = PassRates(2, discount=0.5)
    running.observe(np.array([1, 1]), np.array([True, False]))
    assert running.rates.tolist() == [0.0, 0.5]
    running.observe(np.array([1]), np.array([True]))
    assert running.rates[1] == pytest.approx((0.5 * 1 + 1) / (0.5 * 2 + 1))


def test_halves_of_a_place_begin_with_their_own_rates_and_no_more_episodes_than_are_remembered():
    running = PassRates(3, discount=0.9)
    running.split(1, played=np.array([40.0, 5.0]), passed=np.array([10.0, 5.0]))
    assert running.played == pytest.approx([0.0, 10.0, 0.0, 5.0])
    assert running.rates == pytest.approx([0.0, 0.25, 0.0, 1.0])


def test_the_contrast_of_two_halves_is_that_of_the_test_of_two_proportions():
    contrasts = Contrasts(1)
    upper = np.arange(100) < 40
    successes = np.concatenate([np.arange(40) < 30, np.arange(60) < 15])  # 30 of 40 above, 15 of 60 below
    contrasts.observe(np.zeros(100, np.int64), upper[:, None], successes)
    together = 45 / 100
    expected = (30 / 40 - 15 / 60) / np.sqrt(together * (1 - together) * (1 / 40 + 1 / 60))
    assert contrasts.z_scores(enough=40)[0, 0] == pytest.approx(expected)
    assert contrasts.z_scores(enough=41)[0, 0] == 0.0


def test_regions_are_preferred_by_how_learnable_they_are():
    teacher = Learnability(np.array([0.5]), share=0.5, discount=0.995)
    teach(teacher, slope(), np.random.default_rng(0), rounds=300)
    place = np.linspace(0.05, 0.95, 10)[:, None]
    p = 1.0 - place[:, 0]
    expected = 0.5 + 0.5 * p * (1.0 - p) * 6.0  # whose mean over p is 1
    assert teacher.density(place) == pytest.approx(expected, abs=0.12)


def test_only_dimensions_that_matter_are_cut():
    teacher = Learnability(np.full(5, 0.5))
    teach(teacher, slope(), np.random.default_rng(0), rounds=100)
    widths = teacher.partition.high - teacher.partition.low
    assert teacher.partition.volumes @ widths[:, 0] < 0.3
    assert np.all(teacher.partition.volumes @ widths[:, 1:] > 0.75)


def test_there_are_never_more_leaves_than_allowed():
    teacher = Learnability(np.full(2, 0.5), leaves=5)
    teach(teacher, Unchanging(lambda unit: unit.mean(axis=1)), np.random.default_rng(0), rounds=200)
    assert len(teacher.partition) == 5


def test_what_nobody_can_learn_loses_weight_and_keeps_some():
    generator = np.random.default_rng(0)
    teacher, student = Learnability(np.array([0.2])), half_unlearnable()
    student.learning = 0.003
    teach(teacher, student, generator, rounds=40)
    possible, impossible = teacher.density(np.array([[0.25], [0.75]]))
    assert possible > 1.3
    assert 0.5 <= impossible < 0.7
    assert teacher.describe()["share_never_passed"] == pytest.approx(0.5)


def test_a_region_given_up_is_found_again_once_it_can_be_learnt_even_without_a_uniform_share():
    generator = np.random.default_rng(0)
    teacher, student = Learnability(np.array([0.2]), share=1.0), half_unlearnable()
    teach(teacher, student, generator, rounds=200)
    given_up = teacher.sample(generator, 4000).unit[:, 0] > 0.5
    assert 0.0 < np.mean(given_up) < 0.55
    student.highest[8:] = 0.5
    teach(teacher, student, generator, rounds=200)
    assert np.mean(teacher.sample(generator, 4000).unit[:, 0] > 0.5) > 0.9


def test_what_a_student_forgets_is_practised_again():
    generator = np.random.default_rng(0)
    teacher, student = Mix(Learnability(np.array([0.5])), share=0.2), forgetful()
    teach(teacher, student, generator, rounds=300)
    student.skill[:4] = 0.5  # of the mastered 1
    student.skill[4:] = 1.0
    student.forgetting = 0.0
    student.learning = 0.0
    teach(teacher, student, generator, rounds=60)
    assert teacher.density(np.array([[0.2]])) > 1.5 * teacher.density(np.array([[0.8]]))


def test_a_corner_that_fails_is_found_although_no_dimension_shows_it_alone():
    teacher = Learnability(np.full(2, 0.5))
    teach(teacher, corner_fails(border=0.85), np.random.default_rng(0), rounds=150)
    figures = teacher.describe()
    assert figures["share_never_passed"] == pytest.approx(0.15**2, abs=0.005)
    assert figures["pass_rate"] == pytest.approx(1.0 - 0.15**2, abs=0.005)


def test_the_distribution_changes_with_updates_and_not_between():
    generator = np.random.default_rng(0)
    teacher = Learnability(np.array([0.5]))
    teach(teacher, slope(), generator, rounds=10)
    density, version = teacher.density(np.array([[0.1]])), teacher.version
    teacher.observe(episodes_of(plain_tasks(np.full((50, 1), 0.1)), np.arange(50) < 25))
    assert (teacher.density(np.array([[0.1]])), teacher.version) == (density, version)
    teacher.update()
    assert teacher.version == version + 1
    assert teacher.density(np.array([[0.1]])) > density


def test_a_student_that_always_fails_is_warned_about_and_taught_uniformly():
    generator = np.random.default_rng(0)
    teacher = Learnability(np.array([0.5]))
    with pytest.warns(UserWarning, match="not one region whose pass rate differs") as caught:
        teach(teacher, Unchanging(lambda unit: np.zeros(len(unit))), generator, rounds=100)
    assert len(caught) == 1
    assert teacher.describe()["gate_reached"] == 0.0
    assert teacher.density(np.linspace(0, 1, 5)[:, None]).tolist() == [1.0] * 5


@pytest.mark.parametrize("arguments", [{"share": 1.1}, {"discount": -1.0}, {"floor": 0.0}, {"leaves": 0}])
def test_arguments_that_make_no_sense_are_refused(arguments):
    with pytest.raises(InvalidOption):
        Learnability(np.array([0.5]), **arguments)
