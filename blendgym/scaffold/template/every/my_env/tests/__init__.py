"""Tests of my_env."""
