"""The table and the curves of ``blendgym bench solved``."""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.plots import episodes_of
from blendgym.benchmarks.learning.solved_runs import SolvedRun
from blendgym.parameters.draws import keyed_generator
from blendgym.registry import environment_spec
from blendgym.statistics import Interval, bootstrap, interquartile_mean
from blendgym.studies.style import COLOURS, FAINT, INK, drawn, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Groups = dict[tuple[str, str], list[SolvedRun]]
"""By environment, and what is seen of it."""

Chance = dict[str, dict[str, Any]]

WINDOW = 50  # episodes, whose returns may have few values each
COLUMNS = 4
"""Most panels side by side."""

HEADINGS = (
    "environment", "recipe", "seeds", "return", "score", "success", "solved", "steps", "minutes", "random return",
    "random score", "random success",
)  # fmt: skip
SMALL = 10.0
"""A threshold below which returns are told to the hundredth."""

MEASURES = ("mean_return", "mean_score", "success_rate")
NOTE = (
    "Return, score (from 0, the worst episode, to 1, the best) and success are interquartile means over seeds of the "
    "means of {episodes} fresh episodes, with bootstrap intervals of 95%; solved counts the seeds whose mean return "
    "reaches the threshold. Minutes are the median of the training alone, on {machines}."
)


def write_report(folder: Path, runs: Sequence[SolvedRun], by_chance: Chance) -> str:
    """Writes ``solved.md``, ``solved.csv`` and ``solved.png``.

    Args:
        folder: Where.
        runs: Finished and evaluated.
        by_chance: What the random policy reaches, by id: ``MEASURES`` of it.

    Returns:
        The table, in Markdown.
    """
    groups = {key: list(own) for key, own in itertools.groupby(runs, lambda run: (run.env_id, run.observes))}
    table = _table(groups, by_chance)
    (folder / "solved.md").write_text(table)
    _write_csv(folder / "solved.csv", runs)
    draw_curves(folder / "solved.png", groups, by_chance)
    return table


def _table(groups: Groups, by_chance: Chance) -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    rows += [_row(runs, by_chance[env_id]) for (env_id, _), runs in groups.items()]
    if overall := _overall(groups):
        rows.append(("all", "", "", "", f"**{overall}**", *[""] * (len(HEADINGS) - 5)))
    every = [run for runs in groups.values() for run in runs]
    machines = sorted({f"{run.training['cores']} cores of {run.training['processor']}" for run in every})
    episodes = min(run.evaluation["episodes"] for run in every)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", NOTE.format(episodes=episodes, machines=", and ".join(machines))]) + "\n"


def _row(runs: list[SolvedRun], random: dict[str, Any]) -> tuple[str, ...]:
    returns, scores, successes = (_interval(runs, measure) for measure in MEASURES)
    solved = sum(run.evaluation["solved"] for run in runs)
    threshold = runs[0].evaluation["reward_threshold"]
    digits = ".1f" if threshold is None or abs(threshold) >= SMALL else ".2f"
    return (
        runs[0].env_id,
        f"{runs[0].recipe['algorithm']}, {runs[0].observes}",
        str(len(runs)),
        _shown(returns, digits),
        _shown(scores, ".3f"),
        _shown(successes, ".0%"),
        f"{solved} of {len(runs)}",
        f"{runs[0].training['steps']:,}",
        f"{np.median([run.training['minutes'] for run in runs]):.1f}",
        format(random["mean_return"], digits),
        f"{random['mean_score']:.3f}",
        f"{random['success_rate']:.0%}",
    )


def _interval(runs: Sequence[SolvedRun], measure: str) -> Interval:
    values = np.array([[run.evaluation[measure]] for run in runs])
    return bootstrap(interquartile_mean, values, generator=keyed_generator("solved", measure, runs[0].env_id))


def _overall(groups: Groups) -> str:
    """The score of the suite: seeds and environments together, if there are as many seeds of each."""
    if len(groups) < 2 or len({len(runs) for runs in groups.values()}) > 1:
        return ""
    scores = np.array([[run.evaluation["mean_score"] for run in runs] for runs in groups.values()]).T
    return _shown(bootstrap(interquartile_mean, scores, generator=keyed_generator("solved")), ".3f")


def _shown(interval: Interval, digits: str) -> str:
    estimate, low, high = (format(value, digits) for value in interval)
    return estimate if low == high else f"{estimate} [{low}, {high}]"


def _write_csv(file: Path, runs: Sequence[SolvedRun]) -> None:
    """One line for each run."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("env_id", "algorithm", "seed", "steps", "minutes", "processor", "cores", "solved", *MEASURES))
        for run in runs:
            evaluation, training = run.evaluation, run.training
            facts = [training[name] for name in ("steps", "minutes", "processor", "cores")]
            judged = [evaluation[name] for name in ("solved", *MEASURES)]
            writer.writerow((run.env_id, run.recipe["algorithm"], run.seed, *facts, *judged))


def draw_curves(file: Path, groups: Groups, by_chance: Chance) -> None:
    """A panel for each environment: the mean return of the latest episodes over steps, of each seed and of all."""
    columns = min(COLUMNS, len(groups))
    rows = math.ceil(len(groups) / columns)
    title = "The suite, trained by its recipes"
    with drawn(file, (2.9 * columns + 0.4, 2.3 * rows + 0.7), title) as figure:
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, ((env_id, observes), runs) in zip(panels, groups.items(), strict=False):
            _draw_panel(axes, runs, by_chance[env_id]["mean_return"])
            axes.set_title(f"{env_id}, {observes}", color=INK)
        for axes in panels[len(groups) :]:
            axes.set_axis_off()
        for axes in panels[max(0, len(groups) - columns) : len(groups)]:
            axes.set_xlabel("environment steps", fontsize=9)
        figure.supylabel(f"return (mean of the latest {WINDOW} episodes)", fontsize=9)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2 * columns)


def _draw_panel(axes: Axes, runs: Sequence[SolvedRun], by_chance: float) -> None:
    curves = [_curve(run) for run in runs]
    last = max(steps[-1] for steps, _ in curves)
    at = np.linspace(max(steps[0] for steps, _ in curves), min(steps[-1] for steps, _ in curves), 200)
    together = np.array([np.interp(at, steps, means) for steps, means in curves])
    for number, (steps, means) in enumerate(curves):
        axes.plot(steps, means, color=COLOURS[0], alpha=0.3, linewidth=0.8, label="" if number else "each seed")
    axes.plot(at, interquartile_mean(together.T[..., None]), color=COLOURS[0], linewidth=2.0, label="all seeds")
    axes.axhline(by_chance, color=FAINT, linestyle="--", linewidth=1.2, label="random policy")
    threshold = environment_spec(runs[0].env_id).reward_threshold
    if threshold is not None:
        axes.axhline(threshold, color=COLOURS[2], linestyle=":", linewidth=1.5, label="solved")
    axes.set_xlim(0, last)
    axes.xaxis.set_major_locator(_few_ticks())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g} k")
    grid_of(axes)


def _curve(run: SolvedRun) -> tuple[NDArray[Any], NDArray[Any]]:
    """Steps, and the mean return of the latest ``WINDOW`` episodes, or of as many as there are."""
    steps, returns = episodes_of(run.folder)
    means = [np.mean(returns[max(0, end - WINDOW) : end]) for end in range(1, len(returns) + 1)]
    return steps, np.array(means)


def _few_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4)
