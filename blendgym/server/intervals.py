"""Parameters that are drawn anew within an episode."""

from __future__ import annotations

from blendgym.parameters import Parameter, ParameterSpace, Target
from blendgym.parameters.draws import keyed_uniform
from blendgym.wire.messages import Episode


class Intervals:
    """Draws parameters anew as an episode goes on. The draws are keyed: the same episode, the same draws.

    Args:
        parameters: Of the task.
        target: What they act on.
    """

    def __init__(self, parameters: ParameterSpace, target: Target) -> None:
        self._parameters, self._target = parameters, target
        self._drawn: list[tuple[int, Parameter]] = []
        self._seed = self._steps = 0

    def check(self, episode: Episode) -> None:
        """Looks at the intervals of an episode before it begins.

        Raises:
            InvalidParameter: If a parameter is unknown, its bounds are not within its own, or it is not one that can
                change within an episode.
        """
        self._parameters_of(episode)

    def begin(self, episode: Episode) -> None:
        """Begins an episode, whose first values are set already."""
        self._drawn, self._seed, self._steps = self._parameters_of(episode), episode.seed, 0

    @property
    def are_none(self) -> bool:
        """Whether nothing changes within the episode."""
        return not self._drawn

    def advance(self) -> bool:
        """Before a step: draws what is due; whether anything was."""
        due = [parameter for steps, parameter in self._drawn if self._steps and self._steps % steps == 0]
        for parameter in due:
            value = parameter.from_unit(keyed_uniform(self._seed, parameter.name, "step", self._steps))
            parameter.binding.apply(self._target, float(value))
        self._steps += 1
        return bool(due)

    def _parameters_of(self, episode: Episode) -> list[tuple[int, Parameter]]:
        return [
            (each.steps, self._parameters.known(each.name).drawn_every(each.steps, each.low, each.high))
            for each in episode.intervals
        ]
