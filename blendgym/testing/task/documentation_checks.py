"""The documentation of a task says what its declaration says. Nothing is launched for this."""

from __future__ import annotations

import inspect
from unittest import SkipTest

from blendgym.parameters.tables import PLACE, parameter_table
from blendgym.testing.checks import require
from blendgym.testing.task.task_under_test import TaskUnderTest

HEADINGS = (
    "Description", "Action space", "Observation space", "Rewards", "Starting state", "Episode end", "Arguments",
    "Randomization", "Version history",
)  # fmt: skip
"""Those of Gymnasium's own pages, and of this suite."""


def check_the_docstring_has_the_usual_headings(task: TaskUnderTest) -> None:
    """Looks at the headings of the task's docstring."""
    given = tuple(line[3:].strip() for line in _docstring(task).splitlines() if line.startswith("## "))
    require(
        given == HEADINGS,
        f"The docstring of {_name(task)} should have the headings {', '.join(HEADINGS)}, but has "
        f"{', '.join(given) or 'none'}. Begin each with '## '.",
    )


def check_the_docstring_has_the_table_of_the_parameters(task: TaskUnderTest) -> None:
    """Looks for the table under the heading Randomization, as it is made from the declaration."""
    if not task.kind.parameters:
        raise SkipTest("the task has no parameters")
    section = _docstring(task).partition("## Randomization")[2].partition("\n## ")[0]
    documented, declared = section.strip().split("\n"), parameter_table(task.kind.parameters)
    missing = [row for row in declared if row not in documented]
    wrong = [row for row in documented if row not in declared]
    require(
        not missing and not wrong,
        f"Under '## Randomization' in the docstring of {_name(task)} should be the table of its parameters. Write "
        f"{PLACE} there, on a line of its own, and it is filled in. "
        f"Missing: {' '.join(missing) or 'nothing.'} Not declared: {' '.join(wrong) or 'nothing.'}",
    )


def _docstring(task: TaskUnderTest) -> str:
    """Of the task's own class: an inherited one describes another task."""
    return inspect.cleandoc(task.kind.__doc__ or "")


def _name(task: TaskUnderTest) -> str:
    return task.kind.__name__


DOCUMENTATION_CHECKS = (
    check_the_docstring_has_the_usual_headings,
    check_the_docstring_has_the_table_of_the_parameters,
)
