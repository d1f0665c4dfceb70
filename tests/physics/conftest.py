"""Fixtures of the physics: Blenders that all tests of a module share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from blendgym.client.env import BlendEnv


@pytest.fixture(scope="module")
def zoo() -> Iterator[Callable[[str], BlendEnv]]:
    """Environments of the zoo, by the names of their tasks."""
    made: dict[str, BlendEnv] = {}

    def animal(name: str) -> BlendEnv:
        if name not in made:
            made[name] = BlendEnv(f"zoo.tasks:{name}")
        return made[name]

    yield animal
    for env in made.values():
        env.close()
