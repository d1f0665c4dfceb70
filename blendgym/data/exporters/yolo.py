"""YOLO, in the layout of files that Ultralytics has: a text file with the boxes of each image."""

from __future__ import annotations

import zlib
from pathlib import Path

from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.writer import JournalWriter
from blendgym.data.recording.png import to_png
from blendgym.files import write_whole
from blendgym.geometry import Box

TRAINING, VALIDATION = "train", "val"
ONE_IN = 10
"""Of so many samples one is for validation."""


class YoloWriter(JournalWriter):
    """Writes ``images/{train,val}/*.png``, ``labels/{train,val}/*.txt`` and ``data.yaml``."""

    def write_picture(self, picture: Picture) -> str:
        """Writes the boxes, then the image: one that is there without boxes would say that there is no object."""
        split = split_of(picture.sample.index)
        size = picture.size
        self.folder.enter_categories({seen.category for seen in picture.objects})
        lines = [_line(self.folder.category(seen.category), seen.box, size) for seen in picture.objects if seen.box]
        write_whole(self._place("labels", split, f"{picture.name}.txt"), "".join(lines).encode())
        write_whole(self._place("images", split, f"{picture.name}.png"), to_png(picture.capture.images["rgb"]))
        return split

    def assemble(self) -> None:
        """Makes ``data.yaml``."""
        for split in (TRAINING, VALIDATION):
            self._place("images", split).mkdir(parents=True, exist_ok=True)
        names = [f"  {number}: {yaml_text(name)}\n" for number, name in enumerate(self.folder.categories)]
        head = f"train: images/{TRAINING}\nval: images/{VALIDATION}\nnames:{'' if names else ' {}'}\n"
        write_whole(self.folder.path / "data.yaml", (head + "".join(names)).encode())

    def _place(self, *names: str) -> Path:
        return self.folder.path.joinpath(*names)


def split_of(index: int) -> str:
    """Whether a sample is for training or for validation: a function of its index alone, and in no order."""
    return TRAINING if zlib.crc32(index.to_bytes(8, "little")) % ONE_IN else VALIDATION


def yaml_text(text: str) -> str:
    """Any text as a scalar of YAML, in quotes: what is not printable ASCII is escaped."""
    return '"' + "".join(map(_yaml_letter, text)) + '"'


def _yaml_letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable() and (letter.isalnum() or letter.isascii()):
        return letter
    return f"\\U{ord(letter):08X}"


def _line(category: int, box: Box, size: tuple[int, int]) -> str:
    """Number of the class, and centre, width and height of the box as shares of those of the image."""
    left, top, right, bottom = box
    width, height = size
    numbers = (left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height
    return " ".join([str(category), *(f"{number:.8f}" for number in numbers)]) + "\n"
