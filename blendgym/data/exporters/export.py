"""An export: the samples of a run in a folder, in the format of other programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import get_args

import msgspec

from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.formats import FORMATS, Format, FormatName
from blendgym.data.exporters.pictures import fingerprint_of, pictures_of
from blendgym.data.sample import Sample, check_sample
from blendgym.errors import EnvironmentClosed, ExportFailed, InvalidExport, InvalidOption, PassMissing
from blendgym.names import did_you_mean


class Export:
    """Samples of a run in a folder, in some format, added to one after the other; also to what is there already.

    What is there of a run is not written again. Whatever becomes of the process, the same export can be gone on with.
    The files for all pictures, such as COCO's ``instances.json``, are made by ``close()``.

    Args:
        path: The folder; made if it does not exist.
        kind: Name of the format: one of ``FORMATS``.
        run: Name of the run that the samples are of. Names and numbers of pictures depend on it, so that runs can
            share a folder.
        views: Names of the views that are exported; ``None`` for all.

    Attributes:
        format: What it is exported to, with what that needs and lacks.

    Raises:
        InvalidOption: If there is no such format, or the run has no name.
        InvalidExport: If the folder holds something else, or another process exports to it.
        ExportFailed: If it cannot be written.
    """

    def __init__(
        self, path: str | PathLike[str], kind: FormatName, run: str, views: Collection[str] | None = None
    ) -> None:
        if kind not in FORMATS:
            known = ", ".join(get_args(FormatName))
            raise InvalidOption(f"There is no format {kind!r}; there are {known}.{did_you_mean(kind, FORMATS)}")
        if not isinstance(run, str):
            raise InvalidOption(f"run is {run!r:.80}; expected a name, such as that of the recording.")
        self.format = FORMATS[kind]
        self._run, self._views, self._path, self._is_open = run, views, Path(path), True
        with self._failures():
            self._folder = ExportFolder(self._path, kind)
            try:
                self._writer = self.format.writer(self._folder, run)
            except BaseException:
                self._folder.close()
                raise

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._writer.fingerprints)

    def missing(self, indices: Iterable[int]) -> list[int]:
        """Those samples of the run, by index, that are not there yet."""
        there = self._writer.fingerprints
        return [index for index in indices if index not in there]

    def write(self, sample: Sample) -> bool:
        """Adds a sample.

        Args:
            sample: Of the run.

        Returns:
            Whether it was added: not if it is there already.

        Raises:
            PassMissing: If the format needs a pass that one of its views lacks.
            InvalidExport: If another sample of this index is there.
            InvalidOption: If it is no sample, holds what the format cannot, or lacks a view that is to be exported.
            ExportFailed: If it cannot be written, as on a full disk; the message says how many samples are kept: all
                before this one, but of HDF5 those of the last ``close()``.
            EnvironmentClosed: After ``close()``.
        """
        if not self._is_open:
            raise EnvironmentClosed(f"write() was called after close(); export to {self._path} again.")
        check_sample(sample)
        sample = _with_views(sample, self._views)
        self._folder.check_views(self._run, tuple(sample.views))
        fingerprint = fingerprint_of(sample)
        if sample.index in self._writer.fingerprints:
            self._check_same(sample, fingerprint)
            return False
        _check_passes(sample, self.format)
        self._writer.check(sample)
        with self._failures():
            run = self._folder.enter_run(self._run, tuple(sample.views), self._writer.begin)
            self._writer.write(sample, list(pictures_of(sample, run)), fingerprint)
        return True

    def close(self) -> None:
        """Makes what is written a whole. May be called more than once.

        Raises:
            ExportFailed: If it cannot be written; then the files for all pictures are those of the last time.
        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            with self._failures():
                self._writer.close()
        finally:
            self._folder.close()

    def _check_same(self, sample: Sample, fingerprint: int) -> None:
        if self._writer.fingerprints[sample.index] != fingerprint:
            raise InvalidExport(
                f"{self._path} has another sample {sample.index} of a run {self._run!r} than this one. Two runs in one "
                "export need different names: rename the folder of this one, or export it to another folder."
            )

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise ExportFailed(
                f"{self._path} could not be written: {where}{error.strerror or error}.{self._kept()} Make room, or "
                "mend it, and export again."
            ) from error

    def _kept(self) -> str:
        return f" It has {len(self)} samples of the run {self._run!r}; an export goes on with the others."


def _with_views(sample: Sample, names: Collection[str] | None) -> Sample:
    """A sample as if those of its views were all, in the order that they have."""
    if names is None:
        return sample
    for name in names:
        if name not in sample.views:
            there = ", ".join(map(repr, filter(None, sample.views))) or "a single one without a name"
            raise InvalidOption(
                f"Sample {sample.index} has no view {name!r}; there is {there}.{did_you_mean(name, sample.views)}"
            )
    return msgspec.structs.replace(sample, views={name: sample.views[name] for name in sample.views if name in names})


def _check_passes(sample: Sample, form: Format) -> None:
    if not sample.views:
        raise InvalidOption(f"Sample {sample.index} has no view, so there is nothing to export.")
    for view, capture in sample.views.items():
        where = f"the view {view!r} of sample {sample.index}" if view else f"sample {sample.index}"
        missing = [name for name in form.passes if name not in capture.images]
        if missing:
            raise PassMissing(
                f"{form.title} needs {' and '.join(missing)}, and {where} has {', '.join(capture.images)} only. "
                f"{_cure(sample, view, form)}",
                missing=missing,
                view=view,
            )
        if form.passes and not capture.objects and capture.images["segmentation"].any():
            raise InvalidOption(
                f"{form.title} needs to know what is in sight, and {where} does not tell. Record without objects=False."
            )


def _cure(sample: Sample, view: str, form: Format) -> str:
    """What to do about a view without the passes of a format."""
    passes = " ".join(dict.fromkeys((*sample.views[view].images, *form.passes)))
    complete = [name for name, each in sample.views.items() if not set(form.passes).difference(each.images)]
    return f"Record with --passes {passes}, or change the passes in the scenario's own `views` if it has any there." + (
        f" Or export other views only: --views {' '.join(complete)}" if complete else ""
    )
