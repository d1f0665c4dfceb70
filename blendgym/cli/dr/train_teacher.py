"""``blendgym dr train-teacher``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from rich.console import Console

from blendgym.arguments import PROCESSORS, Count, EnvironmentId, OutputFolder, Seed, refuse_without_effect
from blendgym.cli.interruptions import finished_is_kept
from blendgym.parameters.specs import PHYSICAL


def train_teacher(
    env_id: EnvironmentId = "BlendCartpole-v0", /, student: Literal["field", "ars", "ppo"] = "ars",
    learner: Literal["ppo", "evolution"] = "ppo", action: Literal["bounds", "acquisition"] = "bounds",
    randomize: tuple[str, ...] = (PHYSICAL,), study_ranges: bool = False, family: bool = False,
    steps_per_action: Count = 10_000, actions_per_episode: Count = 40, meta_episodes: Count = 400,
    judged: Count = 16, seed: Seed = 0, processes: Count = PROCESSORS, output: OutputFolder = Path("teacher"),
) -> None:  # fmt: skip
    """Trains a teacher in BlendAdaptiveDR-v0, and tells how it does next to teachers that have learned nothing.

    What is finished in the output folder is kept: the same command goes on where it was interrupted.

    Args:
        env_id: Id of the environment that the students learn.
        student: Who is taught: "field" for a toy of equations, "ars" or "ppo" on the environment's twin.
        learner: stable-baselines3's PPO, or an evolution strategy.
        action: What the teacher does: moves the bounds of each parameter, or says what a frontier aims at, which fits
            any parameters.
        randomize: Groups or names of the parameters that are randomized.
        study_ranges: Whether the parameters are those of the environment's studies instead, in their ranges.
        family: Whether number, choice, order and ranges of the parameters are drawn anew for each student.
        steps_per_action: Environment steps of the student between two decisions of the teacher.
        actions_per_episode: Decisions in the training of one student.
        meta_episodes: How many students the teacher learns from.
        judged: How many fresh students the learned teacher and each reference are compared on; at least 5, or nothing
            is told.
        seed: Seed of everything.
        processes: Students at a time. What an evolution strategy learns does not depend on it.
        output: Folder of the teacher.
    """
    if study_ranges:
        refuse_without_effect(train_teacher, "with --study-ranges", randomize=randomize)
    from blendgym.cli.dr.tables import show_standings
    from blendgym.meta.training import train_teacher as train
    from blendgym.studies.domains import domain_of

    arguments = {
        "task": env_id, "student": student, "action": action, "family": family,
        "randomize": domain_of(env_id) if study_ranges else list(randomize),
        "steps_per_action": steps_per_action, "actions_per_episode": actions_per_episode,
    }  # fmt: skip
    with finished_is_kept(output):
        ranking = train(output, arguments, learner, meta_episodes, seed, judged, processes)
    show_standings(Console(), ranking, judged)
    Console().print(f"The teacher is {output / 'teacher.npz'}", soft_wrap=True, highlight=False)
