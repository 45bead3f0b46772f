"""The table of verbs, and the exit code of each error."""

from __future__ import annotations

import errno
import importlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, NoReturn

import typer

from tracker import __version__
from tracker.address import redacted
from tracker.cli.examples import epilog_of
from tracker.cli.suggestions import refuse_unknown
from tracker.cli.terminal import printable, set_up_log
from tracker.errors import OutputError, TrackerError

_log = logging.getLogger(__name__)

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "track": "tracker.cli.track",
        "select": "tracker.cli.select",
        "serve": "tracker.cli.serve",
        "probe": "tracker.cli.probe",
        "devices": "tracker.cli.devices",
        "demo": "tracker.cli.demo",
        "eval": "tracker.cli.eval",
        "compare": "tracker.cli.compare",
        "batch": "tracker.cli.batch",
        "convert": "tracker.cli.convert",
        "trax": "tracker.cli.trax",
        "cluster": "tracker.cli.cluster",
        "segment": "tracker.cli.segment",
        "reframe": "tracker.cli.reframe",
        "measure": "tracker.cli.measure",
        "plot": "tracker.cli.plot",
        "config": "tracker.cli.config",
        "doctor": "tracker.cli.doctor",
    }
)
"""Each verb and the module that holds its `app`. A new verb is one file and one line."""

EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "done",
        1: "unexpected error, or something found broken (eval, doctor)",
        2: "usage, configuration, box or target",
        3: "source or display",
        4: "selection cancelled",
        5: "target lost at the end (with --strict)",
        6: "output (without a message where the reader of a pipe has gone)",
        130: "interrupted (Ctrl-C, SIGTERM, SIGHUP); what was done until then is kept",
    }
)
"""The meaning of each exit code, for `--help`."""


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line (`sys.argv` where `arguments` is None) and exit with one of `EXIT_CODES`."""
    set_up_log()
    try:
        _command()(args=arguments, prog_name="tracker")
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        code = report(error)
    raise SystemExit(code)


class _LazyVerbs(Mapping[str, Any]):
    """The commands by verb; each module is imported when its verb is looked up, so that help needs only its own."""

    def __getitem__(self, name: str) -> Any:
        command = typer.main.get_command(importlib.import_module(VERBS[name]).app)
        command.name = name
        _finish_help(command, name)
        refuse_unknown(command)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


def _finish_help(command: Any, path: str) -> None:
    """Put the examples of a verb, and of the verbs below it, under their help."""
    command.epilog = epilog_of(path)
    _flags_without_type(command)
    for name, below in getattr(command, "commands", {}).items():
        _finish_help(below, f"{path} {name}")


def _flags_without_type(command: Any) -> None:
    """Take the type from the flags of a help: they take no value, so it is not worth a column."""
    help_option = command.get_help_option
    command.get_help_option = lambda context: _without_type(help_option(context))
    for param in command.params:
        if getattr(param, "is_flag", False):
            _without_type(param)


def _without_type(option: Any) -> Any:
    option.display_type_rich = lambda *_, **__: None
    return option


def _command() -> Any:
    codes = "\n".join(f"{code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
    app = typer.Typer(
        help="Follow an object through video by mean shift.",
        epilog=f"Exit codes:\n\n{codes}",
        no_args_is_help=True,
        invoke_without_command=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    command: Any = typer.main.get_command(app)
    refuse_unknown(command)
    command.commands = _LazyVerbs()
    _flags_without_type(command)
    return command


def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


def report(error: Exception) -> int:
    """Print `error` as one line to stderr, with its traceback where -v asks for it; return the exit code."""
    _log.debug("traceback of the error:", exc_info=error)
    if isinstance(error, TrackerError):
        # The reader of a pipe has ended, as `head` does: that is no error to report.
        if not isinstance(error.__cause__, BrokenPipeError):
            _say(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.errno == errno.EBADF and _is_closed():
        return OutputError.exit_code
    _say(f"unexpected {type(error).__name__}: {error or 'no message'} (-v shows where)")
    return 1


def _is_closed() -> bool:
    """Say so, and write no more, where the standard output was closed before the start."""
    try:
        os.write(1, b"")
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        _say("standard output is closed: open it, or write into a file")
        return True
    return False


def _say(text: str) -> None:
    typer.echo(f"error: {printable(' '.join(redacted(text).split()))}", err=True)
