"""The NumPy twins do what Blender does, within tolerances that are stated here."""

from __future__ import annotations

import numpy as np
import pytest
from rich.progress import track
from scipy.stats import kstest
from suite import WITH_TWINS
from twin_parity import compare, coordinates

from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.twins.making import make_twin

ENV_IDS = [room.id for room in WITH_TWINS]
CARTPOLE = "BlendCartpole-v0"


@pytest.fixture(scope="module", params=ENV_IDS)
def parity(request):
    return request.param, compare(request.param, 24, seed=0)


@pytest.mark.parametrize(("env_id", "cosine", "rate"), [("BlendPendulum-v0", 0, 2), ("BlendCartpoleSwingup-v1", 2, 4)])
def test_a_twin_counts_a_pole_that_stands_as_a_success(env_id, cosine, rate):
    twin, _ = begun(env_id, num_envs=200)
    angles, rates = np.random.default_rng(0).uniform((-0.4, -2.0), (0.4, 2.0), (200, 2)).T
    still = np.zeros((twin.coordinates - 1, 200))
    twin.place(everyone(twin), np.array([*still, angles]), np.array([*still, rates]))
    step = twin.step(np.zeros((200, 1), np.float32))
    seen = step.observations.T
    stands = (seen[cosine] > np.cos(np.radians(12))) & (np.abs(seen[rate]) < 1.0)
    np.testing.assert_array_equal(step.success, stands)
    assert 20 < stands.sum() < 180


@pytest.mark.parametrize("env_id", ENV_IDS)
def test_scores_begin_with_what_a_random_policy_gets(env_id):
    twin, _ = begun(env_id, num_envs=200)
    generator, returns, lasts = np.random.default_rng(0), np.zeros(200), np.ones(200, np.bool_)
    for _ in range(twin.max_episode_steps):
        step = twin.step(pushes(generator, 200))
        returns += step.rewards * lasts
        lasts &= ~step.terminated
    floor, best = twin.task.return_range
    assert abs(returns.mean() - floor) < 0.03 * (best - floor)
    assert twin.task.scores(returns).mean() < 0.05


def test_a_twin_of_the_cartpole_is_a_success_from_475_steps_on():
    twin, _ = begun(CARTPOLE, num_envs=1)
    successes = [bool(twin.step(np.zeros((1, 1), np.float32)).success[0]) for _ in range(500)]
    assert successes == [False] * 474 + [True] * 26


def everyone(twin):
    return np.arange(twin.num_envs)


def values_of(twin, count, given):
    nominal = {name: np.full(count, float(each.nominal)) for name, each in twin.task.parameters.items()}
    return nominal | {name.replace("__", "."): np.broadcast_to(value, count) for name, value in given.items()}


def seeds_of(seed, count):
    return np.random.default_rng(seed).integers(2**63, size=count, dtype=np.uint64)


def begun(env_id, seed=0, num_envs=8, **given):
    """A twin whose episodes have some parameters of their own, and otherwise the nominal ones."""
    twin = make_twin(env_id, num_envs)
    return twin, twin.begin(everyone(twin), values_of(twin, num_envs, given), seeds_of(seed, num_envs))


def rollout(twin, steps=40, seed=1):
    generator = np.random.default_rng(seed)
    return [twin.step(pushes(generator, twin.num_envs)) for _ in range(steps)]


def played(env_id, given):
    twin, first = begun(env_id, **given)
    return np.array([first, *observed(rollout(twin))])


def pushes(generator, count):
    return generator.uniform(-1.0, 1.0, (count, 1)).astype(np.float32)


def observed(steps):
    return np.array([step.observations for step in steps])


@pytest.mark.parametrize("env_id", ENV_IDS)
def test_an_episode_depends_on_nothing_but_its_seed_parameters_and_actions(env_id):
    own = {"action__latency": 2, "observation__latency": 1, "observation__noise": 0.05, "gravity": 5.0}
    twin, first = begun(env_id, num_envs=3, **own)
    alone = rollout(twin)

    crowd = make_twin(env_id, 50)
    crowd.reset(everyone(crowd), np.random.default_rng(0).random((50, len(crowd.parameters))), np.random.default_rng(1))
    rollout(crowd, steps=11)
    rows = np.array([40, 2, 17])
    np.testing.assert_array_equal(crowd.begin(rows, values_of(crowd, 3, own), seeds_of(0, 3)), first)
    generator, others = np.random.default_rng(1), np.random.default_rng(2)
    for step in alone:
        actions = pushes(others, 50)
        actions[rows] = pushes(generator, 3)
        for found, expected in zip(crowd.step(actions)[:3], step[:3], strict=True):
            np.testing.assert_array_equal(found[rows], expected)


@pytest.mark.parametrize("env_id", ENV_IDS)
def test_every_parameter_changes_an_episode_but_those_of_its_look(env_id):
    parameters = make_twin(env_id, 1).task.parameters
    # A pendulum that only just begins to swing is never too fast for its motor.
    wide = {"start__spread": parameters["start.spread"].high}
    plain = played(env_id, wide)
    for name, parameter in parameters.items():
        other = parameter.low if parameter.low != parameter.nominal else parameter.high
        changed = not np.array_equal(played(env_id, {**wide, name.replace(".", "__"): other}), plain)
        assert changed == (parameter.group != "visual"), name


