"""``blendgym dr across``."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console
from rich.table import Table

from blendgym.arguments import MaybeOutputFile
from blendgym.errors import InvalidStudy


def across(
    studies: Annotated[tuple[Path, ...], tyro.conf.Positional], /, arm: str = "frontier", against: str = "uniform",
    metric: str = "hard, test", output: MaybeOutputFile = None,
) -> None:  # fmt: skip
    """Compares two arms in several studies: in how many does one win, tie, lose?

    It wins or loses where the whole interval of the ratio of interquartile means is above or below 1. Studies
    are open until all declared seeds are done.

    Args:
        studies: Folders of studies, as far as they have come.
        arm: The arm.
        against: The arm that it is compared with.
        metric: By which: a section of the exam, or another metric of a study's summary.csv.
        output: PNG to draw.
    """
    from blendgym.studies.across import VERDICTS, compare_across, draw_across
    from blendgym.studies.results import load_outcome
    from blendgym.studies.study import StudyFolder

    console = Console()
    outcomes = [load_outcome(StudyFolder(folder)) for folder in studies]
    for (first, one), (second, other) in combinations(zip(studies, outcomes, strict=True), 2):
        if one.study == other.study:
            raise InvalidStudy(f"{first} and {second} are of one and the same study; name each study once.")
    comparisons = compare_across(outcomes, arm, against, metric)
    table = Table("vehicle", "seeds", f"{arm} ÷ {against}", "interval", "", title=f"{metric}: ratio of IQMs")
    for each in comparisons:
        ratio, low, high = each.ratio
        table.add_row(
            each.vehicle,
            each.seeds,
            f"{ratio:.2f}",
            f"{low:.2f} to {high:.2f}",
            each.verdict,
        )
    console.print(table)
    counts = Counter(each.verdict for each in comparisons)
    console.print(", ".join(f"{verdict}: {counts[verdict]}" for verdict in VERDICTS))
    if output:
        draw_across(output, comparisons, arm, against, metric)
        console.print(f"{output}", soft_wrap=True, highlight=False)
