"""How messages get from one process to another: sockets, and ZeroMQ's protocol over the local ones."""
