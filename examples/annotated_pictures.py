"""Batches of annotated pictures for PyTorch, rendered while the network trains: nothing is stored.

python examples/annotated_pictures.py
"""

from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import blendgym  # noqa: F401 (registers the ids)


class AnnotatedPictures(IterableDataset[dict[str, Any]]):
    """Pictures of a randomized environment. Each worker of the loader has a Blender of its own.

    Args:
        env_id: Of the environment.
        count: How many pictures; picture i is always the same, whatever the number of workers.
        arguments: Of ``capture()``.
    """

    def __init__(self, env_id: str, count: int, **arguments: Any) -> None:
        self._env_id, self._count, self._arguments = env_id, count, arguments

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yields image, segmentation and boxes of one picture after the other."""
        worker = get_worker_info()
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        env = gym.make(self._env_id, randomize=["dynamics", "visual"])
        try:
            for seed in range(first, self._count, step):
                env.reset(seed=seed)
                yield self._example(env.unwrapped.capture(passes=("rgb", "segmentation"), **self._arguments))
        finally:
            env.close()

    def _example(self, picture: Any) -> dict[str, Any]:
        visible = [seen for seen in picture.objects if seen.box]
        return {
            "image": torch.from_numpy(picture.images["rgb"]).permute(2, 0, 1),
            "segmentation": torch.from_numpy(picture.images["segmentation"]),
            "boxes": torch.tensor([seen.box for seen in visible]),
            "categories": [seen.category for seen in visible],
        }


def main() -> None:
    """Prints what a batch consists of."""
    pictures = AnnotatedPictures("BlendCartpole-v0", count=16, width=320, height=240, engine="raster")
    for batch in DataLoader(pictures, batch_size=4, num_workers=2, collate_fn=list):
        images = torch.stack([example["image"] for example in batch])
        print(f"{tuple(images.shape)} {images.dtype}, {batch[0]['categories']}, {batch[0]['boxes'].tolist()}")


if __name__ == "__main__":
    main()
