"""The command line: ``blendgym list | doctor | train | evaluate | bench``."""
