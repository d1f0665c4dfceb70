"""What a recording holds, in short: enough to find samples, without their images."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording.declared import NAME, declared_parameters
from blendgym.data.recording.folder import Folder
from blendgym.data.recording.index import Rows, read_contents, read_part, read_sample
from blendgym.data.recording.plain_json import from_json
from blendgym.data.recording.samples import FACTS, sample_of
from blendgym.data.sample import Sample
from blendgym.errors import InvalidOption, RecordingDamaged

KEPT = 4
"""Samples that stay in memory after they were asked for: a page asks for each of its pictures on its own."""


class _Object(msgspec.Struct):
    name: str
    category: str
    pixels: int


class _View(msgspec.Struct):
    objects: tuple[_Object, ...]


class _Glance(msgspec.Struct):
    """What is read of every sample."""

    version: int
    parameters: dict[str, float]
    views: dict[str, _View]


class Wanted(NamedTuple):
    """Which samples are asked for: those that meet all of it.

    Args:
        first: The lowest index.
        last: The highest index; ``None`` for any.
        version: Of the distribution; ``None`` for any.
        categories: Of which one has to be in sight; empty for any.
        ranges: The lowest and the highest value of parameters, by name.
    """

    first: int = 0
    last: int | None = None
    version: int | None = None
    categories: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[float, float]] = {}


class Catalogue:
    """The samples of a recording, found by what is in them; it may still be written. Threads may share it.

    A few numbers of each sample are kept, everything else is read when it is asked for.

    Args:
        path: The folder of the recording.

    Attributes:
        path: Likewise.
        origin: What the samples were made from.
        declared: The declarations of their parameters, by name, as far as the origin has them.
        loss: What of the recording is torn, for people.

    Raises:
        InvalidRecording: If there is none, or one of another version of the format.
        RecordingDamaged: If a shard is missing.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.loss = path, ""
        self._folder = Folder(path)
        self.origin = self._folder.read_about().origin
        self.declared = declared_parameters(self.origin)
        self._lock = Lock()
        self._rows: Rows = read_contents(self._folder).rows[:0]
        self._versions, self._objects = array("q"), array("q")
        self._values: dict[str, array[float]] = {}
        self._categories: list[frozenset[str]] = []
        self._known: dict[frozenset[str], frozenset[str]] = {}
        self._counts: Counter[str] = Counter()
        self.sample = lru_cache(KEPT)(self._sample)
        self.refresh()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Of all samples, in their order: int64 (samples,)."""
        return self._rows["index"].astype(np.int64)

    def refresh(self) -> None:
        """Looks for what was recorded since.

        Raises:
            RecordingDamaged: If a shard is missing.
        """
        with self._lock:
            rows, self.loss = read_contents(self._folder)
            if len(rows) < len(self._versions) or not np.array_equal(rows[: len(self._rows)], self._rows):
                self._forget()
            for row in rows[len(self._versions) :]:
                self._add(row)
            self._rows = rows

    def _sample(self, index: int) -> Sample:
        """A sample, by its index.

        Raises:
            InvalidOption: If there is none.
            RecordingDamaged: If it is not what was written.
        """
        rows = self._rows
        place = int(np.searchsorted(rows["index"], index))
        if place == len(rows) or rows["index"][place] != index:
            raise InvalidOption(f"There is no sample {index} in {self.path}.")
        try:
            return sample_of(read_sample(self._folder, rows[place]))
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise RecordingDamaged(f"Sample {index} cannot be read: {error}.", index=index) from error

    def found(self, wanted: Wanted) -> dict[str, list[int]]:
        """Index, version and number of objects in sight of each sample that is wanted, as columns.

        A damaged sample has version -1. It is found by its index alone, for nothing else is known of it.
        """
        with self._lock:
            chosen = np.flatnonzero(self._meets(wanted))
            columns = {"index": self._rows["index"], "version": self._versions, "objects": self._objects}
            return {name: np.asarray(column)[chosen].tolist() for name, column in columns.items()}

    def summary(self) -> dict[str, Any]:
        """What there is to choose from, and what the recording is, as plain data."""
        with self._lock:
            versions = Counter(self._versions)
            damaged = versions.pop(-1, 0)
            return {
                "name": self.path.resolve().name,
                "samples": len(self._rows),
                "damaged": damaged,
                "loss": self.loss,
                "origin": {name: each for name, each in self.origin.items() if name != NAME},
                "first": int(self._rows["index"][0]) if len(self._rows) else 0,
                "last": int(self._rows["index"][-1]) if len(self._rows) else 0,
                "versions": dict(sorted(versions.items())),
                "categories": dict(self._counts.most_common()),
                "parameters": list(self._ranges()),
            }

    def _meets(self, wanted: Wanted) -> NDArray[np.bool_]:
        indices, versions = self._rows["index"], np.asarray(self._versions)
        meets = indices >= wanted.first
        if wanted.last is not None:
            meets &= indices <= wanted.last
        if wanted.version is not None:
            meets &= versions == wanted.version
        if wanted.categories:
            meets &= np.array([not wanted.categories.isdisjoint(each) for each in self._categories], bool)
        for name, (low, high) in wanted.ranges.items():
            values = np.asarray(self._values.get(name, [np.nan] * len(indices)))
            meets &= (values >= low) & (values <= high)
        return np.asarray(meets)

    def _ranges(self) -> Iterator[dict[str, Any]]:
        """Every parameter with the range that its values have, or can have."""
        for name, column in self._values.items():
            values, spec = np.asarray(column), self.declared.get(name)
            known: Sequence[float] = values[np.isfinite(values)].tolist() or [0.0]
            yield {
                "name": name,
                "unit": spec.unit if spec else "",
                "choices": spec.choices if spec else (),
                "low": min([*known, spec.low] if spec else known),
                "high": max([*known, spec.high] if spec else known),
                "is_whole": spec is not None and spec.is_discrete,
            }

    def _add(self, row: Any) -> None:
        places = len(self._versions)
        try:
            glance = from_json(read_part(self._folder, row, FACTS), _Glance)
        except (msgspec.DecodeError, RecordingDamaged, ValueError):
            glance = _Glance(-1, {}, {})
        seen = {each.name: each.category for view in glance.views.values() for each in view.objects if each.pixels}
        categories = frozenset(seen.values())
        for name in glance.parameters:
            if name not in self._values:
                self._values[name] = array("d", [np.nan]) * places
        for name, values in self._values.items():
            values.append(glance.parameters.get(name, np.nan))
        self._categories.append(self._known.setdefault(categories, categories))
        self._counts.update(categories)
        self._objects.append(len(seen))
        self._versions.append(glance.version)

    def _forget(self) -> None:
        """Begins anew, for another recording has taken the folder."""
        self._versions, self._objects = array("q"), array("q")
        self._values, self._categories = {}, []
        self._counts = Counter()
        self.sample.cache_clear()
