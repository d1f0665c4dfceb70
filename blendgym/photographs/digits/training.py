"""How the networks of this study are trained: in chunks of pages, whoever has written them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.digits.network import Reader, Training
from blendgym.photographs.digits.renders import gathered
from blendgym.photographs.digits.scenario import Page
from blendgym.photographs.lessons import Lessons
from blendgym.photographs.streams import CHUNK, chunks_of, taught_stream
from blendgym.photographs.study import Arm, Blenders, Report

Labelled = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Bitmaps, (digits, 8, 8), and what each of them shows, (digits,)."""


class Settings(Lessons, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained.

    Args:
        training: Of each network.
        kinds: How many digits there are, from 0 on. Others are left out when networks are trained and examined.

    The other arguments are those of ``Lessons``; renders are pages.
    """

    training: Training = Training()
    passing_loss: float = 0.3
    warm_up: int = 96
    validation: int = 128
    kinds: int = 10


def trained(training: Training, chunks: Sequence[Labelled], seed: int) -> Reader:
    """A network that has learned from digits which came in chunks."""
    reader = Reader(training, len(chunks), seed)
    for bitmaps, digits in chunks:
        reader.learn(bitmaps, digits)
    reader.finish()
    return reader


def taught(
    settings: Settings, arm: Arm, seed: int, blenders: Blenders, report: Report
) -> tuple[Reader, NDArray[np.uint8]]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first pages of it.

    Each chunk is drawn by the losses on all before it, so that they do not depend on how far Blenders are ahead.
    """
    reader, pictures = Reader(settings.training, -(-arm.images // CHUNK), seed), []
    with taught_stream(Page, arm, seed, blenders, settings.passing_loss, settings.warm_up) as stream:
        for samples in chunks_of(stream, report):
            pages = gathered(samples)
            bitmaps, digits = pages.flat()
            losses = reader.losses(bitmaps, digits).reshape(pages.digits.shape)
            stream.report([sample.index for sample in samples], losses.mean(axis=1), "lockstep")
            reader.learn(bitmaps, digits)
            pictures.append(pages.pictures)
    reader.finish()
    return reader, pictures[0]
