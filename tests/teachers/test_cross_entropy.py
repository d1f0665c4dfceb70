"""The cross-entropy method: finds the target domain from how the student behaves in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import truncnorm
from toy_students import episodes_of

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import PLAIN, UNIFORM, Tasks, plain_tasks
from blendgym.teachers.cross_entropy import TRIAL, CrossEntropy, difference_of_outcomes
from blendgym.teachers.distributions.normals import TruncatedNormals

TARGET = np.array([0.8, 0.25, 0.6])


def distance(candidates, trials):
    return np.sum((candidates.unit - trials.unit.mean(axis=0)) ** 2, axis=1)


def played(tasks: Tasks, scores: np.ndarray | None = None):
    episodes = episodes_of(tasks, np.ones(len(tasks.unit), np.bool_))
    return episodes if scores is None else episodes._replace(scores=scores)


def follow(teacher: CrossEntropy, score, updates: int, seed: int = 0) -> None:
    generator = np.random.default_rng(seed)
    while teacher.version < updates:
        tasks = teacher.sample(generator, 20)
        teacher.observe(played(tasks, score(tasks.unit)))
        teacher.update()


def test_it_converges_to_the_target_where_the_discrepancy_is_the_distance_to_it():
    teacher = CrossEntropy(np.full(3, 0.5), target=TARGET, discrepancy=distance)
    follow(teacher, lambda unit: unit[:, 0], updates=25)
    assert teacher.normals.mean == pytest.approx(TARGET, abs=0.02)
    assert teacher.normals.deviation == pytest.approx(np.full(3, 0.02), abs=0.01)


def test_it_converges_to_the_target_whose_scores_alone_it_sees():
    teacher = CrossEntropy(np.array([0.2]), target=[0.7])
    follow(teacher, lambda unit: unit[:, 0] ** 2, updates=20)
    assert teacher.normals.mean == pytest.approx([0.7], abs=0.03)


def test_it_follows_a_student_that_changes():
    teacher = CrossEntropy(np.array([0.2]), target=[0.7])
    follow(teacher, lambda unit: unit[:, 0], updates=10)
    follow(teacher, lambda unit: 1.0 - 0.5 * unit[:, 0], updates=25, seed=1)
    assert teacher.normals.mean == pytest.approx([0.7], abs=0.03)


def test_mean_and_deviation_go_half_of_the_way_to_the_best_fifth():
    teacher = CrossEntropy(np.array([0.5]), target=[1.0], discrepancy=distance, population=10, deviation=0.3)
    unit = np.arange(10)[:, None] / 10
    teacher.observe(played(plain_tasks(np.ones((1, 1)), tag=TRIAL)))
    teacher.observe(played(plain_tasks(unit)))
    teacher.update()
    elite = np.array([0.8, 0.9])
    assert teacher.normals.mean == pytest.approx([(0.5 + elite.mean()) / 2])
    assert teacher.normals.deviation == pytest.approx([(0.3 + elite.std()) / 2])


def test_no_deviation_falls_below_the_smallest():
    teacher = CrossEntropy(np.array([0.5]), target=[0.5], discrepancy=distance, smallest_deviation=0.1)
    follow(teacher, lambda unit: unit[:, 0], updates=30)
    assert teacher.normals.deviation[0] >= 0.1


def test_normals_that_are_cut_off_are_those_of_scipy():
    normals = TruncatedNormals(np.array([0.05, 0.5, 1.0]), np.array([0.2, 0.02, 0.3]))
    low, high = -normals.mean / normals.deviation, (1.0 - normals.mean) / normals.deviation
    expected = truncnorm(low, high, normals.mean, normals.deviation)
    unit = np.random.default_rng(0).random((5, 3))
    assert normals.density(unit) == pytest.approx(np.prod(expected.pdf(unit), axis=1))
    assert normals.quantile(unit) == pytest.approx(expected.ppf(unit))


def test_a_tenth_of_all_tasks_are_trials_that_the_student_does_not_learn_from():
    tasks = CrossEntropy(np.full(3, 0.5), target=TARGET).sample(np.random.default_rng(0), 20_000)
    trials = tasks.tags == TRIAL
    assert np.mean(trials) == pytest.approx(0.1, abs=0.01)
    assert np.all(tasks.unit[trials] == TARGET)
    assert np.array_equal(tasks.trains, ~trials)
    assert set(tasks.tags[~trials]) == {PLAIN}


def test_the_target_is_known_by_its_trials_alone():
    teacher = CrossEntropy(np.array([0.5]), target=[0.9], population=10)
    for _ in range(5):
        teacher.observe(played(plain_tasks(np.arange(10)[:, None] / 10)))
        teacher.update()
    assert (teacher.version, teacher.normals.mean.tolist()) == (0, [0.5])


def test_uniform_episodes_and_those_of_an_older_distribution_are_no_candidates():
    teacher = CrossEntropy(np.array([0.5]), target=[0.9], population=10)
    teacher.version = 1
    teacher.observe(played(plain_tasks(np.ones((1, 1)), tag=TRIAL)))
    for version, tag in ((0, PLAIN), (1, UNIFORM)):
        teacher.observe(played(plain_tasks(np.arange(10)[:, None] / 10, version, tag)))
        teacher.update()
    assert teacher.version == 1


def test_outcomes_differ_by_score_and_length_as_shares_of_their_range():
    candidates = played(plain_tasks(np.zeros((2, 1))), np.array([0.3, 0.8]))._replace(lengths=np.array([50, 100]))
    trials = played(plain_tasks(np.zeros((2, 1))), np.array([0.2, 0.4]))._replace(lengths=np.array([200, 100]))
    assert difference_of_outcomes(candidates, trials) == pytest.approx([0.0 + 0.5, 0.5 + 0.25])


@pytest.mark.parametrize("target", [[0.5], [0.5, 1.2], [np.nan, 0.5], 0.5])
def test_a_target_outside_of_the_cube_is_refused(target):
    with pytest.raises(InvalidOption, match="place of a cube of 2 dimensions"):
        CrossEntropy(np.full(2, 0.5), target=target)


@pytest.mark.parametrize("discrepancy", [lambda c, t: 0.0, lambda c, t: np.full(len(c.lengths), np.nan)])
def test_a_discrepancy_that_is_no_number_for_each_candidate_is_refused_and_changes_nothing(discrepancy):
    teacher = CrossEntropy(np.array([0.5]), target=[0.5], discrepancy=discrepancy)
    with pytest.raises(InvalidOption, match="finite number for each"):
        follow(teacher, lambda unit: unit[:, 0], updates=1)
    assert (teacher.version, teacher.normals.mean.tolist()) == (0, [0.5])
