"""What a network looks at when it reads a digit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from blendgym.photographs.digits.bitmaps import SIZE
from blendgym.photographs.digits.network import make_network, read

FEATURES = 4
"""Layers up to the last features that have a place in the bitmap."""

REACH = 1
"""Blocks on each side that are made white together with one."""


def grad_cam(weights: Mapping[str, NDArray[Any]], bitmap: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Where features are that speak for a digit, (8, 8), from 0 to 1.

    R. R. Selvaraju and others, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-Based Localization"
    (ICCV 2017).

    Args:
        weights: Of a trained network.
        bitmap: (8, 8).
        digit: For which they are to speak.
    """
    network = make_network().eval()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    with torch.enable_grad():
        features = network[:FEATURES](torch.from_numpy(bitmap)[None, None]).detach().requires_grad_()
        (slopes,) = torch.autograd.grad(network[FEATURES:](features)[0, digit], features)
    seen = torch.relu((slopes.mean(dim=(2, 3), keepdim=True) * features.detach()).sum(dim=1))[0].numpy()
    return np.asarray(seen / max(float(seen.max()), 1e-9))


def occlusion(weights: Mapping[str, NDArray[Any]], bitmap: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """By how much a digit becomes less probable if some blocks are white, (8, 8); below 0 where it becomes more so.

    M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014).

    Args:
        weights: Of a trained network.
        bitmap: (8, 8).
        digit: Whose probability it is.
    """
    hidden = np.repeat(bitmap[None], SIZE * SIZE, axis=0)
    for number, (row, column) in enumerate(np.ndindex(SIZE, SIZE)):
        hidden[number, max(row - REACH, 0) : row + REACH + 1, max(column - REACH, 0) : column + REACH + 1] = 0.0
    before = read(weights, bitmap[None])[0, digit]
    return np.asarray((before - read(weights, hidden)[:, digit]).reshape(SIZE, SIZE))
