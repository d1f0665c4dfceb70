"""The scenes of the suite, built from the beginning with other dynamics than the nominal ones."""
