"""Push-T begins, moves its finger, pays and ends as its task says."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import CLEARANCE, REACH, SPREAD
from blendgym.errors import InvalidOption

TASK = "blendgym.envs.push_t.task:PushT"
AWAY = np.array([-0.9, -0.9], np.float32)


push_t = shared_env(TASK)


def begin(env, seed=0, **params):
    named = {name.replace("__", "."): value for name, value in params.items()}
    observation, info = env.reset(seed=seed, options={"params": named})
    assert info["is_success"] is False
    return observation


def block_in(observation):
    x, y, cosine, sine = observation[2:].astype(float)
    return tee.Place(REACH * x, REACH * y, math.atan2(sine, cosine))


def coverage_in(observation):
    return tee.coverage(block_in(observation).seen_from(tee.GOAL))


def test_the_block_begins_anywhere_within_a_quarter_of_a_metre_turned_any_way(push_t):
    starts = [block_in(begin(push_t, seed)) for seed in range(200)]
    for values, bound in (([s.x for s in starts], SPREAD), ([s.y for s in starts], SPREAD)):
        assert 0.95 * bound < max(values) <= bound + 1e-6
        assert -bound - 1e-6 <= min(values) < -0.95 * bound
    quarters = {int(start.angle // (math.pi / 4)) for start in starts}
    assert quarters == set(range(-4, 4))


@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_the_spread_says_how_near_to_its_goal_it_begins(push_t, spread):
    for seed in range(30):
        x, y, angle = block_in(begin(push_t, seed, start__spread=spread)).seen_from(tee.GOAL)
        assert max(abs(x), abs(y)) <= math.sqrt(2) * SPREAD * spread + 1e-6
        assert abs(math.remainder(angle, math.tau)) <= math.pi * spread + 1e-5


def test_the_finger_begins_clear_of_the_block(push_t):
    for seed in range(200):
        seen = begin(push_t, seed)
        x, y = REACH * seen[:2].astype(float)
        assert tee.distance(*block_in(seen).point_seen(x, y)) > CLEARANCE - 1e-6


def test_a_finger_that_is_sent_to_where_it_is_stays(push_t):
    seen = begin(push_t, 1)
    for _ in range(5):
        after = push_t.step(seen[:2])[0]
        np.testing.assert_allclose(after[:2], seen[:2], atol=1e-6)


def test_the_finger_goes_to_its_target_no_faster_than_its_speed(push_t):
    seen = begin(push_t, 2, finger__speed=0.2)
    target = -np.sign(seen[:2]).astype(np.float32)
    way = [REACH * seen[:2]] + [REACH * push_t.step(target)[0][:2] for _ in range(60)]
    speeds = np.linalg.norm(np.diff(way, axis=0), axis=1) / 0.1
    assert speeds.max() == pytest.approx(0.2, abs=1e-4)
    np.testing.assert_allclose(way[-1], REACH * target, atol=1e-4)


def test_near_its_target_it_covers_a_share_of_the_way(push_t):
    seen = begin(push_t, 3, finger__gain=5.0, finger__speed=0.5)
    target = seen[:2] + np.array([0.03, 0.0], np.float32)
    left = target[0] - push_t.step(target)[0][0]
    assert left == pytest.approx(0.03 * math.exp(-5.0 * 0.1), abs=1e-5)


def test_relative_actions_are_shares_of_the_way_that_the_finger_can_go_in_a_step(make_env):
    env = make_env(TASK, action_type="relative")
    seen = begin(env, 1, finger__speed=0.2)
    for action, way in (((0.5, 0.0), (0.01, 0.0)), ((0.0, -1.0), (0.0, -0.02)), ((1.0, 1.0), (0.0141, 0.0141))):
        after = env.step(np.array(action, np.float32))[0]
        np.testing.assert_allclose(REACH * (after[:2] - seen[:2]), way, atol=1e-4)
        seen = after
    for _ in range(60):
        seen = env.step(np.array((1.0, 0.0), np.float32))[0]
    assert seen[0] == pytest.approx(1.0, abs=1e-6)


def test_people_move_the_finger_with_keys():
    env = gym.make("BlendPushT-v0", action_type="relative")
    seen, _ = env.reset(seed=1)
    up = env.unwrapped.get_keys_to_action()[("w",)]
    np.testing.assert_allclose(env.step(up)[0][:2] - seen[:2], (0.0, 0.03 / REACH), atol=1e-5)
    env.close()


def test_a_block_that_begins_on_its_goal_has_succeeded_after_one_step(push_t):
    begin(push_t, start__spread=0.0)
    _, reward, terminated, truncated, info = push_t.step(AWAY)
    assert (terminated, truncated, info["is_success"]) == (True, False, True)
    assert reward == pytest.approx(6.0, abs=0.1)


def test_rewards_add_up_to_how_much_nearer_the_block_has_come(push_t):
    rng = np.random.default_rng(0)
    first = seen = begin(push_t, 4)
    total = 0.0
    for _ in range(100):
        seen, reward, terminated, _, _ = push_t.step(rng.uniform(-0.5, 0.5, 2).astype(np.float32))
        total += reward
        assert not terminated

    def potential(observation):
        block = block_in(observation)
        place = block.seen_from(tee.GOAL)
        away = max(math.dist(REACH * observation[:2].astype(float), block[:2]) - 0.1, 0.0)
        covered = min(tee.coverage(place) / 0.95, 1.0)
        return 2.0 * covered - 2.0 * tee.displacement(place) / 0.25 - 0.25 * away / 0.4

    assert total == pytest.approx(potential(seen) - potential(first), abs=1e-4)


def test_the_reward_of_the_field_is_the_coverage(make_env):
    env = make_env(TASK, reward_type="coverage")
    begin(env, 5, start__spread=0.08)
    rng = np.random.default_rng(0)
    paid = []
    for _ in range(40):
        seen, reward, terminated, _, info = env.step(rng.uniform(-0.3, 0.3, 2).astype(np.float32))
        assert reward == pytest.approx(min(coverage_in(seen) / 0.95, 1.0), abs=1e-5)
        assert terminated == info["is_success"] == (coverage_in(seen) > 0.95)
        paid.append(reward)
        if terminated:
            break
    assert 0.05 < min(paid) < max(paid)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"reward_type": "sparse"}, r"reward_type is 'sparse'; expected one of 'shaped', 'coverage'\."),
        ({"action_type": "delta"}, r"action_type is 'delta'; expected one of 'target', 'relative'\."),
    ],
)
def test_an_unknown_option_is_refused_with_those_that_there_are(option, message):
    with pytest.raises(InvalidOption, match=message):
        BlendEnv(TASK, **option)


def test_the_time_limit_truncates_after_300_steps():
    env = gym.make("BlendPushT-v0")
    env.reset(seed=0)
    ends = [env.step(AWAY)[2:4] for _ in range(300)]
    assert ends[-1] == (False, True)
    assert set(ends[:-1]) == {(False, False)}
    env.close()
