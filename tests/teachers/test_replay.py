"""Prioritized Level Replay: replays what its score says, with the probabilities of the formula."""

from __future__ import annotations

import numpy as np
import pytest
from toy_students import Unchanging, episodes_of, teach

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import PLAIN, UNIFORM, Episodes, Tasks, plain_tasks
from blendgym.teachers.levels import learnability, max_return_gap, new_level, replay_weights
from blendgym.teachers.replay import EDITED, PrioritizedLevelReplay


def filled(levels: int = 4, **arguments: object) -> PrioritizedLevelReplay:
    """A teacher that knows levels at 0, 0.1, 0.2 … of the first dimension, each after one success."""
    teacher = PrioritizedLevelReplay(np.array([0.5]), capacity=levels, fill_share=1.0, **arguments)
    unit = np.arange(levels)[:, None] / max(levels, 10)
    teacher.observe(episodes_of(plain_tasks(unit), np.ones(levels, np.bool_)))
    return teacher


def visits(teacher: PrioritizedLevelReplay, row: int, scores: list[float]) -> Episodes:
    """Episodes in one of the levels; those that score more than a half are successes."""
    unit = np.repeat(teacher.levels.unit[[row]], len(scores), axis=0)
    tasks = plain_tasks(unit, tag=int(teacher.levels.identities[row]))
    return episodes_of(tasks, np.array(scores) > 0.5)._replace(scores=np.array(scores))


def easy_frontier_hopeless() -> Unchanging:
    """Always succeeds below 0.4, never above 0.6, and half of the time between."""
    return Unchanging(lambda unit: np.select([unit[:, 0] < 0.4, unit[:, 0] < 0.6], [1.0, 0.5], 0.0))


def test_weights_are_those_of_the_formula():
    weights = replay_weights(np.array([0.1, 0.4, 0.2]), np.array([2, 0, 6]), temperature=0.5, staleness=0.25)
    by_rank = np.array([1 / 9, 1.0, 1 / 4])
    by_age = np.array([2.0, 0.0, 6.0])
    assert weights == pytest.approx(0.75 * by_rank / by_rank.sum() + 0.25 * by_age / by_age.sum())


def test_levels_of_the_same_score_are_replayed_alike():
    weights = replay_weights(np.array([0.2, 0.4, 0.2, 0.4]), np.zeros(4, np.int64), temperature=1.0, staleness=0.3)
    assert weights == pytest.approx(np.array([1 / 3, 1.0, 1 / 3, 1.0]) / (8 / 3))


