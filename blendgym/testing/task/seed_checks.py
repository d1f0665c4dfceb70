"""The same seed gives the same episode, bit for bit, wherever it is played."""

from __future__ import annotations

from unittest import SkipTest

from gymnasium.vector import AutoresetMode

from blendgym.parameters import ActionLatency
from blendgym.testing.checks import require
from blendgym.testing.rollouts import bits, chain, chains, require_same, rollout
from blendgym.testing.task.task_under_test import LIMIT, TaskUnderTest
from blendgym.testing.task.witnesses import blame

SEED = 7
OTHER_SEEDS = (8, 9, 10)

OURS = "If the task does so, the fault is blendgym's: please report it."


def check_the_same_seed_gives_the_same_episode(task: TaskUnderTest) -> None:
    """Plays an episode again after others."""
    first = task.episode(SEED)
    for other in OTHER_SEEDS:
        task.episode(other)
    advice = f"Draw every random number from the generator that {task.beginning} is given, and set all state there."
    require_same(
        task.episode(SEED), first, "An episode that is played again after others",
        lambda: blame(task, SEED, OTHER_SEEDS, advice),
    )  # fmt: skip


def check_another_seed_gives_another_episode(task: TaskUnderTest) -> None:
    """Looks for one of several seeds that makes a difference."""
    first = bits(task.episode(SEED))
    differs = any(bits(task.episode(other)) != first for other in OTHER_SEEDS)
    if not differs and task.is_scenario and task.declared.parameters:
        raise SkipTest("sample() draws nothing; its samples differ by their parameters alone")
    require(
        differs,
        f"The seeds {SEED}, {', '.join(map(str, OTHER_SEEDS))} should not all give the same episode, but do. "
        f"Draw the initial state from the generator that {task.beginning} is given; leave this check out for a task "
        "without randomness.",
    )


def check_a_fresh_server_gives_the_same_episode(task: TaskUnderTest) -> None:
    """Plays an episode in another Blender."""
    fresh = task.make()
    rows = rollout(fresh, SEED, task.actions())
    fresh.close()
    require_same(
        rows, task.episode(SEED), "An episode in a fresh Blender",
        lambda: blame(
            task, SEED, OTHER_SEEDS,
            "Let nothing depend on the process: no clock, no process id, no hash of a string, no order of a set.",
        ),
    )  # fmt: skip


def check_an_episode_with_late_actions_depends_on_no_other(task: TaskUnderTest) -> None:
    """Plays an episode whose actions arrive late in another Blender, and after an episode of other actions."""
    late = [name for name, each in task.declared.parameters.items() if isinstance(each.binding, ActionLatency)]
    if not late:
        raise SkipTest("the task has no parameter that makes actions late")
    values, actions = {name: task.declared.parameters[name].high for name in late}, task.actions()
    fresh = task.make()
    expected = rollout(fresh, SEED, actions, values)
    fresh.close()
    rollout(task.env, OTHER_SEEDS[0], actions[::-1])
    require_same(
        rollout(task.env, SEED, actions, values), expected, "An episode whose actions arrive late, after others,",
        "Until the first action arrives apply() is not called: set in reset() whatever apply() leaves behind.",
    )  # fmt: skip


def check_every_slot_gives_the_same_episode(task: TaskUnderTest) -> None:
    """Plays two episodes side by side in one Blender, then the other way round."""
    pair, actions = task.pair(AutoresetMode.NEXT_STEP), task.actions()
    left, right = chains(pair, (SEED, OTHER_SEEDS[0]), actions)
    other_right, other_left = chains(pair, (OTHER_SEEDS[0], SEED), actions)
    advice = f"Keep the state of an episode in the task's own attributes, not in those of its class or module. {OURS}"
    require_same(other_left, left, "An episode in slot 1 of a server, compared with slot 0,", advice)
    require_same(other_right, right, "An episode in slot 0 of a server, compared with slot 1,", advice)


def check_autoreset_in_the_next_step_gives_the_same_episodes(task: TaskUnderTest) -> None:
    """Compares environments that reset themselves one step later with a single one that is reset by hand."""
    _check_autoreset(task, AutoresetMode.NEXT_STEP)


def check_autoreset_in_the_same_step_gives_the_same_episodes(task: TaskUnderTest) -> None:
    """Compares environments that reset themselves at once with a single one that is reset by hand."""
    _check_autoreset(task, AutoresetMode.SAME_STEP)


def _check_autoreset(task: TaskUnderTest, mode: AutoresetMode) -> None:
    seeds, actions = (SEED, OTHER_SEEDS[0]), task.actions()
    for seed, rows in zip(seeds, chains(task.pair(mode), seeds, actions), strict=True):
        expected = chain(task.env, seed, actions, LIMIT)
        require_same(
            rows, expected[: len(rows)], f"The environment with seed {seed} of several with autoreset {mode.value},",
            f"Episodes that follow each other must not depend on those before, nor on their neighbours. {OURS}",
        )  # fmt: skip


SEED_CHECKS = (
    check_the_same_seed_gives_the_same_episode,
    check_another_seed_gives_another_episode,
    check_a_fresh_server_gives_the_same_episode,
    check_an_episode_with_late_actions_depends_on_no_other,
    check_every_slot_gives_the_same_episode,
    check_autoreset_in_the_next_step_gives_the_same_episodes,
    check_autoreset_in_the_same_step_gives_the_same_episodes,
)
