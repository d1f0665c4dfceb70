"""A moment of an episode is come back to, bit for bit, by playing its actions again."""

from __future__ import annotations

import pickle
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from suite import SUITE_IDS

from blendgym.errors import InvalidAction, InvalidOption, ResetNeeded
from blendgym.testing.rollouts import actions_for, bits

CARTPOLE = "BlendCartpole-v0"
BEFORE, AFTER = 8, 6

LATE = {"action.latency": 3, "observation.latency": 2, "observation.noise": 0.2}
EVERYDAY = ("BlendCartpole-v0", "BlendNextView-v0", "BlendPushT-v0")  # None of them is like another.
KINDS = {
    "late and noisy": {"options": {"params": LATE}},
    "late and noisy images": {"obs_type": "state_rgb", "width": 24, "height": 16, "options": {"params": LATE}},
    "drawn within the episode": {
        "randomize": {
            "force.scale": {"phase": "interval", "interval": 0.06},
            "observation.noise": {"phase": "interval", "interval": 0.1},
        },
        "expose": "observation",
    },
    "discrete": {"action_type": "discrete"},
}


@pytest.fixture
def make():
    """Makes environments without wrappers."""
    made = []

    def make_unwrapped(env_id, **arguments):
        made.append(gym.make(env_id, **arguments).unwrapped)
        return made[-1]

    yield make_unwrapped
    for env in made:
        env.close()


def play(env, actions):
    """What steps lead to, until the episode is over."""
    rows = []
    for action in actions:
        rows.append(env.step(action)[:3])
        if rows[-1][2]:
            break
    return rows


def come_back_from(env, options=None):
    """What follows on a moment at first, and what follows when the environment comes back to it."""
    actions = actions_for(env.action_space, BEFORE + AFTER)
    env.reset(seed=5, options=options)
    before = min(BEFORE, len(play(env, actions)) // 2)  # Some episodes are short.
    began, _ = env.reset(seed=5, options=options)
    seen = [began, *(row[0] for row in play(env, actions[:before]))][-1]
    state = env.state()
    first = play(env, actions[before:])
    env.reset()
    play(env, actions[-AFTER:])
    observation, _ = env.restore(state)
    assert bits(observation) == bits(seen)
    return first, play(env, actions[before:]), state


@pytest.mark.parametrize(
    "env_id",
    [pytest.param(env_id, marks=() if env_id in EVERYDAY else pytest.mark.long) for env_id in SUITE_IDS],
)
def test_what_follows_is_the_same_again(make, env_id):
    first, again, state = come_back_from(make(env_id))
    assert bits(first) == bits(again)
    assert state.steps <= BEFORE


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_on_its_way_or_drawn_is_the_same_again(make, kind):
    arguments = dict(KINDS[kind])
    options = arguments.pop("options", None)
    first, again, _ = come_back_from(make(CARTPOLE, **arguments), options)
    assert bits(first) == bits(again)


@pytest.mark.parametrize("task", ["heaps.task:Heap", "zoo.tasks:Pile"])
def test_contacts_and_layouts_are_the_same_again(make_env, task):
    first, again, _ = come_back_from(make_env(task))
    assert bits(first) == bits(again)


OTHER_PROCESS = """
import pickle, sys
import gymnasium as gym
from blendgym.testing.rollouts import bits
from pathlib import Path
state, actions = pickle.loads(Path(sys.argv[1]).read_bytes())
env = gym.make("BlendCartpole-v0").unwrapped
rows = [env.restore(state)[0], *(env.step(action)[:3] for action in actions)]
Path(sys.argv[1]).write_bytes(pickle.dumps(bits(rows)))
env.close()
"""


def test_it_goes_on_in_another_process(make, tmp_path):
    env = make(CARTPOLE, randomize="dynamics")
    actions = actions_for(env.action_space, BEFORE + AFTER)
    env.reset(seed=5)
    seen = play(env, actions[:BEFORE])[-1][0]
    (tmp_path / "state").write_bytes(pickle.dumps((env.state(), actions[BEFORE:])))
    assert (tmp_path / "state").stat().st_size < 3000
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(tmp_path / "state")], check=True, capture_output=True)
    expected = [seen, *play(env, actions[BEFORE:])]
    assert pickle.loads((tmp_path / "state").read_bytes()) == bits(expected)  # noqa: S301 (our own bytes)


