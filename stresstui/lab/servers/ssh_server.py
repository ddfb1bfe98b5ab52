"""An SSH server that only forwards to loopback, a process of its own; it stands in where OpenSSH is not installed.

Started as ``python -m stresstui.lab.servers.ssh_server HOST_KEY AUTHORIZED_KEYS``; prints its port, then
its counts every second.
"""

import sys

import asyncssh
import uvloop

from stresstui.lab.process.helper import own_port, serve_until_told


class Forwarder(asyncssh.SSHServer):
    """One SSH connection: no shell, no commands, forwarding to loopback only."""

    sessions = authenticated = channels = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Count the session."""
        del conn
        Forwarder.sessions += 1

    def auth_completed(self) -> None:
        """Count the session whose key was accepted."""
        Forwarder.authenticated += 1

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        """Allow a channel to a loopback address."""
        del dest_port, orig_host, orig_port
        Forwarder.channels += 1
        return dest_host.startswith("127.")


def metrics() -> dict[str, float]:
    """Return the counts as metrics."""
    return {
        "ssh_sessions_total": Forwarder.sessions,
        "ssh_authenticated_total": Forwarder.authenticated,
        "ssh_channels_total": Forwarder.channels,
    }


async def serve(host_key: str, authorized_keys: str) -> None:
    """Forward until told to end or the lab is gone."""
    server = await asyncssh.create_server(
        Forwarder, "127.0.0.1", own_port(), server_host_keys=[host_key], authorized_client_keys=authorized_keys
    )
    await serve_until_told(server.get_port(), metrics)
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(*sys.argv[1:]))
