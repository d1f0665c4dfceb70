"""``blendgym stats``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import tyro
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from blendgym.arguments import MaybeOutputFile
from blendgym.cli.recordings import opened
from blendgym.data.statistics import Statistics, statistics_of
from blendgym.data.statistics.duplicates import Pairs
from blendgym.data.statistics.histograms import Distribution
from blendgym.data.statistics.numbers import Named
from blendgym.errors import InvalidOption

LEVELS = "▁▂▃▄▅▆▇█"
WIDEST_LINE = 10
FIGURES = (".png", ".pdf", ".svg")


def stats(run: Annotated[Path, tyro.conf.Positional], output: MaybeOutputFile = None) -> None:
    """Counts what is in a recording: categories, boxes, visibilities, brightness, parameters, duplicates.

    Each sample is read once. Samples that are damaged are named and left out.

    Args:
        run: Folder of the recording.
        output: File to write all numbers to (.json), or a figure (.png, .pdf or .svg).
    """
    console = Console(highlight=False)
    if output is not None and output.suffix not in (".json", *FIGURES):
        raise InvalidOption(f"The file {str(output)!r} has an unknown suffix; expected .json, {', '.join(FIGURES)}.")
    if output is not None and output.suffix in FIGURES:
        import matplotlib  # noqa: F401 (if it is missing, that is said before everything is counted)
    replay = opened(run)
    progress = partial(track, description="Counting", console=Console(stderr=True), transient=True)
    statistics = statistics_of(replay, progress)
    _show(console, run.resolve().name, statistics, replay.loss)
    if output is not None:
        _write(output, run.resolve().name, statistics)
        console.print(f"\n{output}", soft_wrap=True, markup=False)


def _write(file: Path, title: str, statistics: Statistics) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".json":
            file.write_bytes(msgspec.json.format(msgspec.json.encode(statistics), indent=1) + b"\n")
            return
        from blendgym.data.statistics.figure import draw

        draw(statistics, title, file)
    except OSError as error:
        raise InvalidOption(f"{str(file)!r} cannot be written: {error.strerror}.") from None


def _show(console: Console, title: str, statistics: Statistics, loss: str) -> None:
    objects = sum(each.objects for each in statistics.categories.values())
    console.print(f"[bold]{escape(title)}[/]  {_counted(statistics.samples, 'sample')}, "
                  f"{_counted(statistics.images, 'image')}, {_counted(objects, 'object')} in sight")  # fmt: skip
    if len(statistics.versions) > 1:
        listed = ", ".join(f"{version} ({count:,})" for version, count in statistics.versions.items())
        console.print(f"versions: {listed}")
    for problem in (loss, _named(statistics.damaged, "damaged and left out"), _named(statistics.empty, "empty")):
        if problem:
            console.print(problem, style="yellow", markup=False)
    for pairs, what in ((statistics.same, "equal to an earlier one"), (statistics.similar, "nearly an earlier one")):
        console.print(_pairs(pairs, what), style="yellow" if pairs.count else "")
    if statistics.categories:
        console.print("", _categories(statistics), sep="\n")
    if statistics.samples:
        console.print("", _images(statistics), sep="\n")
    if statistics.parameters:
        console.print("", _parameters(statistics), sep="\n")


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place > 0 and name else "left", no_wrap=True)
    return table


def _categories(statistics: Statistics) -> Table:
    table = _table("category", "objects", "images", "in images", "")
    most = max(each.objects for each in statistics.categories.values())
    for name, each in statistics.categories.items():
        bar = "█" * max(1, round(20 * each.objects / most))
        share = f"{each.images / statistics.annotated:.0%}"
        table.add_row(escape(name), f"{each.objects:,}", f"{each.images:,}", share, f"[blue]{bar}[/]")
    return table


def _images(statistics: Statistics) -> Table:
    table = _table("images", "lowest", "mean", "highest", "")
    counts = statistics.instances
    if counts:
        mean = sum(number * images for number, images in counts.items()) / sum(counts.values())
        line = _line([counts.get(number, 0) for number in range(max(counts) + 1)])
        table.add_row("objects in an image", f"{min(counts)}", f"{mean:.1f}", f"{max(counts)}", line)
    for name, values in {
        "side of a box / image": statistics.box_sizes,
        "visibility": statistics.visibilities,
        "truncation": statistics.truncations,
        "brightness": statistics.brightness,
        "contrast": statistics.contrast,
    }.items():
        if values.count:
            table.add_row(name, *_extent(values), _line(values.counts))
    return table


def _parameters(statistics: Statistics) -> Table:
    table = _table("parameter", "lowest", "mean", "highest", "", "off prior")
    for each in statistics.parameters:
        if not each.values.count:
            continue
        line = "constant" if each.is_constant else _line(each.values.counts)
        distance = "" if each.distance is None or each.is_constant else f"{each.distance:.2f}"
        style = "yellow" if each.is_off_prior else ""
        table.add_row(escape(each.name), *_extent(each.values), line, distance, style=style)
    if any(each.is_off_prior for each in statistics.parameters):
        table.caption = "Yellow: fewer than 1% of recordings from the prior would be so far from it."
        table.caption_justify = "left"
    return table


def _extent(values: Distribution) -> tuple[str, str, str]:
    return f"{values.minimum:.3g}", f"{values.mean:.3g}", f"{values.maximum:.3g}"


def _line(counts: list[int]) -> str:
    """A histogram in a line of text; neighbours are added up if there are many."""
    together = -(-len(counts) // WIDEST_LINE)
    padded = np.array([*counts, *[0] * (-len(counts) % together)]).reshape(-1, together).sum(axis=1)
    heights = np.ceil(padded / max(padded.max(), 1) * len(LEVELS)).astype(int)
    return "".join(LEVELS[height - 1] if height else " " for height in heights)


def _named(named: Named, what: str) -> str:
    if not named.count:
        return ""
    more = " …" if named.count > len(named.first) else ""
    return f"{_counted(named.count, 'sample')} {what}: {', '.join(map(str, named.first))}{more}"


def _pairs(pairs: Pairs, what: str) -> str:
    if not pairs.count:
        return f"no sample is {what}"
    more = " …" if pairs.count > len(pairs.named) else ""
    listed = ", ".join(f"{pair.second} = {pair.first}" for pair in pairs.named)
    return f"{_counted(pairs.count, 'sample')} {what}: {listed}{more}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
