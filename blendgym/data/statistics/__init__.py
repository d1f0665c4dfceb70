"""What is in a recording, in numbers: counted in one pass, in memory that hardly grows with it."""

from __future__ import annotations

from blendgym.data.statistics.numbers import Statistics
from blendgym.data.statistics.tally import Tally, statistics_of

__all__ = ["Statistics", "Tally", "statistics_of"]
