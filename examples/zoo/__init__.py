"""A zoo of small scenes of physics, each with a closed form.

The scenes are in ``scenes/``, their tasks in ``tasks.py``, and ``tests/physics/test_zoo_*.py`` hold each to its form.
Look at one from the folder ``examples``: ``blendgym render zoo.tasks:Pile``.
"""
