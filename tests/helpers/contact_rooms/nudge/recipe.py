"""What students do differently here."""

from __future__ import annotations

RECIPES = {}
STUDENTS = {"ars": {"directions": 4, "best": 2, "steps_per_update": 100, "num_envs": 4}}
