"""Exams: questions that are fixed before anything is trained, in a file that cannot be changed unnoticed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.bounds import Count, Natural
from blendgym.errors import InvalidStudy
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.selection import select
from blendgym.studies.domains import Range, parameters_of, widened
from blendgym.studies.files import read_struct, write_struct

Places = NDArray[np.float64]

UNIFORM, EDGES, OUT_OF_RANGE, NOMINAL = "uniform", "edges", "out of range", "nominal"
HARD_DEV, HARD_TEST = "hard, dev", "hard, test"


class Sizes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many questions an exam has, by section.

    Args:
        uniform: Anywhere within the ranges.
        edges: Half of them in corners, half on faces.
        out_of_range: Up to a quarter beyond the ranges, where the declaration of the parameters allows.
        nominal: With the nominal values; only the starts differ.
        hard: Questions that few agents master; at most so many, in each of two halves.
        candidates: Uniform places among which hard ones are looked for.
    """

    uniform: Count = 256
    edges: Natural = 128
    out_of_range: Natural = 128
    nominal: Natural = 32
    hard: Natural = 256
    candidates: Count = 4096

    @classmethod
    def in_proportion(cls, uniform: int) -> Sizes:
        """As many uniform questions, and others in proportion."""
        half, eighth = uniform // 2, max(1, uniform // 8)
        return cls(uniform=uniform, edges=half, out_of_range=half, nominal=eighth, hard=uniform)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Questions of one kind.

    Args:
        name: The name of the kind.
        values: One row for each question, in the order of the exam's ``ranges``.
        winners: Who is known to have won each question; empty if nobody is.
        only_certified: Whether questions that nobody is known to have won do not count.
    """

    name: str
    values: list[list[float]]
    winners: list[str]
    only_certified: bool = False

    @property
    def certified(self) -> NDArray[np.bool_]:
        """Which questions have been won by someone: (questions,)."""
        return np.array([bool(winner) for winner in self.winners], np.bool_)

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Which questions count: (questions,)."""
        return self.certified if self.only_certified else np.ones(len(self.values), np.bool_)


class Exam(msgspec.Struct, frozen=True, kw_only=True):
    """Questions to one environment. All are played together, so that each has its own start state and noise.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        ranges: The ranges of the parameters, wide enough for all questions.
        start_seed: The seed of start states and noise.
        sections: The questions, by kind.
        sha256: Of all of the above; the lock.
    """

    env_id: str
    ranges: dict[str, Range]
    start_seed: int
    sections: list[Section]
    sha256: str = ""

    @property
    def space(self) -> ParameterSpace:
        """The parameters, in ranges wide enough for all questions."""
        return select(parameters_of(self.env_id), self.ranges)

    @property
    def unit(self) -> Places:
        """The places of all questions, section by section, in the cube of ``space``: (questions, dimensions)."""
        return self.space.to_unit(np.concatenate([self.values_of(section) for section in self.sections]))

    def values_of(self, section: Section) -> Places:
        """A section's values in the order of ``space``, which need not be that of the file: (questions, dimensions)."""
        names = list(self.ranges)
        return np.array(section.values)[:, [names.index(name) for name in self.space]]

    @property
    def rows(self) -> dict[str, slice]:
        """Where each section's questions are among all, by name."""
        ends = np.cumsum([len(section.values) for section in self.sections]).tolist()
        return {
            section.name: slice(end - len(section.values), end)
            for section, end in zip(self.sections, ends, strict=True)
        }

    @property
    def counted(self) -> dict[str, NDArray[np.int64]]:
        """The numbers of the questions that count, by section; sections in which none does are left out."""
        rows = self.rows
        counted = {each.name: rows[each.name].start + np.flatnonzero(each.counts) for each in self.sections}
        return {name: numbers for name, numbers in counted.items() if len(numbers)}

    def section(self, name: str) -> Section | None:
        """The section of that name, if there is one."""
        return next((section for section in self.sections if section.name == name), None)

    def locked(self) -> Exam:
        """The same with its checksum."""
        return msgspec.structs.replace(self, sha256=self._checksum())

    def save(self, path: Path) -> None:
        """Writes the exam, locked."""
        write_struct(path, self.locked())

    @classmethod
    def load(cls, path: Path) -> Exam:
        """Reads an exam.

        Raises:
            InvalidStudy: If there is none, or it has been changed since it was locked.
        """
        exam = read_struct(path, cls)
        if exam.sha256 != exam._checksum():
            raise InvalidStudy(
                f"The exam {path} has been changed since it was locked: its checksum is {exam._checksum()}, "
                f"the file says {exam.sha256}. Results of different exams cannot be compared; make it anew."
            )
        return exam

    def _checksum(self) -> str:
        unlocked = msgspec.structs.replace(self, sha256="")
        return hashlib.sha256(msgspec.json.encode(unlocked)).hexdigest()


