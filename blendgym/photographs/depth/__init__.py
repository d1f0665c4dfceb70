"""Depth by two eyes: disparities from rendered pairs, tested on a pair of photographs."""
