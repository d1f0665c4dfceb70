"""The scenes of the suite, built from the beginning with other than the nominal values."""
