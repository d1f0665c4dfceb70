"""A long time of use, with servers that are broken all the while."""
