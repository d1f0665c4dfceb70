"""Parameters of latency and noise, which lie between every task of the suite and its agent."""

from __future__ import annotations

from blendgym.randomization import ActionLatency, ObservationLatency, ObservationNoise, Parameter


def action_latency(high: int) -> Parameter:
    """Of up to so many steps."""
    return Parameter(
        name="action.latency", unit="steps", nominal=0, low=0, high=high, kind="integer", group="actuator",
        binding=ActionLatency(), description="Steps until an action takes effect; the motor rests before the first",
    )  # fmt: skip


def observation_latency(high: int) -> Parameter:
    """Of up to so many steps."""
    return Parameter(
        name="observation.latency", unit="steps", nominal=0, low=0, high=high, kind="integer", group="sensor",
        binding=ObservationLatency(), description="Steps until an observation is seen",
    )  # fmt: skip


def observation_noise(high: float, scale: str) -> Parameter:
    """Of up to such a share of the scale, which is the ``observation_scale`` of the task in words."""
    return Parameter(
        name="observation.noise", unit="1", nominal=0.0, low=0.0, high=high, group="sensor",
        binding=ObservationNoise(), description=f"White noise, as a share of {scale}",
    )  # fmt: skip
