"""The documentation of a task says what its declaration says. Nothing is launched for this."""

from __future__ import annotations

import inspect

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


def check_the_documented_parameters_are_the_declared_ones(task: TaskUnderTest) -> None:
    """Compares the table under the heading Randomization with the declaration, row by row."""
    _, _, section = _docstring(task).partition("## Randomization")
    table = section.partition("\n## ")[0]
    documented = [_cells(line) for line in table.splitlines() if "`" in line]
    declared = [
        [f"`{p.name}`", p.unit, f"{p.nominal:g}", f"{p.low:g}", f"{p.high:g}", p.description]
        for p in task.declared.parameters.values()
    ]
    wrong = [row for row in documented if row not in declared]
    missing = [row for row in declared if row not in documented]
    require(
        documented == declared,
        f"The table under '## Randomization' in the docstring of {_name(task)} should have one row for each parameter, "
        "in the order of the declaration, with name, unit, nominal, low, high and description. "
        f"Missing: {_lines(missing)} Not declared: {_lines(wrong)}",
    )


def _docstring(task: TaskUnderTest) -> str:
    """Of the task's own class: an inherited one describes another task."""
    return inspect.cleandoc(type(task.declared).__doc__ or "")


def _name(task: TaskUnderTest) -> str:
    return type(task.declared).__name__


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _lines(rows: list[list[str]]) -> str:
    return " ".join(f"| {' | '.join(row)} |" for row in rows) or "none."


DOCUMENTATION_CHECKS = (
    check_the_docstring_has_the_usual_headings,
    check_the_documented_parameters_are_the_declared_ones,
)
