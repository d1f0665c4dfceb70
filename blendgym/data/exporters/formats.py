"""The formats that samples can be exported to. A format is one record of the table here, and a writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from blendgym.data.exporters.bop import BopWriter
from blendgym.data.exporters.coco import CocoWriter
from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.hdf5 import Hdf5Writer
from blendgym.data.exporters.webdataset import WebDatasetWriter
from blendgym.data.exporters.writer import Writer
from blendgym.data.exporters.yolo import YoloWriter

FormatName = Literal["coco", "yolo", "bop", "hdf5", "webdataset"]


class Format(NamedTuple):
    """One format.

    Args:
        title: Its name for people.
        passes: Those that every view needs.
        main: What readers open, in the folder of the export.
        lacks: What of a sample it cannot hold, for people; empty if it holds everything.
        writer: Makes what writes the samples of a run.
    """

    title: str
    passes: tuple[str, ...]
    main: str
    lacks: str
    writer: Callable[[ExportFolder, str], Writer]


FORMATS: dict[FormatName, Format] = {
    "coco": Format(
        title="COCO",
        passes=("rgb", "segmentation"),
        main="instances.json",
        lacks="depth, normals, cameras, poses, parameters, labels, keypoints without an object, and hidden objects",
        writer=CocoWriter,
    ),
    "yolo": Format(
        title="YOLO",
        passes=("rgb", "segmentation"),
        main="data.yaml",
        lacks="masks, depth, normals, cameras, poses, keypoints, visibility, parameters, labels, and hidden objects",
        writer=YoloWriter,
    ),
    "bop": Format(
        title="BOP",
        passes=("rgb", "depth", "segmentation"),
        main="train_pbr",
        lacks="normals, keypoints, parameters, labels, hidden objects; masks of whole objects and meshes are not known",
        writer=BopWriter,
    ),
    "hdf5": Format(
        title="HDF5",
        passes=(),
        main="data.h5",
        lacks="",
        writer=Hdf5Writer,
    ),
    "webdataset": Format(
        title="WebDataset",
        passes=("rgb", "segmentation"),
        main="*.tar",
        lacks="depth, normals, cameras, poses, parameters, labels, keypoints without an object, and hidden objects",
        writer=WebDatasetWriter,
    ),
}
"""Every format, by name."""
