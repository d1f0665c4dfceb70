"""Finished training runs, as their folders tell of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from blendgym.agents.run_folder import RunFolder


class SolvedRun(NamedTuple):
    """A training run that has come to its end.

    Args:
        folder: Of the run.
        env_id: What it was trained on.
        observes: Its ``obs_type`` there.
        recipe: By which it was trained: the fields of a ``Recipe``, and the ``seed``.
        training: Its ``steps``, ``minutes``, and the ``processor`` and ``cores`` that it had.
    """

    folder: RunFolder
    env_id: str
    observes: str
    recipe: dict[str, Any]
    training: dict[str, Any]

    @property
    def seed(self) -> int:
        """Of environments and algorithm."""
        return int(self.recipe["seed"])

    @property
    def evaluation(self) -> dict[str, Any]:
        """What ``blendgym evaluate`` has found; empty if it has not been asked."""
        file = self.folder.evaluation
        return dict(json.loads(file.read_text())) if file.is_file() else {}


def read_runs(home: Path) -> list[SolvedRun]:
    """The finished runs in a folder of run folders; of several with the same seed, the latest."""
    from blendgym.agents.run_folder import RunFolder

    latest: dict[tuple[str, str, int], SolvedRun] = {}
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        folder = RunFolder(path)
        if folder.training.is_file():
            spec, training = folder.env_spec(), json.loads(folder.training.read_text())
            observes = spec.kwargs.get("obs_type", "state")
            run = SolvedRun(folder, spec.id, observes, folder.recipe(), training)
            latest[run.env_id, run.observes, run.seed] = run
    return [latest[key] for key in sorted(latest)]
