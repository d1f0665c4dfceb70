"""The declared parameters as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from blendgym.parameters.space import ParameterSpace

COLUMNS = ("Parameter", "Unit", "Nominal", "Low", "High", "Meaning")

PLACE = "{parameters}"
"""A line of a task's docstring that the table of its parameters takes the place of."""


def parameter_table(parameters: ParameterSpace) -> list[str]:
    """The lines of a Markdown table with a row for each parameter, in the order of the declaration."""
    return [_row(*COLUMNS), "|---" * len(COLUMNS) + "|", *_rows(parameters)]


def with_table(text: str, parameters: ParameterSpace) -> str:
    """A docstring with the table in the place of the line ``{parameters}``, as far indented; or else the same."""
    return "\n".join(_lines(text, parameters))


def _lines(text: str, parameters: ParameterSpace) -> Iterator[str]:
    for line in text.split("\n"):
        if line.strip() != PLACE:
            yield line
            continue
        indent = line[: line.index(PLACE)]
        yield from (indent + row for row in parameter_table(parameters))


def _rows(parameters: ParameterSpace) -> Iterator[str]:
    for name, parameter in parameters.items():
        numbers = [f"{value:g}" for value in (parameter.nominal, parameter.low, parameter.high)]
        yield _row(f"`{name}`", parameter.unit, *numbers, parameter.description)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
