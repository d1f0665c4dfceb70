"""Arguments of the wrong kind are refused by name wherever they are given, and never by what Python happens to say."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from blendgym.agents.algorithms import check_hyperparameters
from blendgym.agents.recipes import recipe_for
from blendgym.agents.students.ppo import PPO
from blendgym.agents.students.random_search import RandomSearch
from blendgym.agents.students.stable_baselines3 import StableBaselines
from blendgym.agents.training import train
from blendgym.checks import check_between, check_choice, check_positive
from blendgym.client.settings import Settings
from blendgym.data.streams.stream import Stream
from blendgym.envs.acrobot.task import Acrobot
from blendgym.envs.cartpole.task import Cartpole
from blendgym.envs.push_t.task import PushT
from blendgym.envs.rover.task import Rover
from blendgym.errors import InvalidOption, InvalidParameter, InvalidSpace
from blendgym.meta.environment import AdaptiveDR
from blendgym.meta.learned import LearnedTeacher
from blendgym.parameters.selection import select
from blendgym.spaces import Discrete, MultiBinary
from blendgym.teachers import make_teacher
from blendgym.twins.making import make_twin
from blendgym.vector.autoreset import read_autoreset_mode

ENV, TASK = "BlendCartpole-v0", "blendgym.envs.cartpole.task:Cartpole"
SPACE = select(Cartpole.parameters, ["pole.length"])
NOMINAL = np.array([0.5])
NAN = math.nan


def settings(name):
    return lambda given: Settings(TASK, **{name: given})


def student(kind, name):
    return lambda given: kind(ENV, SPACE, 0, **{name: given})


def teacher(kind, name):
    return lambda given: make_teacher(kind, NOMINAL, **{name: given})


def meta(name):
    return lambda given: AdaptiveDR(student="field", **{name: given})


COUNTS = {
    "max_restarts": settings("max_restarts"),
    "max_steps_per_server": settings("max_steps_per_server"),
    "max_rss": settings("max_rss"),
    "num_envs of a twin": lambda given: make_twin(ENV, given),
    "count of a stream": lambda given: Stream(TASK, count=given),
    "actions_per_episode": meta("actions_per_episode"),
    "steps_per_action": meta("steps_per_action"),
    "budget of a learned teacher": lambda given: LearnedTeacher(SPACE, "teacher.npz", given),
    **{f"{name} of PPO": student(PPO, name) for name in ("budget", "rollout", "minibatch", "noise_period")},
    **{f"{name} of PPO": student(PPO, name) for name in ("num_envs", "history")},
    **{f"{name} of ARS": student(RandomSearch, name) for name in ("directions", "best", "steps_per_update")},
    **{f"{name} of sb3": student(StableBaselines, name) for name in ("budget", "num_envs", "num_servers")},
    "warm_up": teacher("frontier", "warm_up"),
    "duration": teacher("schedule", "duration"),
    "episodes_per_decision": teacher("adr", "episodes_per_decision"),
    "leaves": teacher("learnability", "leaves"),
    "capacity": teacher("plr", "capacity"),
    "fit_rate": teacher("alp_gmm", "fit_rate"),
    "episodes_per_update": teacher("doraemon", "episodes_per_update"),
    "population": lambda given: make_teacher("cem", NOMINAL, target=[0.5], population=given),
    "enough_for_cut": teacher("learnability", "enough_for_cut"),
}

CHOICES = {
    "render_mode": settings("render_mode"),
    "on_error": settings("on_error"),
    "out_of_range": settings("out_of_range"),
    "expose": settings("expose"),
    "autoreset_mode": read_autoreset_mode,
    "action": meta("action"),
    "render_mode of the meta-environment": meta("render_mode"),
    "start": lambda given: AdaptiveDR(student="field").reset(options={"start": given}),
    "algorithm": student(StableBaselines, "algorithm"),
    "algorithm of a recipe": lambda given: check_hyperparameters(
        dataclasses.replace(recipe_for(ENV, "state"), algorithm=given)
    ),
    "outcomes": teacher("frontier", "outcomes"),
    "clock": teacher("schedule", "clock"),
    "score": teacher("plr", "score"),
    "action_type of Cartpole": Cartpole,
    "action_type of Acrobot": Acrobot,
    "action_type of Rover": Rover,
    "action_type of PushT": PushT,
    "reward_type": lambda given: PushT(reward_type=given),
}


@pytest.mark.parametrize("given", ["three", True, 0, -1, NAN, 1.5])
@pytest.mark.parametrize("make", COUNTS.values(), ids=COUNTS.keys())
def test_whatever_is_no_count_is_refused_by_name(make, given):
    with pytest.raises(InvalidOption, match=rf"^\w+ is {given!r}; expected a positive integer\."):
        make(given)


@pytest.mark.parametrize("given", ["three", True, 0, -1, NAN, ["raise"]])
@pytest.mark.parametrize("make", CHOICES.values(), ids=CHOICES.keys())
def test_whatever_is_no_choice_is_refused_with_those_that_there_are(make, given):
    with pytest.raises(InvalidOption) as caught:
        make(given)
    assert f" is {given!r}; expected one of " in str(caught.value)


@pytest.mark.parametrize("given", ["three", True, 0, -1, NAN])
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (Discrete, InvalidSpace),
        (MultiBinary, InvalidSpace),
        (lambda steps: SPACE["pole.length"].drawn_every(steps, 0.4, 0.6), InvalidParameter),
    ],
)
def test_whatever_is_no_count_of_a_space_or_of_steps_is_an_error_of_its_own_kind(make, error, given):
    with pytest.raises(error, match="expected a positive integer"):
        make(given)


@pytest.mark.parametrize("given", ["three", True, -1, NAN, 2**32])
def test_whatever_is_no_seed_of_a_training_is_refused(given, tmp_path):
    with pytest.raises(InvalidOption, match=f"seed is {given!r}; expected an integer from 0"):
        train(ENV, recipe_for(ENV, "state"), given, tmp_path, progress=False)


@pytest.mark.parametrize("given", ["three", True, 0, -1, NAN, math.inf])
def test_whatever_is_no_number_between_bounds_is_refused(given):
    with pytest.raises(InvalidOption, match=f"level_memory is {given!r}; expected a number from 1 to 1e.06"):
        teacher("frontier", "level_memory")(given)


def test_numbers_of_numpy_are_numbers():
    check_positive(count=np.int64(3), none=None)
    check_between("share", np.float32(0.5), 0.0, 1.0)


def test_none_is_a_choice_where_it_is_one_of_them():
    check_choice("mode", None, (None, "rgb_array"))
    with pytest.raises(InvalidOption, match="mode is None; expected one of 'rgb_array'"):
        check_choice("mode", None, ("rgb_array",))
