"""``blendgym dr evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from blendgym.arguments import Count, refuse_without_effect
from blendgym.errors import InvalidOption


def evaluate(run: Annotated[Path, tyro.conf.Positional], /, exam: Path | None = None, questions: Count = 256) -> None:
    """Evaluates a whole study, or one trained policy on an exam.

    Args:
        run: Folder of a study, of a run of a study, or of a run of `blendgym train`, which is examined in Blender.
        exam: File of a locked exam, for a run of `blendgym train`; without it, one without hard questions is made.
        questions: Size of that exam's uniform section; the other sections are in proportion.
    """
    from blendgym.agents.run_folder import RunFolder
    from blendgym.cli.dr.tables import show_outcome, show_scores
    from blendgym.studies.examination import examine_policy, examine_run
    from blendgym.studies.results import judge, load_outcome, write_tables
    from blendgym.studies.runs import RECORD
    from blendgym.studies.study import StudyFolder

    if exam:
        refuse_without_effect(evaluate, "with --exam", questions=questions)
    console, folder = Console(), StudyFolder(run)
    files = folder.declaration, run / RECORD, RunFolder(run).model
    is_study, is_of_study, is_training = (file.exists() for file in files)
    if not (is_study or is_of_study or is_training):
        missing = ", no ".join(file.name for file in files)
        raise InvalidOption(f"{run} is neither the folder of a study nor that of a run: there is no {missing} in it.")
    if is_study or is_of_study:
        refuse_without_effect(evaluate, "on a study, which has its own exam", exam=exam, questions=questions)
    if is_study:
        outcome = load_outcome(folder)
        verdicts = judge(outcome)
        write_tables(folder, outcome, verdicts)
        show_outcome(console, folder, outcome, verdicts)
        return
    report = examine_run(run) if is_of_study else examine_policy(run, exam, questions)
    show_scores(console, str(run), report.scores)
    console.print("\n".join(map(str, report.files)), soft_wrap=True, highlight=False)
