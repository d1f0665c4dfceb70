"""A small network that finds discs in grey pictures, trained from nothing.

X. Zhou et al., "Objects as Points" (2019): a map has a peak at the middle of each object, learned by a focal loss. How
far away its four sides are is learned around the middle, not at one place alone, which needs fewer updates (Z. Liu et
al., "Training-Time-Friendly Network", 2020), by generalized intersection over union (H. Rezatofighi et al., 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate, logsigmoid, max_pool2d, softplus

from blendgym.agents.torch_modes import one_thread
from blendgym.photographs.coins.renders import Boxes, Picture, Pictures
from blendgym.photographs.learner import BatchLearner

STRIDE = 4
"""Pixels of a picture for each of the map."""

MULTIPLE = 16
"""Pictures are padded to multiples of so many pixels."""

LEAST = 0.02
"""Confidence from which on a peak is a detection."""

DIM = 4.0
"""What is added to the deviation of a picture by which it is divided, so that noise in the dark stays small."""

RARE = -3.0
"""What networks answer for heat before they have learned: middles of objects are rare."""

PEAK, NEAR = 0.1, 0.1
"""Deviations of the peak and of the places that sides are learned at, as shares of an object's width and height."""

REACH = 4.0
"""Pixels of the map that a side is away for each unit that networks answer, or nearly so."""

LITTLE = 0.1
"""Places that would count less than this, as a share of what the middle counts, do not count."""

SURE = "sure"
"""Among the arrays of a network that was validated: which confidence is enough."""


FLIPS = ((False, False), (True, False), (False, True), (True, True))
"""Whether left and right and whether top and bottom are changed."""

NOTHING: Boxes = np.zeros((0, 4), np.float32)


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is trained.

    Args:
        steps_per_chunk: Updates after pictures have arrived, on all that have.
        last_steps: Updates after the last ones.
        batch: Pictures in an update.
        rate: Highest learning rate of AdamW, by one cycle (Smith and Topin 2018).
        decay: Of its weights.
        side_weight: Of 1 less the generalized intersection over union, beside the focal loss.
    """

    steps_per_chunk: int = 15
    last_steps: int = 420
    batch: int = 8
    rate: float = 4e-3
    decay: float = 1e-2
    side_weight: float = 1.0


class Targets(NamedTuple):
    """What a network should answer.

    Args:
        heat: 1 at the middle of each object, and less around it, (pictures, height, width).
        sides: How far to the left, up, to the right and down the sides of the object are, in pixels of the map,
            (pictures, 4, height, width).
        shares: How much each place counts for them, 1 for each object in sum, (pictures, height, width).
        middles: Where there is one, (pictures, height, width).
    """

    heat: Tensor
    sides: Tensor
    shares: Tensor
    middles: Tensor


class Finder(nn.Module):
    """Grey pictures (count, 1, height, width) to maps (count, 5, height / 4, width / 4): heat and sides."""

    def __init__(self) -> None:
        super().__init__()
        self.second = nn.Sequential(_layer(1, 12, 2), _layer(12, 24, 2), _layer(24, 24))
        self.third = nn.Sequential(_layer(24, 40, 2), _layer(40, 40))
        self.fourth = nn.Sequential(_layer(40, 64, 2), _layer(64, 64), _layer(64, 64))
        self.up_third, self.up_second = nn.Conv2d(64, 40, 1), nn.Conv2d(40, 24, 1)
        last = nn.Conv2d(32, 5, 1)
        nn.init.constant_(last.bias[:1], RARE)  # type: ignore[index]  # this layer has a bias
        self.head = nn.Sequential(_layer(24, 32), last)

    def forward(self, pictures: Tensor) -> Tensor:
        """The maps of pictures."""
        second = self.second(pictures)
        third = self.third(second)
        fourth = self.fourth(third)
        third = third + interpolate(self.up_third(fourth), scale_factor=2.0, mode="bilinear")
        second = second + interpolate(self.up_second(third), scale_factor=2.0, mode="bilinear")
        answers: Tensor = self.head(second)
        return answers


class Detector(BatchLearner[Pictures]):
    """A network that finds discs, and all that it has seen.

    Args:
        training: How it is trained.
        chunks: How often pictures will arrive.
        seed: Of its first weights and its batches.
    """

    def __init__(self, training: Training, chunks: int, seed: int) -> None:
        super().__init__(Finder, training, chunks, seed)
        self._training = training

    def losses(self, seen: Pictures) -> NDArray[np.float64]:
        """The loss of each picture, (count,), as the network is now."""
        self._network.eval()
        with one_thread(), torch.no_grad():
            answers = self._network(_normalized(seen.grey))
            return np.array([
                float(_loss(answer[None], _targets([own], seen.grey.shape[1:]), self._training.side_weight))
                for answer, own in zip(answers, seen.boxes, strict=True)
            ])  # fmt: skip

    def _loss_of_some(self, known: Pictures) -> Tensor:
        rows = torch.randint(len(known.grey), (self._training.batch,), generator=self._generator)
        flips = torch.randint(2, (self._training.batch, 2), generator=self._generator).bool()
        chosen = [
            flipped(known.grey[row], known.boxes[row], *flip)
            for row, flip in zip(rows.tolist(), flips.tolist(), strict=True)
        ]
        pictures, boxes = np.stack([picture for picture, _ in chosen]), [boxes for _, boxes in chosen]
        answers = self._network(_normalized(pictures))
        return _loss(answers, _targets(boxes, pictures.shape[1:]), self._training.side_weight)


def flipped(picture: Picture, boxes: Boxes, across: bool, over: bool) -> tuple[Picture, Boxes]:
    """A picture and its boxes, with left and right or top and bottom changed."""
    height, width = picture.shape
    left, top, right, bottom = boxes.reshape(-1, 4).T
    if across:
        picture, left, right = picture[:, ::-1], width - right, width - left
    if over:
        picture, top, bottom = picture[::-1], height - bottom, height - top
    return picture, np.stack([left, top, right, bottom], axis=1)


def detect(weights: Mapping[str, NDArray[Any]], picture: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a trained network finds in a picture of any size: the mean of its answers to four flips of it.

    Returns:
        Boxes in pixels, (detections, 4), and how sure it is of each, (detections,).
    """
    network = Finder()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items() if name != SURE})
    network.eval()
    height, width = picture.shape
    padded = np.pad(picture, ((0, -height % MULTIPLE), (0, -width % MULTIPLE)), mode="edge")
    with one_thread(), torch.no_grad():
        heat, *sides = torch.stack([_answer(network, padded, *flip) for flip in FLIPS]).mean(dim=0)
        is_peak = (heat == max_pool2d(heat[None, None], 3, 1, 1)[0, 0]) & (heat > LEAST)
        rows, columns = torch.nonzero(is_peak, as_tuple=True)
        left, up, right, down = (side[rows, columns].double().numpy() for side in sides)
        confidences = heat[rows, columns].double().numpy()
    x, y = columns.numpy() + 0.5, rows.numpy() + 0.5
    boxes = STRIDE * np.stack([x - left, y - up, x + right, y + down], axis=1)
    return np.clip(boxes, 0.0, (width, height, width, height)), confidences


