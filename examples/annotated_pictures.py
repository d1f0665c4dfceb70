"""Batches of annotated pictures for PyTorch, rendered while the network trains: nothing is stored.

python examples/annotated_pictures.py
"""

from blendgym.data import Stream


def main() -> None:
    """Prints what a batch consists of."""
    seen = {"passes": ("rgb", "segmentation"), "width": 320, "height": 240}
    with Stream("BlendCartpole-v0", count=16, producers=2, randomize=["dynamics", "visual"], **seen) as stream:
        for batch in stream.loader(batch_size=4, num_workers=2):
            print(tuple(batch["rgb"].shape), batch["rgb"].dtype, batch["objects"][0]["boxes"].tolist())


if __name__ == "__main__":
    main()
