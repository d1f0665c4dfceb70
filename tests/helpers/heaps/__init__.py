"""Scenes whose every episode has other things in it."""
