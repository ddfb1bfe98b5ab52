"""Another process behind the echo target's TCP port, so that it scales with cores (Linux; SO_REUSEPORT, socket(7)).

Started as ``python -m stresstui.lab.servers.echo_share PORT``; the kernel deals connections out over all that listen.
"""

import asyncio
import sys

import uvloop

from stresstui.lab.process.helper import serve_until_told
from stresstui.lab.servers.echo import Echo, listening


async def serve(port: int) -> None:
    """Echo until told to end or the lab is gone."""
    server = await asyncio.get_running_loop().create_server(Echo, sock=listening(port, shared=True), backlog=1024)
    await serve_until_told(port, dict)
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
