"""Recordings: samples on disk, in tar files as WebDataset's, and played again without Blender.

``Recording`` writes them and goes on where one has ended; ``Replay`` reads them. What is on disk is described in
``docs/recordings.md``.
"""

from __future__ import annotations

from blendgym.data.recording.recording import Recording
from blendgym.data.recording.replay import Replay
from blendgym.data.recording.taking import recorded

__all__ = ["Recording", "Replay", "recorded"]
