"""Counts what is in samples, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording import Replay
from blendgym.data.recording.declared import declared_parameters
from blendgym.data.sample import Sample
from blendgym.data.statistics.duplicates import NAMED, Duplicates
from blendgym.data.statistics.histograms import BINS, GrowingHistogram, HeatMap, Histogram
from blendgym.data.statistics.numbers import CategoryCount, Named, ParameterStatistics, Statistics
from blendgym.errors import RecordingDamaged
from blendgym.images.captures import Capture, SeenObject
from blendgym.images.colours import LUMINANCE
from blendgym.parameters.specs import ParameterSpec

LUMA = np.array(LUMINANCE, np.float32) / 255
SMALL, MEDIUM = 32**2, 96**2


def statistics_of(replay: Replay, progress: Callable[[Any], Any] = iter) -> Statistics:
    """The statistics of a recording, whose samples are read once.

    Args:
        replay: Of the recording. Samples that are damaged are counted, and otherwise left out.
        progress: Passes on the places of samples, such as ``rich.progress.track``.
    """
    tally = Tally(declared_parameters(replay.origin))
    indices = replay.indices
    for place in progress(range(len(replay))):
        try:
            sample = replay[place]
        except RecordingDamaged:
            tally.add_damaged(int(indices[place]))
        else:
            tally.add(sample)
    return tally.statistics()


class Tally:
    """Counts samples; memory grows by some 100 bytes with each, for duplicates.

    Args:
        declared: The declarations of parameters by name, as far as they are known.
    """

    def __init__(self, declared: Mapping[str, ParameterSpec] | None = None) -> None:
        self._declared = declared or {}
        self._samples = self._images = self._annotated = 0
        self._damaged, self._empty = Named(), Named()
        self._versions: Counter[int] = Counter()
        self._instances: Counter[int] = Counter()
        self._sizes = {"small": 0, "medium": 0, "large": 0}
        self._categories: dict[str, CategoryCount] = {}
        self._parameters: dict[str, Histogram] = {}
        self._box_sizes, self._visibilities, self._truncations = (Histogram(0.0, 1.0) for _ in range(3))
        self._brightness, self._contrast = Histogram(0.0, 1.0), Histogram(0.0, 0.5)
        self._positions, self._duplicates = HeatMap(), Duplicates()

    def add(self, sample: Sample) -> None:
        """Counts a sample."""
        self._samples += 1
        self._versions[sample.version] += 1
        for name, value in sample.parameters.items():
            if name not in self._parameters:
                self._parameters[name] = _histogram_for(self._declared.get(name))
            self._parameters[name].add(value)
        nothing = [capture for capture in sample.views.values() if self._add_view(capture)]
        if nothing:
            _add_named(self._empty, sample.index)
        self._duplicates.add(sample.index, _pictures(sample))

    def add_damaged(self, index: int) -> None:
        """Counts a sample that cannot be read."""
        _add_named(self._damaged, index)

    def statistics(self) -> Statistics:
        """What has been counted so far."""
        by_count = sorted(self._categories.items(), key=lambda item: (-item[1].objects, item[0]))
        return Statistics(
            samples=self._samples,
            images=self._images,
            annotated=self._annotated,
            damaged=self._damaged,
            empty=self._empty,
            versions=dict(sorted(self._versions.items())),
            categories=dict(by_count),
            instances=dict(sorted(self._instances.items())),
            sizes=self._sizes,
            box_sizes=self._box_sizes.distribution(),
            positions=self._positions.cells.tolist(),
            visibilities=self._visibilities.distribution(),
            truncations=self._truncations.distribution(),
            brightness=self._brightness.distribution(),
            contrast=self._contrast.distribution(),
            parameters=list(self._parameter_statistics()),
            same=self._duplicates.exact,
            similar=self._duplicates.near,
        )

    def _add_view(self, capture: Capture) -> bool:
        """Counts an image; whether it says what is in sight, and that is nothing."""
        self._images += 1
        if "rgb" in capture.images:
            luma = capture.images["rgb"] @ LUMA
            self._brightness.add(luma.mean())
            self._contrast.add(luma.std())
        if not (capture.objects or {"segmentation", "category"} & capture.images.keys()):
            return False
        self._annotated += 1
        height, width = next(iter(capture.images.values())).shape[:2]
        visible = [seen for seen in capture.objects if seen.box is not None]
        for seen in visible:
            self._add_object(seen, width, height)
        for category in {seen.category for seen in visible}:
            self._categories[category].images += 1
        self._instances[len(visible)] += 1
        return not visible

    def _add_object(self, seen: SeenObject, width: int, height: int) -> None:
        left, top, right, bottom = box = seen.box or seen.amodal_box
        self._categories.setdefault(seen.category, CategoryCount()).objects += 1
        self._sizes["small" if seen.pixels < SMALL else "medium" if seen.pixels < MEDIUM else "large"] += 1
        self._box_sizes.add(np.sqrt((right - left) * (bottom - top) / (width * height)))
        self._positions.add(box, width, height)
        self._truncations.add(seen.truncation)
        if seen.visibility is not None:
            self._visibilities.add(seen.visibility)

    def _parameter_statistics(self) -> Iterator[ParameterStatistics]:
        for name, histogram in self._parameters.items():
            values, spec = histogram.distribution(), self._declared.get(name)
            if spec is None:
                yield ParameterStatistics(name, "", (), False, values, None, None)
                continue
            shares = _prior_shares(spec, np.array(values.edges))
            found = np.cumsum(values.counts) / max(values.count, 1)
            distance = float(np.abs(found - np.cumsum(shares)).max())
            expected = (shares * values.count).tolist()
            yield ParameterStatistics(
                name, spec.unit, spec.choices, _has_bin_for_each(spec), values, expected, distance
            )


def _has_bin_for_each(spec: ParameterSpec) -> bool:
    """Whether the values are few whole numbers."""
    return spec.is_discrete and spec.high - spec.low < 2 * BINS


def _histogram_for(spec: ParameterSpec | None) -> Histogram:
    """Bins for the values of a parameter; one for each whole number, if these are few."""
    if spec is None:
        return GrowingHistogram()
    if _has_bin_for_each(spec):
        return Histogram(spec.low - 0.5, spec.high + 0.5, round(spec.high - spec.low) + 1)
    return Histogram(spec.low, spec.high)


def _prior_shares(spec: ParameterSpec, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of all values that the prior has in each bin."""
    if spec.is_discrete:
        whole = np.arange(spec.low, spec.high + 1)
        counts = np.histogram(whole, edges)[0]
        return np.asarray(counts / counts.sum())
    return np.diff(spec.to_unit(edges))


def _pictures(sample: Sample) -> list[NDArray[Any]]:
    """What is seen in a sample: colours, or whatever else there is."""
    images = [capture.images for capture in sample.views.values()]
    return [each["rgb"] for each in images if "rgb" in each] or [array for each in images for array in each.values()]


def _add_named(named: Named, index: int) -> None:
    named.count += 1
    if len(named.first) < NAMED:
        named.first.append(index)