def test_restored_states_have_states_and_further_episodes_are_as_if_nothing_had_happened(make, cartpole):
    env = make(CARTPOLE)
    actions = actions_for(env.action_space, 6)
    env.reset(seed=1)
    play(env, actions[:4])
    state = env.state()
    env.restore(state)
    play(env, actions[4:])
    later = env.state()
    assert later.steps == 6
    seen = env.step(actions[0])[0]
    env.restore(later)
    assert bits(env.step(actions[0])[0]) == bits(seen)
    cartpole.reset(seed=1)
    assert bits(env.reset()[0]) == bits(cartpole.reset()[0])


def test_a_time_limit_goes_on_counting(make):
    env = gym.make(CARTPOLE, max_episode_steps=3)
    env.reset(seed=0)
    state = env.unwrapped.state()
    still = np.zeros(1, np.float32)
    env.step(still)
    for _ in range(5):
        env.unwrapped.step(still)
    env.unwrapped.restore(state)
    assert [env.step(still)[3] for _ in range(2)] == [False, True]
    env.close()


def test_the_end_of_an_episode_is_an_end_again(cartpole):
    cartpole.reset(seed=0, options={"params": {"start.spread": 0.2}})
    while not cartpole.step(np.ones(1, np.float32))[2]:
        pass
    state = cartpole.state()
    cartpole.reset()
    cartpole.restore(state)
    with pytest.raises(ResetNeeded, match="after the end of an episode"):
        cartpole.step(np.ones(1, np.float32))


def test_there_is_no_state_before_the_first_reset(make):
    with pytest.raises(ResetNeeded, match=r"state\(\) was called before the first reset"):
        make(CARTPOLE).state()


def test_what_cannot_be_restored_is_refused_and_the_server_lives_on(make, cartpole):
    env, discrete, pendulum = cartpole, make(CARTPOLE, action_type="discrete"), make("BlendPendulum-v0")
    env.reset(seed=0)
    with pytest.raises(InvalidOption, match=r"restore\(\) takes what state\(\) has given, got 5"):
        env.restore(5)
    for other, what in ((discrete, "options of the task"), (pendulum, "task")):
        other.reset(seed=0)
        with pytest.raises(InvalidOption, match=f"The state is one of another {what}: "):
            env.restore(other.state())
    env.reset(seed=0)
    pid, state = env.server_pid, env.state()
    object.__setattr__(state, "actions", np.full((3, 1), 7.0, np.float32))
    with pytest.raises(InvalidAction, match="Action 0 of 3"):
        env.restore(state)
    object.__setattr__(state, "actions", np.ones((300, 1), np.float32))
    with pytest.raises(InvalidOption, match="The episode is over"):
        env.restore(state)
    env.reset()
    assert env.server_pid == pid


def plan(simulator, state, rng, candidates=6, horizon=9):
    """Random shooting: the first action of the best of some random sequences, tried from the present state."""
    best, chosen = -np.inf, None
    for sequence in rng.uniform(-1.0, 1.0, (candidates, horizon // 3, 1)).astype(np.float32).repeat(3, axis=1):
        simulator.restore(state)
        rows = play(simulator, sequence)
        angle = rows[-1][0][2]
        score = len(rows) - 10.0 * abs(angle)
        if score > best:
            best, chosen = score, sequence[0]
    return chosen


def test_a_planner_that_tries_random_actions_balances_the_pole(make, cartpole):
    env, simulator, rng = cartpole, make(CARTPOLE), np.random.default_rng(0)
    guesses = rng.uniform(-1.0, 1.0, (5, 50, 1)).astype(np.float32)
    by_chance = [len(play(env, actions)) for actions in guesses if env.reset(seed=3)]
    env.reset(seed=3)
    steps = 0
    while steps < 50 and not env.step(plan(simulator, env.state(), rng))[2]:
        steps += 1
    assert steps == 50 > np.mean(by_chance) + 5
