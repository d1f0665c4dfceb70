"""The folder of a study."""

from __future__ import annotations

from pathlib import Path

from blendgym.photographs.study import Declaration
from blendgym.studies.files import write_declaration


class StudyFolder:
    """The files of a study on photographs.

    Args:
        path: Of the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.declaration = path / "declaration.json"
        self.lock = path / "lock.json"
        self.lock_on_photographs = path / "lock_on_photographs.json"
        self.results = path / "results.csv"
        self.summary = path / "summary.csv"
        self.renders = path / "renders"
        self.figures = path / "figures"
        self.report = path / "report.html"
        self.log = path / "workers.log"

    def run(self, arm: str, seed: int) -> Path:
        """The folder of a run."""
        return self.path / "runs" / f"{arm}-seed{seed}"

    def declare(self, declaration: Declaration) -> None:
        """Writes down the declaration, unless it is the one that is already there.

        Raises:
            InvalidStudy: If the folder has another one.
        """
        write_declaration(self.declaration, declaration)
