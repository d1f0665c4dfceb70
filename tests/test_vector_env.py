"""Many environments on a few servers: the episodes of single environments, bit for bit, under Gymnasium's rules."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import psutil
import pytest
from conftest import CARTPOLE
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from stable_baselines3.common.vec_env import DummyVecEnv

from blendgym.agents import StableBaselinesVecEnv, make_vec_env
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import EnvironmentClosed, InvalidAction, InvalidOption, InvalidParameter, ResetNeeded

ENV_ID = "BlendCartpole-v0"
COUNT, STEPS, LIMIT = 4, 30, 11
ARGUMENTS = {"action_type": "discrete", "max_episode_steps": LIMIT}
SEED = 3

ACTIONS = np.random.default_rng(0).integers(0, 2, (STEPS, COUNT))
ACTIONS[:, 0] = 1  # Falls before the time limit; the others are truncated.


def single(**arguments):
    return gym.make(ENV_ID, **{**ARGUMENTS, **arguments})


def make_vec(num_envs=COUNT, **arguments):
    return gym.make_vec(
        ENV_ID, num_envs=num_envs, vectorization_mode="vector_entry_point", **{**ARGUMENTS, **arguments}
    )


def rollout(envs, steps=STEPS):
    """Everything that comes of the actions."""
    results = [envs.reset(seed=SEED)]
    for actions in ACTIONS[:steps]:
        results.append(envs.step(actions))
        if envs.metadata["autoreset_mode"] is AutoresetMode.DISABLED:
            over = results[-1][2] | results[-1][3]
            if over.any():
                results.append(envs.reset(options={"reset_mask": over}))
    return results


def rollout_of(envs, **arguments):
    """The same, of environments that are closed then."""
    try:
        return rollout(envs, **arguments)
    finally:
        envs.close()


def assert_same(one, other):
    """Compares nested results, exactly."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            assert_same(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, np.ndarray) and one.dtype == object:
        assert_same(list(one), list(other))
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


@pytest.fixture(scope="module")
def reference():
    """What single environments do under Gymnasium's own vector environment, by autoreset mode."""
    envs, results = SyncVectorEnv([single] * COUNT), {}
    for mode in AutoresetMode:
        envs.autoreset_mode = envs.metadata["autoreset_mode"] = mode
        results[mode] = rollout(envs)
    envs.close()
    return results


def test_the_reference_has_both_kinds_of_endings(reference):
    _, _, terminations, truncations, _ = zip(*reference[AutoresetMode.SAME_STEP][1:], strict=True)
    assert np.any(terminations)
    assert np.any(truncations, axis=0).sum() >= 2


@pytest.mark.parametrize("num_servers", [1, 2, 3])
@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_observations_rewards_flags_and_infos_are_those_of_single_environments(reference, mode, num_servers):
    assert_same(rollout_of(make_vec(autoreset_mode=mode, num_servers=num_servers)), reference[mode])


def test_asynchronous_single_environments_do_the_same(reference):
    envs = AsyncVectorEnv([single] * COUNT, autoreset_mode=AutoresetMode.NEXT_STEP)
    assert_same(rollout_of(envs, steps=20), reference[AutoresetMode.NEXT_STEP][:21])


def test_stable_baselines_sees_what_it_sees_of_single_environments():
    def run(envs):
        envs.seed(SEED)
        results = [envs.reset()]
        for actions in ACTIONS:
            results.append((*envs.step(actions), list(envs.reset_infos)))
        envs.close()
        return results

    ours = StableBaselinesVecEnv(make_vec(autoreset_mode="SameStep", num_servers=2))
    assert_same(run(ours), run(DummyVecEnv([single] * COUNT)))


def test_images_are_those_of_single_environments():
    arguments = {"obs_type": "state_rgb_depth", "width": 24, "height": 16}
    mode = AutoresetMode.SAME_STEP
    ours = rollout_of(make_vec(2, autoreset_mode=mode, **arguments), steps=0)
    theirs = rollout_of(SyncVectorEnv([lambda: single(**arguments)] * 2, autoreset_mode=mode), steps=0)
    assert ours[0][0]["rgb"].shape == (2, 16, 24, 3)
    assert_same(ours, theirs)


RANDOMIZED = {"randomize": ["dynamics", "sensor", "actuator"], "expose": "observation"}


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_randomized_episodes_are_those_of_single_environments(mode):
    theirs = SyncVectorEnv([lambda: single(**RANDOMIZED)] * COUNT, autoreset_mode=mode)
    ours = rollout_of(make_vec(autoreset_mode=mode, num_servers=2, **RANDOMIZED))
    assert_same(ours, rollout_of(theirs))
    unit = ours[0][1]["randomization"]["unit"]
    assert len(np.unique(unit[:, 0])) == COUNT
    np.testing.assert_array_equal(ours[0][0]["parameters"], unit.astype(np.float32))


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