def test_levels_are_replayed_as_often_as_their_weights_say():
    teacher = filled(4, replay_probability=0.6, temperature=1.0)
    for row, scores in enumerate([[1.0], [1.0, 0.0, 1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]):
        teacher.observe(visits(teacher, row, scores))
    tasks = teacher.sample(np.random.default_rng(0), 40_000)
    assert np.mean(tasks.tags > EDITED) == pytest.approx(0.6, abs=0.01)
    counts = np.array([np.sum(tasks.tags == identity) for identity in teacher.levels.identities])
    assert counts / counts.sum() == pytest.approx(teacher.weights, abs=0.01)
    assert len(set(teacher.weights.round(6))) == 4


def test_a_replayed_task_is_the_place_of_its_level():
    teacher = filled(4, replay_probability=1.0)
    tasks = teacher.sample(np.random.default_rng(0), 100)
    assert tasks.unit[:, 0] == pytest.approx((tasks.tags - 1) / 10)


def test_learnability_is_the_expectation_of_p_times_one_minus_p():
    won_once, lost_twice_of_three = (
        new_level(1, np.zeros(1), 0, 1.0, success=True),
        new_level(1, np.zeros(1), 0, 0.0, success=False)._replace(visits=np.full(1, 3.0), successes=np.ones(1)),
    )
    p = (np.arange(100_000) + 0.5) / 100_000
    assert learnability(won_once)[0] == pytest.approx(np.average(p * (1 - p), weights=p), rel=1e-6)
    assert learnability(lost_twice_of_three)[0] == pytest.approx(
        np.average(p * (1 - p), weights=p * (1 - p) ** 2), rel=1e-6
    )


def test_the_max_return_gap_is_the_best_score_above_the_latest():
    teacher = filled(2, score="max_return_gap")
    teacher.observe(visits(teacher, 1, [0.9, 0.2, 0.7]))
    assert max_return_gap(teacher.levels) == pytest.approx([0.0, 0.3])
    assert teacher.weights.argmax() == 1


def test_older_visits_count_less():
    teacher = filled(1, memory=0.5)
    teacher.observe(visits(teacher, 0, [0.0, 0.0]))
    assert (teacher.levels.visits[0], teacher.levels.successes[0]) == (1.75, 0.25)


def test_neither_mastered_nor_hopeless_levels_stay_in_front():
    """A critic that does not know the parameters would replay easy ones; costs would, hopeless ones."""
    generator = np.random.default_rng(0)
    teacher = PrioritizedLevelReplay(np.array([0.5]), capacity=60, replay_probability=0.8)
    teach(teacher, easy_frontier_hopeless(), generator, rounds=40)
    tasks = teacher.sample(generator, 5000)
    replayed = tasks.unit[tasks.tags > EDITED, 0]
    assert np.mean((replayed > 0.4) & (replayed < 0.6)) > 0.6  # a fifth of all levels


def test_hopeless_levels_are_replayed_less_with_every_visit_but_never_given_up():
    teacher = filled(8, temperature=1.0)
    weights = []
    for _ in range(6):
        teacher.observe(visits(teacher, 3, [0.0, 0.0]))
        teacher.observe(visits(teacher, 0, [1.0]))
        weights.append(teacher.weights[3])
    assert weights[-1] < 0.5 * weights[0]
    assert weights[-1] > 0.0


def test_staleness_brings_every_level_back():
    generator = np.random.default_rng(0)
    teacher = filled(20, replay_probability=1.0)
    played = teach(teacher, easy_frontier_hopeless(), generator, rounds=60, count=10)
    assert set(played.tags) == set(range(1, 21))
    never_stale = filled(20, replay_probability=1.0, staleness=0.0, temperature=0.1)
    played = teach(never_stale, easy_frontier_hopeless(), generator, rounds=60, count=10)
    assert set(played.tags) < set(range(1, 21))


def test_robust_replay_never_trains_on_new_levels():
    teacher = filled(4, edit_share=0.5)
    teacher.observe(visits(teacher, 0, [1.0, 1.0]))
    tasks = teacher.sample(np.random.default_rng(0), 1000)
    assert np.array_equal(tasks.trains, tasks.tags > EDITED)
    assert set(tasks.tags[~tasks.trains]) == {PLAIN, EDITED}


def test_if_it_is_not_robust_it_trains_on_all():
    assert filled(4, robust=False).sample(np.random.default_rng(0), 100).trains.all()


def test_nothing_is_replayed_before_there_are_enough_levels():
    teacher = PrioritizedLevelReplay(np.array([0.5]), capacity=100, fill_share=0.5)
    generator = np.random.default_rng(0)
    played = teach(teacher, easy_frontier_hopeless(), generator, rounds=1, count=49)
    assert set(played.tags) | set(teacher.sample(generator, 50).tags) == {PLAIN}
    teach(teacher, easy_frontier_hopeless(), generator, rounds=1, count=1)
    assert np.any(teacher.sample(generator, 50).tags > EDITED)


def test_a_full_buffer_gives_up_the_level_that_is_replayed_least_for_a_better_one():
    teacher = filled(3, staleness=0.0)
    teacher.observe(visits(teacher, 1, [1.0] * 5))  # mastered
    newcomer = plain_tasks(np.full((1, 1), 0.77))
    teacher.observe(episodes_of(newcomer, np.ones(1, np.bool_)))
    assert teacher.levels.unit[:, 0].tolist() == [0.0, 0.77, 0.2]
    assert teacher.levels.identities.tolist() == [1, 4, 3]


def test_a_full_buffer_keeps_its_levels_if_a_new_one_is_no_better():
    teacher = filled(3)
    teacher.observe(episodes_of(plain_tasks(np.full((1, 1), 0.77)), np.zeros(1, np.bool_)))
    assert teacher.levels.identities.tolist() == [1, 2, 3]


def test_a_late_episode_of_a_level_that_was_given_up_changes_no_other_level():
    teacher = filled(3, staleness=0.0)
    late = visits(teacher, 1, [0.0])
    teacher.observe(visits(teacher, 1, [1.0] * 5))
    teacher.observe(episodes_of(plain_tasks(np.full((1, 1), 0.77)), np.ones(1, np.bool_)))
    before = teacher.levels.copy()
    teacher.observe(late)
    assert teacher.levels.visits.tolist() == before.visits.tolist()
    assert teacher.levels.unit.tolist() == before.unit.tolist()


def test_episodes_of_the_uniform_floor_are_levels_like_any_other():
    teacher = PrioritizedLevelReplay(np.array([0.5]))
    teacher.observe(episodes_of(plain_tasks(np.full((1, 1), 0.4), tag=UNIFORM), np.ones(1, np.bool_)))
    assert teacher.levels.unit.tolist() == [[0.4]]


def edited_tasks(teacher: PrioritizedLevelReplay) -> Tasks:
    tasks = teacher.sample(np.random.default_rng(0), 2000)
    edited = tasks.tags == EDITED
    return tasks._replace(unit=tasks.unit[edited], tags=tasks.tags[edited], trains=tasks.trains[edited])


def test_edits_are_near_levels_that_the_student_has_come_to_solve_and_never_near_hopeless_ones():
    teacher = filled(8, edit_share=0.5, edit_size=0.02, replay_probability=0.5)
    teacher.observe(visits(teacher, 2, [1.0, 1.0]))
    teacher.observe(visits(teacher, 6, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    unit = edited_tasks(teacher).unit[:, 0]
    assert len(unit) == pytest.approx(2000 * 0.5 * 0.5, abs=100)
    assert (unit.min(), unit.max()) == (pytest.approx(0.18, abs=1e-3), pytest.approx(0.22, abs=1e-3))


def test_without_any_solved_level_there_is_nothing_to_edit():
    teacher = PrioritizedLevelReplay(np.array([0.5]), capacity=10, fill_share=1.0, edit_share=1.0)
    teacher.observe(episodes_of(plain_tasks(np.full((10, 1), 0.5)), np.zeros(10, np.bool_)))
    assert not len(edited_tasks(teacher).unit)


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidOption, match="'value_loss'; expected one of 'learnability', 'max_return_gap'"):
        PrioritizedLevelReplay(np.array([0.5]), score="value_loss")
    with pytest.raises(InvalidOption, match="replay_probability is 1.5; expected a number from 0 to 1"):
        PrioritizedLevelReplay(np.array([0.5]), replay_probability=1.5)
