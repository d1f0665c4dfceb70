"""``blendgym view``."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from rich.console import Console

from blendgym.arguments import Amount, Count, MaybeOutputFile, Port, refuse_without_effect
from blendgym.data.pages import Catalogue, PageServer, page_of
from blendgym.errors import InvalidOption


def view(
    run: Annotated[Path, tyro.conf.Positional], output: MaybeOutputFile = None,
    indices: tuple[Amount, ...] = (), count: Count = 12, port: Port = 0, browser: bool = True,
) -> None:  # fmt: skip
    """Shows a recording in the browser: pictures, boxes, masks, depth, parameters and labels.

    Samples are read from disk when they are looked at. The recording may still be written: a reload of the page shows
    what is new. Nothing but this machine can reach the page. With -o there is one file instead, for other people.

    Args:
        run: Folder of the recording.
        output: HTML file to write some samples to.
        indices: Of these samples; without them, samples from all over the recording.
        count: Of how many samples.
        port: Where the page is served; 0 for any port that is free.
        browser: Opens the page in the default browser.
    """
    if output is None:
        refuse_without_effect(view, "without --output: all samples are shown", indices=indices, count=count)
    else:
        refuse_without_effect(view, "with --output", port=port, browser=browser)
    if indices:
        refuse_without_effect(view, "with --indices", count=count)
    console = Console(highlight=False, soft_wrap=True)
    with console.status("Reading the recording …"):
        catalogue = Catalogue(run)
    if catalogue.loss:
        console.print(catalogue.loss, style="yellow", markup=False)
    if output is not None:
        _write(console, catalogue, output, indices or _spread(catalogue, count))
        return
    with PageServer(catalogue, port) as server:
        console.print(f"{len(catalogue):,} samples at {server.address}\nCtrl-C ends it.")
        if browser:
            webbrowser.open(server.address)
        server.wait()


def _spread(catalogue: Catalogue, count: int) -> tuple[int, ...]:
    """Indices of some samples from the first to the last.

    Raises:
        InvalidOption: If there is none.
    """
    found = catalogue.indices
    if count < 1 or not len(found):
        raise InvalidOption(f"There are {len(found)} samples in {catalogue.path}, and {count} are asked for.")
    places = np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int)
    return tuple(found[places].tolist())


def _write(console: Console, catalogue: Catalogue, output: Path, indices: tuple[int, ...]) -> None:
    with console.status(f"Drawing {len(indices)} samples …"):
        page = page_of(catalogue, indices)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InvalidOption(f"{str(output)!r} cannot be written: {error.strerror}.") from None
    console.print(f"{len(indices)} of {len(catalogue):,} samples in {output} ({len(page) / 1e6:.1f} MB)")