def test_no_two_observations_have_the_same_noise():
    twin, first = begun(CARTPOLE, start__spread=0.0, observation__noise=0.1, gravity=1.0)
    still = np.zeros((8, 1), np.float32)
    seen = np.array([first, *(twin.step(still).observations for _ in range(20))])
    assert len(np.unique(seen.reshape(-1, 4), axis=0)) == 21 * 8
    assert len(np.unique(seen)) > 0.99 * seen.size


def test_episodes_with_random_parameters_and_actions_agree_with_blender(parity):
    env_id, found = parity
    agree = found.agree(env_id)
    assert agree.mean() >= 0.95, found.observations[~agree]
    assert np.abs(found.lengths[0] - found.lengths[1]).max() <= 1


@pytest.mark.endurance
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("env_id", ENV_IDS)
def test_a_thousand_episodes_agree_with_blender(env_id):
    found = [compare(env_id, 100, seed) for seed in track(range(10), env_id)]
    assert np.concatenate([each.agree(env_id) for each in found]).mean() >= 0.95
    # Poles that only just touch the limit end an episode on one side and swing back on the other.
    lengths = np.concatenate([each.lengths for each in found], axis=1)
    assert (np.abs(lengths[0] - lengths[1]) > 1).mean() <= 0.002


def test_initial_velocities_are_spread_as_in_blender(parity):
    env_id, found = parity
    assert np.abs(found.starts).max() <= 1.0 + 1e-6
    _, first = begun(env_id, num_envs=200, start__spread=0.1)
    velocities = (coordinates(first)[1] / 0.1).ravel()
    assert kstest(velocities, found.starts.ravel()).pvalue > 0.01


def test_randomization_of_no_width_is_none():
    twin = make_twin(CARTPOLE, 8)
    nominal = np.tile(twin.parameters.nominal_unit, (8, 1))
    first = twin.reset(everyone(twin), nominal, np.random.default_rng(0))
    bare = make_twin(CARTPOLE, 8, None)
    np.testing.assert_array_equal(bare.reset(everyone(bare), np.empty((8, 0)), np.random.default_rng(0)), first)
    np.testing.assert_array_equal(observed(rollout(twin)), observed(rollout(bare)))


def test_resetting_some_leaves_the_others_alone():
    unit = np.random.default_rng(0).random((8, len(make_twin(CARTPOLE, 1).parameters)))
    steps = []
    for disturbed in (False, True):
        twin = make_twin(CARTPOLE, 8)
        twin.reset(everyone(twin), unit, np.random.default_rng(0))
        rollout(twin, steps=5)
        if disturbed:
            twin.reset(np.array([1, 6]), unit[:2], np.random.default_rng(1))
        steps.append(observed(rollout(twin, steps=5)))
    others = [0, 2, 3, 4, 5, 7]
    np.testing.assert_array_equal(steps[0][:, others], steps[1][:, others])
    assert not np.array_equal(steps[0], steps[1])


def test_the_time_limit_truncates_what_has_not_terminated():
    twin, _ = begun("BlendPendulum-v0", num_envs=2)
    last = rollout(twin, steps=200)
    assert [step.truncated.tolist() for step in last[-2:]] == [[False, False], [True, True]]


def test_discrete_actions_are_full_pushes():
    discrete, continuous = (make_twin(CARTPOLE, 4, None, action_type=kind) for kind in ("discrete", "continuous"))
    nothing = np.empty((4, 0))
    for twin in (discrete, continuous):
        twin.reset(everyone(twin), nothing, np.random.default_rng(0))
    shares = np.array([-1.0, 1.0, 1.0, -1.0], np.float32)
    pushed = discrete.step(np.array([0, 1, 1, 0])).observations
    np.testing.assert_array_equal(pushed, continuous.step(shares[:, None]).observations)


def test_observations_that_were_handed_out_stay_as_they_are():
    twin, first = begun(CARTPOLE, observation__latency=np.arange(8) % 4)
    kept = [first, *observed(rollout(twin, steps=3))]
    twin, first = begun(CARTPOLE, observation__latency=np.arange(8) % 4)
    handed_out = [first, *(step.observations for step in rollout(twin, steps=3))]
    rollout(twin)
    np.testing.assert_array_equal(handed_out, kept)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("BlendCartpol-v0", 4), InvalidOption, "There is no environment 'BlendCartpol-v0'"),
        (("tasks:Blurred", 4), InvalidOption, "expected an environment with a twin: .*BlendCartpole-v0"),
        ((CARTPOLE, 0), InvalidOption, "num_envs is 0; expected a positive integer"),
        ((CARTPOLE, 4, ["cart.mas"]), InvalidParameter, "Did you mean 'cart.mass'"),
    ],
)
def test_twins_that_make_no_sense_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        make_twin(*arguments)


@pytest.mark.parametrize("unit", [np.full((2, 1), np.nan), np.full((2, 1), 1.5), np.zeros((2, 2)), np.zeros((3, 1))])
def test_places_outside_of_the_cube_are_refused(unit):
    twin = make_twin(CARTPOLE, 2, ["gravity"])
    with pytest.raises(InvalidParameter, match=r"expected \(2, 1\)|from 0 to 1"):
        twin.reset(everyone(twin), unit, np.random.default_rng(0))
