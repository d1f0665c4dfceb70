"""What studies on photographs have in common: arms, a declaration, photographs that stay closed, a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.execute.cluster import LOCAL

if TYPE_CHECKING:
    from blendgym.photographs.results import Verdict

Arrays = dict[str, NDArray[Any]]
Worth = Callable[[Arrays, NDArray[np.float64]], float]
"""What a run is worth, from 0 to 1, by its answers, if its objects count by weights that sum up to 1, (objects,)."""

Report = Callable[[int], None]
"""Is told of how many images have been made so far."""


class Blenders(NamedTuple):
    """What renders for a study.

    Args:
        producers: How many at a time.
        execute: Where, as ``find_cluster`` takes it.
    """

    producers: int
    execute: str = LOCAL


ONE = Blenders(1)
"""For renders that are there already."""


class Arm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to train networks.

    Args:
        name: Of the arm, a word for files.
        what: What is different about it, for tables.
        images: Rendered for each of its runs; or as many objects of photographs as these would have.
        question: The one of the study that it belongs to.
        randomize: Groups and names of the parameters that are drawn; all others keep their nominal values.
        teacher: Who draws them: ``"adaptive"``, or nobody for their priors.
        on_photographs: Whether it is trained on photographs, for comparison, and on those that it is not examined on.
        networks_of: The arm before it whose networks it has, to be examined on something else; empty for its own.
        settings: What it has in place of the study's settings of these names.
        against: The arm that it is compared with; empty for none.
    """

    name: str
    what: str
    images: int
    question: str
    randomize: tuple[str, ...] = ()
    teacher: str = ""
    on_photographs: bool = False
    networks_of: str = ""
    settings: dict[str, Any] = {}
    against: str = ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is decided before the photographs are opened.

    Args:
        study: Name of the study.
        arms: What is compared. The first one is what the study stands for.
        seeds: Of the runs of each arm.
        settings: How networks are trained, as plain data.
        sources: SHA-256 of the sources that make the images and the networks.
        photographs: SHA-256 of the photographs and of what is true of them.
        quick: Whether it is a rehearsal, which leaves the photographs closed, and has others that stand in for them.
        resamples: How often the bootstrap draws.
        confidence: Of its intervals.

    Raises:
        InvalidStudy: If it contradicts itself.
    """

    study: str
    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    settings: dict[str, Any]
    sources: str
    photographs: str
    quick: bool = False
    resamples: int = 2000
    confidence: float = 0.95

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if not names or len(set(names)) < len(names) or not {arm.against for arm in self.arms} <= {*names, ""}:
            raise InvalidStudy(f"The study {self.study!r} has the arms {', '.join(names)}; expected some, none twice, "
                               "each compared with another one of them.")  # fmt: skip
        for number, arm in enumerate(self.arms):
            if arm.networks_of not in {"", *names[:number]}:
                raise InvalidStudy(
                    f"The arm {arm.name!r} has the networks of {arm.networks_of!r}; expected an arm before it: "
                    f"{', '.join(names[:number])}."
                )
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise InvalidStudy(f"The study {self.study!r} has the seeds {self.seeds}; expected some, none twice.")

    @property
    def sealed_arms(self) -> list[Arm]:
        """Those that are trained and sealed before the photographs are opened."""
        return [arm for arm in self.trained_arms if not arm.on_photographs]

    @property
    def arms_on_photographs(self) -> list[Arm]:
        """Those that are trained after that, on photographs."""
        return [arm for arm in self.trained_arms if arm.on_photographs]

    @property
    def trained_arms(self) -> list[Arm]:
        """Those that have networks of their own."""
        return [arm for arm in self.arms if not arm.networks_of]

    @property
    def checksum(self) -> str:
        """SHA-256 of all of it."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def shared_images(self, arm: Arm) -> int:
        """How many are rendered for all arms that draw what this one does, without a teacher; it has the first."""
        alike = [each for each in self.sealed_arms if (each.randomize, each.teacher) == (arm.randomize, "")]
        return max(each.images for each in alike)


