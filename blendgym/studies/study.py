"""Studies: what is compared, how much it may cost, and how it is judged, all declared before the first run begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from blendgym.agents.students.making import require_student
from blendgym.bounds import Count, NotNegative, Part
from blendgym.errors import InvalidStudy
from blendgym.files import write_whole
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.selection import select
from blendgym.studies.arms import BASELINE, checksums_of, file_name_of
from blendgym.studies.claims import Claim
from blendgym.studies.domains import Range, parameters_of
from blendgym.studies.exams import Sizes
from blendgym.studies.files import checksum, read_struct, require_declared, write_declaration


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How runs are judged.

    Args:
        final_checkpoints: The final score is the mean over so many checkpoints at the end.
        hardest: Tasks are hard that at least and at most so many of the reference agents master.
        worst: Share of the worst questions in the conditional value at risk, between 0 and 1.
        confidence: The confidence of bootstrap intervals, between 0 and 1.
        resamples: How often the bootstrap draws.
        significance: Below which corrected p-values of Welch's test count.
        headroom: By how much the oracle has to beat the baseline on hard questions for a study to be worth its time.

    Raises:
        InvalidStudy: If ``hardest`` is the wrong way round.
    """

    final_checkpoints: Count = 3
    hardest: tuple[Count, Count] = (1, 4)
    worst: Part = 0.2
    confidence: Part = 0.95
    resamples: Count = 2000
    significance: Part = 0.05
    headroom: NotNegative = 0.10

    def __post_init__(self) -> None:
        fewest, most = self.hardest
        if fewest > most:
            raise InvalidStudy(f"rules.hardest is {fewest} to {most} reference agents; put the fewest first.")


class Study(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A comparison of ways to randomize, at equal charged steps and with the same student.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        ranges: The ranges of the parameters that are randomized, by name.
        student: Name of the student.
        arms: Names of what is compared; the baseline is one of them.
        seeds: The seeds of the students: there is one run for each arm and seed.
        steps: Charged steps of a run.
        checkpoints: How often a run sits the exam, at equal distances.
        portion: Steps after which the teacher hears of episodes and may adapt.
        references: Agents trained with uniform randomization, by which hard tasks are found; 0 for no hard section.
        exam: Numbers of questions.
        exam_seed: The seed of the exam.
        rules: How runs are judged.
        claims: What is expected to come of it.
        student_options: What the student is made with besides, such as ``{"history": 8}``.
        files: SHA-256 of the files that are arms, by the arm; noted when the study begins.

    Raises:
        InvalidStudy: If the declaration makes no sense.
        InvalidOption: If there is no such environment or student.
        InvalidParameter: If a parameter is unknown, or its range not within its bounds.
    """

    env_id: str
    ranges: dict[str, Range]
    student: str
    arms: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int = 614_400
    checkpoints: int = 10
    portion: int = 8_192
    references: int = 10
    exam: Sizes = Sizes()
    exam_seed: int = 0
    rules: Rules = Rules()
    claims: tuple[Claim, ...] = ()
    student_options: dict[str, Any] = {}
    files: dict[str, str] = {}

    def __post_init__(self) -> None:
        for part in (self.rules, self.exam, *self.claims):
            require_declared(part)
        if problem := self._contradiction():
            raise InvalidStudy(f"The study of {self.env_id} {problem}.")
        require_student(self.student)
        _ = self.parameters

    @property
    def parameters(self) -> ParameterSpace:
        """Those that are randomized, in their ranges."""
        return select(parameters_of(self.env_id), self.ranges)

    def require_file(self, arm: str, file: Path) -> None:
        """Makes sure that a file is the one that was an arm when the study began.

        Raises:
            InvalidStudy: If it is another, or cannot be read.
        """
        if (present := checksum(file)) != self.files[arm]:
            raise InvalidStudy(
                f"{file} is not the file that the study began with: its checksum is {present}, and the declaration "
                f"says {self.files[arm]}. Put back the one of before, or choose another folder."
            )

    def _contradiction(self) -> str | None:
        if not self.ranges:
            return "randomizes nothing; name parameters and their ranges"
        if BASELINE not in self.arms or len({file_name_of(arm) for arm in self.arms}) < len(self.arms):
            return (
                f"has the arms {', '.join(self.arms)}; expected {BASELINE!r} among them, and no two whose files would "
                "have the same name"
            )
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            return f"has the seeds {self.seeds}; expected at least one, none negative, none twice"
        if not self.rules.final_checkpoints <= self.checkpoints <= self.steps:
            return (
                f"has {self.checkpoints} checkpoints; expected at least {self.rules.final_checkpoints}, as so many "
                f"count for the final score (rules.final_checkpoints), and no more than its {self.steps} steps"
            )
        for claim in self.claims:
            if not {claim.arm, claim.against} <= set(self.arms):
                return f"claims something of {claim.arm} and {claim.against}; its arms are {', '.join(self.arms)}"
        if self.portion < 1 or self.references < 0:
            return f"has portions of {self.portion} steps and {self.references} references; expected 1 and 0 or more"
        return None


class Job(NamedTuple):
    """One run of a study.

    Args:
        study: Folder of the study.
        arm: Name of the arm.
        seed: The seed of the student.
        is_reference: Whether it is there to find hard questions rather than to be compared.
    """

    study: Path
    arm: str
    seed: int
    is_reference: bool = False

    @property
    def folder(self) -> Path:
        """Where the run keeps its files."""
        kind = "references" if self.is_reference else "runs"
        return self.study / kind / f"{file_name_of(self.arm)}-seed{self.seed}"


class StudyFolder:
    """The folder of a study: its declaration, its exam, its runs, its results.

    Args:
        path: The path of the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.declaration = path / "study.json"
        self.candidates = path / "candidates.json"
        self.exam = path / "exam.json"
        self.results = path / "results.csv"
        self.summary = path / "summary.csv"
        self.figures = path / "figures"
        self.teachers = path / "teachers"
        self.log = path / "workers.log"

    def declare(self, study: Study) -> None:
        """Writes down the study and keeps the files that are arms, unless it is already there, with the same files.

        Raises:
            InvalidStudy: If the folder has another one, or a file that is an arm is not the one that it began with.
            InvalidOption: If a file that is an arm cannot be read.
        """
        before = self.study.files if self.declaration.exists() else {}
        noted = msgspec.structs.replace(study, files=checksums_of(study.arms) | (study.files or before))
        for arm in noted.files:
            noted.require_file(arm, Path(arm))
        write_declaration(self.declaration, noted)
        for arm in noted.files:
            write_whole(self.teacher(arm), Path(arm).read_bytes())

    @property
    def study(self) -> Study:
        """The study that was declared.

        Raises:
            InvalidStudy: If there is none.
        """
        if not self.declaration.exists():
            raise InvalidStudy(
                f"{self.path} is no folder of a study: there is no {self.declaration.name} in it. "
                "`blendgym dr compare` makes one."
            )
        return read_struct(self.declaration, Study)

    def teacher(self, arm: str) -> Path:
        """Where a file that is an arm is kept for the runs, which may be anywhere."""
        return self.teachers / file_name_of(arm)

    def references(self, study: Study) -> list[Job]:
        """The runs that find hard questions, with seeds of their own."""
        seeds = keyed_generator("references", study.exam_seed).integers(2**31, size=study.references)
        return [Job(self.path, BASELINE, int(seed), is_reference=True) for seed in seeds]

    def jobs(self, study: Study) -> list[Job]:
        """The runs that are compared, seed by seed, so that all arms have come equally far at any time."""
        return [Job(self.path, arm, seed) for seed in study.seeds for arm in study.arms]
