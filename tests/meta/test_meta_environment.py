"""The meta-environment keeps its promises: nothing can be won but by teaching better."""

from __future__ import annotations

import copy
import inspect

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env as check_by_gymnasium
from meta_environments import GROW, NAMES, episodes_at, make, records

from blendgym.agents.students.student import Student
from blendgym.errors import (
    InvalidAction,
    InvalidOption,
    InvalidParameter,
    ResetNeeded,
    StudentDiverged,
    UnknownArgument,
)
from blendgym.meta.actions import ACTION_OPTIONS, TEACHERS, ChosenTeacher
from blendgym.meta.distribution import LEAST_WIDTH
from blendgym.meta.environment import AdaptiveDR
from blendgym.meta.families import field_options, relative
from blendgym.meta.observations import GLOBAL_FEATURES, Observation, observation_size
from blendgym.meta.playing import keep, play
from blendgym.meta.probe import Probe
from blendgym.parameters.episodes import PLAIN, Episodes
from blendgym.teachers import make_teacher


def rewards(seen):
    return [record[1] for record in seen[1:]]


class Scripted(Student):
    """Its competence is whatever a function of its charged steps says; it plays what it is given."""

    def __init__(self, competence, parameters):
        super().__init__(seed=0)
        self.competence, self.generator = competence, np.random.default_rng(0)
        self.places, self.probed, self.dimensions = [], [], len(parameters)

    def train(self, source, steps):
        tasks = source.sample(self.generator, 64)
        self.places.append(tasks.unit)
        self.charged_steps += steps
        return self._episodes(tasks.unit, tasks.tags, steps // 64)

    def evaluate(self, unit, seed):
        self.probed.append((unit.copy(), seed))
        return self._episodes(unit, np.full(len(unit), PLAIN), 1)

    def _episodes(self, unit, tags, length):
        count, score = len(unit), self.competence(self.charged_steps)
        scores = np.full(count, float(score))
        return Episodes(
            unit, tags, np.zeros(count, np.int64), scores, scores, scores > 0.5, np.full(count, length, np.int64)
        )

    def state_dict(self):
        return {"charged_steps": self.charged_steps}

    def load_state_dict(self, state):
        self.charged_steps = state["charged_steps"]


def scripted(competence):
    """A maker of one scripted student, and the student once it is made."""
    made = []

    def maker(parameters, seed):
        made.append(Scripted(competence, parameters))
        return made[-1]

    return maker, made


@pytest.mark.parametrize("action", ACTION_OPTIONS)
def test_it_passes_the_checks_of_gymnasium_and_stable_baselines3(action):
    from stable_baselines3.common.env_checker import check_env as check_by_stable_baselines3

    draws = action == "bounds"
    env = make(action=action, render_mode="rgb_array" if draws else None)
    check_by_gymnasium(env.unwrapped, skip_render_check=not draws)
    check_by_stable_baselines3(env.unwrapped, skip_render_check=not draws)


@pytest.mark.parametrize("action", ACTION_OPTIONS)
def test_the_same_seed_gives_the_same_episode(action):
    first, again, other = (records(make(action=action), seed) for seed in (3, 3, 4))
    np.testing.assert_equal(first, again)
    assert not np.array_equal(first[-1][0], other[-1][0])


def test_episodes_after_a_seed_differ_from_each_other_and_come_again():
    env, again = make(), make()
    first, second = records(env, 3, GROW), records(env, None, GROW)
    assert rewards(first) != rewards(second)
    records(again, 3, GROW)
    np.testing.assert_equal(records(again, None, GROW), second)


@pytest.mark.parametrize("action", ACTION_OPTIONS)
def test_rewards_add_up_to_the_final_score_less_the_initial_one(action):
    seen = records(make(action=action), 5)
    assert sum(rewards(seen)) == pytest.approx(seen[-1][4]["score"] - seen[0][1]["score"], abs=1e-12)


def test_a_student_that_forgets_and_learns_again_earns_nothing():
    maker, _ = scripted(lambda steps: 0.5 + 0.4 * (steps // 6_400 % 2))
    seen = records(make(student=maker), 0, GROW)
    assert np.abs(rewards(seen)).min() == pytest.approx(0.4), "the score goes up and down"
    assert sum(rewards(seen)) == pytest.approx(0.0)


def test_a_teacher_that_moves_only_to_what_is_easy_gains_nothing_over_uniform():
    env = make(randomize=NAMES[:2], actions_per_episode=60)
    gains = {
        name: np.mean([play(env, act, seed, start) for seed in range(2)])
        for name, act, start in (
            ("stays", keep, "nominal"),
            ("varies one parameter alone", lambda _: GROW[:4] * [1, 1, 0, 0], "nominal"),
            ("uniform", keep, "uniform"),
            ("grows", lambda _: GROW[:4], "nominal"),
        )
    }
    assert gains["stays"] < gains["uniform"]
    assert gains["varies one parameter alone"] < gains["uniform"]
    assert gains["uniform"] < gains["grows"], "it is not that nothing can be gained"


def test_actions_of_zero_keep_the_distribution():
    seen = records(make(), 0, np.zeros(6, np.float32))
    for record in seen:
        np.testing.assert_array_equal(record[-1]["low"], seen[0][1]["low"])
        np.testing.assert_array_equal(record[-1]["high"], seen[0][1]["high"])


def test_bounds_move_by_at_most_a_tenth_and_stay_in_order_apart_and_within_the_range():
    env = make(actions_per_episode=20)
    _, info = env.reset(seed=0)
    before = np.array([info["low"], info["high"]])
    for action in (np.tile(np.float32([1, -1]), 3), GROW, np.ones(6, np.float32), -np.ones(6, np.float32)):
        for _ in range(4):
            info = env.step(action)[4]
            after = np.array([info["low"], info["high"]])
            assert np.abs(after - before).max() <= 0.1 + 1e-12
            assert after.min() >= 0.0
            assert after.max() <= 1.0
            assert (after[1] - after[0]).min() >= LEAST_WIDTH - 1e-9
            before = after


def test_a_point_is_where_the_next_tasks_are():
    maker, made = scripted(lambda _: 0.5)
    env = make(action="point", student=maker)
    env.reset(seed=0)
    env.step(np.float32([0.0, -0.6, 1.0]))
    near = np.abs(made[-1].places[0] - [0.5, 0.2, 0.99]).max(axis=1) <= LEAST_WIDTH / 2 + 1e-6
    assert near.mean() > 0.6, "all but the uniform floor"


def test_the_teacher_in_charge_proposes_and_all_of_them_learn():
    parameters = make().unwrapped.parameters
    nominal, generator = parameters.nominal_unit, np.random.default_rng(0)
    teacher = ChosenTeacher.begin(parameters, uniform=False)
    reference = make_teacher("adr", nominal)
    teacher.steer(np.int64(TEACHERS.index("adr")))
    tasks = teacher.sample(generator, 200)
    expected = reference.sample(np.random.default_rng(0), 200)
    np.testing.assert_array_equal(tasks.unit, expected.unit)
    for one, its_tasks in ((teacher, tasks), (reference, expected)):
        one.observe(episodes_at(its_tasks.unit, its_tasks.tags, np.ones(200, np.bool_), its_tasks.version))
        one.update()
    np.testing.assert_equal(teacher.state_dict()["teachers"][TEACHERS.index("adr")], reference.state_dict())


@pytest.mark.parametrize("action", ACTION_OPTIONS)
def test_branches_from_a_snapshot_are_identical(action):
    env, elsewhere = make(action=action), make(action=action)
    env.reset(seed=1)
    env.action_space.seed(1)
    for _ in range(3):
        env.step(env.action_space.sample())
    snapshot = env.unwrapped.snapshot()
    kept = copy.deepcopy(snapshot)
    actions = [env.action_space.sample() for _ in range(3)]

    def branch(at):
        resumed = at.unwrapped.restore(snapshot)
        return [resumed, *(at.unwrapped.step(action) for action in actions), at.unwrapped.reset()]

    straight_on = [env.unwrapped.step(action) for action in actions] + [env.unwrapped.reset()]
    np.testing.assert_equal(branch(env)[1:], straight_on)
    np.testing.assert_equal(branch(elsewhere)[1:], straight_on)
    np.testing.assert_equal(branch(elsewhere), branch(env))
    np.testing.assert_equal(snapshot, kept, "branches leave the snapshot alone")


def test_tasks_of_the_probe_are_neither_seen_nor_trained_on_nor_charged():
    maker, made = scripted(lambda _: 0.5)
    env = make(student=maker)
    records(env, 0, GROW)
    student = made[-1]
    assert student.charged_steps == 8 * 6_400
    probed, trained = student.probed[0][0], np.concatenate(student.places)
    assert not (probed[:, None] == trained).all(axis=-1).any()
    assert all(np.array_equal(unit, probed) and seed == student.probed[0][1] for unit, seed in student.probed)


def test_observations_depend_on_episodes_alone():
    """Two students that play alike and differ in the probe look the same."""

    class Cheating(Scripted):
        def evaluate(self, unit, seed):
            episodes = super().evaluate(unit, seed)
            return episodes._replace(scores=0.1 * episodes.scores, successes=~episodes.successes)

    seen = [
        records(make(student=lambda parameters, _, cls=cls: cls(lambda steps: steps / 1e5, parameters)), 0, GROW)
        for cls in (Scripted, Cheating)
    ]
    assert rewards(seen[0]) != rewards(seen[1])
    for one, other in zip(*seen, strict=True):
        np.testing.assert_array_equal(one[0], other[0])


def test_every_episode_has_a_probe_of_its_own_that_covers_every_parameter():
    one, other = Probe(4, key=1).unit, Probe(4, key=2).unit
    assert one.shape == (128, 4)
    assert not np.isin(one, other).any()
    slices = np.sort((one * 128).astype(int), axis=0)
    np.testing.assert_array_equal(slices, np.tile(np.arange(128)[:, None], 4))


def test_the_score_is_half_the_mean_and_half_the_mean_of_the_worst_fifth():
    class Sloping(Scripted):
        def evaluate(self, unit, seed):
            return super().evaluate(unit, seed)._replace(scores=unit[:, 0])

    env = make(student=lambda parameters, _: Sloping(lambda _: 0.3, parameters))
    # Places are spread evenly from 0 to 1: their mean is 0.5, that of the lowest fifth 0.1.
    assert env.reset(seed=0)[1]["score"] == pytest.approx(0.3, abs=2e-3)


def test_the_episode_is_truncated_when_the_budget_is_spent():
    seen = records(make(), 0, GROW)
    assert seen[-1][2:4] == (False, True)
    assert seen[-1][4]["charged_steps"] == 8 * 6_400
    assert Observation.from_flat(seen[-1][0]).overall[GLOBAL_FEATURES.index("budget_left")] == -1.0


def test_the_episode_terminates_when_there_is_nothing_left_to_learn():
    maker, _ = scripted(lambda steps: 0.99 if steps > 15_000 else 0.2)
    seen = records(make(student=maker), 0, GROW)
    assert len(seen) == 4
    assert seen[-1][2:4] == (True, False)


@pytest.mark.parametrize(
    ("action", "wrong"),
    [
        ("bounds", np.full(6, np.nan, np.float32)), ("bounds", np.full(6, 1.5, np.float32)),
        ("bounds", np.zeros(5, np.float32)), ("bounds", "grow"), ("point", np.array([0.0, np.inf, 0.0], np.float32)),
        ("acquisition", np.zeros(2, np.float32)), ("acquisition", np.full(3, -1.1, np.float32)),
        ("teacher", len(TEACHERS)), ("teacher", -1), ("teacher", 0.5), ("teacher", None),
    ],
)  # fmt: skip
def test_a_wrong_action_raises_and_changes_nothing(action, wrong):
    env = make(action=action).unwrapped
    env.reset(seed=0)
    before = env.snapshot()
    with pytest.raises(InvalidAction):
        env.step(wrong)
    np.testing.assert_equal(env.snapshot(), before)


def test_a_student_that_diverges_ends_the_episode_with_its_error():
    def failing(steps):
        if steps > 15_000:
            raise StudentDiverged("The policy is not finite.")
        return 0.2 + steps / 1e5

    maker, _ = scripted(failing)
    env = make(student=maker)
    seen = records(env, 0, GROW)
    assert seen[-1][2:4] == (False, True)
    assert seen[-1][4]["failure"] == {"code": "student_diverged", "message": "The policy is not finite."}
    assert env.observation_space.contains(seen[-1][0])
    with pytest.raises(ResetNeeded):
        env.unwrapped.step(GROW)
    env.reset()


def test_a_score_that_is_not_finite_counts_as_divergence():
    maker, _ = scripted(lambda steps: np.nan if steps > 15_000 else 0.2)
    assert records(make(student=maker), 0, GROW)[-1][4]["failure"]["code"] == "student_diverged"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"task": "CartPole-v1"}, InvalidOption), ({"action": "weights"}, InvalidOption),
        ({"randomize": ["cart.colour"]}, InvalidParameter), ({"randomize": []}, InvalidOption),
        ({"randomize": ["cart.mass"], "family": True}, InvalidOption), ({"steps_per_action": 0}, InvalidOption),
        ({"actions_per_episode": -1}, InvalidOption), ({"student": "sb3", "twin": True}, InvalidOption),
        ({"student": "sarsa"}, InvalidOption), ({"render_mode": "human"}, InvalidOption),
        ({"execute": "ray"}, UnknownArgument),
    ],
)  # fmt: skip
def test_wrong_arguments_raise_typed_errors(arguments, error):
    options = {"student": "field", "randomize": NAMES} | arguments
    with pytest.raises(error):
        AdaptiveDR(**options)


