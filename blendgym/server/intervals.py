"""Parameters that are drawn anew within an episode."""

from __future__ import annotations

from blendgym.protocol.messages import Episode
from blendgym.randomization import ParameterSpace, Target
from blendgym.randomization.draws import keyed_uniform


class Intervals:
    """Draws parameters anew as an episode goes on. The draws are keyed: the same episode, the same draws.

    Args:
        parameters: Of the task.
        target: What they act on.
    """

    def __init__(self, parameters: ParameterSpace, target: Target) -> None:
        self._parameters, self._target = parameters, target
        self._episode = Episode(seed=0)
        self._steps = 0

    def check(self, episode: Episode) -> None:
        """Looks at the intervals of an episode before it begins.

        Raises:
            InvalidParameter: If a parameter is unknown, its bounds are not within its own, or it is not one that can
                change within an episode.
        """
        for each in episode.intervals:
            self._parameters.known(each.name).drawn_every(each.steps, each.low, each.high)

    def begin(self, episode: Episode) -> None:
        """Begins an episode, whose first values are set already."""
        self._episode, self._steps = episode, 0

    def advance(self) -> bool:
        """Before a step: draws what is due; whether anything was."""
        if not self._episode.intervals:
            return False
        due = [each for each in self._episode.intervals if self._steps and self._steps % each.steps == 0]
        for each in due:
            parameter = self._parameters[each.name].changed(low=each.low, high=each.high)
            value = parameter.from_unit(keyed_uniform(self._episode.seed, each.name, "step", self._steps))
            parameter.binding.apply(self._target, float(value))
        self._steps += 1
        return bool(due)
