"""``blendgym study``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.console import Console
from rich.table import Table

from blendgym.arguments import PROCESSORS, Count, MaybeOutputFolder
from blendgym.cli.interruptions import finished_is_kept
from blendgym.execute.cluster import LOCAL

if TYPE_CHECKING:
    from blendgym.photographs.study import Study
    from blendgym.statistics import Interval


def study(
    name: Annotated[Literal["digits", "other_digits", "coins", "cup", "depth"], tyro.conf.Positional],
    /,
    quick: bool = False,
    producers: Count = PROCESSORS,
    processes: Count = PROCESSORS,
    execute: str = LOCAL,
    accept_failures: bool = False,
    output: MaybeOutputFolder = None,
) -> None:
    """Trains networks on renders alone, and examines them on real photographs.

    What is finished in the output folder is kept: the same command goes on where it was interrupted. The photographs
    are opened when all these runs are over and sealed; what is then trained on photographs is for comparison.

    Args:
        name: Which study.
        quick: Whether to rehearse it in some minutes, with few images and runs, and with the photographs left closed.
        producers: Blenders that render for a run.
        processes: Runs at a time.
        execute: Where they render: local, ray or ray:HOST:PORT. Networks are trained here in any case.
        accept_failures: Whether to open the photographs though runs have failed, which do not count then.
        output: Folder of the study; by default its name.
    """
    from blendgym.photographs.carrying_out import carry_out
    from blendgym.photographs.folder import StudyFolder
    from blendgym.photographs.study import Blenders

    folder, chosen = StudyFolder(output or Path(name)), _study(name)
    blenders = Blenders(producers, execute)
    with finished_is_kept(folder.path):
        verdicts, failed = carry_out(folder, chosen, chosen.declaration(quick), blenders, processes, accept_failures)
    table = Table("arm", "images", f"% {chosen.score}", "difference")
    for each in verdicts:
        difference = _told(each.difference, "+.1f") if each.difference else ""
        table.add_row(each.arm, f"{each.images:,}", _told(each.mean, ".1f"), difference)
    console = Console()
    console.print(table)
    for run, error in failed.items():
        console.print(f"{run} has failed: {error}", style="red", markup=False)
    console.print(f"Report: {folder.report}", soft_wrap=True)
    if failed and not accept_failures:
        sys.exit(1)


def _study(name: str) -> Study:
    if name == "coins":
        from blendgym.photographs.coins.study import CoinStudy

        return CoinStudy()
    if name == "cup":
        from blendgym.photographs.cup.study import CupStudy

        return CupStudy()
    if name == "other_digits":
        from blendgym.photographs.other_digits.study import OtherDigitStudy

        return OtherDigitStudy()
    if name == "depth":
        from blendgym.photographs.depth.study import DepthStudy

        return DepthStudy()
    from blendgym.photographs.digits.study import DigitStudy

    return DigitStudy()


def _told(interval: Interval, form: str) -> str:
    estimate, low, high = (format(100 * number, form) for number in interval)
    return f"{estimate} ({low} to {high})"
