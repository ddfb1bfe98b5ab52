"""``stresstui serve``: a run in a browser."""

import socket
from pathlib import Path

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal.refuse import refuse
from stresstui.core.model.outcome import ExitCode


@click.command()
@click.argument("run", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 = any free one.")
@click.option("--theme", metavar="NAME", help="Colours of the screen.")
@report_dir_option
def serve(run: str | None, port: int, theme: str | None, report_dir: Path) -> None:
    """Show RUN in a browser on this machine, read only; without RUN the one that is on, else the newest.

    It listens on 127.0.0.1 only, and asks for the token in the address that it prints. To look from elsewhere, forward
    the port: ssh -L 8000:127.0.0.1:8000 BOX
    """
    run_dir = find_run(run, report_dir, live=False)
    try:
        from stresstui.tui.serve import HOST, make_server
    except ImportError:
        refuse("stresstui serve: needs the extra 'web': pip install 'stresstui[web]'", ExitCode.COULD_NOT_RUN)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind((HOST, port))
        except OSError as error:
            refuse(f"stresstui serve: port {port}: {error.strerror}; take another with --port", ExitCode.COULD_NOT_RUN)
        port = free.getsockname()[1]
    make_server(run_dir, port, theme=theme).serve()
