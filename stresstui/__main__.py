"""The program: ``stresstui`` and ``python -m stresstui``."""

import sys


def main() -> None:
    """Run the command line; an error of the program itself is exit code 70, said in one line."""
    from stresstui.cli import cli

    try:
        cli(prog_name="stresstui")
    except Exception as error:
        from stresstui.core.model.outcome import ExitCode

        if "--debug" in sys.argv:
            raise
        kind = type(error).__name__
        sys.stderr.write(f"stresstui: internal error: {kind}: {error}; run it again with --debug for the traceback\n")
        sys.exit(ExitCode.INTERNAL)


if __name__ == "__main__":
    main()
