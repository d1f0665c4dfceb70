"""An environment is what Gymnasium and stable-baselines3 expect, and stays usable after every fault."""

from __future__ import annotations

import copy
import os
import signal
import warnings
from unittest import SkipTest

from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

from blendgym.errors import CheckFailed, EnvironmentClosed, InvalidAction, ServerError
from blendgym.testing.checks import require
from blendgym.testing.illegal_actions import illegal_actions
from blendgym.testing.rollouts import Row, require_same
from blendgym.testing.task.task_under_test import TaskUnderTest

SEED = 7


def check_the_checker_of_gymnasium_is_content(task: TaskUnderTest) -> None:
    """Runs ``gymnasium.utils.env_checker.check_env``; its hints are no failures. A scene need not have a camera."""
    has_camera = task.declared.camera in task.env.welcome.cameras
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(task.env, skip_render_check=not has_camera)


def check_the_checker_of_stable_baselines3_is_content(task: TaskUnderTest) -> None:
    """Runs ``stable_baselines3.common.env_checker.check_env``; its hints are no failures."""
    try:
        from stable_baselines3.common.env_checker import check_env as check_env_for_sb3
    except ImportError:
        raise SkipTest("stable-baselines3 is not installed") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env_for_sb3(task.env, skip_render_check=True)


def check_the_spec_survives_copying_and_json(task: TaskUnderTest) -> None:
    """Copies the spec from which environments are made, and sends it through JSON, as run folders do."""
    spec = task.spec
    plain = "Give the environment plain arguments: numbers, strings, lists, dicts with strings as keys."
    try:
        again = EnvSpec.from_json(spec.to_json())
    except (ValueError, TypeError) as error:
        raise CheckFailed(f"The spec {spec} should survive JSON, but: {error}. {plain}") from error
    require(again == spec, f"The spec {spec} should survive JSON, but what comes back is {again}. {plain}")
    require(copy.deepcopy(spec) == spec, f"A copy of the spec {spec} should be equal to it, but is not.")


def check_a_refused_action_changes_nothing(task: TaskUnderTest) -> None:
    """Tries every kind of action outside the space, in the middle of an episode."""
    actions = task.actions()
    undisturbed = task.episode(SEED)
    task.env.reset(seed=SEED)
    for what, action in illegal_actions(task.declared.action_space):
        try:
            task.env.step(action)
        except InvalidAction:
            continue
        require(False, f"step() with {what} should raise InvalidAction, but is carried out.")
    rows = [undisturbed[0]]
    for action in actions[: len(undisturbed) - 1]:
        observation, reward, terminated, _, info = task.env.step(action)
        rows.append(Row(observation, float(reward), terminated, info["is_success"]))
    require_same(rows, undisturbed, "An episode with refused actions", "Check an action before anything moves.")


def check_a_reset_heals_the_death_of_a_server(task: TaskUnderTest) -> None:
    """Kills Blender in the middle of an episode, and plays that episode again."""
    env, first = task.env, task.episode(SEED)
    env.reset(seed=SEED)
    if env.server_pid is None:
        raise SkipTest("the server is not a process of this machine")
    os.kill(env.server_pid, signal.SIGKILL)
    try:
        env.step(env.action_space.sample())
    except ServerError:
        pass
    else:
        require(False, "step() should raise ServerDied after its server was killed, but returns.")
    require_same(
        task.episode(SEED), first, "An episode after the death of a server", "Keep nothing outside of the server."
    )


def check_close_may_be_called_twice(task: TaskUnderTest) -> None:
    """Closes an environment twice; nothing but a reset goes on with it then."""
    env = task.make()
    for _ in range(2):
        env.close()
    try:
        env.step(env.action_space.sample())
    except EnvironmentClosed:
        return
    require(False, "step() should raise EnvironmentClosed after close(), but goes on.")


INTERFACE_CHECKS = (
    check_the_checker_of_gymnasium_is_content,
    check_the_checker_of_stable_baselines3_is_content,
    check_the_spec_survives_copying_and_json,
    check_a_refused_action_changes_nothing,
    check_a_reset_heals_the_death_of_a_server,
    check_close_may_be_called_twice,
)
