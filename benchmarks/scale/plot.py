"""The figure: rates over numbers of servers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from blendgym.benchmarks.scale.cases import Row
from blendgym.studies.style import COLOURS, FAINT, drawn, grid_of


def plot_scale(file: Path, rows: Sequence[Row], title: str) -> None:
    """Draws what each case reaches, a panel for each thing that is counted, and what servers that never wait would.

    Args:
        file: PNG to write.
        rows: Of the model.
        title: Says what is to be seen.
    """
    panels = list(dict.fromkeys(row.panel for row in rows))
    with drawn(file, (11, 4.3), title) as figure:
        for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
            shown = [row for row in rows if row.panel == panel]
            first = shown[0]
            counts = sorted({row.servers for row in shown})
            ideal = [first.reached.rate / first.reached.servers * count / first.servers for count in counts]
            axes.plot(counts, ideal, color=FAINT, linestyle="--", label="servers that never wait")
            for number, name in enumerate(dict.fromkeys(row.name for row in shown)):
                line = [row for row in shown if row.name == name]
                axes.plot(
                    [row.servers for row in line], [row.reached.rate for row in line], marker="o", markersize=4,
                    color=COLOURS[number], label=name,
                )  # fmt: skip
            axes.set(xscale="log", yscale="log", xlabel="servers", title=f"{panel}, per second")
            grid_of(axes)
            axes.legend(loc="upper left")
            axes.set_ylim(top=ideal[-1] * 300)  # Leaves room for the legend.
