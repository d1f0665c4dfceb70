"""``blendgym dr train-teacher``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from rich.console import Console

from blendgym.parameters.specs import PHYSICAL


def train_teacher(
    task: str = "BlendCartpole-v0", student: str = "ars", learner: Literal["ppo", "evolution"] = "ppo",
    randomize: tuple[str, ...] = (PHYSICAL,), family: bool = False, steps_per_action: int = 10_000,
    actions_per_episode: int = 40, meta_episodes: int = 400, judged: int = 16, seed: int = 0,
    output: Path = Path("runs"),
) -> None:  # fmt: skip
    """Trains a teacher in BlendAdaptiveDR-v0, and draws its learning curve next to a uniform and a random teacher.

    Args:
        task: Id of the environment that the students learn.
        student: Who is taught: "field" for a toy of equations, "ars" or "ppo" on the environment's twin.
        learner: stable-baselines3's PPO, or an evolution strategy.
        randomize: Groups or names of the parameters that are randomized.
        family: Whether number, choice and order of the parameters are drawn anew for each student.
        steps_per_action: Environment steps of the student between two decisions of the teacher.
        actions_per_episode: Decisions in the training of one student.
        meta_episodes: How many students the teacher learns from.
        judged: How many fresh students the learned, the uniform and the random teacher are compared on.
        seed: Seed of everything.
        output: Where the run folder is made.
    """
    from blendgym.meta.training import train_teacher as train

    folder = output / f"teacher_{student}_{learner}_{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}_seed{seed}"
    arguments = {
        "task": task, "student": student, "randomize": randomize, "family": family,
        "steps_per_action": steps_per_action, "actions_per_episode": actions_per_episode,
    }  # fmt: skip
    gains = train(folder, arguments, learner, meta_episodes, seed, judged)
    shown = ", ".join(f"{name} {gain:+.3f}" for name, gain in gains.items())
    Console().print(f"Gains on fresh students: {shown}. The teacher is in {folder}", soft_wrap=True)
