"""Groups whose commands are imported only when they are called, so that help is quick."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any, ClassVar, Final

import typer
from typer.core import TyperGroup

from tumen.cli.entry import QUICK

HELP_LENGTH_MAX: Final = 90


class Group(TyperGroup):
    """A group whose list tells the first sentence of each command whole."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands; none is cut off."""
        told = {name: each.get_short_help_str(limit=HELP_LENGTH_MAX)
                for name, each in self.commands.items()}  # fmt: skip
        with formatter.section("Commands"):
            formatter.write_dl(list(told.items()))


class LazyGroup(Group):
    """A group that knows its commands by name and help, and loads the one that is called."""

    told: ClassVar[Mapping[str, str]] = {}
    """What there is, in the order in which a new user meets it."""

    prefix: ClassVar[str] = ""
    """The module of a command is this and the command's name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in their order, then those that were registered otherwise."""
        return [*self.told, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command; None where there is none of that name."""
        if cmd_name not in self.told:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"{self.prefix}{cmd_name}")
        group: typer.Typer | None = getattr(module, "app", None)
        if group is None:
            group = typer.Typer(add_completion=False, rich_markup_mode=None)
            _add(group, cmd_name, module)
        return typer.main.get_command(group)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without loading them."""
        others = {name: each.get_short_help_str(limit=HELP_LENGTH_MAX)
                  for name, each in self.commands.items()}  # fmt: skip
        with formatter.section("Commands"):
            formatter.write_dl(list((others | {**self.told}).items()))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """List the options, then the commands."""
        records = [record for p in self.get_params(ctx) if (record := p.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(records)
        self.format_commands(ctx, formatter)


def command_group(told: str | None = None, of: type[Group] = Group) -> typer.Typer:
    """A group of commands; what it is for is told here, or by its callback."""
    return typer.Typer(
        cls=of, add_completion=False, no_args_is_help=True, rich_markup_mode=None, help=told
    )


def _add(group: typer.Typer, command: str, module: ModuleType) -> None:
    """Add the command of a module; a quick one reads its arguments, and ``--help``, itself."""
    if module.__name__ not in QUICK.values():
        group.command(command)(getattr(module, _function(command)))
        return
    run: Callable[[Sequence[str]], int] = module.run

    def passed(given: Annotated[list[str] | None, typer.Argument()] = None) -> None:
        raise typer.Exit(run(given or []))

    unread = {"ignore_unknown_options": True}
    group.command(command, add_help_option=False, context_settings=unread)(passed)


def _function(command: str) -> str:
    """The function of a command; the word `import` cannot name one."""
    return "import_file" if command == "import" else command
