"""Pictures: what samples consist of in formats that know images, but no scenes with several views."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from blendgym.data.exporters.folder import Run
from blendgym.data.exporters.names import safe_name
from blendgym.data.sample import Sample
from blendgym.images.captures import Capture, SeenObject

OF_A_RUN = 10**12
"""Numbers of pictures that each run has to itself; those of 9,000 runs are exact as float64, too."""


class Picture(NamedTuple):
    """One view of a sample.

    Args:
        id: Its number, a function of the run's place, of the sample's index and of the view.
        name: Of its files, without suffix.
        run: That it belongs to.
        view: Name of the view; empty for a single one without a name.
        sample: That it is of.
        capture: That it shows.
    """

    id: int
    name: str
    run: Run
    view: str
    sample: Sample
    capture: Capture

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        height, width = next(iter(self.capture.images.values())).shape[:2]
        return width, height

    @property
    def objects(self) -> tuple[SeenObject, ...]:
        """The objects that have pixels; others are hidden."""
        return tuple(seen for seen in self.capture.objects if seen.box)


def pictures_of(sample: Sample, run: Run) -> Iterator[Picture]:
    """One picture of each view of a sample."""
    for place, (view, capture) in enumerate(sample.views.items()):
        number = run.place * OF_A_RUN + sample.index * len(run.views) + place
        name = "-".join([run.key, f"{sample.index:08d}", *([safe_name(view)] if view else [])])
        yield Picture(number, name, run, view, sample, capture)


def fingerprint_of(sample: Sample) -> int:
    """A checksum (CRC-32) of what a sample was made from and of where everything is, to tell samples apart."""
    check = zlib.crc32(msgspec.json.encode((sample.seed, sample.version, sample.parameters), order="sorted"))
    for capture in sample.views.values():
        for matrix in (capture.world_to_camera, *(seen.pose for seen in capture.objects)):
            check = zlib.crc32(matrix.tobytes(), check)
    return check
