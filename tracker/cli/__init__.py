"""The command line. `main` is the console entry; each verb is one small file that only wires."""

from tracker.cli.app import main

__all__ = ["main"]
