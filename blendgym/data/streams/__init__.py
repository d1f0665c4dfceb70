"""Streams: which Blender makes which sample, what is drawn for it, and how samples come to trainers in order."""
