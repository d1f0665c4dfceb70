"""The figure of a recording's statistics."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from blendgym.data.statistics.histograms import Distribution
from blendgym.data.statistics.numbers import ParameterStatistics, Statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

BAR, LINE, INK, FAINT, GRID = "#3478d6", "#e0731a", "#222730", "#6b7280", "#e3e7ed"
COLUMNS = 5
MOST_CATEGORIES = 14

FONT = "DejaVu Sans"
"""Comes with matplotlib."""

STYLE: dict[str, Any] = {
    "font.family": FONT, "font.size": 8.5,
    "axes.titlesize": 9.5, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.edgecolor": "#9aa3b0", "axes.labelcolor": FAINT, "axes.labelsize": 8, "text.color": INK,
    "axes.titlecolor": INK, "xtick.color": FAINT, "ytick.color": FAINT, "xtick.labelsize": 7.5, "ytick.labelsize": 7.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "figure.facecolor": "white",
    "axes.axisbelow": True, "axes.grid": True, "axes.grid.axis": "y", "grid.color": GRID, "grid.linewidth": 0.7,
}  # fmt: skip


def draw(statistics: Statistics, title: str, file: Path) -> None:
    """Draws all statistics into a PNG, PDF or SVG.

    Args:
        statistics: Of a recording.
        title: Its name.
        file: To write; its suffix says what it is.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    varying = [each for each in statistics.parameters if not each.is_constant]
    rows = math.ceil(len(varying) / COLUMNS)
    heights = [4.7, *[1.55 * rows + 0.35] * bool(rows)]
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # the stubs want literal keys
        figure = Figure(figsize=(12, sum(heights) + 0.5), layout="constrained")
        figure.suptitle(
            f"{_shortened(title, 60)}   ·   {_line(statistics)}", fontsize=12, fontweight="bold", x=0.008, ha="left"
        )
        parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
        _draw_images(parts[0], statistics)
        if varying:
            _draw_parameters(parts[1], varying, rows)
        _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    figure.savefig(file, dpi=130)


def _line(statistics: Statistics) -> str:
    return f"{statistics.samples:,} samples, {sum(each.objects for each in statistics.categories.values()):,} objects"


def _draw_images(part: SubFigure, statistics: Statistics) -> None:
    panels: Sequence[tuple[str, Callable[[Axes], None]]] = (
        ("Objects by category", lambda axes: _draw_categories(axes, statistics)),
        ("Objects in an image", lambda axes: _draw_instances(axes, statistics)),
        ("Where boxes are", lambda axes: _draw_positions(axes, statistics)),
        ("Sides of boxes", lambda axes: _draw_bars(axes, statistics.box_sizes, "share of the image's")),
        ("Visibility", lambda axes: _draw_bars(axes, statistics.visibilities, "share of an object's pixels")),
        ("Truncation", lambda axes: _draw_bars(axes, statistics.truncations, "share of an object's box")),
        ("Brightness", lambda axes: _draw_bars(axes, statistics.brightness, "mean luma of an image")),
        ("Contrast", lambda axes: _draw_bars(axes, statistics.contrast, "standard deviation of an image's luma")),
    )
    for axes, (title, drawn) in zip(part.subplots(2, 4).ravel(), panels, strict=True):
        axes.set_title(title)
        drawn(axes)


def _draw_categories(axes: Axes, statistics: Statistics) -> None:
    shown = list(statistics.categories.items())[:MOST_CATEGORIES]
    names = [_shortened(name) for name, _ in shown]
    places = np.arange(len(shown))
    axes.barh(places, [count.objects for _, count in shown], color=BAR, height=0.75)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x")
    if more := len(statistics.categories) - len(shown):
        axes.set_xlabel(f"and {more} more categories")


def _draw_instances(axes: Axes, statistics: Statistics) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.bar(list(statistics.instances), list(statistics.instances.values()), color=BAR, width=0.85)
    axes.set_xlabel("objects in sight")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))


def _draw_positions(axes: Axes, statistics: Statistics) -> None:
    axes.imshow(statistics.positions, cmap="viridis", extent=(0, 1, 1, 0), aspect=0.75, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.set_xlabel("boxes in each part of the image")


def _draw_bars(axes: Axes, values: Distribution, label: str) -> None:
    axes.stairs(values.counts, values.edges, fill=True, color=BAR)
    axes.set_xlabel(label)
    axes.set_xlim(values.edges[0], values.edges[-1])
    if values.mean is not None:
        axes.axvline(values.mean, color=INK, linewidth=0.9, linestyle=":")


def _draw_parameters(part: SubFigure, parameters: Sequence[ParameterStatistics], rows: int) -> None:
    part.suptitle(
        "Parameters: values (blue) and what their priors lead to (orange)", fontsize=9.5, fontweight="bold", x=0.008,
        ha="left",
    )  # fmt: skip
    grid = part.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, each in zip(grid, parameters, strict=False):
        _draw_parameter(axes, each)
    for axes in grid[len(parameters) :]:
        axes.set_visible(False)


def _draw_parameter(axes: Axes, each: ParameterStatistics) -> None:
    if each.is_whole:
        middles = np.array(each.values.edges[1:]) - 0.5
        axes.bar(middles, each.values.counts, width=0.8, color=BAR, alpha=0.85)
        axes.set_xticks(middles[:: math.ceil(len(middles) / 8)])
    else:
        axes.stairs(each.values.counts, each.values.edges, fill=True, color=BAR, alpha=0.85)
    if each.expected is not None:
        axes.stairs(each.expected, each.values.edges, color=LINE, linewidth=1.4, baseline=None)
    unit = f"  ({each.unit})" if each.unit not in ("", "1") else ""
    axes.set_title(f"{_shortened(each.name, 26)}{unit}", fontsize=8, fontweight="normal")
    axes.set_yticks([])
    axes.set_ylim(bottom=0)
    axes.set_xlim(each.values.edges[0], each.values.edges[-1])
    if each.choices:
        axes.set_xticks(range(len(each.choices)), [_shortened(choice, 8) for choice in each.choices])


def _shortened(text: str, length: int = 16) -> str:
    """A name that fits, and that matplotlib does not take for a formula."""
    legible = "".join(letter if ord(letter) in _letters() else _escaped(letter) for letter in text)
    short = legible if len(legible) <= length else legible[: length - 1] + "…"
    return short.replace("$", r"\$")


@cache
def _letters() -> frozenset[int]:
    """The characters that the font has, in normal and in bold."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    files = [findfont(FontProperties(family=[FONT], weight=weight)) for weight in ("normal", "bold")]
    return frozenset.intersection(*(frozenset(get_font(file).get_charmap()) for file in files))


def _escaped(letter: str) -> str:
    """A character as Python writes it in ASCII: U and its number in hexadecimal, behind a backslash."""
    return letter.encode("unicode_escape").decode()
