"""The frontier teacher knows where its student passes, follows it as it learns, and goes just beyond."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits
from toy_students import GrowingBall, Unchanging, episodes_of, teach

from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption
from blendgym.parameters import Parameter, ParameterSpace
from blendgym.parameters.bindings import TaskAttribute
from blendgym.parameters.episodes import plain_tasks
from blendgym.task import Task
from blendgym.teachers import Mix, make_teacher
from blendgym.teachers.adaptive import adaptive_teacher, outcomes_of
from blendgym.teachers.frontier import Frontier
from blendgym.teachers.pass_rates.model import PassRateModel, sigmoid


def parameter(name, low, high, **declared):
    return Parameter(name=name, unit="1", nominal=low, low=low, high=high, binding=TaskAttribute(name), **declared)


def drawn(generator, rates):
    return (generator.random(len(rates)) < rates).astype(float)


def separation(scores, outcomes):
    """The share of pairs of a success and a failure that the scores rank rightly: the area under the ROC curve."""
    ranks = scores.argsort().argsort()
    successes = int(outcomes.sum())
    return (ranks[outcomes == 1.0].sum() - successes * (successes - 1) / 2) / (successes * (len(scores) - successes))


def fitted(model, generator, truth, episodes, dimensions):
    unit = generator.random((episodes, dimensions))
    model.observe(unit, drawn(generator, truth(unit)))
    model.fit()
    return model


def product_limit(unit):
    """A limit that is a product of powers of log-uniform parameters, and bends."""
    x = 2.0 * unit - 1.0
    return sigmoid(6.0 * (x[:, 0] - 0.8 * x[:, 1] + 0.7 * x[:, 0] * x[:, 1] - 0.3))


def test_the_model_recovers_a_pass_rate_that_is_quadratic_in_the_parameters():
    generator = np.random.default_rng(1)
    model = fitted(PassRateModel(2, shape_memory=3000.0, level_memory=700.0), generator, product_limit, 3000, 2)
    unit = generator.random((4000, 2))
    assert np.abs(model.rates(unit) - product_limit(unit)).mean() < 0.04


def test_three_of_thirty_parameters_that_matter_are_not_drowned_by_the_products_of_all():
    def separation_with(seed):
        generator = np.random.default_rng(seed)
        first, second, third = generator.permutation(30)[:3]

        def truth(unit):
            x = 2.0 * unit - 1.0
            return sigmoid(8.0 * (x[:, first] - x[:, second] + x[:, third] * x[:, first] - 0.4))

        model = fitted(PassRateModel(30), generator, truth, 300, 30)
        unit = generator.random((4000, 30))
        return separation(model.rates(unit), drawn(generator, truth(unit)))

    assert np.mean([separation_with(seed) for seed in range(4)]) > 0.92  # 0.88 if their prior is that of six


def test_the_order_of_choices_means_nothing():
    generator = np.random.default_rng(3)
    rate_of_choice = np.array([0.9, 0.1, 0.8, 0.05, 0.5])  # which no parabola goes through

    def truth(unit):
        return rate_of_choice[np.minimum((5 * unit[:, 1]).astype(int), 4)]

    centres = np.stack([np.full(5, 0.5), (np.arange(5) + 0.5) / 5], axis=1)
    named = fitted(PassRateModel(2, {1: 5}, shape_memory=3000.0, level_memory=700.0), generator, truth, 3000, 2)
    assert np.abs(named.rates(centres) - rate_of_choice).max() < 0.08
    ordered = fitted(PassRateModel(2, shape_memory=3000.0, level_memory=700.0), generator, truth, 3000, 2)
    assert np.abs(ordered.rates(centres) - rate_of_choice).max() > 0.25


def test_the_level_follows_a_student_that_has_improved_within_some_dozen_episodes():
    generator = np.random.default_rng(4)
    model = fitted(PassRateModel(2), generator, lambda unit: 0.25 * product_limit(unit), 1500, 2)
    model = fitted(model, generator, product_limit, 80, 2)
    unit = generator.random((4000, 2))
    assert model.rates(unit).mean() == pytest.approx(product_limit(unit).mean(), abs=0.08)
    assert abs(model.calibration_error()) < 0.1


def test_the_density_is_highest_where_the_pass_rate_is_the_target():
    generator = np.random.default_rng(5)
    teacher = make_teacher("frontier", np.array([0.5]), target=0.3, shape_memory=1000.0, level_memory=500.0)
    teach(teacher, Unchanging(lambda unit: 1.0 - unit[:, 0]), generator, rounds=40, count=50)
    line = np.linspace(0.0, 1.0, 401)[:, None]
    assert line[teacher.density(line).argmax(), 0] == pytest.approx(0.7, abs=0.06)


def test_sharpness_concentrates_the_tasks_and_none_is_uniform():
    def concentration(sharpness):
        teacher = Frontier(np.array([0.5, 0.5]), sharpness=sharpness)
        teach(teacher, Unchanging(product_limit), np.random.default_rng(6), rounds=20, count=50)
        return teacher.describe()["concentration"]

    shares = [concentration(sharpness) for sharpness in (0.0, 2.0, 10.0, 50.0)]
    assert shares[0] == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.3


def test_tasks_are_uniform_until_the_model_can_tell_something_apart():
    generator = np.random.default_rng(7)
    teacher = Frontier(np.array([0.5, 0.5]), warm_up=200)
    teach(teacher, Unchanging(product_limit), generator, rounds=3, count=50)
    assert teacher.version == 0
    assert np.all(teacher.density(generator.random((50, 2))) == 1.0)
    teach(teacher, Unchanging(product_limit), generator, rounds=1, count=50)
    assert teacher.version == 1


def test_a_student_that_always_fails_is_warned_about_and_taught_uniformly():
    teacher = Frontier(np.array([0.5, 0.5]))
    with pytest.warns(UserWarning, match="this is fixed randomization"):
        teach(teacher, Unchanging(lambda unit: np.zeros(len(unit))), np.random.default_rng(8), rounds=50, count=50)
    assert teacher.version == 0


def test_a_student_that_learns_at_the_edge_of_what_it_can_learns_faster_than_from_uniform_tasks():
    def radius(name):
        teacher = Mix(make_teacher(name, np.array([0.1, 0.1])))
        student = GrowingBall(np.array([0.1, 0.1]), radius=0.2, band=0.06, speed=3e-4)
        teach(teacher, student, np.random.default_rng(9), rounds=40, count=50)
        return student.radius

    assert radius("frontier") - 0.2 > 1.5 * (radius("uniform") - 0.2)


def test_scores_serve_where_a_task_has_no_success():
    generator = np.random.default_rng(10)
    teacher = make_teacher("frontier", np.array([0.5]), target=0.5, outcomes="scores", level_memory=500.0)
    for _ in range(20):
        tasks = plain_tasks(generator.random((50, 1)))
        episodes = episodes_of(tasks, np.zeros(50, bool))._replace(scores=1.0 - tasks.unit[:, 0])
        teacher.observe(episodes)
        teacher.update()
    line = np.linspace(0.0, 1.0, 401)[:, None]
    assert line[teacher.density(line).argmax(), 0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"target": 0.0}, "target"),
        ({"target": float("nan")}, "target"),
        ({"sharpness": -1.0}, "sharpness"),
        ({"warm_up": 0}, "warm_up"),
        ({"level_memory": 0.5}, "memory"),
        ({"outcomes": "losses"}, "outcomes"),
        ({"categories": {2: 3}}, "categories"),
        ({"categories": {0: 1}}, "categories"),
        ({"integers": {-1: 4}}, "integers"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments, named):
    with pytest.raises(InvalidOption, match=named):
        make_teacher("frontier", np.array([0.5, 0.5]), **arguments)


def test_the_places_of_an_integer_within_its_share_are_one():
    generator = np.random.default_rng(11)

    def truth(unit):
        return np.where(unit[:, 1] < 0.5, 0.9, 0.1)

    centres, ends = np.array([[0.5, 0.25], [0.5, 0.75]]), np.array([[0.5, 0.499], [0.5, 0.501]])
    memories = {"shape_memory": 3000.0, "level_memory": 700.0}
    counted = fitted(PassRateModel(2, integers={1: 2}, **memories), generator, truth, 3000, 2)
    assert counted.rates(ends).tolist() == counted.rates(centres).tolist()
    assert counted.rates(ends) == pytest.approx([0.9, 0.1], abs=0.05)
    real = fitted(PassRateModel(2, **memories), generator, truth, 3000, 2)
    assert np.ptp(real.rates(ends)) < 0.1


def test_the_default_teacher_knows_integers_and_choices_of_its_space_and_what_the_task_declares():
    space = ParameterSpace(
        parameter("size", 0.5, 2.0),
        parameter("count", 1, 4, kind="integer"),
        parameter("floor", 0, 2, kind="categorical", choices=("wood", "ice", "sand")),
    )
    teacher = adaptive_teacher(space)
    one_each = space.to_unit(np.array([[1.0, count, floor] for count in (1, 2, 3, 4) for floor in (0, 1, 2)]))
    teach(
        teacher,
        Unchanging(lambda unit: np.where(unit[:, 2] < 1 / 3, 0.9, 0.2) - 0.1 * (unit[:, 1] > 0.5)),
        np.random.default_rng(12),
        rounds=40,
        count=50,
    )
    density = teacher.density(one_each)
    beside = teacher.density(one_each + np.array([0.0, 0.1, 0.12]))
    assert density.tolist() == beside.tolist()
    assert density[2::3].min() > 2.0 * density[0::3].max()
    assert (outcomes_of(Cartpole), outcomes_of(Task)) == ("successes", "returns")


def test_returns_serve_where_nothing_is_known_of_their_worth():
    generator = np.random.default_rng(13)
    teacher = make_teacher("frontier", np.array([0.5]), target=0.3, outcomes="returns", level_memory=500.0)
    for _ in range(30):
        tasks = plain_tasks(generator.random((50, 1)))
        returns = -4000.0 - 300.0 * tasks.unit[:, 0] ** 2
        teacher.observe(episodes_of(tasks, np.zeros(50, bool))._replace(returns=returns, scores=np.zeros(50)))
        teacher.update()
    line = np.linspace(0.0, 1.0, 401)[:, None]
    assert line[teacher.density(line).argmax(), 0] == pytest.approx(0.7, abs=0.06)


def test_thirty_parameters_cost_a_fraction_of_a_second_for_each_update():
    generator = np.random.default_rng(14)
    teacher = Frontier(np.full(30, 0.5))
    student = Unchanging(lambda unit: sigmoid(6.0 * (unit[:, 0] - unit[:, 1])))
    teach(teacher, student, generator, rounds=4, count=450)
    with threadpool_limits(1):
        begun = time.process_time()
        teach(teacher, student, generator, rounds=1, count=40)
    assert time.process_time() - begun < 1.5  # 0.5 s on an idle core


def test_in_thirty_dimensions_tasks_follow_the_density():
    generator = np.random.default_rng(15)
    teacher = Frontier(np.full(30, 0.5))
    teach(teacher, Unchanging(lambda unit: sigmoid(8.0 * (unit[:, 0] - unit[:, 1]))), generator, rounds=20, count=50)
    unit = generator.random((20_000, 30))
    density = teacher.density(unit)
    assert density.mean() == pytest.approx(1.0, abs=0.04)
    sampled = teacher.sample(generator, 4000).unit
    expected = (density[:, None] * unit).mean(axis=0) / density.mean()
    assert np.abs(sampled.mean(axis=0) - expected).max() < 0.03
    assert abs(expected[0] - expected[1]) > 0.15, "the density is far from uniform"


def test_where_next_to_nothing_is_at_the_frontier_samples_come_all_the_same_and_from_there():
    teacher = Frontier(np.full(8, 0.5), sharpness=100.0, target=0.5)
    state = teacher.state_dict()
    state["version"], state["model"]["level"] = 1, 300.0
    state["model"]["shape"][1:9] = -60.0  # Only a thin slice, far out, is passed every other time.
    teacher.load_state_dict(state)
    unit = teacher.sample(np.random.default_rng(0), 50).unit
    assert unit.shape == (50, 8)
    assert np.mean(teacher.density(unit)) > 10.0


def test_many_tasks_at_a_narrow_frontier_are_all_of_the_density():
    teacher = Frontier(np.array([0.5]), sharpness=100.0)
    state = teacher.state_dict()
    state["version"], state["model"]["shape"] = 1, np.array([0.0, 100.0, 0.0])
    teacher.load_state_dict(state)
    unit = teacher.sample(np.random.default_rng(0), 2000).unit
    assert 1.0 / teacher.density(unit).max() < 2000 / 256 / 1000, "more candidates than a fixed number of batches has"
    assert len(np.unique(unit)) == 2000


def test_the_example_of_the_page_goes_to_the_frontier_and_its_state_is_taken_back():
    page = (Path(__file__).parents[2] / "docs" / "randomization.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n([^`]*Frontier\(np[^`]*)```", page)
    names: dict = {}
    exec(compile(example, "randomization.md", "exec"), names)  # noqa: S102
    teacher, unit = names["teacher"], names["teacher"].sample(np.random.default_rng(1), 4000).unit
    assert teacher.describe()["pass_rate"] == pytest.approx(0.5, abs=0.05)
    assert unit[:, 0].mean() > 0.55 > unit[:, 1].mean() > 0.45, "the first dimension is what makes tasks hard"
    again = Mix(Frontier(np.array([0.5, 0.5])))
    again.load_state_dict(names["state"])
    assert again.describe() == teacher.describe()