class Photographs(NamedTuple):
    """What networks are examined on.

    Args:
        images: Of whatever kind the study takes, (objects, …).
        truths: What is true of each, (objects, …).
        others: Further ones, of other sizes.
    """

    images: NDArray[Any]
    truths: NDArray[Any]
    others: tuple[Photographs, ...] = ()

    @property
    def checksum(self) -> str:
        """SHA-256 of all pixels and truths."""
        digest = hashlib.sha256()
        for each in (self, *self.others):
            for array in (each.images, each.truths):
                digest.update(f"{array.dtype.str}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


class Trained(NamedTuple):
    """What a run has come to, before it is examined.

    Args:
        weights: Of its network, by name.
        validation: How good it is on fresh renders, from 0 to 1.
        pictures: Some of its training images at random, uint8 (count, height, width, 3).
    """

    weights: Arrays
    validation: float
    pictures: NDArray[np.uint8]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a run.

    Args:
        arm: The arm of the run.
        seed: Its seed.
        status: ``"finished"``, or ``"failed"``, of which nothing counts.
        error: Why it has failed.
        validation: How good its network is on fresh renders.
        seconds: How long it took.
    """

    arm: str
    seed: int
    status: Literal["finished", "failed"]
    error: str = ""
    validation: float = 0.0
    seconds: float = 0.0


class Examined(NamedTuple):
    """A run after its exam.

    Args:
        record: What became of it.
        weights: Of its network, by name.
        answers: What its network made of the photographs.
    """

    record: Record
    weights: Arrays
    answers: Arrays


class Figure(NamedTuple):
    """Something to look at.

    Args:
        file: PNG.
        caption: What is to be seen, in a sentence.
        question: Where it belongs; empty for the end.
    """

    file: Path
    caption: str
    question: str = ""


class Study(Protocol):
    """What one study fills in.

    Attributes:
        name: On the command line.
        title: Of its report.
        score: What a run is worth in percent of, such as ``"read right"``.
        questions: Title of each question, by its name, in their order.
    """

    name: str
    title: str
    score: str
    questions: Mapping[str, str]

    def declaration(self, quick: bool) -> Declaration:
        """What is to be done: all of it, or a rehearsal of half a minute."""

    def train(
        self, declaration: Declaration, arm: Arm, seed: int, blenders: Blenders, renders: Path, report: Report
    ) -> Trained:
        """Does one run, without any photograph. What runs may share is kept in the folder of renders."""

    def photographs(self, quick: bool) -> Photographs:
        """Opens the photographs; or, for a rehearsal, what stands in for them."""

    def train_on(
        self, photographs: Photographs, declaration: Declaration, arm: Arm, seed: int, renders: Path
    ) -> Trained:
        """Does one run on photographs, after all that is sealed. For its validation there is the folder of renders."""

    def examine(self, declaration: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:
        """What a network makes of the photographs: ``"scores"``, float (objects,), from 0 to 1, and whatever else.

        Arms may have other objects, but not if they are compared. Answers that are single numbers, of shape (), are
        told in the table of all runs.
        """

    def worth(self, answers: Arrays, weights: NDArray[np.float64]) -> float:
        """What a run is worth; ``mean_score`` unless it is more than the mean of what its objects score."""

    def figures(
        self, folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:  # fmt: skip
        """Draws what only this study has to show.

        Args:
            folder: For the files.
            photographs: As they were opened.
            examined: What became of the runs that are finished, by arm.
            verdicts: What each arm is worth.
        """


class TrainedOnRendersAlone:
    """A mixin for studies whose photographs are for the exam and for nothing else."""

    def train_on(
        self,
        photographs: Photographs,  # noqa: ARG002
        declaration: Declaration,  # noqa: ARG002
        arm: Arm,
        seed: int,  # noqa: ARG002
        renders: Path,  # noqa: ARG002
    ) -> Trained:
        """Refuses.

        Raises:
            InvalidStudy: In any case.
        """
        raise InvalidStudy(f"The arm {arm.name!r} would learn from photographs, which are for the exam.")


def opened_photographs(study: Study, declaration: Declaration) -> Photographs:
    """Opens the photographs.

    Raises:
        InvalidStudy: If they are others than were declared.
    """
    photographs = study.photographs(declaration.quick)
    if photographs.checksum != declaration.photographs:
        raise InvalidStudy(
            f"The photographs of {declaration.study!r} have the SHA-256 {photographs.checksum}; declared are "
            f"those with {declaration.photographs}. The package that ships them has others, or a file is damaged."
        )
    return photographs


def mean_score(answers: Arrays, weights: NDArray[np.float64]) -> float:
    """The mean score of objects that count by weights."""
    return float(answers["scores"] @ weights)
