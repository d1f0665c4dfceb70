"""One of the environments of a ``BlendVectorEnv``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.host import Host
from blendgym.client.settings import Settings
from blendgym.errors import ResetNeeded
from blendgym.images.captures import Capture, ObjectEntry
from blendgym.images.views import View
from blendgym.vector.member import Member
from blendgym.wire import messages


class Slot(Member):
    """What can be asked of one environment among many: pictures, facts, its random numbers.

    Args:
        settings: Of all environments.
        host: Keeps its server.
        number: Of the slot there.
    """

    def __init__(self, settings: Settings, host: Host, number: int) -> None:
        super().__init__(settings, number)
        self._settings, self._host, self._number = settings, host, number

    def render(self) -> NDArray[np.uint8]:
        """An image of the present state: ``uint8 (render_height, render_width, 3)``."""
        return self._captured((self._settings.shown,))[0].images["rgb"]

    def capture(
        self, camera: str | None = None, passes: Iterable[str] = ("rgb",), width: int = 640, height: int = 480,
        engine: str | None = None, **options: Any,
    ) -> Capture:  # fmt: skip
        """One picture of the present state with what is known about it; see ``BlendEnv.capture``."""
        view = self._settings.view(camera=camera, passes=passes, width=width, height=height, engine=engine, **options)
        return self._captured((view,))[0]

    def capture_views(self, views: Mapping[str, Mapping[str, Any]]) -> dict[str, Capture]:
        """Several pictures of one moment, in one request; see ``BlendEnv.capture_views``."""
        asked = tuple(self._settings.view(**{**arguments, "name": name}) for name, arguments in views.items())
        return dict(zip(views, self._captured(asked), strict=True))

    @property
    def welcome(self) -> messages.Welcome:
        """What its server says about itself. Launches it if need be."""
        return self._host.connect().connection.welcome

    @property
    def server_pid(self) -> int | None:
        """Process id of its Blender, while there is one."""
        return self._host.pid

    @property
    def objects(self) -> dict[int, ObjectEntry]:
        """What the ids of a segmentation stand for in the present episode. Launches Blender if need be."""
        return {entry.id: entry for entry in self._host.objects_of(self._number)}

    @property
    def categories(self) -> dict[int, str]:
        """What the numbers of a segmentation by category stand for. Launches Blender if need be."""
        return {entry.category_id: entry.category for entry in self._host.objects_of(self._number)}

    def _captured(self, views: tuple[View, ...]) -> tuple[Capture, ...]:
        link = self._host.link_of(self._number)
        if link is None:
            raise ResetNeeded("A picture was asked for before the first reset(); call reset() first.")
        request = messages.Render(slot=self._number, views=views)
        return link.connection.request(request, messages.Rendered).captures
