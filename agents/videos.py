"""Videos of episodes."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.errors import EvaluationFailed, InvalidOption
from blendgym.files import atomically_written

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

    Raises:
        EvaluationFailed: If it cannot be written, as on a full disk; a file that was there stays.
    """
    write = _write_mp4 if file.suffix == ".mp4" else _write_animation
    try:
        with atomically_written(file) as part:
            write(part, frames, rate)
    except OSError as error:
        raise EvaluationFailed(
            f"The video {file} could not be written: {error.strerror or error}. Make room, or name another file."
        ) from error


def _write_animation(file: Path, frames: Sequence[Frame], rate: float) -> None:
    first, *others = [Image.fromarray(frame) for frame in frames]
    kind = Path(file.stem).suffix[1:]
    options: dict[str, Any] = {"quality": 70, "method": 6} if kind == "webp" else {"optimize": True}
    first.save(file, kind, save_all=True, append_images=others, duration=round(1000 / rate), loop=0, **options)


def _write_mp4(file: Path, frames: Sequence[Frame], rate: float) -> None:
    """Lets ffmpeg write it.

    Raises:
        OSError: If it cannot; moviepy would not notice if that was at the end.
    """
    from imageio_ffmpeg import get_ffmpeg_exe

    height, width, _ = frames[0].shape
    is_even = height % 2 == width % 2 == 0  # The most common format has the colours of two by two pixels.
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(rate), "-i", "-"]
    coded = ["-c:v", "libx264", "-pix_fmt", "yuv420p" if is_even else "yuv444p", "-f", "mp4", "-y", str(file)]
    command = [get_ffmpeg_exe(), "-loglevel", "error", *raw, *coded]
    done = subprocess.run(command, input=np.concatenate(frames).tobytes(), stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace").strip() or f"ffmpeg has ended with {done.returncode}")
