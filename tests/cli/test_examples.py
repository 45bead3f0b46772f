"""Every verb shows examples, and they are right."""

from __future__ import annotations

import shlex

import pytest

from tests.cli.helpers import Cli
from tracker.cli.app import VERBS, _command
from tracker.cli.examples import EXAMPLES


def test_every_verb_has_examples() -> None:
    below = {f"{verb} {name}" for verb in VERBS for name in getattr(_command().commands[verb], "commands", {})}
    assert set(EXAMPLES) == set(VERBS) | below
    assert all(2 <= len(EXAMPLES[verb]) <= 5 for verb in VERBS)


@pytest.mark.parametrize("verb", sorted(EXAMPLES))
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_shows_them(cli: Cli, verb: str, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    shown = cli(*verb.split(), option)
    assert shown.code == 0
    assert "<bool>" not in shown.out
    for line in EXAMPLES[verb]:
        assert " ".join(line.split()) in " ".join(shown.out.split())


@pytest.mark.parametrize("line", [line for lines in EXAMPLES.values() for line in lines])
def test_the_options_of_an_example_exist(line: str) -> None:
    words = [word for word in shlex.split(line.partition(" > ")[0].replace("$(", "").replace(")", "")) if word]
    verb, *rest = words[1:]
    command = _command().commands[verb]
    if hasattr(command, "commands"):
        verb, *rest = rest
        command = command.commands[verb]
    if "tracker" in rest:  # what a command inside this one prints
        rest = [*rest[: rest.index("tracker")], "1,2,3,4"]
    with command.make_context(verb, rest) as context:
        assert context.params
