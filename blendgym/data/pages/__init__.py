"""Recordings as pages for people: served from disk while they are looked at, or a few samples in a file of its own.

Everything of a page is in ``web/``: plain HTML, CSS and JavaScript, without a framework and without the network.
"""

from __future__ import annotations

from blendgym.data.pages.catalogue import Catalogue
from blendgym.data.pages.document import page_of
from blendgym.data.pages.server import PageServer

__all__ = ["Catalogue", "PageServer", "page_of"]
