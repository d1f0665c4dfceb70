"""Two kits with which users test their own tasks and servers."""

from blendgym.testing.conformance import CONFORMANCE_CHECKS
from blendgym.testing.task_under_test import TaskUnderTest

__all__ = ["CONFORMANCE_CHECKS", "TaskUnderTest"]
