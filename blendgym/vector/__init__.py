"""Many environments behind one interface: slots of a few servers, asked together."""
