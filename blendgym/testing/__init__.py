"""Two kits with which users test their own tasks and servers."""

from blendgym.testing.checks import Result, run_checks
from blendgym.testing.server.compliance import COMPLIANCE_CHECKS
from blendgym.testing.server.raw_client import RawClient
from blendgym.testing.server.server_under_test import ServerUnderTest
from blendgym.testing.task.conformance import CONFORMANCE_CHECKS, SCENARIO_CHECKS
from blendgym.testing.task.task_under_test import TaskUnderTest

__all__ = [
    "COMPLIANCE_CHECKS",
    "CONFORMANCE_CHECKS",
    "SCENARIO_CHECKS",
    "RawClient",
    "Result",
    "ServerUnderTest",
    "TaskUnderTest",
    "run_checks",
]
