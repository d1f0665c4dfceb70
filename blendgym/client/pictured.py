"""Pictures of an episode, and what is known about what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.host import Host
from blendgym.client.settings import Settings
from blendgym.images.captures import Capture, ObjectEntry
from blendgym.images.views import View
from blendgym.wire import messages


class Pictured:
    """What can be asked of an environment in Blender besides its episodes, whether it is alone or among many."""

    _settings: Settings
    _host: Host
    _number = 0
    """Of its slot there."""

    def capture(
        self, camera: str | None = None, passes: Iterable[str] = ("rgb",), width: int = 640, height: int = 480,
        engine: str | None = None, **options: Any,
    ) -> Capture:  # fmt: skip
        """One picture of the present state with what is known about it; nothing moves.

        Args:
            camera: Name of a camera; ``None`` for that of the environment.
            passes: Names of ``PASSES``.
            width: In pixels.
            height: In pixels.
            engine: One of ``ENGINES``; ``None`` for that of the environment.
            options: Further arguments of ``View``: ``objects``, ``visibility``, ``keypoints``, ``samples``, …

        Returns:
            Images by pass, the camera's projection and pose, and every object in sight if ``objects`` asks for it; by
            default if ids or categories are shown.

        Raises:
            ResetNeeded: Before the first ``reset()``.
            RenderError: If the view cannot be rendered as asked.
            ServerError: If Blender dies or does not answer in time.
        """
        view = self._settings.view(camera=camera, passes=passes, width=width, height=height, engine=engine, **options)
        return self._captured((view,), "capture()")[0]

    def capture_views(self, views: Mapping[str, Mapping[str, Any]]) -> dict[str, Capture]:
        """Several pictures of one moment, in one request.

        Args:
            views: Arguments of ``View`` by the name of each; what one does not say is as in ``capture``.

        Returns:
            A capture for each, by name.

        Raises:
            ResetNeeded: Before the first ``reset()``.
            RenderError: If a view cannot be rendered as asked; then there is none of them.
            ServerError: If Blender dies or does not answer in time.
        """
        asked = tuple(self._settings.view(**{**arguments, "name": name}) for name, arguments in views.items())
        return dict(zip(views, self._captured(asked, "capture_views()"), strict=True))

    @property
    def welcome(self) -> messages.Welcome:
        """What the server says about itself: versions, scene, specs. Launches it if need be."""
        return self._host.connect().connection.welcome

    @property
    def server_pid(self) -> int | None:
        """Process id of Blender, while there is one."""
        return self._host.pid

    @property
    def server_log(self) -> str:
        """What Blender has written so far."""
        return self._host.log

    @property
    def objects(self) -> dict[int, ObjectEntry]:
        """What the ids of a segmentation stand for in the present episode. Launches Blender if need be."""
        return {entry.id: entry for entry in self._host.objects_of(self._number)}

    @property
    def categories(self) -> dict[int, str]:
        """What the numbers of a segmentation by category stand for. Launches Blender if need be."""
        return {entry.category_id: entry.category for entry in self._host.objects_of(self._number)}

    def _shown(self) -> NDArray[np.uint8]:
        return self._captured((self._settings.shown,), "render()")[0].images["rgb"]

    def _captured(self, views: tuple[View, ...], call: str) -> tuple[Capture, ...]:
        return self._host.capture(self._number, views, call)
