"""``blendgym dr compare``."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from blendgym.arguments import (
    PROCESSORS,
    Amount,
    Count,
    EnvironmentId,
    MaybeCount,
    OutputFolder,
    Seed,
    refuse_without_effect,
)
from blendgym.cli.interruptions import finished_is_kept
from blendgym.execute.cluster import LOCAL


def compare(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    teachers: tuple[str, ...] = ("none", "uniform", "oracle50", "adr", "learnability"),
    seeds: Count = 24,
    steps: Count = 614_400,
    student: str = "ppo",
    first_seed: Seed = 0,
    references: Amount = 10,
    checkpoints: Count = 10,
    questions: Count = 256,
    processes: Count = PROCESSORS,
    execute: str = LOCAL,
    output: OutputFolder = Path("study"),
    exam: Path | None = None,
    declaration: Path | None = None,
    only_first: MaybeCount = None,
) -> None:  # fmt: skip
    """Trains the same student with several teachers at equal steps, and judges them by an exam that is locked before.

    What is finished in the output folder is kept: the same command goes on where it was interrupted, and tries again
    what has failed. A student that diverges counts as having mastered nothing from then on.

    Args:
        env_id: Id of the environment.
        teachers: What is compared: names of teachers, with arguments as in "frontier,target=0.5"; "none", nominal
            values only; "oracle50" and "oracle80", so many per cent of whose tasks are hard questions. "uniform" is
            always there.
        seeds: Runs of each teacher, each with another seed.
        steps: Environment steps of a run. All that are simulated in training are charged.
        student: Who learns: "ppo" or "ars" on the environment's twin, "sb3" in Blender, or "field", a toy.
        first_seed: The first of the seeds.
        references: How many agents are trained with uniform randomization first, to find hard questions.
        checkpoints: How often each run sits the exam, at equal distances; at least 3, the last of which count.
        questions: Size of the exam's uniform section; the other sections are in proportion.
        processes: Runs at a time. Results do not depend on it.
        execute: Where runs are done: local, ray or ray:HOST:PORT. Their files are written here in any case.
        output: Folder of the study.
        exam: File of another study's locked exam, to be used instead of a new one.
        declaration: A study.json with your own ranges, exam sizes, rules and claims, instead of all the above.
        only_first: How many of the declared seeds to do for now; the same command without it does the others, too.
    """
    if declaration:
        refuse_without_effect(
            compare, "with --declaration", env_id=env_id, teachers=teachers, seeds=seeds, steps=steps, student=student,
            first_seed=first_seed, references=references, checkpoints=checkpoints, questions=questions,
        )  # fmt: skip
    from blendgym.cli.dr.tables import show_outcome
    from blendgym.studies.comparison import carry_out
    from blendgym.studies.domains import domain_of
    from blendgym.studies.exams import Sizes
    from blendgym.studies.files import read_struct
    from blendgym.studies.study import Study, StudyFolder

    study = read_struct(declaration, Study) if declaration else Study(
        env_id=env_id, ranges=domain_of(env_id), student=student, arms=tuple(dict.fromkeys(("uniform", *teachers))),
        seeds=tuple(range(first_seed, first_seed + seeds)), steps=steps, references=references,
        checkpoints=checkpoints, exam=Sizes.in_proportion(questions),
    )  # fmt: skip
    folder = StudyFolder(output)
    with finished_is_kept(output):
        outcome, verdicts = carry_out(folder, study, processes, exam, only_first, execute)
    show_outcome(Console(), folder, outcome, verdicts)
