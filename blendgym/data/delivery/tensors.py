"""Samples as tensors, and several of them as a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from blendgym.checks import check_functions
from blendgym.data.sample import Sample
from blendgym.images.captures import Capture

OBJECTS = "objects"
"""The key of what is in sight. Its number differs from sample to sample, so that it is never stacked."""


def to_tensors(sample: Sample) -> dict[str, Any]:
    """A sample as tensors: the transform of a stream unless another is given.

    Args:
        sample: Any. Of several views, the keys of each begin with its name: ``left_rgb``, ``left_objects``, …

    Returns:
        ``"index"`` and ``"version"``, ints; ``"unit"`` float64 (dimensions,) and ``"log_probability"``, a float, of the
        randomized parameters; images by the name of their pass, channels first: ``"rgb"`` uint8 (3, height, width),
        ``"depth"`` float32 (height, width), ``"segmentation"`` int32 (height, width), …; ``"labels"``, a dict of what
        the scenario says, arrays by name; and ``"objects"``, a dict of those of which anything is seen, if the view
        describes them: ``"boxes"`` float32 (n, 4), left, top, right and bottom in pixels, ``"categories"`` int64 (n,)
        and ``"ids"`` int64 (n,), as in the segmentations.
    """
    tree: dict[str, Any] = {"index": sample.index, "version": sample.version}
    tree |= {"unit": torch.from_numpy(np.array(sample.unit)), "log_probability": sample.log_probability}
    for name, capture in sample.views.items():
        prefix = f"{name}_" if name else ""
        tree |= {prefix + key: _image(image) for key, image in capture.images.items()}
        tree[prefix + OBJECTS] = _objects(capture)
    tree["labels"] = {name: torch.from_numpy(np.array(array)) for name, array in sample.labels.items()}
    return tree


def read_transform(given: Callable[[Sample], Any] | None) -> Callable[[Sample], Any]:
    """What makes of samples what is given; ``None`` is ``to_tensors``.

    Raises:
        InvalidOption: If it cannot be called.
    """
    transform = to_tensors if given is None else given
    check_functions(transform=transform)
    return transform


def collate(samples: Sequence[Any]) -> Any:
    """Several samples as a batch.

    Args:
        samples: All with the same keys and types.

    Returns:
        Dicts as a dict of batches, by key; tensors, arrays and numbers as a tensor with the samples along its first
        axis, if all have one shape. Everything else, and whatever is called ``objects``, as a list.
    """
    first = samples[0]
    if isinstance(first, Mapping):
        return {key: _column(key, [sample[key] for sample in samples]) for key in first}
    if isinstance(first, np.ndarray | np.generic | int | float):
        samples = [torch.as_tensor(sample) for sample in samples]
    if isinstance(samples[0], torch.Tensor) and len({sample.shape for sample in samples}) == 1:
        return _stacked(samples)
    return list(samples)


def _stacked(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    # PyTorch copies with a thread for each processor, which wait for each other where Blenders are at work: on two busy
    # processors 200 ms for eight images of 640×480 instead of 1.
    try:
        return torch.from_numpy(np.stack([tensor.numpy() for tensor in tensors]))
    except (TypeError, RuntimeError):  # Not a plain tensor on the CPU, of a dtype that NumPy has.
        return torch.stack(list(tensors))


def _column(key: Any, values: list[Any]) -> Any:
    return values if str(key).endswith(OBJECTS) else collate(values)


def _image(image: NDArray[Any]) -> torch.Tensor:
    channels_first = np.moveaxis(image, -1, 0) if image.ndim == 3 else image
    return torch.from_numpy(np.array(channels_first, order="C"))


def _objects(capture: Capture) -> dict[str, torch.Tensor]:
    seen = [each for each in capture.objects if each.box is not None]
    return {
        "boxes": torch.tensor([each.box for each in seen], dtype=torch.float32).reshape(-1, 4),
        "categories": torch.tensor([each.category_id for each in seen], dtype=torch.int64),
        "ids": torch.tensor([each.id for each in seen], dtype=torch.int64),
    }
