"""What is told of a recording: plain numbers, which become JSON, a figure, or a page of the terminal."""

from __future__ import annotations

import math

import msgspec

from blendgym.data.statistics.duplicates import Pairs
from blendgym.data.statistics.histograms import Distribution

SIGNIFICANT = 1.63
"""Kolmogorov's distance times the root of the count, which 1% of samples from the prior itself exceed."""


class CategoryCount(msgspec.Struct):
    """How often a category is in sight.

    Args:
        objects: Instances in all images.
        images: Images with at least one.
    """

    objects: int = 0
    images: int = 0


class Named(msgspec.Struct):
    """Some samples: how many there are, and the indices of the first."""

    count: int = 0
    first: list[int] = []


class ParameterStatistics(msgspec.Struct, frozen=True):
    """The values of a parameter.

    Args:
        name: Of the parameter.
        unit: Of its values; empty if its declaration is not known.
        choices: Names of the values of a categorical one.
        is_whole: Whether its values are whole numbers, with a bin for each.
        values: How they are distributed.
        expected: How many values its declared prior leads to in each bin; ``None`` if it is not known.
        distance: Between the two distributions, by Kolmogorov: their largest difference at the edge of a bin, from 0
            to 1.
    """

    name: str
    unit: str
    choices: tuple[str, ...]
    is_whole: bool
    values: Distribution
    expected: list[float] | None
    distance: float | None

    @property
    def is_constant(self) -> bool:
        """Whether all values are the same, as of a parameter that is not randomized."""
        return self.values.minimum == self.values.maximum

    @property
    def is_off_prior(self) -> bool:
        """Whether so many values from the prior would hardly look like this: less than 1% do."""
        return (
            self.distance is not None
            and not self.is_constant
            and self.distance * math.sqrt(self.values.count) > SIGNIFICANT
        )


class Statistics(msgspec.Struct, frozen=True):
    """A recording in numbers. An image is one view of one sample.

    Args:
        samples: That could be read.
        images: In all of them.
        annotated: Images that say what is in sight.
        damaged: Samples that could not be read.
        empty: Samples with an annotated image in which nothing is in sight.
        versions: Samples by the version of their distribution.
        categories: By name, the most frequent first.
        instances: Annotated images by the number of objects in sight.
        sizes: Objects of less than 32² pixels, of less than 96², and others, as COCO has it.
        box_sizes: Side of a square as large as the box, as a share of one as large as the image.
        positions: (32, 32) number of boxes in each cell of the image, from the top; each box is spread over its area.
        visibilities: Shares of the objects' pixels that are not hidden.
        truncations: Shares of the amodal boxes outside of the image.
        brightness: Mean of each colour image's luma (Rec. 709 of sRGB), from 0 to 1.
        contrast: Its standard deviation within each colour image.
        parameters: In their order.
        same: Samples whose pictures are equal to those of an earlier one.
        similar: Samples whose picture is nearly that of an earlier one.
    """

    samples: int
    images: int
    annotated: int
    damaged: Named
    empty: Named
    versions: dict[int, int]
    categories: dict[str, CategoryCount]
    instances: dict[int, int]
    sizes: dict[str, int]
    box_sizes: Distribution
    positions: list[list[float]]
    visibilities: Distribution
    truncations: Distribution
    brightness: Distribution
    contrast: Distribution
    parameters: list[ParameterStatistics]
    same: Pairs
    similar: Pairs
