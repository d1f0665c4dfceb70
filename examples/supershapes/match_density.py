"""Finds out what pictures show: a distribution over supershapes is changed until its renders look like given ones.

Nothing is differentiated but the density that shapes are drawn from, so a renderer is as good as any other function:
the gradient of what a critic says of the pictures is the mean of what it says times the gradient of the logarithm of
that density (score function, REINFORCE). The critic is the witness of the energy distance between both sets of
pictures: how much further a picture is from the given ones than from those that the distribution makes.

python examples/supershapes/match_density.py supershapes.png
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from supershape import Supershape
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import avg_pool2d

from blendgym.data import Sample, Stream
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.episodes import Tasks, plain_tasks
from blendgym.parameters.selection import select

LEARNT = ("m1", "m2")
TARGET, START = (6.0, 4.0), (2.0, 7.0)  # the middle of what is drawn
TARGET_SPREAD, START_SPREAD, MOST_SPREAD = 0.15, 0.6, 0.8  # of the logits


class LogitNormal:
    """A source of parameters whose places in the unit cube have independent normally distributed logits.

    Args:
        space: The parameters.
        mean: Of the logits, (dimensions,).
        deviation: Of the logits, (dimensions,).
    """

    def __init__(self, space: ParameterSpace, mean: Tensor, deviation: Tensor) -> None:
        self.space, self.mean, self.deviation = space, mean, deviation

    def draw(self, episode_seed: int, environment_seed: int) -> Tasks:
        """The parameters of a sample."""
        normal = torch.from_numpy(keyed_generator(episode_seed, "supershape").normal(size=len(self.space)))
        return plain_tasks(torch.sigmoid(self.mean + self.deviation * normal).numpy()[None])

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at places of the cube, (count, dimensions)."""
        return log_density(torch.from_numpy(unit), self.mean, self.deviation).exp().numpy()


class Progress(NamedTuple):
    """How far it has come.

    Args:
        values: Of the parameters: the middle of what is drawn, and what 16% and 84% are below, (3, parameters).
        distance: Of its pictures from the given ones.
        picture: One of them.
    """

    values: NDArray[np.float64]
    distance: float
    picture: NDArray[np.uint8]


def match(
    updates: int = 60, batch: int = 64, targets: int = 256, rate: float = 0.1, producers: int = 2, size: int = 64
) -> Iterator[Progress]:
    """Yields what is aimed at, and then how far it has come after every update.

    Args:
        updates: How many.
        batch: Samples for each.
        targets: How many pictures are given.
        rate: Of learning.
        producers: How many Blenders render.
        size: Of the pictures, in pixels.
    """
    space = select(Supershape.parameters, LEARNT)
    aim, mean = torch.logit(torch.from_numpy(space.to_unit([TARGET, START])))
    spread, log_deviation = torch.full_like(mean, TARGET_SPREAD), torch.full_like(mean, np.log(START_SPREAD))
    optimizer = torch.optim.Adam([mean.requires_grad_(), log_deviation.requires_grad_()], lr=rate, betas=(0.8, 0.95))
    with Stream(Supershape, producers=producers, width=size, height=size) as stream:
        stream.update(LogitNormal(space, aim, spread), at_index=0)
        stream.update(LogitNormal(space, mean.detach(), log_deviation.exp().detach()), at_index=targets)
        samples = iter(stream)
        given = list(islice(samples, targets))
        target = features(given)
        yield progress(space, aim, spread, 0.0, given)
        for _ in range(updates):
            made = list(islice(samples, batch))
            distance, witness = energy(features(made), target)
            optimizer.zero_grad()
            surrogate(made, witness, mean, log_deviation.exp()).backward()
            optimizer.step()
            log_deviation.data.clamp_(max=np.log(MOST_SPREAD))  # Wider ones mostly draw the bounds.
            now = mean.detach().clone(), log_deviation.exp().detach()
            stream.update(LogitNormal(space, *now))
            yield progress(space, *now, distance, made)


