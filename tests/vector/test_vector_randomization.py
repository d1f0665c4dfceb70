"""Many randomized environments: each draws what it would draw alone."""

from __future__ import annotations

import copy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from vectors import ACTIONS, COUNT, ENV_ID, LIMIT, SEED, assert_same, in_mode, make_vec, rollout, rollout_of, single

from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior

RANDOMIZED = {"randomize": ["dynamics", "sensor", "actuator"], "expose": "observation"}
modes = pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def singles():
    """Randomized single environments under Gymnasium's own vector environment."""
    envs = SyncVectorEnv([lambda: single(**RANDOMIZED)] * COUNT)
    yield envs
    envs.close()


@modes
def test_randomized_episodes_are_those_of_single_environments(singles, mode):
    ours = rollout_of(make_vec(autoreset_mode=mode, num_servers=2, **RANDOMIZED))
    assert_same(ours, rollout(in_mode(singles, mode)))
    unit = ours[0][1]["randomization"]["unit"]
    assert len(np.unique(unit[:, 0])) == COUNT
    np.testing.assert_array_equal(ours[0][0]["context"], unit.astype(np.float32))


@pytest.mark.parametrize(
    ("mode", "randomize"),
    [
        (AutoresetMode.NEXT_STEP, None),
        (AutoresetMode.SAME_STEP, ["cart.mass"]),
        pytest.param(AutoresetMode.DISABLED, None, marks=pytest.mark.long),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_source_that_is_set_in_the_middle_of_episodes_holds_from_the_next_ones_on(mode, randomize):
    theirs = SyncVectorEnv([lambda: single(randomize=randomize)] * 3, autoreset_mode=mode)
    ours = make_vec(3, num_servers=2, autoreset_mode=mode, randomize=randomize)
    heavy = Prior(select(Cartpole.parameters, {"cart.mass": [3.0, 3.5]}))
    assert_same(ours.reset(seed=SEED), theirs.reset(seed=SEED))
    for step, actions in enumerate(ACTIONS[: 2 * LIMIT, :3]):
        if step == 4:
            ours.set_source(heavy)
            for env in theirs.envs:
                env.unwrapped.set_source(heavy)
        seen, expected = ours.step(actions), theirs.step(actions)
        assert_same(seen, expected)
        over = expected[2] | expected[3]
        if mode is AutoresetMode.DISABLED and over.any():
            seen, expected = (envs.reset(options={"reset_mask": over.copy()}) for envs in (ours, theirs))
            assert_same(seen, expected)
    assert all(3.0 <= slot.randomization["params"]["cart.mass"] <= 3.5 for slot in ours.slots)
    ours.close()
    theirs.close()


@pytest.fixture(scope="module")
def recorded():
    """The first observation of an episode, and its record."""
    env = single(randomize=["cart.mass", "pole.length"])
    first, info = env.reset(seed=SEED)
    env.close()
    return first, info["randomization"]


@pytest.mark.parametrize("randomize", [["cart.mass", "gravity"], ["cart.mass"], []], ids=["two", "one", "none"])
def test_one_can_play_an_episode_again_that_was_recorded_where_others_are_randomized(recorded, randomize):
    first, record = recorded
    envs = make_vec(2, randomize=randomize or None, expose="observation" if randomize else "info")
    envs.reset(seed=SEED)
    observations, infos = envs.reset(options={"replay": [None, record]})
    envs.close()
    assert observations in envs.observation_space
    np.testing.assert_array_equal((observations["state"] if randomize else observations)[1], first)
    assert infos["randomization"]["params"]["pole.length"][1] == record["params"]["pole.length"]
    space = select(Cartpole.parameters, randomize)
    values = space.from_unit(infos["randomization"]["unit"][1])
    np.testing.assert_allclose(values, space.row(record["params"]), rtol=1e-12)


@pytest.mark.parametrize("env_id", [ENV_ID, "BlendCartpoleTwin-v0"])
def test_what_is_drawn_at_startup_is_each_environments_own_and_stays_while_other_parameters_change(env_id):
    randomize = {"cart.mass": {"phase": "startup"}, "pole.mass": None}
    made = gym.make_vec(env_id, num_envs=COUNT, vectorization_mode="vector_entry_point", randomize=randomize)
    seen = [made.reset(seed=seed)[1]["params"] for seed in (None, None, SEED, None)]
    made.close()
    unseeded, again, seeded, after = (params["cart.mass"].tolist() for params in seen)
    assert unseeded == again
    assert seeded == after
    assert len({*unseeded, *seeded}) == 2 * COUNT
    assert len({mass for params in seen for mass in params["pole.mass"].tolist()}) == 4 * COUNT


@pytest.mark.parametrize("env_id", [ENV_ID, "BlendCartpoleTwin-v0"])
def test_infos_that_were_handed_out_are_the_callers(env_id):
    envs = gym.make_vec(env_id, num_envs=2, randomize=["cart.mass"])
    envs.reset(seed=SEED)
    *_, first = envs.step(np.zeros((2, 1), np.float32))
    kept = copy.deepcopy(first)
    first["randomization"]["unit"][:] = 0.5
    first["randomization"]["params"].clear()
    *_, second = envs.step(np.zeros((2, 1), np.float32))
    envs.close()
    assert_same(second, kept)


def test_a_further_reset_of_one_environment_and_further_environments_change_no_draws_of_the_others():
    def masses(num_envs, further_reset):
        made = make_vec(num_envs, randomize=["cart.mass"])
        made.reset(seed=SEED)
        if further_reset:
            made.reset(options={"reset_mask": np.arange(num_envs) == 1})
        drawn = made.reset()[1]["params"]["cart.mass"]
        made.close()
        return drawn

    few, disturbed, many = masses(3, False), masses(3, True), masses(5, False)
    np.testing.assert_array_equal(disturbed[[0, 2]], few[[0, 2]])
    assert disturbed[1] != few[1]
    np.testing.assert_array_equal(many[:3], few)


def test_the_info_of_a_finished_episode_has_the_parameters_that_it_was_played_with():
    envs = make_vec(autoreset_mode="SameStep", randomize="dynamics")
    played = envs.reset(seed=SEED)[1]["randomization"]["unit"].copy()
    for actions in ACTIONS[:LIMIT]:
        *_, infos = envs.step(actions)
        for number in infos.get("_final_info", np.zeros(COUNT, np.bool_)).nonzero()[0]:
            np.testing.assert_array_equal(infos["final_info"]["randomization"]["unit"][number], played[number])
        assert not np.array_equal(infos["randomization"]["unit"], played) or "final_info" not in infos
        played = infos["randomization"]["unit"].copy()
    envs.close()
