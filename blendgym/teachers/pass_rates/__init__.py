"""How often a student passes: counted by regions, and by a calibrated model."""
