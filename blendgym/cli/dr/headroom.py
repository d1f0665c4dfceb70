"""``blendgym dr headroom``."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from blendgym.arguments import PROCESSORS, Count, EnvironmentId, OutputFolder
from blendgym.cli.interruptions import finished_is_kept


def headroom(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    seeds: Count = 24,
    steps: Count = 614_400,
    student: str = "ppo",
    references: Count = 10,
    processes: Count = PROCESSORS,
    output: OutputFolder = Path("headroom"),
) -> None:
    """Asks whether there is anything to win: an oracle that trains on hard questions against uniform randomization.

    Args:
        env_id: Id of the environment.
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
        env_id=env_id, ranges=domain_of(env_id), student=student, arms=("uniform", "oracle50"),
        seeds=tuple(range(seeds)), steps=steps, references=references,
    )  # fmt: skip
    with finished_is_kept(output):
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