def log_density(unit: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    """Logarithm of the density of a ``LogitNormal`` at places of the cube, (count, dimensions): (count,)."""
    return (Normal(mean, deviation).log_prob(torch.logit(unit)) - torch.log(unit * (1.0 - unit))).sum(dim=-1)


def surrogate(made: Sequence[Sample], witness: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    """A number whose gradient is that of the distance between the pictures, by mean and deviation."""
    density = log_density(torch.tensor(np.array([sample.unit for sample in made])), mean, deviation)
    # Some were under way when the distribution changed: they count by how likely they would be now.
    drawn_with = torch.tensor([sample.log_probability for sample in made])
    weights = (density.detach() - drawn_with).exp().clamp(max=2.0)
    return (weights * (witness - witness.mean()) / witness.std() * density).mean()


def features(samples: Sequence[Sample]) -> Tensor:
    """What is compared of pictures: their brightness on a grid of 16 × 16, (samples, 256)."""
    rgb = torch.from_numpy(np.stack([sample.images["rgb"] for sample in samples])).double() / 255.0
    return avg_pool2d(rgb.mean(dim=-1), rgb.shape[1] // 16).flatten(1)


def energy(made: Tensor, target: Tensor) -> tuple[float, Tensor]:
    """The energy distance of two sets of pictures, and its witness at each of the first."""
    across, within = torch.cdist(made, target).mean(dim=1), torch.cdist(made, made).sum(dim=1) / (len(made) - 1)
    within_target = torch.cdist(target, target).sum() / (len(target) * (len(target) - 1))
    return float(2.0 * across.mean() - within.mean() - within_target), across - within


def progress(
    space: ParameterSpace, mean: Tensor, deviation: Tensor, distance: float, samples: Sequence[Sample]
) -> Progress:
    """What is shown of a distribution."""
    values = space.from_unit(torch.sigmoid(torch.stack([mean, mean - deviation, mean + deviation])).numpy())
    return Progress(values, distance, samples[-1].images["rgb"])


def figure(aim: Progress, steps: Sequence[Progress], path: str) -> None:
    """Shows how the distribution went where it was to go, and what it made on its way."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    board = plt.figure(figsize=(10.0, 5.4), layout="constrained")
    above, below = board.subfigures(2, 1, height_ratios=(2.6, 1.0))
    left, right = above.subplots(1, 2)
    values = np.array([step.values for step in steps])
    for column, (name, colour) in enumerate(zip(LEARNT, ("#c8553d", "#2a7f9e"), strict=True)):
        middle, low, high = values[:, :, column].T
        left.plot(middle, color=colour, label=name)
        left.fill_between(range(len(steps)), low, high, color=colour, alpha=0.2, linewidth=0)
        left.axhline(aim.values[0, column], color=colour, linestyle=":", linewidth=1.2)
    left.set(xlabel="Update", ylabel="Lobes", title="What is drawn, and what is aimed at (dotted)")
    left.legend(frameon=False)
    right.plot([step.distance for step in steps], color="#444444")
    right.axhline(0.0, color="#444444", linestyle=":", linewidth=1.2)
    right.set(xlabel="Update", ylabel="Energy distance", title="How far its pictures are from the given ones")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    numbers = np.linspace(0, len(steps) - 1, 7).astype(int)
    shown = {f"after {number}": steps[number] for number in numbers.tolist()} | {"given": aim}
    for axes, (title, step) in zip(below.subplots(1, len(shown)), shown.items(), strict=True):
        axes.imshow(step.picture)
        axes.set_axis_off()
        axes.set_title(title, fontsize=9)
    board.savefig(path, dpi=100)


def main() -> None:
    """Matches a distribution over supershapes to pictures, and saves a figure of how that went."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("path", nargs="?", default="supershapes.png", help="of the figure")
    parser.add_argument("--updates", type=int, default=60, help="of the distribution")
    parser.add_argument("--batch", type=int, default=64, help="samples for each update")
    parser.add_argument("--targets", type=int, default=256, help="pictures that are given")
    parser.add_argument("--rate", type=float, default=0.1, help="of learning")
    parser.add_argument("--producers", type=int, default=2, help="Blenders that render")
    parser.add_argument("--size", type=int, default=64, help="of the pictures, in pixels; a multiple of 16")
    arguments: dict[str, Any] = vars(parser.parse_args())
    path, steps = arguments.pop("path"), []
    for number, step in enumerate(match(**arguments)):
        steps.append(step)
        drawn = ", ".join(f"{name} {value:.2f}" for name, value in zip(LEARNT, step.values[0], strict=True))
        print(f"{f'update {number}' if number else 'given'}: {drawn}, distance {step.distance:.3f}", flush=True)
    figure(steps[0], steps[1:], path)


if __name__ == "__main__":
    main()
