"""How well is it predicted whether a student passes its next episodes?

blendgym bench pass-rates
"""

from __future__ import annotations

from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, Seed


def main(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    teachers: tuple[str, ...] = ("uniform", "frontier"),
    seeds: Count = 2,
    steps: Count = 614_400,
    first_seed: Seed = 90_000,
) -> None:
    """Compares models of the pass rate on the episodes of students: each portion is predicted before it is learnt.

    Args:
        env_id: Id of an environment with ranges for studies.
        teachers: Arms that the students are trained with.
        seeds: How many students of each.
        steps: Environment steps of a student.
        first_seed: Of the first student.
    """
    from blendgym.benchmarks.learning.pass_rate_models import compared

    Console().print(compared(env_id, teachers, seeds, steps, first_seed))
