"""A template that is nowhere."""

from __future__ import annotations

from heaps.task import Heap


class Sofa(Heap):
    """Wants copies of what its scene does not have."""

    templates = ("Sofa",)
