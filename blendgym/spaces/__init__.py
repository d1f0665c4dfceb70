"""Spaces as both sides of the wire know them: plain data, no Blender, no Gymnasium."""

from blendgym.spaces.box import Box
from blendgym.spaces.integers import Discrete, IntegerSpace, MultiBinary, MultiDiscrete
from blendgym.spaces.named import STATE, Arrays, Dict, Leaf, Space, blank, leaves, named, only

__all__ = [
    "STATE",
    "Arrays",
    "Box",
    "Dict",
    "Discrete",
    "IntegerSpace",
    "Leaf",
    "MultiBinary",
    "MultiDiscrete",
    "Space",
    "blank",
    "leaves",
    "named",
    "only",
]
