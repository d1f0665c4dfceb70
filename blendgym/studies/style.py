"""What the figures of studies look like: colours that the colour-blind can tell apart, one for each arm, always."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from blendgym.studies.arms import BASELINE, NONE, ORACLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT = "#333333", "#B8B8B8"
CHARACTERS_PER_INCH = 11
"""Of titles, in their size; a longer one has another line."""


class Look(NamedTuple):
    """How an arm is drawn."""

    colour: str
    line: Literal["-", "--", ":", "-."] = "-"
    width: float = 1.8


REFERENCES = {
    NONE: Look(FAINT), BASELINE: Look("#000000"), ORACLE: Look("#AA3377", ":", 2.2),
    "oracle80": Look("#AA3377", "--", 2.2),
}  # fmt: skip
"""What teachers are compared with: no colour for what knows nothing."""

COLOURS = ("#0077BB", "#EE7733", "#009988", "#CC3311", "#332288", "#33BBEE", "#999933", "#EE3377")
"""The "vibrant" and "muted" palettes of Paul Tol, "Colour Schemes" (2021), for the teachers in their order."""

SEQUENTIAL = "cividis"
"""Equal steps for the colour-blind and others: Nuñez et al., "Optimizing colormaps with consideration for color vision
deficiency" (2018)."""

LABELS = {
    NONE: "no randomization", BASELINE: "uniform", ORACLE: "oracle", "oracle80": "oracle, 80%", "adr": "ADR",
    "alp_gmm": "ALP-GMM", "plr": "PLR", "accel": "ACCEL", "doraemon": "DORAEMON", "cem": "CEM", "spdl": "SPDL",
}  # fmt: skip


def looks(arms: list[str]) -> dict[str, Look]:
    """The look of each arm of a study."""
    teachers = [arm for arm in arms if arm not in REFERENCES]
    coloured = {arm: Look(COLOURS[number % len(COLOURS)]) for number, arm in enumerate(teachers)}
    return {arm: REFERENCES.get(arm) or coloured[arm] for arm in arms}


def label(arm: str) -> str:
    """The name of an arm for people."""
    return LABELS.get(arm, arm.rpartition(":")[2].replace("_", " "))


@contextmanager
def drawn(path: Path, size: tuple[float, float], title: str) -> Iterator[Figure]:
    """A figure to draw on, which is written to a file at the end.

    Args:
        path: PNG to write.
        size: Width and height in inches.
        title: Says what is to be seen.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: dict[str, Any] = {
        "font.size": 9, "axes.titlesize": 9.5, "axes.edgecolor": "#888888", "axes.labelcolor": INK,
        "text.color": INK, "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": 8, "ytick.labelsize": 8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "figure.facecolor": "white",
        "legend.frameon": False, "legend.fontsize": 8.5,
    }  # fmt: skip
    with mpl.rc_context(settings):  # type: ignore[arg-type]  # the stubs want literal keys
        figure = Figure(figsize=size, layout="constrained")
        figure.suptitle(fill(title, int(CHARACTERS_PER_INCH * size[0])), fontsize=11, fontweight="bold", color=INK)
        yield figure
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)


def grid_of(axes: Axes, direction: Any = "both") -> None:
    """Draws faint lines behind everything else."""
    axes.grid(axis=direction, color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)
