"""``stresstui completion``: completion for a shell."""

import click

from stresstui.cli.terminal.refuse import refuse

_VARIABLE = "_STRESSTUI_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that has SHELL complete commands, options, and names of scenarios, runs, themes and metrics.

    \b
    bash:  eval "$(stresstui completion bash)"                       in ~/.bashrc
    zsh:   eval "$(stresstui completion zsh)"                        in ~/.zshrc, behind compinit
    fish:  stresstui completion fish > ~/.config/fish/completions/stresstui.fish
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        refuse(f"stresstui completion: click knows no completion for {shell}")
    try:
        script = kind(ctx.find_root().command, {}, "stresstui", _VARIABLE).source()
    except RuntimeError as error:  # click asks bash for its version
        refuse(f"stresstui completion: {error}")
    click.echo(script)
