"""The figures of a study."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.statistics import bootstrap, interquartile_mean, performance_profile
from blendgym.studies.arms import BASELINE, NONE, ORACLE, file_name_of
from blendgym.studies.exams import HARD_DEV, HARD_TEST, UNIFORM
from blendgym.studies.results import Arm, Outcome, Verdict, curve
from blendgym.studies.style import INK, SEQUENTIAL, drawn, grid_of, label, looks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]

BINS = 8
"""Of heat-maps, along each parameter."""


def draw_all(folder: Path, outcome: Outcome, verdicts: list[Verdict]) -> list[Path]:
    """Draws all figures of a study.

    Returns:
        The files.
    """
    drawings: dict[str, Callable[[Path], None]] = {
        "learning_curves.png": lambda file: draw_learning_curves(file, outcome),
        "final_scores.png": lambda file: draw_final_scores(file, outcome, verdicts),
        "improvement.png": lambda file: draw_improvement(file, outcome, verdicts),
        "profiles.png": lambda file: draw_profiles(file, outcome),
        "curricula.png": lambda file: draw_curricula(file, outcome),
    }
    if outcome.arm(ORACLE):
        drawings["regret.png"] = lambda file: draw_regret(file, outcome)
    files = [folder / name for name in drawings]
    for file, draw in zip(files, drawings.values(), strict=True):
        draw(file)
    for arm in outcome.arms:
        files.append(folder / f"heat_map_{file_name_of(arm.name)}.png")
        draw_heat_maps(files[-1], outcome, arm)
    return files


def draw_learning_curves(file: Path, outcome: Outcome) -> None:
    """Success over charged steps, in each section: interquartile means with bootstrap bands."""
    counted = outcome.exam.counted
    with drawn(file, _size_of_panels(len(counted)), f"{outcome.study.env_id}: {_runs(outcome)}") as figure:
        for axes, (section, rows) in zip(_panels(figure, len(counted)), counted.items(), strict=False):
            for arm in outcome.arms:
                _band(axes, arm, curve(arm, rows), outcome)
            axes.set(title=f"{section} ({len(rows)} questions)", xlabel="charged steps", ylabel="success")
            axes.set_ylim(bottom=0.0)
        _legend(figure, outcome)


def draw_final_scores(file: Path, outcome: Outcome, verdicts: list[Verdict]) -> None:
    """Interquartile means with intervals, by metric and arm."""
    title = f"Final scores: IQM of {_runs(outcome)}, {_confidence(outcome)}"
    _draw_intervals(file, title, outcome, verdicts, "iqm")


def draw_improvement(file: Path, outcome: Outcome, verdicts: list[Verdict]) -> None:
    """How probable it is that a run beats one of the baseline, by metric and arm."""
    title = f"Probability of improvement over {label(BASELINE)}, {_confidence(outcome)}"
    others = [verdict for verdict in verdicts if verdict.arm != BASELINE]
    _draw_intervals(file, title, outcome, others, "improvement", middle=0.5)


def draw_profiles(file: Path, outcome: Outcome) -> None:
    """The share of runs whose final success is above each threshold."""
    counted, last = outcome.exam.counted, slice(-outcome.study.rules.final_checkpoints, None)
    thresholds = np.linspace(0.0, 1.0, 201)
    with drawn(file, _size_of_panels(len(counted)), "Performance profiles of the final success") as figure:
        for axes, (section, rows) in zip(_panels(figure, len(counted)), counted.items(), strict=False):
            for arm in outcome.arms:
                finals = arm.successes[:, last, rows].mean(axis=(1, 2))[:, None]
                look = looks(list(outcome.study.arms))[arm.name]
                axes.step(thresholds, performance_profile(finals, thresholds), color=look.colour, linestyle=look.line)
            axes.set(title=section, xlabel="success τ", ylabel="share of runs above τ", xlim=(0, 1), ylim=(0, 1.02))
        _legend(figure, outcome)


def draw_regret(file: Path, outcome: Outcome) -> None:
    """What each arm lacks to the oracle on hard questions and on uniform ones, over charged steps."""
    oracle, counted = outcome.arm(ORACLE), outcome.exam.counted
    sections = [name for name in (HARD_TEST, UNIFORM) if name in counted]
    with drawn(file, (4.2 * len(sections), 3.9), "Regret: what is missing to the oracle's IQM") as figure:
        panels = np.atleast_1d(figure.subplots(1, len(sections)))
        for axes, section in zip(panels, sections, strict=True):
            grid_of(axes)
            axes.axhline(0.0, color=INK, linestyle=":", linewidth=1.5)
            best = _iqm_over_time(curve(oracle, counted[section])) if oracle else 0.0
            for arm in outcome.arms:
                look = looks(list(outcome.study.arms))[arm.name]
                missing = best - _iqm_over_time(curve(arm, counted[section]))
                axes.plot(arm.steps, missing, color=look.colour, linestyle=look.line, linewidth=look.width)
            axes.set(title=section, xlabel="charged steps", ylabel="regret in success")
            axes.xaxis.set_major_formatter(_thousands)
        _legend(figure, outcome)


def draw_curricula(file: Path, outcome: Outcome) -> None:
    """What was played: median, middle half and middle nine tenths of the tasks of each portion, over charged steps."""
    parameters = outcome.study.parameters
    arms = [arm for arm in outcome.arms if arm.name != NONE]
    size = (1.9 * len(parameters) + 0.6, 1.25 * len(arms) + 1.0)
    with drawn(file, size, "What was played: median, middle half and 90% of the tasks, mean over seeds") as figure:
        panels = figure.subplots(len(arms), len(parameters), sharex=True, sharey="col", squeeze=False)
        for row, arm in zip(panels, arms, strict=True):
            colour = looks(list(outcome.study.arms))[arm.name].colour
            for axes, values in zip(row, arm.played.transpose(2, 1, 0), strict=True):
                _ribbon(axes, arm.played_steps, values, colour)
            row[0].set_ylabel(label(arm.name), fontweight="bold", labelpad=8)
        for axes, (name, parameter) in zip(panels[0], parameters.items(), strict=True):
            axes.set_title(name if parameter.unit == "1" else f"{name} ({parameter.unit})")
            marks = np.array([0.0, 0.5, 1.0])
            axes.set_yticks(marks, [f"{value:.3g}" for value in parameter.from_unit(marks)])
        for axes in panels[-1]:
            axes.set_xlabel("charged steps")
            axes.xaxis.set_major_formatter(_thousands)
            axes.xaxis.set_major_locator(_few_ticks(2))


def draw_heat_maps(file: Path, outcome: Outcome, arm: Arm) -> None:
    """Final success of one arm on the uniform questions, over all pairs of parameters."""
    rows = outcome.exam.rows.get(UNIFORM)
    if rows is None:
        return
    values = outcome.exam.space.from_unit(outcome.exam.unit[rows])
    last = slice(-outcome.study.rules.final_checkpoints, None)
    success = arm.successes[:, last, rows].mean(axis=(0, 1))
    places = outcome.study.parameters.to_unit(values)
    draw_pairs(file, outcome.study.parameters, places, success, f"{label(arm.name)}: final success on uniform tasks")


def draw_pairs(file: Path, parameters: ParameterSpace, places: Array, success: Array, title: str) -> None:
    """Success over all pairs of parameters, the others being anywhere; on the diagonal, over one alone.

    Args:
        file: PNG to write.
        parameters: The parameters, in the ranges that are shown.
        places: (tasks, dimensions), in their cube.
        success: (tasks,), from 0 to 1.
        title: The title of the figure.
    """
    count = len(parameters)
    names = [name if each.unit == "1" else f"{name}\n({each.unit})" for name, each in parameters.items()]
    with drawn(file, (1.5 * count + 1.2, 1.4 * count + 0.7), title) as figure:
        panels = figure.subplots(count, count, squeeze=False, sharex="col")
        image = None
        for row, column in itertools.product(range(count), repeat=2):
            axes = panels[row, column]
            if column > row:
                axes.set_axis_off()
            elif column == row:
                _marginal(axes, places[:, row], success)
            else:
                mean = _binned(places[:, [column, row]], success)
                image = axes.imshow(
                    mean.T, origin="lower", extent=(0, 1, 0, 1), aspect="auto", cmap=SEQUENTIAL, vmin=0, vmax=1
                )
                axes.set_facecolor("#EEEEEE")
        _name_axes(panels, names, list(parameters.values()))
        if image is not None:
            figure.colorbar(image, ax=panels[: max(1, count // 2), -1], label="success", fraction=0.6)


def _draw_intervals(
    file: Path, title: str, outcome: Outcome, verdicts: list[Verdict], field: str, middle: float | None = None
) -> None:
    metrics = list(dict.fromkeys(verdict.metric for verdict in verdicts if verdict.metric != HARD_DEV))
    arms = [arm.name for arm in outcome.arms if any(verdict.arm == arm.name for verdict in verdicts)]
    columns = min(4, max(1, len(metrics)))
    rows = math.ceil(len(metrics) / columns) or 1
    with drawn(file, (2.6 * columns + 1.2, rows * (0.24 * len(arms) + 0.95) + 0.4), title) as figure:
        panels = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
        for axes, metric in itertools.zip_longest(panels, metrics):
            if metric is None:
                axes.set_axis_off()
                continue
            of_metric = {verdict.arm: verdict for verdict in verdicts if verdict.metric == metric}
            _intervals(axes, [of_metric[arm] for arm in arms], field, outcome)
            axes.set_title(metric.replace(": ", ":\n"))
            if middle is not None:
                axes.axvline(middle, color=INK, linewidth=1, linestyle="--", zorder=1)
                axes.set_xlim(-0.02, 1.02)
            grid_of(axes, "x")
        panels[0].set_yticks(range(len(arms)), [label(arm) for arm in arms])
        panels[0].invert_yaxis()


def _intervals(axes: Axes, verdicts: list[Verdict], field: str, outcome: Outcome) -> None:
    for row, verdict in enumerate(verdicts):
        interval = getattr(verdict, field)
        look = looks(list(outcome.study.arms))[verdict.arm]
        axes.barh(row, interval.high - interval.low, 0.62, interval.low, color=look.colour, alpha=0.35)
        axes.vlines(interval.estimate, row - 0.31, row + 0.31, color=look.colour, linewidth=2.2)
        if verdict.arm != BASELINE and verdict.p_value < outcome.study.rules.significance:
            axes.annotate("*", (interval.high, row), (3, -3.5), textcoords="offset points", va="center", fontsize=11)
    axes.use_sticky_edges = False  # bars would begin at the very edge
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(_few_ticks(4))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _band(axes: Axes, arm: Arm, curves: Array, outcome: Outcome) -> None:
    look = looks(list(outcome.study.arms))[arm.name]
    generator = keyed_generator("bands", arm.name)
    rules = outcome.study.rules
    intervals = [
        bootstrap(
            interquartile_mean, at[:, None], generator=generator, resamples=rules.resamples,
            confidence=rules.confidence,
        )
        for at in curves.T
    ]  # fmt: skip
    estimates, lows, highs = np.array(intervals).T
    if np.ptp(arm.steps) > 0:
        axes.plot(arm.steps, estimates, color=look.colour, linestyle=look.line, linewidth=look.width)
        axes.fill_between(arm.steps, lows, highs, color=look.colour, alpha=0.14, linewidth=0)
    else:
        below_above = (estimates - lows, highs - estimates)
        axes.errorbar(arm.steps, estimates, below_above, color=look.colour, marker="o", clip_on=False)
    axes.xaxis.set_major_formatter(_thousands)


def _ribbon(axes: Axes, steps: Array, values: Array, colour: str) -> None:
    for low, high, alpha in ((0, 4, 0.18), (1, 3, 0.32)):
        axes.fill_between(steps, values[low], values[high], color=colour, alpha=alpha, linewidth=0)
    axes.plot(steps, values[2], color=colour, linewidth=1.4, marker="" if np.ptp(steps) > 0 else "o")
    axes.set_ylim(0.0, 1.0)
    axes.margins(x=0.0)


def _marginal(axes: Axes, places: Array, success: Array) -> None:
    edges = np.linspace(0.0, 1.0, BINS + 1)
    heights = _binned(places[:, None], success)
    axes.stairs(np.nan_to_num(heights), edges, fill=True, color="#7C7B78", alpha=0.55)
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.tick_right()
    axes.spines["right"].set_visible(True)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([0.0, 0.5, 1.0])


def _binned(places: Array, success: Array) -> Array:
    """Mean success in each bin; not a number where nothing was asked."""
    edges = [np.linspace(0.0, 1.0, BINS + 1)] * places.shape[1]
    count, _ = np.histogramdd(places, edges)
    total, _ = np.histogramdd(places, edges, weights=success)
    return np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)


def _name_axes(panels: Any, names: list[str], parameters: list[Any]) -> None:
    marks = np.array([0.0, 0.5, 1.0])
    for number, (name, parameter) in enumerate(zip(names, parameters, strict=True)):
        ticks = [f"{value:.3g}" for value in parameter.from_unit(marks)]
        panels[-1, number].set_xlabel(name)
        panels[-1, number].set_xticks(marks, ticks)
        panels[-1, number].set_xlim(0.0, 1.0)
        for column in range(number):
            shown = column == 0
            panels[number, column].set_yticks(marks, ticks if shown else [""] * len(marks))
        if number:
            panels[number, 0].set_ylabel(name)


def _iqm_over_time(curves: Array) -> Array:
    return np.array([float(interquartile_mean(at[:, None])) for at in curves.T])


def _panels(figure: Figure, count: int) -> list[Axes]:
    columns = min(3, count)
    panels: list[Axes] = figure.subplots(math.ceil(count / columns), columns, squeeze=False).ravel().tolist()
    for axes in panels:
        grid_of(axes)
    for axes in panels[count:]:
        axes.set_axis_off()
    return panels[:count]


def _size_of_panels(count: int) -> tuple[float, float]:
    return 3.5 * min(3, count) + 0.4, 2.5 * math.ceil(count / 3) + 1.0


def _legend(figure: Figure, outcome: Outcome) -> None:
    from matplotlib.lines import Line2D

    lines = []
    for arm in outcome.arms:
        look = looks(list(outcome.study.arms))[arm.name]
        lines.append(Line2D([], [], color=look.colour, linestyle=look.line, linewidth=2.2, label=label(arm.name)))
    figure.legend(handles=lines, loc="outside lower center", ncols=min(6, len(lines)))


def _runs(outcome: Outcome) -> str:
    counts = sorted({len(arm.seeds) for arm in outcome.arms})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"{seeds} seed{'s' * (seeds != '1')} of {outcome.study.student.upper()}"


def _confidence(outcome: Outcome) -> str:
    return (
        f"{outcome.study.rules.confidence:.0%} bootstrap intervals, * p < {outcome.study.rules.significance:g} (Holm)"
    )


def _thousands(value: float, _: Any) -> str:
    return f"{value / 1000:g}k" if value else "0"


def _few_ticks(count: int) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=count)
