"""A person plays with keys, by Gymnasium's own tool."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from suite import SUITE_IDS

import blendgym
from blendgym.cli.play import play
from blendgym.client.env import BlendEnv
from blendgym.client.playing import action_without_keys, keys_to_action
from blendgym.errors import InvalidOption, InvalidTask
from blendgym.spaces import Box, Discrete
from blendgym.task import make_task

TASK = "keyed:Keyed"


@pytest.fixture
def pygame(monkeypatch):
    """Pygame without a window."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    return pytest.importorskip("pygame")


def keyed(space, keyboard):
    return make_task(TASK, {"space": space, "keyboard": keyboard})


def test_keys_that_are_pressed_together_add_up_within_the_bounds():
    task = keyed(Box(-1.0, 1.0, shape=(2,)), {"w": (1.0, 0.0), "a": (0.0, -1.0), "W": (0.5, 0.0)})
    actions = keys_to_action(task)
    assert len(actions) == 7
    assert actions["w", "a"].tolist() == [1.0, -1.0]
    assert actions["w", "W"].tolist() == [1.0, 0.0]
    assert all(action.dtype == np.float32 for action in actions.values())
    assert action_without_keys(task).tolist() == [0.0, 0.0]


def test_of_choices_each_has_a_key_and_one_may_be_that_of_none():
    task = keyed(Discrete(3), {"a": 0, "": 1, "d": 2})
    assert keys_to_action(task) == {("a",): 0, ("d",): 2}
    assert action_without_keys(task) == 1


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("ad", "keyboard is 'ad'; expected actions by key"),
        ({"left": 0}, "keyboard names 'left'; expected a character"),
        ({"a": 3}, "keyboard gives the action 3 for 'a': Action is 3"),
        ({"a": "left"}, "keyboard gives the action 'left' for 'a'"),
    ],
)
def test_keys_that_make_no_sense_are_told_when_the_task_is_made(keys, message):
    with pytest.raises(InvalidTask, match=message):
        keyed(Discrete(3), keys)


def test_a_task_without_keys_says_what_to_do():
    with pytest.raises(InvalidOption, match="declares no keyboard .* keys_to_action="):
        BlendEnv(TASK, space=Discrete(3), keyboard={}).get_keys_to_action()


PLAYED = [env_id for env_id in SUITE_IDS if blendgym.describe(env_id).keyboard]


@pytest.mark.parametrize("env_id", [*PLAYED, "BlendCartpoleDiscrete-v0", "BlendRoverDiscrete-v0"])
def test_the_keys_of_the_suite_are_actions_that_gymnasium_takes(env_id):
    env = gym.make(env_id)
    actions = env.get_wrapper_attr("get_keys_to_action")()
    assert all(action in env.action_space for action in actions.values())
    assert isinstance(env.metadata["render_fps"], int)


def test_the_pole_is_pushed_while_a_key_is_pressed(pygame, monkeypatch):
    actions, taken = [None, pygame.KEYDOWN, pygame.KEYUP, "quit"], []

    def step(self, action, plain=BlendEnv.step):
        taken.append(float(action[0]))
        event = actions[len(taken)] if len(taken) < len(actions) else None
        if event == "quit":
            pygame.event.post(pygame.event.Event(pygame.QUIT))
        elif event:
            pygame.event.post(pygame.event.Event(event, key=ord("d")))
        return plain(self, action)

    monkeypatch.setattr(BlendEnv, "step", step)
    play("BlendCartpole-v0", options=("render_width=64", "render_height=48"))
    assert taken == [0.0, 1.0, 0.0]
