"""``python -m blendgym`` is the ``blendgym`` command."""

from blendgym.cli import main

if __name__ == "__main__":
    main()
