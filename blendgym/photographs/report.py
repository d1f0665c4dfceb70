"""The report of a study on photographs: one page that holds all of it, and needs no network."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.files import write_whole
from blendgym.photographs.figures import with_references
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.jobs import is_finished, pictures_of
from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Declaration, Figure, Study
from blendgym.statistics import Interval

COLUMNS = 8
NEWLINE = "\n"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #333; max-width: 62rem; margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin-top: 2.4rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; } th { font-weight: 600; color: #666; }
td small { color: #888; } img { max-width: 100%; } img.renders { image-rendering: pixelated; width: 100%; }
figure { margin: 1.4rem 0; } figcaption { font-size: .9rem; color: #666; max-width: 46rem; } .wide { overflow-x: auto; }
code { font-size: .8rem; overflow-wrap: anywhere; color: #666; } .failed { color: #cc3311; }
"""


def write_report(
    folder: StudyFolder, study: Study, declaration: Declaration, failed: Mapping[str, str], verdicts: Sequence[Verdict],
    figures: Sequence[Figure],
) -> None:  # fmt: skip
    """Writes the page.

    Args:
        folder: Of the study.
        study: What was studied.
        declaration: What was declared.
        failed: Errors of the runs that have failed, by run.
        verdicts: What each arm is worth.
        figures: What there is to see.
    """
    parts = [
        f"<h1>{escape(study.title)}</h1>",
        *_summary(study.score, declaration, verdicts),
        *_questions(study, declaration, verdicts, figures),
        "<h2>What the networks were trained on</h2>",
        *_pictures(folder, declaration, verdicts),
        "<h2>How it was made sure</h2>",
        *_protocol(declaration, failed),
    ]
    head = f"<meta charset=utf-8><title>{escape(study.title)}</title><style>{STYLE}</style>"
    write_whole(folder.report, f'<!doctype html><html lang="en">{head}{NEWLINE.join(parts)}</html>{NEWLINE}'.encode())


def _summary(score: str, declaration: Declaration, verdicts: Sequence[Verdict]) -> Iterable[str]:
    first = verdicts[0]
    yield (
        f"<p><b>{100 * first.mean.estimate:.1f}%</b> {escape(score)} ({100 * first.mean.low:.1f} to "
        f"{100 * first.mean.high:.1f}), with {first.images:,} renders for each of {first.runs} "
        f"networks and no photograph. Intervals of {declaration.confidence:.0%} cover other runs and other objects.</p>"
    )
    if declaration.quick:
        yield "<p class=failed>This is a rehearsal: no photograph was opened, and others stood in for them.</p>"


def _questions(
    study: Study, declaration: Declaration, verdicts: Sequence[Verdict], figures: Sequence[Figure]
) -> Iterable[str]:
    questions = {arm.name: arm.question for arm in declaration.arms}
    for name, title in study.questions.items():
        own = [verdict for verdict in verdicts if questions[verdict.arm] == name]
        if own:
            yield f"<h2>{escape(title)}</h2>"
            yield _table(study.score, with_references(own, verdicts))
        yield from (_shown(figure) for figure in figures if figure.question == name)
    yield from (_shown(figure) for figure in figures if not figure.question)


def _shown(figure: Figure) -> str:
    image = f'<img alt="{escape(figure.file.stem)}" src="{_embedded(figure.file.read_bytes())}">'
    return f"<figure>{image}<figcaption>{escape(figure.caption)}</figcaption></figure>"


def _table(score: str, verdicts: Sequence[Verdict]) -> str:
    head = "".join(
        f"<th>{name}</th>"
        for name in ("arm", "images", "runs", f"% {escape(score)}", "σ of runs", "fresh renders", "difference")
    )
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(map(_row, verdicts))}</table></div>'


def _row(each: Verdict) -> str:
    deviation = f"{100 * each.deviation:.1f}" if each.runs > 1 else ""
    cells = (
        f"{escape(each.what)}<br><small>{escape(each.arm)}</small>", f"{each.images:,}", str(each.runs),
        _percent(each.mean), deviation, f"{100 * each.validation:.1f}",
        _points(each.difference) if each.difference else "",
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _percent(interval: Interval) -> str:
    return f"{100 * interval.estimate:.1f} <small>{100 * interval.low:.1f} to {100 * interval.high:.1f}</small>"


def _points(interval: Interval) -> str:
    text = f"{100 * interval.estimate:+.1f} <small>{100 * interval.low:+.1f} to {100 * interval.high:+.1f}</small>"
    return text.replace("-", "−")  # a minus


def _pictures(folder: StudyFolder, declaration: Declaration, verdicts: Sequence[Verdict]) -> Iterable[str]:
    """Of each way to make images once."""
    yield "<p>The first images of a run, as they came.</p>"
    finished, seen = {verdict.arm for verdict in verdicts}, set()
    for arm in declaration.trained_arms:
        way = (arm.randomize, arm.teacher, arm.on_photographs and arm.question)
        if arm.name in finished and way not in seen:
            seen.add(way)
            runs = (folder.run(arm.name, seed) for seed in declaration.seeds)
            first = next(run for run in runs if is_finished(run))
            yield (
                f'<p>{escape(arm.what)}<br><img class="renders" alt="" src="{_embedded(_sheet(pictures_of(first)))}">'
                "</p>"
            )


def _sheet(pictures: NDArray[np.uint8]) -> bytes:
    """Pictures side by side, two rows at most, as a PNG."""
    count = min(len(pictures) // COLUMNS * COLUMNS, 2 * COLUMNS) or len(pictures)
    columns = min(COLUMNS, count)
    _, height, width, channels = pictures.shape
    rows = pictures[:count].reshape(-1, columns, height, width, channels).swapaxes(1, 2)
    file = io.BytesIO()
    Image.fromarray(rows.reshape(-1, columns * width, channels)).save(file, "PNG")
    return file.getvalue()


def _protocol(declaration: Declaration, failed: Mapping[str, str]) -> Iterable[str]:
    yield (
        "<p>Arms, seeds, settings and sources were declared before the first run. All networks were sealed by their "
        "checksums before the photographs were opened; none has been trained or chosen since. Renders alone have "
        "validated them.</p>"
    )
    for name, checksum in (
        ("Declaration", declaration.checksum), ("Sources", declaration.sources),
        ("Photographs", declaration.photographs),
    ):  # fmt: skip
        yield f"<p>{name}<br><code>{checksum}</code></p>"
    for run, error in failed.items():
        yield f'<p class="failed">{escape(run)} has failed and does not count: {escape(error)}</p>'
    if not failed:
        yield f"<p>All {len(declaration.trained_arms) * len(declaration.seeds)} runs have finished.</p>"


def _embedded(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
