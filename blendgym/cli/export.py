"""``blendgym export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from rich.console import Console
from rich.progress import track

from blendgym.arguments import OutputFolder
from blendgym.cli.interruptions import noted
from blendgym.cli.recordings import opened
from blendgym.data.exporters import Export
from blendgym.data.exporters.formats import FormatName
from blendgym.data.recording import Replay


def export(
    run: Annotated[Path, tyro.conf.Positional],
    /,
    output: OutputFolder,
    kind: Annotated[FormatName, tyro.conf.arg(name="format")],
    views: tuple[str, ...] = (),
) -> None:
    """Writes a recording in the format of other programs, into a folder.

    What is there already is not written again: after an interruption, or once more has been recorded, the same command
    goes on. Recordings of other names can be exported to the same folder.

    Args:
        run: The folder of the recording; its name is that of the run in the export.
        output: The folder for the export; made if it does not exist.
        kind: coco, yolo (Ultralytics' layout), bop, hdf5 or webdataset.
        views: Names of the views to export; without them, all.
    """
    console = Console(highlight=False, soft_wrap=True)
    replay = opened(run)
    if replay.loss:
        console.print(replay.loss, style="yellow", markup=False)
    kept = noted(f"What is exported already stays in {output}; the same command goes on.")
    with kept, Export(output, kind, run.resolve().name, views or None) as export:
        places = _places(replay, export)
        for place in track(places, f"Exporting to {export.format.title}", console=console, transient=True):
            export.write(replay[place])
    console.print(f"{output} has {len(export)} samples of {run}; open {output / export.format.main}.", markup=False)
    if export.format.lacks:
        console.print(f"{export.format.title} does not hold {export.format.lacks}.")


def _places(replay: Replay, export: Export) -> list[int]:
    """Which samples are to be written: those that are not there, and one that is, to see that it is the same."""
    is_missing = np.isin(replay.indices, export.missing(replay.indices.tolist()))
    return [*np.flatnonzero(~is_missing)[-1:].tolist(), *np.flatnonzero(is_missing).tolist()]
