"""Videos of episodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.errors import InvalidOption

FRAME_RATES = {".mp4": 60.0, ".webp": 25.0, ".gif": 25.0}
"""Most frames per second, by suffix. Animated pictures have no motion vectors: every frame costs."""

Frame = NDArray[np.uint8]


def stride_of(file: Path, rate: float) -> int:
    """Of how many steps one becomes a frame of a video.

    Args:
        file: Of the video.
        rate: Steps per second.

    Raises:
        InvalidOption: If the suffix is none of ``FRAME_RATES``.
    """
    if file.suffix not in FRAME_RATES:
        raise InvalidOption(f"The video is to be {file.name!r}; expected a name that ends in {', '.join(FRAME_RATES)}.")
    return math.ceil(rate / FRAME_RATES[file.suffix])


def write_video(file: Path, frames: Sequence[Frame], rate: float) -> None:
    """Writes frames as an MP4, or as an animated WebP or GIF that begins anew for ever.

    Args:
        file: Its suffix says which; the folder is made.
        frames: uint8 (height, width, 3) each.
        rate: Frames per second.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".mp4":
        _write_mp4(file, frames, rate)
        return
    first, *others = [Image.fromarray(frame) for frame in frames]
    options: dict[str, Any] = {"quality": 70, "method": 6} if file.suffix == ".webp" else {"optimize": True}
    first.save(file, save_all=True, append_images=others, duration=round(1000 / rate), loop=0, **options)


def _write_mp4(file: Path, frames: Sequence[Frame], rate: float) -> None:
    from moviepy.video.io.ImageSequenceClip import ImageSequenceClip

    ImageSequenceClip(list(frames), fps=rate).write_videofile(str(file), logger=None)
