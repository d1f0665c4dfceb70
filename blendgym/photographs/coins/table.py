"""What lies on the table, by name (runs on both sides of the wire). Units: m."""

from __future__ import annotations

COIN = "Coin"
"""Their category."""

STRIKES = 24
COINS = tuple(f"Coin {number}" for number in range(STRIKES))
"""Names of the coins that there are copies of, each struck in its own way."""

METALS = {"Silver": 0.5, "Bronze": 0.35, "Lead": 0.25}
"""Reflectance of the materials of coins, by their names."""

OTHER_MATERIALS = {"Paper": (0.5, 0.48, 0.42), "Wood": (0.25, 0.18, 0.1)}
"""Linear RGB of the materials that no coin has, by their names."""

DISTRACTORS = ("Chip", "Ring", "Pebble", "Die")
"""Names of what lies around."""

OCCLUDERS = ("Straw", "Leaf")
"""Names of what lies on top."""

HEIGHT = 8.0
"""Of the camera."""

WIDTH_OF_VIEW = 2.8
"""Of what it sees of the table."""
