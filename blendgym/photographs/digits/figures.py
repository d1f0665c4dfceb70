"""What the study of digits has to show besides numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.digits.heat_maps import grad_cam, occlusion
from blendgym.photographs.digits.network import networks_of, read
from blendgym.photographs.digits.page import DIGITS
from blendgym.photographs.digits.real import FOLDS, printed
from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Arrays, Examined, Figure, Photographs
from blendgym.studies.style import COLOURS, FAINT, INK, SEQUENTIAL, drawn, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

ROWS, COLUMNS = 6, 15
GREY = "gray_r"


def draw_all(
    folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> list[Figure]:
    """Draws all of it; or nothing, if an arm has no run that is finished.

    Args:
        folder: For the files.
        photographs: The real digits.
        examined: What became of the runs that are finished, by arm.
        verdicts: What each arm is worth, by its name.
    """
    if verdicts.keys() != examined.keys():
        return []
    answers = np.array([each.answers["answers"] for each in examined["randomized"]])
    pages = most_real(verdicts)
    arms = (f"randomized_{pages}", "no_variants", f"real_{pages}")
    return [
        draw_confusion(folder / "confusion.png", photographs.truths, answers),
        draw_examples(folder / "examples.png", photographs, answers[0]),
        draw_numbers(folder / "numbers.png", verdicts),
        draw_domains(folder / "domains.png", examined, verdicts, arms, "real digits", "numbers"),
        draw_heat_maps(folder / "heat_maps.png", photographs, examined),
        draw_kinds(folder / "kinds.png", verdicts),
    ]


def draw_numbers(file: Path, verdicts: Mapping[str, Verdict]) -> Figure:
    """How much is read right after so many rendered digits, and after so many real ones."""
    with drawn(file, (6.4, 3.6), "Real digits read right, by the number of digits to learn from") as figure:
        axes = figure.subplots()
        for prefix, label, colour in (
            ("randomized", "rendered", COLOURS[0]), ("real", "real, cross-validated", COLOURS[1]),
        ):  # fmt: skip
            own = [each for each in verdicts.values() if each.arm.rpartition("_")[0] == prefix or each.arm == prefix]
            own.sort(key=lambda each: each.images)
            numbers = [each.images * DIGITS for each in own]
            low, high = ([100.0 * getattr(each.mean, end) for each in own] for end in ("low", "high"))
            axes.fill_between(numbers, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(numbers, [100.0 * each.mean.estimate for each in own], "o-", color=colour, label=label)
        axes.set_xscale("log")
        ticks = sorted({each.images * DIGITS for each in verdicts.values()})
        axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.minorticks_off()
        axes.set(xlabel="digits to learn from", ylabel="% read right")
        axes.legend(loc="lower right")
        grid_of(axes)
    return Figure(
        file, "Bands: intervals over runs and digits. Real digits are read by networks that saw others.", "numbers"
    )  # fmt: skip


def draw_kinds(file: Path, verdicts: Mapping[str, Verdict]) -> Figure:
    """How much is read right if there are fewer kinds of digits, and how much of that is not by chance."""
    own = {int(name.rpartition("_")[2]): each for name, each in verdicts.items() if name.startswith("kinds_")}
    pages = next(iter(own.values())).images
    own[10] = verdicts[f"randomized_{pages}"]
    with drawn(file, (6.4, 3.2), "Real digits read right, by how many kinds there are") as figure:
        axes = figure.subplots()
        for row, (count, each) in enumerate(own.items()):
            axes.bar(row, 100.0 * each.mean.estimate, 0.62, color=COLOURS[0])
            axes.bar(row, 100.0 / count, 0.62, color=FAINT)
            axes.vlines(row, 100.0 * each.mean.low, 100.0 * each.mean.high, color=INK, linewidth=1.4)
            axes.text(row, 100.0 * each.mean.low - 7.0, f"{100.0 * each.mean.estimate:.1f}", ha="center", color="white")
        axes.set_xticks(range(len(own)), ["0, 1" if count == 2 else f"0 to {count - 1}" for count in own])
        axes.set(xlabel="digits", ylabel="% read right", ylim=(0.0, 100.0))
        grid_of(axes, "y")
    return Figure(
        file, f"Grey: what guessing comes to. {pages:,} pages each, of which other digits are left out.", "kinds"
    )


def draw_confusion(file: Path, truths: NDArray[Any], answers: NDArray[Any]) -> Figure:
    """Which digits are taken for which, in percent of those that were written.

    Args:
        file: PNG to write.
        truths: What was written, (digits,).
        answers: What was read, (runs, digits).
    """
    counts = np.zeros((10, 10))
    for own in answers:
        np.add.at(counts, (truths, own), 100.0 / len(answers))
    percent = counts / np.maximum(np.bincount(truths, minlength=10), 1)[:, None]
    with drawn(file, (5.2, 4.9), "What was written, and what was read (%)") as figure:
        axes = figure.subplots()
        axes.imshow(percent, cmap=SEQUENTIAL, vmin=0.0, vmax=100.0)
        for (row, column), share in np.ndenumerate(percent):
            if share >= 0.5:
                colour = "white" if share < 60.0 else "black"
                axes.text(column, row, f"{share:.0f}", ha="center", va="center", fontsize=8, color=colour)
        axes.set(xlabel="read", ylabel="written", xticks=range(10), yticks=range(10))
    return Figure(file, "Mean of all runs with all parameters drawn. Empty: less than half a percent.", "whole")


def draw_examples(file: Path, photographs: Photographs, answers: NDArray[Any]) -> Figure:
    """Real digits at random, with what one network reads; what is wrong is red.

    Args:
        file: PNG to write.
        photographs: The real digits.
        answers: What was read, (digits,).
    """
    count = min(ROWS * COLUMNS, len(photographs.truths))
    chosen = keyed_generator("examples").choice(len(photographs.truths), count, replace=False)
    with drawn(file, (0.62 * COLUMNS, 0.65 * ROWS + 0.35), "Real digits at random, and what was read") as figure:
        axes = _tiles(figure, ROWS, COLUMNS)
        for place, number in enumerate(chosen.tolist()):
            row, column = divmod(place, COLUMNS)
            _put(axes, photographs.images[number], row, column, GREY)
            colour = INK if answers[number] == photographs.truths[number] else "#CC3311"
            axes.text(column + 0.4, row - 0.02, str(answers[number]), fontsize=9, color=colour, ha="center")
    return Figure(file, "By the first network with all parameters drawn. Red: wrong.", "whole")


def draw_domains(
    file: Path, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict], arms: Sequence[str],
    photographs: str, question: str,
) -> Figure:  # fmt: skip
    """How much is read right of what is written, rendered and printed, whatever networks have learned from.

    Args:
        file: PNG to write.
        examined: What became of the runs, by arm.
        verdicts: What each arm is worth.
        arms: A row for each, all with as many digits.
        photographs: What networks are examined on, in a word or two.
        question: Where it belongs.
    """
    pages = verdicts[arms[0]].images
    type_ = printed()
    percent = 100.0 * np.array(
        [
            (verdicts[arm].mean.estimate, verdicts[arm].validation, _mean_read(examined[arm], type_))
            for arm in arms
        ]
    )  # fmt: skip
    with drawn(file, (6.0, 1.2 + 0.4 * len(arms)), "Read right elsewhere (%)") as figure:
        axes = figure.subplots()
        axes.imshow(percent, cmap=SEQUENTIAL, vmin=40.0, vmax=100.0, aspect="auto")
        for (row, column), share in np.ndenumerate(percent):
            axes.text(column, row, f"{share:.1f}", ha="center", va="center", color="white" if share < 75.0 else "black")
        axes.set_xticks(range(3), [photographs, "fresh renders", "typefaces"])
        axes.set_yticks(range(len(arms)), [verdicts[arm].what for arm in arms])
        axes.tick_params(length=0)
    return Figure(
        file,
        f"Rows: what networks have learned from, {pages * DIGITS:,} digits each. Columns: what they read.",
        question,
    )


def draw_heat_maps(file: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]]) -> Figure:
    """What a network of each kind looks at in real digits that it has not seen: one of each at random."""
    pages = most_real(examined)
    generator = keyed_generator("heat maps")
    chosen = [int(generator.choice(np.flatnonzero(photographs.truths == digit))) for digit in range(10)]
    rendered, real = examined["randomized"][0].weights, examined[f"real_{pages}"][0].weights
    with drawn(file, (8.4, 4.3), "What networks look at in a real digit") as figure:
        axes = _tiles(figure, 5, 10)
        for digit, number in enumerate(chosen):
            bitmap = photographs.images[number]
            _put(axes, bitmap, 0, digit, GREY)
            for row, weights in ((1, rendered), (3, _unseeing(real, number, len(photographs.truths)))):
                _put(axes, grad_cam(weights, bitmap, digit), row, digit, SEQUENTIAL)
                _put(axes, occlusion(weights, bitmap, digit), row + 1, digit, SEQUENTIAL)
        names = ("digit", "rendered:\nGrad-CAM", "rendered:\nocclusion", "real:\nGrad-CAM", "real:\nocclusion")
        for row, name in enumerate(names):
            axes.text(-0.15, row + 0.4, name, fontsize=8, ha="right", va="center")
    return Figure(
        file,
        "One digit of each kind at random, and networks that have learned from renders and from real digits. Yellow: "
        "what speaks for it (Grad-CAM), or what it is not read without (occlusion by 3 × 3 blocks).",
        "numbers",
    )


def _tiles(figure: Canvas, rows: int, columns: int) -> Axes:
    """Axes with room for so many pictures, which are far quicker than axes for each."""
    axes = figure.subplots()
    axes.set(xlim=(-0.05, columns), ylim=(rows, -0.25), autoscale_on=False)
    axes.set_axis_off()
    return axes


def _put(axes: Axes, picture: NDArray[np.float32], row: int, column: int, colours: str) -> None:
    """Shows numbers from 0 to 1 as one of these pictures."""
    place = (column, column + 0.8, row + 0.8, row)
    axes.imshow(picture, cmap=colours, vmin=0.0, vmax=1.0, extent=place)


def most_real(names: Iterable[str]) -> int:
    """The most pages that there is an arm of real digits for."""
    return max(int(name.rpartition("_")[2]) for name in names if name.startswith("real_"))


def _mean_read(runs: Sequence[Examined], digits: Photographs) -> float:
    """The mean share that all networks of some runs read right."""
    shares = [
        (read(weights, digits.images).argmax(axis=1) == digits.truths).mean()
        for run in runs
        for weights in networks_of(run.weights)
    ]
    return float(np.mean(shares))


def _unseeing(weights: Arrays, number: int, count: int) -> Arrays:
    """The one of all folds that has not seen a digit."""
    return networks_of(weights)[number * FOLDS // count]