def make_exam(env_id: str, ranges: dict[str, Range], sizes: Sizes, seed: int, hard: Places | None = None) -> Exam:
    """Makes an exam; its generators are its own, so it shares no draw with any training.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        ranges: The ranges of training.
        sizes: How many questions the sections have; those without one are left out.
        seed: The seed of the exam.
        hard: Places (…, dimensions) in the cube of ``ranges`` for the two hard sections, which share them.
    """
    declared = parameters_of(env_id)
    narrow, wide = select(declared, ranges), select(declared, widened(ranges, declared))
    dimensions = len(narrow)
    generators = {name: keyed_generator("exam", seed, name) for name in (UNIFORM, EDGES, OUT_OF_RANGE, HARD_DEV)}
    within = {
        UNIFORM: generators[UNIFORM].random((sizes.uniform, dimensions)),
        EDGES: _edges(generators[EDGES], sizes.edges, dimensions),
        NOMINAL: np.tile(narrow.nominal_unit, (sizes.nominal, 1)),
    }
    if hard is not None:
        shuffled = generators[HARD_DEV].permutation(hard)
        within[HARD_DEV], within[HARD_TEST] = shuffled[0::2][: sizes.hard], shuffled[1::2][: sizes.hard]
    values = {name: narrow.from_unit(unit) for name, unit in within.items()}
    values[OUT_OF_RANGE] = _out_of_range(generators[OUT_OF_RANGE], sizes.out_of_range, narrow, wide)
    return Exam(
        env_id=env_id,
        ranges={name: (parameter.low, parameter.high) for name, parameter in wide.items()},
        start_seed=int(keyed_generator("exam", seed, "starts").integers(2**31)),
        sections=[_section(name, rows) for name, rows in values.items() if len(rows)],
    ).locked()


def candidates_exam(env_id: str, ranges: dict[str, Range], sizes: Sizes, seed: int) -> Exam:
    """An exam of uniform places only, among which hard ones are looked for; other places than the real exam has."""
    alone = Sizes(uniform=sizes.candidates, edges=0, out_of_range=0, nominal=0, hard=0)
    return make_exam(env_id, ranges, alone, int(keyed_generator("candidates", seed).integers(2**31)))


def _section(name: str, values: Places) -> Section:
    hard = name in (HARD_DEV, HARD_TEST)
    return Section(name=name, values=values.tolist(), winners=[""] * len(values), only_certified=hard)


def _edges(generator: np.random.Generator, count: int, dimensions: int) -> Places:
    corners = generator.integers(0, 2, (count // 2, dimensions)).astype(np.float64)
    faces = generator.random((count - count // 2, dimensions))
    rows = np.arange(len(faces))
    faces[rows, rows % dimensions] = generator.integers(0, 2, len(faces))
    return np.concatenate([corners, faces])


def _out_of_range(
    generator: np.random.Generator, count: int, narrow: ParameterSpace, wide: ParameterSpace
) -> Places:  # fmt: skip
    low, high = (np.array([getattr(each, end) for each in narrow.values()]) for end in ("low", "high"))
    if all((each.low, each.high) == (narrow[name].low, narrow[name].high) for name, each in wide.items()):
        return np.empty((0, len(wide)))
    found: list[NDArray[np.float64]] = []
    while sum(map(len, found)) < count:
        values = wide.from_unit(generator.random((4 * count, len(wide))))
        found.append(values[((values < low) | (values > high)).any(axis=1)])
    return np.concatenate(found)[:count] if found else np.empty((0, len(wide)))
