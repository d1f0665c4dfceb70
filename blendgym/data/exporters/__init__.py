"""Exports: samples as data sets of other formats, which other programs read.

``FORMATS`` lists them, ``Export`` writes one. What is on disk is described in ``docs/exports.md``.
"""

from __future__ import annotations

from blendgym.data.exporters.export import Export
from blendgym.data.exporters.formats import FORMATS

__all__ = ["FORMATS", "Export"]
