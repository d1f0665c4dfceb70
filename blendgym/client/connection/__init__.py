"""The client's end of the wire: servers of its own or of others, sessions, requests with deadlines."""
