"""Making batches of samples: the same, whoever does it."""

from __future__ import annotations

import contextlib
import random
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from blendgym.data.sample import Sample
from blendgym.errors import TransformError

Transform = Callable[[Sample], Any]
Collate = Callable[[Sequence[Any]], Any]


def transformed(sample: Sample, transform: Transform) -> Any:
    """What a transform makes of a sample; whatever it draws at random depends on the sample's seed alone.

    Args:
        sample: Any.
        transform: May draw from the global generators of ``random``, NumPy and PyTorch.
    """
    with _seeded(sample.seed):
        return transform(sample)


def make_batch(samples: Sequence[Sample], transform: Transform, collate: Collate) -> Any:
    """A batch.

    Args:
        samples: What it consists of.
        transform: Of each sample.
        collate: Makes a batch of what that has made.

    Raises:
        TransformError: If either raises; the message has its traceback.
    """
    rows, doing = [], ""
    try:
        for sample in samples:
            doing = f"The transform of sample {sample.index} (seed {sample.seed})"
            rows.append(transformed(sample, transform))
        doing = f"The collation of the samples {', '.join(str(sample.index) for sample in samples)}"
        return collate(rows)
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        raise TransformError(
            f"{doing} raised {type(error).__name__}: {error}\n\n{trace}", indices=[sample.index for sample in samples]
        ) from error


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Global generators that begin with a seed, and go on afterwards as if nothing had happened."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002 (what transforms use)
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        torch.set_rng_state(states[2])