def test_every_episode_has_the_look_of_the_environment():
    red = {"surfaces": {"Cart": {"colour": [0.9, 0.0, 0.0]}}}
    arguments = {"obs_type": "rgb", "width": 24, "height": 16, "appearance": red, "max_episode_steps": 2}
    made = make_vec(2, autoreset_mode="SameStep", **arguments)
    made.reset(seed=SEED)
    made.step(np.ones(2, np.int64))
    begun = made.step(np.ones(2, np.int64))[0]
    made.close()
    env = single(**arguments)
    env.reset(seed=SEED)
    np.testing.assert_array_equal(begun[0], env.reset()[0])
    env.close()


@pytest.fixture(scope="module")
def envs():
    made = make_vec(num_servers=2)
    yield made
    made.close()


def test_the_spaces_are_known_before_anything_is_launched():
    before = len(psutil.Process().children())
    made = make_vec(16, num_servers=4)
    assert made.single_observation_space.shape == (4,)
    assert made.observation_space.shape == (16, 4)
    assert made.action_space.shape == (16,)
    assert len(psutil.Process().children()) == before
    made.close()


def test_each_environment_can_have_a_seed_and_options_of_its_own(envs):
    masses = [0.5, 1.0, 2.0, 3.0]
    options = {"params": [{"cart.mass": mass} for mass in masses]}
    observations, infos = envs.reset(seed=[7, 7, None, 8], options=options)
    np.testing.assert_array_equal(observations[0], observations[1])
    assert not np.array_equal(observations[0], observations[3])
    np.testing.assert_allclose(infos["params"]["cart.mass"], masses)
    pushed = envs.step(np.ones(COUNT, np.int64))[0]
    assert pushed[0][1] > pushed[1][1]


def test_options_for_all_hold_for_all(envs):
    _, infos = envs.reset(options={"params": {"pole.length": 2.0}})
    np.testing.assert_allclose(infos["params"]["pole.length"], 2.0)


def test_a_reset_mask_leaves_the_other_episodes_alone(envs):
    before, _ = envs.reset(seed=0)
    moved = envs.step(np.ones(COUNT, np.int64))[0]
    mask = np.array([False, True, False, False])
    after, infos = envs.reset(seed=[0, 1, 0, 0], options={"reset_mask": mask})
    np.testing.assert_array_equal(after[1], before[1])
    np.testing.assert_array_equal(after[~mask], moved[~mask])
    np.testing.assert_array_equal(infos["_params"], mask)


def test_no_environment_replays_its_last_episode(envs):
    """Blender keeps the frames that it has simulated, and throws them away by itself only in one of its scenes."""

    def run(action):
        envs.reset(seed=0)
        return [envs.step(np.full(COUNT, action))[0] for _ in range(5)]

    first, other, again = run(0), run(1), run(0)
    np.testing.assert_array_equal(first, again)
    assert all(not np.array_equal(first[-1][row], other[-1][row]) for row in range(COUNT))


def test_observations_that_were_handed_out_stay_as_they_are(envs):
    first, _ = envs.reset(seed=0)
    kept = first.copy()
    second = envs.step(np.ones(COUNT, np.int64))[0]
    envs.step(np.ones(COUNT, np.int64))
    np.testing.assert_array_equal(first, kept)
    assert not np.shares_memory(first, second)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"reset_mask": np.zeros(COUNT, bool)}, InvalidOption, "at least one True"),
        ({"reset_mask": [True] * COUNT}, InvalidOption, "expected a bool array of shape"),
        ({"params": [{}] * 3}, InvalidOption, "is a list of 3; expected one for each of the 4"),
        ({"params": [{}, {}, {}, {"cart.mas": 1.0}]}, InvalidParameter, "Did you mean 'cart.mass'"),
        ({"parms": {}}, InvalidOption, "knows the options 'params', 'appearance', 'replay'"),
    ],
)
def test_options_that_do_not_fit_are_refused(envs, options, error, message):
    with pytest.raises(error, match=message):
        envs.reset(options=options)


def test_too_few_seeds_are_refused(envs):
    with pytest.raises(InvalidOption, match="2 seeds for 4"):
        envs.reset(seed=[1, 2])


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (np.zeros(3, np.int64), "shape \\(3,\\); expected integers of shape \\(4,\\)"),
        (np.zeros(4, np.float32), "dtype float32"),
        (np.array([0, 1, 2, 0]), "Action 2 of 4 is 2"),
    ],
)
def test_actions_that_do_not_fit_are_refused_and_nothing_moves(envs, actions, message):
    envs.reset(seed=0)
    undisturbed = envs.step(np.ones(COUNT, np.int64))[0]
    envs.reset(seed=0)
    with pytest.raises(InvalidAction, match=message):
        envs.step(actions)
    np.testing.assert_array_equal(envs.step(np.ones(COUNT, np.int64))[0], undisturbed)


def test_continuous_actions_out_of_bounds_are_refused_with_their_place():
    made = gym.make_vec(ENV_ID, num_envs=2)
    made.reset()
    with pytest.raises(InvalidAction, match=r"Action 1 of 2: Action element \[0\] is 1.5"):
        made.step(np.array([[0.0], [1.5]], np.float32))
    made.close()


