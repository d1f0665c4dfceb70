"""The picture of a step: two processes on one axis of time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blendgym.benchmarks.anatomy.methods import BETWEEN, KINDS, RECEIVING, SENDING, kind_of
from blendgym.benchmarks.anatomy.spans import Span
from blendgym.benchmarks.anatomy.steps import Side, Step
from blendgym.studies.style import FAINT, INK, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {
    **dict(zip(KINDS, ("#0077BB", "#33BBEE", "#EE7733", "#CC3311", "#F4F4F4"), strict=True)), BETWEEN: "#BBBBBB",
}  # fmt: skip
TRAINER, BLENDER = 1.0, 0.0
HEIGHT = 0.74
LINE, LETTER = 0.011, 0.006
"""Shares of the whole width that a line of text takes if it is turned, and a letter if it is not."""


def plot_step(file: Path, step: Step, title: str) -> None:
    """Draws who is at what, who waits, and when messages are under way.

    Args:
        file: PNG to write.
        step: The step.
        title: Says what is to be seen.
    """
    with drawn(file, (11, 5.2), title) as figure:
        axes = figure.subplots()
        axes.set_xlim(0, step.nanoseconds / 1000)
        axes.set_ylim(-0.42, 1.42)
        for height, side in ((TRAINER, step.trainer), (BLENDER, step.blender)):
            for span in side:
                _draw(axes, span, height, step.nanoseconds)
        _draw_message(axes, step.trainer, step.blender, TRAINER)
        _draw_message(axes, step.blender, step.trainer, BLENDER)
        axes.set_yticks([TRAINER, BLENDER], ["trainer", "Blender"])
        axes.tick_params(axis="y", length=0, labelsize=10)
        axes.set_xlabel("µs since step() was called")
        axes.spines["left"].set_visible(False)
        handles = [_patch(colour, kind) for kind, colour in COLOURS.items()]
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))


def _draw(axes: Axes, span: Span, height: float, whole: int) -> None:
    begin, width, kind = span.begin / 1000, (span.end - span.begin) / 1000, kind_of(span.part)
    is_waiting = kind == "waiting"
    axes.barh(
        height, width, HEIGHT, begin, color=COLOURS[kind], edgecolor=FAINT if is_waiting else "white", linewidth=0.5,
        hatch="///" if is_waiting else None,
    )  # fmt: skip
    share = (span.end - span.begin) / whole
    if share < LINE:
        return
    text = f"{span.part}  {width:.1f}"
    is_wide = share > LETTER * len(text)
    axes.text(
        begin + width / 2, height, text, ha="center", va="center", rotation=0 if is_wide else 90, fontsize=7,
        color="white" if kind in ("Blender's physics", "socket") else INK,
    )  # fmt: skip


def _draw_message(axes: Axes, sender: Side, receiver: Side, height: float) -> None:
    """An arrow from where a message was sent to where it was read."""
    sent = max((span.end for span in sender if span.part == SENDING), default=0)  # The answer before may be first.
    reads = [span.begin for span in receiver if span.part == RECEIVING and span.end > sent > 0]
    if not reads:
        return
    edge = HEIGHT / 2 if height == TRAINER else -HEIGHT / 2
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (reads[0] / 1000, 1 - height + edge), (sent / 1000, height - edge), arrowprops=arrow)


def _patch(colour: str, label: str) -> object:
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, edgecolor=FAINT, label=label)
