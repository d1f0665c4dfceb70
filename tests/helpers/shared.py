"""Environments that the tests of a module share."""

from __future__ import annotations

from typing import Any

import pytest

from blendgym.client.env import BlendEnv


def shared_env(task: str, **arguments: Any) -> Any:
    """A fixture: one environment for all tests of the module that it is assigned in; each begins with a reset."""

    @pytest.fixture(scope="module")
    def env():
        with BlendEnv(task, **arguments) as made:
            yield made

    return env
