"""Servers of the lab's own at the far end of a tunnel: echo, a TLS site, an SSH server."""
