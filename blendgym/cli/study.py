"""``blendgym study``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import tyro
from rich.console import Console
from rich.table import Table

from blendgym.arguments import PROCESSORS, Count, MaybeOutputFolder
from blendgym.cli.interruptions import finished_is_kept


def study(
    name: Annotated[Literal["digits"], tyro.conf.Positional],
    /,
    quick: bool = False,
    producers: Count = PROCESSORS,
    output: MaybeOutputFolder = None,
) -> None:
    """Trains networks on renders alone, and examines them on real photographs.

    What is finished in the output folder is kept: the same command goes on where it was interrupted. The photographs
    are opened when all runs are over and sealed; nothing is trained after that.

    Args:
        name: Which study.
        quick: Whether to rehearse it in a minute, with few images and runs, instead of doing all of it.
        producers: Blenders that render at a time.
        output: Folder of the study; by default its name.
    """
    from blendgym.photographs.carrying_out import carry_out
    from blendgym.photographs.digits.study import DigitStudy
    from blendgym.photographs.study import StudyFolder

    folder, chosen = StudyFolder(output or Path(name)), DigitStudy()
    with finished_is_kept(folder.path):
        verdicts, sealed = carry_out(folder, chosen, chosen.declaration(quick), producers)
    table = Table("arm", "renders", "runs", f"% {chosen.score}", "interval", "σ", "fresh renders", "difference")
    for each in verdicts:
        low, high = 100 * each.mean.low, 100 * each.mean.high
        table.add_row(
            each.what, f"{each.images:,}", str(each.runs), f"{100 * each.mean.estimate:.1f}",
            f"{low:.1f} to {high:.1f}",            f"{100 * each.deviation:.1f}", f"{100 * each.validation:.1f}",
            f"{100 * each.difference.estimate:+.1f}" if each.difference else "",
        )  # fmt: skip
    console = Console()
    console.print(table)
    for run, error in sealed.failed.items():
        console.print(f"{run} has failed: {error}", style="red", markup=False)
    console.print(f"Report: {folder.report}", soft_wrap=True)
