"""The command line. `main` is the console entry; each verb is one file: its options and its call of the library."""

from tracker.cli.app import main

__all__ = ["main"]
