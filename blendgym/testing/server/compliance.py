"""The compliance kit: what every server has to do, asked by a client that does not play by the rules.

With pytest, each check is a test with a name of its own:

    import pytest
    from blendgym.testing import COMPLIANCE_CHECKS, ServerUnderTest

    @pytest.fixture(scope="module")
    def server():
        with ServerUnderTest("my_scenes.reacher:Reacher") as server:  # or address="tcp://…", keys="…"
            yield server

    @pytest.mark.parametrize("check", COMPLIANCE_CHECKS)
    def test_the_server_complies(check, server):
        check(server)

Legal and illegal requests are derived from the server's own welcome. A check fails with ``CheckFailed``; one that does
not apply is skipped.
"""

from __future__ import annotations

from blendgym.testing.server.frame_checks import FRAME_CHECKS
from blendgym.testing.server.request_checks import REQUEST_CHECKS
from blendgym.testing.server.session_checks import SESSION_CHECKS

COMPLIANCE_CHECKS = (*SESSION_CHECKS, *REQUEST_CHECKS, *FRAME_CHECKS)
"""Every check of a server."""