def _answer(network: Finder, picture: Picture, across: bool, over: bool) -> Tensor:
    """What a network says to a flipped picture, flipped back: heat from 0 to 1, and sides, (5, height, width)."""
    seen, _ = flipped(picture, NOTHING, across, over)
    answer = network(_normalized(seen[None]))
    left, up, right, down = _sides(answer[0, 1:])
    left, right = (right, left) if across else (left, right)
    up, down = (down, up) if over else (up, down)
    dimensions = [2] * across + [1] * over
    return torch.flip(torch.stack([torch.sigmoid(answer[0, 0]), left, up, right, down]), dimensions)


def _layer(channels: int, further: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(channels, further, 3, stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(further), nn.ReLU())


def _normalized(pictures: NDArray[np.uint8]) -> Tensor:
    """Each with mean 0 and a deviation of nearly 1, (count, 1, height, width)."""
    floats = torch.from_numpy(np.ascontiguousarray(pictures)).float()[:, None]
    deviation, mean = torch.std_mean(floats, dim=(1, 2, 3), keepdim=True)
    # Convolutions on processors are half again as fast with channels last.
    return ((floats - mean) / (deviation + DIM)).contiguous(memory_format=torch.channels_last)


def _targets(boxes: Sequence[Boxes], size: tuple[int, ...]) -> Targets:
    height, width = size[0] // STRIDE, size[1] // STRIDE
    heat, shares = np.zeros((2, len(boxes), height, width), np.float32)
    sides = np.zeros((len(boxes), 4, height, width), np.float32)
    middles = np.zeros((len(boxes), height, width), np.bool_)
    down, right = np.mgrid[:height, :width] + 0.5
    for picture, own in enumerate(boxes):
        # Where objects are near to the same place, it is the smaller one's.
        for left, top, end, bottom in sorted((own / STRIDE).tolist(), key=_area, reverse=True):
            wide, high = end - left, bottom - top
            column, row = min(int((left + end) / 2.0), width - 1), min(int((top + bottom) / 2.0), height - 1)
            away = ((right - column - 0.5) / wide) ** 2 + ((down - row - 0.5) / high) ** 2
            heat[picture] = np.maximum(heat[picture], np.exp(-away / PEAK**2 / 2.0))
            near = np.exp(-away / NEAR**2 / 2.0)
            is_near = near >= LITTLE
            sides[picture, :, is_near] = np.stack([right - left, down - top, end - right, bottom - down], -1)[is_near]
            shares[picture, is_near] = near[is_near] / near[is_near].sum()
            middles[picture, row, column] = True
    return Targets(*(torch.from_numpy(array) for array in (heat, sides, shares, middles)))


def _area(box: Sequence[float]) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _loss(answers: Tensor, targets: Targets, side_weight: float) -> Tensor:
    """The focal loss of the heat and the misfit of boxes, for each object."""
    heat, is_middle = answers[:, 0], targets.middles
    share = torch.sigmoid(heat)
    focal = torch.where(
        is_middle,
        -((1.0 - share) ** 2) * logsigmoid(heat),
        -((1.0 - targets.heat) ** 4) * share**2 * logsigmoid(-heat),
    ).sum()
    misfit = ((1.0 - _agreement(_sides(answers[:, 1:]), targets.sides)) * targets.shares).sum()
    return (focal + side_weight * misfit) / is_middle.sum().clamp(min=1)


def _sides(answers: Tensor) -> Tensor:
    """How far away sides are, in pixels of the map, by what networks answer."""
    return REACH * softplus(answers)


def _agreement(sides: Tensor, others: Tensor) -> Tensor:
    """Generalized intersection over union of boxes around the same places, (pictures, height, width)."""
    common, around = _areas(torch.minimum(sides, others)), _areas(torch.maximum(sides, others))
    union = _areas(sides) + _areas(others) - common
    return common / union - (around - union) / around


def _areas(sides: Tensor) -> Tensor:
    left, up, right, down = sides.unbind(dim=1)
    return (left + right) * (up + down)
