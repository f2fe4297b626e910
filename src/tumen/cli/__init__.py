"""The command line: one module for each group of commands, loaded when it is called."""

from tumen.cli.entry import main

__all__ = ["main"]