def test_a_step_before_the_first_reset_and_after_the_end_is_refused():
    made = make_vec(2, autoreset_mode="Disabled")
    with pytest.raises(ResetNeeded, match="before the first reset"):
        made.step(np.ones(2, np.int64))
    made.reset(seed=0)
    for _ in range(LIMIT):
        _, _, terminations, truncations, _ = made.step(np.ones(2, np.int64))
        if (terminations | truncations).any():
            break
    with pytest.raises(ResetNeeded, match="reset_mask"):
        made.step(np.ones(2, np.int64))
    made.close()
    made.close()
    with pytest.raises(EnvironmentClosed):
        made.reset()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_servers": 5}, "num_servers is 5; expected 1 to the number of environments, 4"),
        ({"autoreset_mode": "sometimes"}, "autoreset_mode is 'sometimes'"),
        ({"on_error": "ignore"}, "on_error is 'ignore'"),
        ({"max_rss": 0}, "max_rss is 0; expected a positive integer"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments, message):
    with pytest.raises(InvalidOption, match=message):
        make_vec(**arguments)


def test_pictures_of_every_environment():
    made = make_vec(2, render_mode="rgb_array", render_width=48, render_height=32)
    made.reset(seed=0)
    images = made.render()
    assert [image.shape for image in images] == [(32, 48, 3)] * 2
    made.step(np.array([0, 1]))
    assert not np.array_equal(*made.render())
    capture = made.slots[1].capture(passes=("segmentation",), width=32, height=24)
    assert {seen.name for seen in capture.objects} >= {"Cart", "Pole", "Ground"}
    assert made.slots[0].objects == made.slots[1].objects
    made.close()


def test_closing_ends_every_server():
    made = make_vec(4, num_servers=2)
    made.reset()
    servers = {slot.server_pid for slot in made.slots}
    assert len(servers) == 2
    made.close()
    assert not any(map(psutil.pid_exists, servers))


def test_the_adapter_speaks_for_each_environment(tmp_path):
    made = make_vec_env(ENV_ID, 3, 1, seed=0, monitor_file=tmp_path / "monitor.csv", **ARGUMENTS)
    made.reset()
    assert [welcome.slots for welcome in made.get_attr("welcome")] == [3, 3, 3]
    assert made.get_attr("np_random_seed") == [0, 1, 2]
    captures = made.env_method("capture", passes=("rgb",), width=16, height=8, indices=[0, 2])
    assert [capture.images["rgb"].shape for capture in captures] == [(8, 16, 3)] * 2
    made.set_attr("note", "mine", indices=1)
    assert made.get_attr("note", indices=1) == ["mine"]
    for _ in range(LIMIT):
        made.step(np.ones(3, np.int64))
    assert len((tmp_path / "monitor.csv").read_text().splitlines()) >= 2 + 3  # Two lines of header, then episodes.
    made.close()


def test_the_adapter_wants_the_autoreset_of_stable_baselines(envs):
    with pytest.raises(InvalidOption, match="SameStep"):
        StableBaselinesVecEnv(envs)


def test_servers_that_somebody_else_has_launched_do_the_same(reference):
    arguments = {"endpoint": "tcp://127.0.0.1:*", "idle_timeout": 60.0}
    served = [ServerProcess(CARTPOLE, {"action_type": "discrete"}, slots=2, **arguments) for _ in range(2)]
    addresses = [server.endpoint for server in served]
    assert_same(rollout_of(make_vec(address=addresses)), reference[AutoresetMode.NEXT_STEP])
    with pytest.raises(InvalidOption, match="has 2 slots, and 4 environments are to be there"):
        rollout_of(make_vec(address=addresses[:1]))
    with pytest.raises(InvalidOption, match="num_servers is 3, but address= names 2"):
        make_vec(address=addresses, num_servers=3)
    for server in served:
        server.stop()


@pytest.mark.parametrize("engine", ["raster", "workbench", "cycles"])
def test_every_environment_has_a_look_and_lengths_of_its_own(engine):
    arguments = {"obs_type": "rgb_segmentation", "width": 32, "height": 24, "engine": engine}
    options = {
        "params": [{}, {"pole.length": 2.5}],
        "appearance": [{"surfaces": {"Cart": {"colour": [0.9, 0.1, 0.1]}}}, {}],
    }

    def both(envs):
        seen = [envs.reset(seed=1, options=options)[0], envs.step(np.ones(2, np.int64))[0]]
        envs.close()
        return seen

    def one(row):
        env = single(**arguments)
        own = {name: values[row] for name, values in options.items()}
        seen = [env.reset(seed=1 + row, options=own)[0], env.step(1)[0]]
        env.close()
        return seen

    together, apart = both(make_vec(2, **arguments)), [one(0), one(1)]
    for step, observations in enumerate(together):
        for name, images in observations.items():
            np.testing.assert_array_equal(images, [apart[row][step][name] for row in (0, 1)])