NONSENSE = (None, 7, True, 1.5, "nope", b"x", ["nope"], {"a": 1}, {1: 2}, np.zeros(3), object())
"""Values of any type. Some arguments may be one or the other of them."""

ALLOWED = {
    "twin": (None, True), "family": (None, True), "randomize": (), "action": (), "student": (), "task": (),
    "steps_per_action": (7,), "actions_per_episode": (7,), "student_arguments": (None, {"a": 1}), "render_mode": (None,)
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_an_argument_of_any_other_type_raises_a_typed_error_that_shows_it(name):
    assert set(inspect.signature(AdaptiveDR).parameters) - {"others"} == set(ALLOWED)
    for value in NONSENSE:
        if any(type(value) is type(each) and value == each for each in ALLOWED[name]):
            continue
        with pytest.raises((InvalidOption, InvalidParameter)) as raised:
            AdaptiveDR(**{"student": "field", "randomize": NAMES, name: value})
        assert repr(value)[:40] in str(raised.value) or name == "randomize"


def test_unknown_tasks_and_students_are_told_the_choices():
    for task in (None, 7, "Nothing-v0"):
        with pytest.raises(InvalidOption, match=r"There are .*BlendCartpole-v0"):
            AdaptiveDR(task)
    for student in (None, 7, ["ars"], "sarsa"):
        with pytest.raises(InvalidOption, match=r"there are 'field', 'ars', 'ppo', 'sb3'"):
            AdaptiveDR(student=student)


@pytest.mark.parametrize("arguments", [{"seed": 3}, {"parameters": 3}, {"unlearnable": "x"}, {"colour": 3}])
def test_what_a_student_does_not_take_is_named_when_it_is_made(arguments):
    with pytest.raises(InvalidOption, match=f"Student 'field' does not take the options .*{next(iter(arguments))}"):
        make(student_arguments=arguments).reset(seed=0)


def test_a_maker_of_something_else_than_students_is_refused():
    with pytest.raises(InvalidOption, match=r"has made None; expected a Student"):
        make(student=lambda parameters, seed: None).reset(seed=0)


def test_what_is_no_snapshot_is_refused_and_leaves_no_episode():
    env = make().unwrapped
    env.reset(seed=0)
    good = env.snapshot()
    life = [{**good, "life": {**good["life"], part: bad}} for part in good["life"] for bad in ({}, None, "x")]
    for snapshot in (None, 3, {}, {**good, "generator": 3}, {**good, "life": {}}, *life):
        with pytest.raises(InvalidOption, match="no snapshot of an environment with these arguments"):
            env.restore(snapshot)
        with pytest.raises(ResetNeeded):
            env.snapshot()
    env.restore(good)
    np.testing.assert_equal(env.snapshot(), good)


def test_wrong_reset_options_raise_typed_errors_and_leave_the_episode_alone():
    env = make().unwrapped
    env.reset(seed=0)
    before = env.snapshot()
    for options in ({"begin": "nominal"}, {"start": "random"}, 3, "start", {3: 4}):
        with pytest.raises(InvalidOption):
            env.reset(seed=7, options=options)
    np.testing.assert_equal(env.snapshot(), before)


def test_a_family_has_any_number_of_the_parameters_in_any_order():
    env = make(randomize=(*NAMES, "gravity", "force.scale"), family=True)
    episodes = [env.reset(seed=seed) for seed in range(30)]
    episodes = [(observation, info["parameters"]) for observation, info in episodes]
    assert {len(names) for _, names in episodes} == {2, 3, 4, 5}
    assert len({names for _, names in episodes}) > 20
    for observation, names in episodes:
        assert len(observation) == observation_size(5)
        assert len(Observation.from_flat(observation).parameters) == len(names)


def test_a_family_has_ranges_about_the_nominal_values_that_are_at_least_half_as_long():
    declared = make(randomize=(*NAMES, "action.latency")).unwrapped.parameters
    spaces = [relative(declared, key) for key in range(40)]
    for space in spaces:
        for name, parameter in space.items():
            assert declared[name].low <= parameter.low < parameter.high <= declared[name].high
            assert parameter.nominal == declared[name].nominal
    widths = [
        np.ptp(declared["cart.mass"].scale.to_unit([space["cart.mass"].low, space["cart.mass"].high]))
        for space in spaces if "cart.mass" in space
    ]  # fmt: skip
    assert min(widths) >= 0.5 - 1e-9
    assert np.ptp(widths) > 0.2


def test_fields_of_a_family_have_holes_of_their_own():
    options = [field_options(seed) for seed in range(60)]
    assert {each["unlearnable"] for each in options} == {0, 1, 2, 3}
    assert len({each["ruggedness"] for each in options}) == 60
    assert field_options(3) == field_options(3)
    hopeless = []
    for seed in range(12):
        env = make(family=True, randomize=NAMES[:2]).unwrapped
        env.reset(seed=seed)
        student, unit = env._life.student, np.random.default_rng(0).random((500, 2))
        hopeless.append((student.competence(unit) == 0.0).mean())
    assert min(hopeless) == 0.0
    assert max(hopeless) > 0.1


def test_actions_on_parameters_that_are_not_there_do_nothing():
    env = make(family=True)
    seed = next(seed for seed in range(50) if len(env.reset(seed=seed)[1]["low"]) == 2)
    padded = GROW.copy()
    padded[4:] = -1.0
    np.testing.assert_equal(records(env, seed, padded), records(env, seed, GROW))
