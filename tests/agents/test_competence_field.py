"""The analytic student: what it learns, forgets and cannot learn."""

import numpy as np
import pytest

from blendgym.agents.students.competence_field import EPISODE_STEPS, CompetenceField
from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Tasks, plain_tasks
from blendgym.parameters.selection import select

SPACE = select(Cartpole.parameters, ["cart.mass", "pole.length"])
EVERYWHERE = np.random.default_rng(0).random((512, 2))


class Around:
    """Tasks within a distance of a place."""

    def __init__(self, place, distance, trains=True):
        self.place, self.distance, self.trains = place, distance, trains

    def sample(self, generator, count):
        spread = generator.uniform(-self.distance, self.distance, (count, 2))
        tasks = plain_tasks(np.clip(self.place + spread, 0.0, 1.0))
        return tasks._replace(trains=np.full(count, self.trains))


class OnTheVerge:
    """Tasks in proportion to p(1-p)."""

    def __init__(self, student):
        self.student = student

    def sample(self, generator, count) -> Tasks:
        unit = generator.random((1024, 2))
        competence = self.student.competence(unit)
        weight = competence * (1.0 - competence)
        return plain_tasks(unit[generator.choice(1024, count, p=weight / weight.sum())])


def final_competence(source_of, seed=0, steps=200_000, **options):
    student = CompetenceField(SPACE, seed, **options)
    student.train(source_of(student), steps)
    return student.competence(EVERYWHERE)


def test_practice_on_the_verge_of_success_beats_uniform_practice_which_beats_none():
    verge = final_competence(OnTheVerge).mean()
    uniform = final_competence(lambda _: Around(0.5, 0.5)).mean()
    assert verge > uniform + 0.1
    assert uniform > CompetenceField(SPACE, 0).competence(EVERYWHERE).mean() + 0.1


def test_practising_only_what_is_easy_does_not_spread():
    assert final_competence(lambda _: Around(SPACE.nominal_unit, 0.02)).mean() < 0.5


def test_what_is_not_practised_is_forgotten():
    student = CompetenceField(SPACE, 0)
    student.train(OnTheVerge(student), 300_000)
    corner = np.array([[1.0, 1.0]])
    before = student.competence(corner)
    student.train(Around(np.zeros(2), 0.02), 2_000_000)
    assert student.competence(corner) < before - 0.2


def test_there_are_balls_where_nothing_is_learnt():
    competence = final_competence(OnTheVerge, steps=500_000, unlearnable=2)
    assert 0.02 < (competence == 0.0).mean() < 0.6
    assert competence.max() > 0.9


def test_ruggedness_changes_neighbours_differently():
    line = np.stack([np.linspace(0.0, 1.0, 200), np.full(200, 0.5)], axis=1)
    smooth, rugged = (CompetenceField(SPACE, 0, ruggedness=size).competence(line) for size in (0.0, 0.5))

    def turns(competence):
        return (np.diff(np.sign(np.diff(competence))) != 0).sum()

    assert turns(rugged) > turns(smooth) + 2


def test_tasks_that_do_not_train_are_charged_and_teach_nothing():
    student = CompetenceField(SPACE, 0)
    before = student.competence(EVERYWHERE)
    episodes = student.train(Around(SPACE.nominal_unit, 0.2, trains=False), 10_000)
    assert (student.competence(EVERYWHERE) <= before).all()
    assert student.charged_steps == episodes.steps >= 10_000


def test_successes_are_as_frequent_as_competence_says():
    student = CompetenceField(SPACE, 0)
    episodes = student.evaluate(np.tile(SPACE.nominal_unit, (20_000, 1)), seed=1)
    np.testing.assert_allclose(episodes.successes.mean(), episodes.scores[0], atol=0.02)
    assert (episodes.lengths == EPISODE_STEPS).all()


def test_nothing_to_randomize_or_negative_numbers_are_refused():
    with pytest.raises(InvalidOption, match="at least one"):
        CompetenceField(ParameterSpace(), 0)
    with pytest.raises(InvalidOption, match="ruggedness nan"):
        CompetenceField(SPACE, 0, ruggedness=float("nan"))
    with pytest.raises(InvalidOption, match="unlearnable is -1"):
        CompetenceField(SPACE, 0, unlearnable=-1)
