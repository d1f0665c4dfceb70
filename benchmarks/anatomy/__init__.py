"""What each microsecond of a step is, on both sides of the wire, on one axis of time."""
