"""The program: ``stresstui`` and ``python -m stresstui``."""

import gc
import signal
import sys

from stresstui.itself import leave


def main() -> None:
    """Run the command line; an error of the program itself is exit code 70, said in one line."""
    try:
        gc.disable()  # nothing of what loads is garbage
        _interrupt_at_once(True)
        _load_msgspec()
        from stresstui.cli.terminal.streams import open_streams

        open_streams()
        code = _run()
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        code = _say_error(error)
    sys.stdout.flush()
    gc.freeze()  # the process ends: what is still there need not be looked through once more
    leave(_for_bisect(code))


def _load_msgspec() -> None:
    """Load it without typing_extensions: it takes of that what typing has too, for a thirtieth of the time to a run."""
    name = "typing_extensions"
    if name in sys.modules or "msgspec" in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[name]


def _interrupt_at_once(at_once: bool) -> None:  # noqa: FBT001 - it is what the name says
    """Let an interrupt end the process itself, or raise as usual: while modules load, the importer may swallow it."""
    raising, ending = signal.default_int_handler, signal.SIG_DFL
    if signal.getsignal(signal.SIGINT) is (raising if at_once else ending):
        signal.signal(signal.SIGINT, ending if at_once else raising)


def _run() -> int:
    """Run the command; give its exit code."""
    import io

    import click

    from stresstui.cli import cli
    from stresstui.cli.starting.surroundings import describe_obstacle
    from stresstui.core.model.errors import RecordError

    gc.freeze()
    gc.enable()
    _interrupt_at_once(False)
    obstacle = describe_obstacle()
    if obstacle:
        sys.stderr.write(f"stresstui: {obstacle}\n")
        return 2
    try:
        code = cli.main(prog_name="stresstui", standalone_mode=False)
    except click.Abort:
        return 130
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        sys.stderr.write(_cleaned(shown.getvalue()))
        return error.exit_code
    except RecordError as error:
        sys.stderr.write(f"stresstui: the run's record cannot be read: {_cleaned(str(error))}\n")
        return 2
    except SystemExit as done:
        return _code_of(done)
    return code if isinstance(code, int) else 0


def _for_bisect(code: int) -> int:
    """Any error at all is "cannot be judged" to ``git bisect run``, not "bad"."""
    if "--bisect" not in sys.argv:
        return code
    from stresstui.cli.starting.repeat import for_bisect

    return for_bisect(code)


def _code_of(done: SystemExit) -> int:
    if isinstance(done.code, str):
        sys.stderr.write(f"{_cleaned(done.code)}\n")
        return 1
    return done.code or 0


def _cleaned(text: str) -> str:
    """What is said of an error quotes what came in."""
    from stresstui.core.text.printable import printable

    return "\n".join(printable(line) for line in text.split("\n"))


def _say_error(error: Exception) -> int:
    if isinstance(error, OSError) and error.filename:
        from stresstui.cli.starting.surroundings import describe_mount

        said = f"{error.filename}: {error.strerror}{describe_mount(error.filename)}"
        sys.stderr.write(f"stresstui: {_cleaned(said)}\n")
        return 2
    kind = type(error).__name__
    what = _cleaned(str(error))
    sys.stderr.write(f"stresstui: internal error: {kind}: {what}; run it again with --debug for the traceback\n")
    return 70


if __name__ == "__main__":
    main()
