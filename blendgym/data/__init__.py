"""Streams of annotated images: made by Blenders, taken by trainers, recorded, replayed, exported."""

from blendgym.data.sample import Sample
from blendgym.scenario import Scenario

__all__ = ["Sample", "Scenario"]
