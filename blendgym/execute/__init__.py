"""Work on the nodes of a cluster: one small protocol, and Ray behind it."""
