"""Randomization in effect: what is drawn, how it acts in Blender, who is told, and playing it again."""

from __future__ import annotations

import json

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv
from places import CARTPOLE
from shared import shared_env
from stable_baselines3 import PPO
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3
from stable_baselines3.common.vec_env import SubprocVecEnv

from blendgym.agents import make_vec_env
from blendgym.client.env import BlendEnv
from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior, Taught
from blendgym.testing.rollouts import require_same, rollout
from blendgym.vector.infos import info_of

ENV_ID = "BlendCartpole-v0"
ENDLESS = "free_tasks:EndlessCartpole"
EVERYTHING = ["dynamics", "sensor", "actuator"]
PUSHES = list(np.random.default_rng(0).uniform(-1, 1, (60, 1)).astype(np.float32))
PLACE = np.array([0.25, 0.75])
FLICKER = {"phase": "interval", "interval": 0.2, "low": 2.0, "high": 8.0}


class FixedTeacher:
    """Samples one place again and again."""

    def sample(self, generator, count):
        return plain_tasks(np.tile(PLACE, (count, 1)), version=3, tag=5)


def two_masses():
    return select(Cartpole.parameters, ["cart.mass", "pole.mass"])


def episode(env, options=None, seed=None):
    """Observations and rewards under actions that are always the same."""
    rows = [env.reset(seed=seed, options=options or {})[0]]
    for push in PUSHES:
        observation, reward, terminated, _, _ = env.step(push)
        rows.append(np.append(observation, reward))
        if terminated:
            break
    return np.concatenate(rows)


@pytest.fixture
def plain(cartpole):
    """The cart-pole of the module, of which nothing is drawn."""
    cartpole.set_source(Prior(ParameterSpace()))
    return cartpole


randomized = shared_env(CARTPOLE, randomize=EVERYTHING)


@pytest.fixture(scope="module")
def flickering():
    space = {**dict.fromkeys(["cart.mass", "action.latency", "observation.noise"]), "force.scale": FLICKER}
    env = BlendEnv(CARTPOLE, randomize=space)
    yield env
    env.close()


endless = shared_env(ENDLESS)
seeing = shared_env(CARTPOLE, obs_type="rgb", width=64, height=48)


def test_every_reset_draws_other_values_and_the_same_seed_the_same(randomized):
    masses = [
        randomized.reset(seed=3)[1]["params"]["cart.mass"],
        *(randomized.reset()[1]["params"]["cart.mass"] for _ in range(3)),
    ]
    assert len(set(masses)) == 4
    assert randomized.reset(seed=3)[1]["params"]["cart.mass"] == masses[0]


def test_what_is_in_effect_is_what_was_drawn(randomized):
    info = randomized.reset(seed=3)[1]
    drawn = info["randomization"]["params"]
    assert {name: info["params"][name] for name in drawn} == pytest.approx(drawn, rel=1e-3, abs=1e-6)
    space = select(Cartpole.parameters, EVERYTHING)
    assert space.named(space.from_unit(info["randomization"]["unit"])) == drawn


def test_values_that_are_given_win_over_those_that_are_drawn(randomized):
    free = randomized.reset(seed=3)[1]["randomization"]["params"]
    pinned = randomized.reset(seed=3, options={"params": {"cart.mass": 3.0}})[1]["randomization"]
    assert pinned["params"] == {**free, "cart.mass": 3.0}
    space = select(Cartpole.parameters, EVERYTHING)
    np.testing.assert_allclose(space.from_unit(pinned["unit"])[0], 3.0)


def test_randomization_of_no_width_is_none_bit_for_bit(plain):
    space = select(Cartpole.parameters, EVERYTHING)
    nominal = space.nominal_unit

    class Still:
        def sample(self, generator, count):
            return plain_tasks(np.tile(nominal, (count, 1)))

    expected = [episode(plain, seed=seed) for seed in (1, 2)]
    plain.set_source(Taught(space, Still()))
    for seed in (1, 2):
        np.testing.assert_array_equal(episode(plain, seed=seed), expected[seed - 1])


