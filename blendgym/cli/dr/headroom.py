"""``blendgym dr headroom``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console


def headroom(
    env: str = "BlendCartpole-v0",
    seeds: int = 24,
    steps: int = 614_400,
    student: str = "ppo",
    references: int = 10,
    processes: int = os.cpu_count() or 1,
    output: Annotated[Path, tyro.conf.arg(aliases=("-o",))] = Path("headroom"),
) -> None:
    """Asks whether there is anything to win: an oracle that trains on hard questions against uniform randomization.

    Args:
        env: Id of the environment.
        seeds: Runs of each of the two, each with another seed.
        steps: Environment steps of a run.
        student: Who learns: "ppo" or "ars" on the environment's twin, "sb3" in Blender, or "field", a toy.
        references: How many agents are trained with uniform randomization first, to find hard questions.
        processes: Runs at a time. Results do not depend on it.
        output: Folder of the study.
    """
    from blendgym.cli.dr.tables import show_outcome
    from blendgym.studies.comparison import carry_out
    from blendgym.studies.domains import domain_of
    from blendgym.studies.results import headroom_of
    from blendgym.studies.study import Study, StudyFolder

    folder, console = StudyFolder(output), Console()
    study = Study(
        env_id=env, ranges=domain_of(env), student=student, arms=("uniform", "oracle50"), seeds=tuple(range(seeds)),
        steps=steps, references=references,
    )  # fmt: skip
    outcome, verdicts = carry_out(folder, study, processes)
    show_outcome(console, folder, outcome, verdicts)
    gain, p_value = headroom_of(verdicts)
    enough = gain >= study.rules.headroom and p_value < study.rules.significance
    console.print(
        f"The oracle's interquartile mean on the hard test is {gain:+.3f} from that of uniform randomization "
        f"(p = {p_value:.2g}): {'there is' if enough else 'there is no'} headroom, which is at least "
        f"{study.rules.headroom:+.2f} at p < {study.rules.significance:g}.",
        style="bold green" if enough else "bold red",
    )
