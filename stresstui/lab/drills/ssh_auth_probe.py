"""A visitor who knocks at an SSH server with one key."""

from pathlib import Path

import asyncssh

from stresstui.lab.drills.auth_probe import Answer
from stresstui.lab.net.socks import Address


class SshVisitor:
    """Let in is whose key is accepted by the server that holds the host key."""

    def __init__(self, door: Address, user: str, host_key: str, key: Path) -> None:
        self._door, self._user, self._key = door, user, str(key)
        self._known = asyncssh.import_known_hosts(f"[{door.host}]:{door.port} {host_key}\n")

    async def knock(self) -> Answer:
        """Log in and leave at once."""
        try:
            connection = await asyncssh.connect(
                *self._door,
                username=self._user,
                client_keys=[self._key],
                known_hosts=self._known,
                config=None,
                agent_path=None,
                preferred_auth="publickey",
            )
        except asyncssh.PermissionDenied:
            return "refused"
        except (OSError, asyncssh.Error):
            return "unclear"
        connection.close()
        await connection.wait_closed()
        return "let in"
