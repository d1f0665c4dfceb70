"""HDF5: a file with all passes of all views as arrays, and everything else about each sample as JSON."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.names import safe_name
from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.writer import Writer
from blendgym.data.recording.deflate import LEVEL, to_zlib
from blendgym.data.recording.plain_json import to_json
from blendgym.data.sample import Sample
from blendgym.errors import InvalidExport, InvalidOption

ROWS = 1024
"""Of a chunk of numbers or texts; an image is a chunk of its own."""

UNNAMED = "view"
"""The group of a single view without a name."""

ANNOTATIONS = "annotations"
"""The texts of a view, next to its images."""


class Hdf5Writer(Writer):
    """Writes ``data.h5``: a group for each run, and in it one for each view.

    HDF5 promises nothing about a file whose writer is killed. So a copy is written to, which takes the place of the
    file when it is closed; one that is left over from a process that was killed is not used.
    """

    def __init__(self, folder: ExportFolder, run: str) -> None:
        import h5py

        super().__init__(folder, run)
        self._path, self._part = folder.path / "data.h5", folder.path / ".data.h5.part"
        self._group = safe_name(run)
        self._file: Any = None
        self._kept: dict[int, int] = {}
        if self._path.exists():
            try:
                with h5py.File(self._path, "r") as file:
                    self._kept = _fingerprints(file.get(self._group, {}))
            except OSError as error:
                raise InvalidExport(f"{self._path} is damaged: {error}. Export to another folder.") from None
        self._fingerprints = dict(self._kept)

    @property
    def fingerprints(self) -> Mapping[int, int]:
        """Those of the samples that have been written, by index."""
        return self._fingerprints

    def write(self, sample: Sample, pictures: Sequence[Picture], fingerprint: int) -> None:
        """Adds a sample that is not there yet; only one that has an index counts, which is written last.

        Raises:
            InvalidOption: If it has other passes, or images of another size, than those before it.
            OSError: If it cannot be written; then all is lost that was added since the file was closed last.
        """
        with self._all_or_nothing():
            self._add(sample, pictures, fingerprint)

    def close(self) -> None:
        """Makes the export of all that has been written, and closes its files."""
        if self._file is None:
            return
        with self._all_or_nothing():
            self._file[self._group].visititems(self._cut)
            self._file.close()
            self._part.replace(self._path)
        self._file, self._kept = None, dict(self._fingerprints)

    def _add(self, sample: Sample, pictures: Sequence[Picture], fingerprint: int) -> None:
        group, place = self._opened().require_group(self._group), len(self._fingerprints)
        for picture in pictures:
            view = group.require_group(picture.view or UNNAMED)
            _check(view, place, picture)
            for name, image in picture.capture.images.items():
                _put_image(view, name, place, image)
            _put(view, ANNOTATIONS, place, to_json(_facts(picture.capture, without="images")))
        _put(group, "samples", place, to_json(_facts(sample, without="views")))
        _put(group, "fingerprint", place, np.uint32(fingerprint))
        _put(group, "index", place, np.int64(sample.index))
        self._fingerprints[sample.index] = fingerprint

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Gives the copy up if it cannot be written: nobody knows what is in it then."""
        try:
            yield
        except (OSError, RuntimeError) as error:  # h5py 3 closes a file on a full disk with a RuntimeError.
            self._give_up()
            number = _number_of(error)
            raise OSError(number, os.strerror(number), str(self._path)) from error

    def _give_up(self) -> None:
        if self._file is not None:
            with suppress(OSError, RuntimeError):
                self._file.close()
        with suppress(OSError):
            os.truncate(self._part, 0)  # h5py may hold it open until the process ends.
        self._part.unlink(missing_ok=True)
        self._file, self._fingerprints = None, dict(self._kept)

    def _opened(self) -> Any:
        import h5py

        if self._file is None:
            self._part.unlink(missing_ok=True)
            if self._path.exists():
                shutil.copyfile(self._path, self._part)
            self._file = h5py.File(self._part, "a")
        return self._file

    def _cut(self, _: str, item: Any) -> None:
        """Cuts off what an interrupted sample has left at the end of an array."""
        if hasattr(item, "resize") and len(item) > len(self._fingerprints):
            item.resize(len(self._fingerprints), axis=0)


def _number_of(error: OSError | RuntimeError) -> int:
    """The ``errno`` of a failure, which some of h5py's errors have in their text alone."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    told = re.search(r"errno = (\d+)", str(error))
    return int(told[1]) if told else errno.EIO


def _fingerprints(group: Any) -> dict[int, int]:
    if "index" not in group:
        return {}
    return dict(zip(group["index"][:].tolist(), group["fingerprint"][:].tolist(), strict=True))


def _facts(struct: msgspec.Struct, without: str) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__ if name != without}


def _check(view: Any, place: int, picture: Picture) -> None:
    if not place:
        return
    before = {name: (array.dtype, array.shape[1:]) for name, array in view.items() if name != ANNOTATIONS}
    now = {name: (image.dtype, image.shape) for name, image in picture.capture.images.items()}
    if now != before:
        raise InvalidOption(
            f"Sample {picture.sample.index} of the run {picture.run.name!r} has the images {_told(now)}; those before "
            f"it have {_told(before)}, and an array of HDF5 takes no others."
        )


def _told(images: Mapping[str, tuple[Any, tuple[int, ...]]]) -> str:
    return ", ".join(f"{name} {dtype} {shape}" for name, (dtype, shape) in sorted(images.items())) or "none"


def _put_image(view: Any, name: str, place: int, image: NDArray[Any]) -> None:
    """Adds an image to its array, compressed here: this library's own way takes five times as long."""
    if name not in view:
        view.create_dataset(
            name, (0, *image.shape), image.dtype, maxshape=(None, *image.shape), chunks=(1, *image.shape),
            compression="gzip", compression_opts=LEVEL, shuffle=True,
        )  # fmt: skip
    view[name].resize(place + 1, axis=0)
    view[name].id.write_direct_chunk((place, *(0,) * image.ndim), to_zlib(_shuffled(image)))


def _shuffled(image: NDArray[Any]) -> bytes:
    """The first bytes of all numbers, then all second ones, and so on, as HDF5's filter orders them."""
    numbers = np.ascontiguousarray(image).view(np.uint8).reshape(-1, image.itemsize)
    ordered = np.empty(numbers.shape[::-1], np.uint8)
    for place in range(image.itemsize):  # NumPy's copy of the transpose takes three times as long.
        ordered[place] = numbers[:, place]
    return ordered.tobytes()


def _put(group: Any, name: str, place: int, value: bytes | np.generic) -> None:
    """Adds a number or a text to its array."""
    import h5py

    if name not in group:
        dtype = h5py.string_dtype() if isinstance(value, bytes) else value.dtype
        group.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=(ROWS,))
    group[name].resize(place + 1, axis=0)
    group[name][place] = value