@pytest.mark.parametrize("episodes", [300, pytest.param(1000, marks=pytest.mark.long)])
def test_after_many_random_episodes_the_nominal_one_is_what_it_was(plain, episodes):
    before = episode(plain, seed=1)
    plain.set_source(Prior(select(Cartpole.parameters, EVERYTHING)))
    masses = [plain.reset(seed=seed)[1]["params"]["cart.mass"] for seed in range(episodes)]
    # The median of a log-uniform mass from 0.25 to 4 kg is 1 kg: nothing has drifted.
    for half in (masses[: episodes // 2], masses[episodes // 2 :]):
        assert np.exp(np.mean(np.log(half))) == pytest.approx(1.0, rel=0.15)
    plain.set_source(Prior(ParameterSpace()))
    np.testing.assert_array_equal(episode(plain, seed=1), before)


def test_a_recorded_episode_is_played_again_bit_for_bit_also_after_json(flickering, plain):
    flickering.reset(seed=8)
    played = episode(flickering)
    record = after_json(flickering.randomization)
    episode(flickering)
    for env in (flickering, plain):
        np.testing.assert_array_equal(episode(env, {"replay": record}), played)


def test_a_parameter_that_was_pinned_stays_so_when_its_episode_is_played_again(flickering, plain):
    pinned = episode(flickering, {"params": {"force.scale": 4.0}}, seed=8)
    record = after_json(flickering.randomization)
    np.testing.assert_array_equal(episode(plain, {"params": record["params"]}, seed=8), pinned)
    np.testing.assert_array_equal(episode(flickering, {"replay": record}), pinned)


def test_what_changed_within_an_episode_changes_again_wherever_it_is_played(flickering, plain):
    played = episode(flickering, seed=8)
    record = after_json(flickering.randomization)
    held = episode(flickering, {"replay": record, "params": {"force.scale": record["params"]["force.scale"]}})
    assert not np.array_equal(held, played)
    np.testing.assert_array_equal(episode(plain, {"replay": record}), played)


def test_an_episode_among_many_is_played_again_alone(plain):
    envs = gym.make_vec(ENV_ID, num_envs=2, randomize={"force.scale": FLICKER})
    first, _ = envs.reset(seed=8, options={"params": [{}, {"force.scale": 4.0}]})
    *_, infos = envs.step(np.stack([PUSHES[0]] * 2))
    for push in PUSHES[1:15]:
        last = envs.step(np.stack([push] * 2))[0]
    envs.close()
    for row in range(2):
        again, _ = plain.reset(options={"replay": after_json(info_of(infos, row)["randomization"])})
        np.testing.assert_array_equal(again, first[row])
        observations = [plain.step(push)[0] for push in PUSHES[:15]]
        np.testing.assert_array_equal(observations[-1], last[row])


def after_json(record):
    return json.loads(json.dumps({**record, "unit": record["unit"].tolist()}))


def test_an_interval_draws_anew_within_the_episode(make_env):
    env = make_env(randomize={"force.scale": FLICKER, "cart.mass": [4.0 - 1e-9, 4.0], "pole.mass": [0.05, 0.05 + 1e-9]})
    _, info = env.reset(seed=5, options={"params": {"start.spread": 0.0, "gravity": 1.0, "pole.length": 5.0}})
    speeds = [0.0]
    for _ in range(30):
        speeds.append(env.step(np.array([1.0], np.float32))[0][1])
    pushes = np.diff(speeds) * 50.0 * 4.0  # of a cart so much heavier than its pole, in N
    held = np.array([pushes[start : start + 10] for start in (0, 10, 20)])
    assert np.ptp(held, axis=1).max() < 0.6
    assert held.mean(axis=1)[0] == pytest.approx(info["params"]["force.scale"], rel=0.1)
    assert np.abs(np.diff(held.mean(axis=1))).min() > 0.3
    assert (held > 1.8).all()
    assert (held < 8.2).all()


def test_the_startup_phase_draws_once_for_an_environment(make_env):
    env = make_env(randomize={"cart.mass": {"phase": "startup"}, "pole.mass": None})
    seen = [env.reset(seed=3)[1]["params"], *(env.reset()[1]["params"] for _ in range(3))]
    assert len({params["cart.mass"] for params in seen}) == 1
    assert len({params["pole.mass"] for params in seen}) == 4


@pytest.mark.parametrize("latency", [1, 3])
def test_a_late_action_is_the_action_after_as_many_steps_without_force(endless, latency):
    start = {"params": {"angle": 0.1, "rate": 0.5}}
    pushes = [np.array([5.0 * (-1) ** (step // 3)], np.float32) for step in range(20)]
    late = rollout(endless, 0, pushes, {**start["params"], "action.latency": latency})
    waited = rollout(endless, 0, [np.zeros(1, np.float32)] * latency + pushes, start["params"])
    require_same(late, waited[: len(late)], "A late action", "")


@pytest.mark.parametrize("latency", [1, 3])
def test_a_late_observation_is_that_of_as_many_steps_before_and_rewards_are_not_late(plain, latency):
    on_time = rollout(plain, 0, PUSHES)
    late = rollout(plain, 0, PUSHES, {"observation.latency": latency})
    assert [(row.reward, row.terminated) for row in late] == [(row.reward, row.terminated) for row in on_time]
    seen, true = [np.array([row.observation for row in rows]) for rows in (late, on_time)]
    np.testing.assert_array_equal(seen[:latency], np.tile(true[0], (latency, 1)))
    np.testing.assert_array_equal(seen[latency:], true[: len(true) - latency])


def test_late_images_are_those_of_as_many_steps_before(seeing):
    on_time = rollout(seeing, 0, PUSHES[:8])
    late = rollout(seeing, 0, PUSHES[:8], {"observation.latency": 2})
    for step in range(9):
        np.testing.assert_array_equal(late[step].observation, on_time[max(0, step - 2)].observation)
    assert not np.array_equal(on_time[0].observation, on_time[8].observation)


def test_noise_is_white_has_the_size_that_it_says_and_leaves_the_physics_alone(endless):
    still = {"gravity": 1.0, "angle": np.pi - 0.01}
    pushes = [np.zeros(1, np.float32)] * 600
    true = np.array([row.observation for row in rollout(endless, 0, pushes, still)])
    seen = np.array([row.observation for row in rollout(endless, 0, pushes, {**still, "observation.noise": 0.1})])
    noise = (seen - true) / np.array(Cartpole.observation_scale)
    np.testing.assert_allclose(noise.std(axis=0), 0.1, rtol=0.12)
    np.testing.assert_allclose(noise.mean(axis=0), 0.0, atol=0.015)
    lagged = (noise[1:] * noise[:-1]).mean(axis=0) / noise.var(axis=0)
    np.testing.assert_allclose(lagged, 0.0, atol=0.15)


def test_noise_belongs_to_the_seed_of_the_episode_and_not_to_what_was_drawn_before(plain):
    noisy = {"params": {"observation.noise": 0.2}}
    first = episode(plain, noisy, seed=4)
    np.testing.assert_array_equal(episode(plain, noisy, seed=4), first)
    plain.reset(seed=4, options=noisy)
    plain.step(PUSHES[0])  # An episode that is broken off.
    np.testing.assert_array_equal(episode(plain, noisy, seed=4), first)
    quiet = plain.reset(seed=4)[0]
    np.testing.assert_allclose(first[:4], quiet, atol=1.0)
    assert not np.array_equal(first[:4], quiet)


def test_a_noisy_image_is_noisy_by_a_share_of_white(seeing):
    clean = seeing.reset(seed=4)[0].astype(float)
    noisy = seeing.reset(seed=4, options={"params": {"observation.noise": 0.05}})[0].astype(float)
    inside = (clean > 60) & (clean < 195)
    assert (noisy - clean)[inside].std() == pytest.approx(0.05 * 255, rel=0.1)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Hints of the checkers.
@pytest.mark.parametrize(("expose", "key"), [("observation", "context"), ("critic", "privileged")])
def test_the_parameters_are_part_of_the_observation_where_that_is_asked_for(make_env, expose, key):
    env = make_env(randomize="dynamics", expose=expose)
    observation, info = env.reset(seed=1)
    assert env.observation_space.contains(observation)
    np.testing.assert_array_equal(observation[key], info["randomization"]["unit"].astype(np.float32))
    after = env.step(PUSHES[0])[0]
    np.testing.assert_array_equal(after[key], observation[key])
    check_env(env, skip_render_check=True)
    check_env_for_sb3(env, warn=False, skip_render_check=True)


def test_hidden_parameters_are_nowhere_to_be_seen(make_env):
    env = make_env(randomize="dynamics", expose="hidden")
    observation, info = env.reset(seed=1)
    assert (observation.shape, info) == ((4,), {"is_success": False})
    assert env.step(PUSHES[0])[4] == {"is_success": False}
    assert env.randomization["params"]["cart.mass"] > 0
    envs = gym.make_vec(
        ENV_ID, num_envs=2, vectorization_mode="vector_entry_point", randomize="dynamics", expose="hidden"
    )
    assert set(envs.reset(seed=1)[1]) == {"is_success", "_is_success"}
    assert set(envs.step(envs.action_space.sample())[4]) == {"is_success", "_is_success"}
    envs.close()


def test_a_teacher_is_asked_at_every_reset_of_stable_baselines(make_env):
    envs = make_vec_env(ENV_ID, 4, num_servers=1, seed=0, randomize=["cart.mass", "pole.mass"])
    envs.env_method("set_source", Taught(two_masses(), FixedTeacher()))
    envs.reset()
    finished = []
    for _ in range(60):
        _, _, dones, infos = envs.step(np.ones((4, 1), np.float32))
        finished += [infos[row]["randomization"] for row in dones.nonzero()[0]]
    envs.close()
    assert len(finished) >= 8
    for record in finished:
        np.testing.assert_array_equal(record["unit"], PLACE)
        assert (record["tag"], record["version"]) == (5, 3)


def test_subprocesses_draw_for_themselves_what_they_would_draw_here(make_env):
    def make():
        return gym.make(f"blendgym:{ENV_ID}", randomize=["cart.mass", "pole.mass"])

    here = make_env(randomize=["cart.mass", "pole.mass"])
    expected = [here.reset(seed=seed)[1]["randomization"]["unit"] for seed in (7, 8)]
    envs = AsyncVectorEnv([make, make])
    np.testing.assert_array_equal(envs.reset(seed=7)[1]["randomization"]["unit"], expected)
    envs.close()


def test_a_subprocess_of_stable_baselines_takes_a_source():
    def make():
        return gym.make(f"blendgym:{ENV_ID}", randomize=["cart.mass", "pole.mass"])

    envs = SubprocVecEnv([make])
    envs.env_method("set_source", Prior(select(Cartpole.parameters, {"cart.mass": [3.0, 3.5]})))
    envs.seed(7)
    envs.reset()
    assert all(3.0 <= info["params"]["cart.mass"] <= 3.5 for info in envs.reset_infos)
    envs.close()


def test_stable_baselines_trains_with_what_only_the_critic_should_see():
    envs = make_vec_env(ENV_ID, 2, num_servers=1, seed=0, randomize="dynamics", expose="critic")
    model = PPO("MultiInputPolicy", envs, n_steps=16, batch_size=32, device="cpu", seed=0).learn(32)
    assert model.num_timesteps == 32
    envs.close()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"randomize": "cart.mas"}, InvalidParameter, "Did you mean 'cart.mass'"),
        ({"randomize": {"cart.mass": [1.0, 1.0]}}, InvalidParameter, "low must be below high"),
        ({"randomize": True}, InvalidParameter, "randomize is True; expected None"),
        ({"expose": "everyone"}, InvalidOption, "expected one of 'info', 'hidden', 'observation', 'critic'"),
        ({"expose": "observation"}, InvalidOption, "and none is; name some with randomize="),
        ({"expose": "critic", "randomize": []}, InvalidOption, "and none is; name some with randomize="),
    ],
)
def test_randomization_that_makes_no_sense_is_refused_before_anything_is_launched(make_env, arguments, error, message):
    with pytest.raises(error, match=message):
        make_env(CARTPOLE, **arguments)


TOO_STRONG = {"name": "force.scale", "steps": 10, "low": 2.0, "high": 800.0}


@pytest.mark.parametrize(
    ("replay", "message"),
    [
        (7, "expected info.'randomization'."),
        ({"seed": 1}, "expected info.'randomization'."),
        ({"seed": 1, "params": {"cart.mas": 1.0}, "unit": [], "intervals": []}, "Did you mean"),
        ({"seed": 1, "params": {}, "unit": [], "intervals": [{"name": "force.scale"}]}, "missing required field"),
        ({"seed": 1, "params": {}, "unit": [], "intervals": [TOO_STRONG]}, "expected a number from 1 to"),
    ],
)
def test_a_record_that_is_none_is_refused_and_the_episode_goes_on(plain, replay, message):
    plain.reset(seed=1)
    with pytest.raises(InvalidParameter, match=message):
        plain.reset(options={"replay": replay})
    plain.step(PUSHES[0])


def test_a_source_of_other_parameters_than_observations_show_is_refused(make_env):
    env = make_env(randomize=["cart.mass"], expose="observation")
    with pytest.raises(InvalidParameter, match="draws cart.mass, pole.mass; observations show cart.mass"):
        env.set_source(Prior(two_masses()))
