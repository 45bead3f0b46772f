"""What was meant by an option that a verb does not have: a name of other programs, a part of a word, a slip."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from types import MappingProxyType
from typing import Any

_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "preset": "config",
        "settings": "config",
        "bbox": "roi",
        "box": "roi",
        "rect": "roi",
        "init": "roi",
        "video": "output",
        "save": "output",
        "show": "display",
        "view": "display",
        "gui": "display",
        "headless": "no-display",
        "stride": "vid-stride",
        "skip": "vid-stride",
        "force": "overwrite",
        "y": "overwrite",
        "debug": "verbose",
        "silent": "quiet",
    }
)
"""What other programs call an option, and its name here."""
_ARGUMENT = frozenset({"source", "input", "i", "in", "file"})
"""What other programs call the option that is an argument here."""
_SAME = 0.8
"""Likeness of two words from which on one is the other with a slip."""
_MOST = 3


def refuse_unknown(command: Any) -> None:
    """Make a command, and the commands below it, say which option was meant by one that it does not have."""
    parse = command.parse_args

    def parse_args(context: Any, words: list[str]) -> Any:
        options = [name for param in command.params for name in (*param.opts, *param.secondary_opts)]
        names = [name for name in options if name.startswith("-")]
        if not context.resilient_parsing:
            _refuse_single_dash(context, words, names)
        try:
            return parse(context, words)
        except Exception as error:
            if not hasattr(error, "possibilities"):
                raise
            context.fail(_sentence(str(error.option_name), names, _argument_of(command)))  # type: ignore[attr-defined]

    command.parse_args = parse_args
    for below in getattr(command, "commands", {}).values():
        refuse_unknown(below)


def likely(option: str, names: Collection[str]) -> list[str]:
    """Return which of the options `names` was probably meant by `option`, the likeliest first; at most three.

    Args:
        option: what was written, with its dashes.
        names: of options, with their dashes.
    """
    known = {name.lstrip("-"): name for name in names}
    word = option.lstrip("-").lower().replace("_", "-")
    for part in dict.fromkeys((word, *word.split("-"))):
        alias = get_close_matches(part, _ELSEWHERE, 1, _SAME)
        if alias and part not in known and _ELSEWHERE[alias[0]] in known:
            return [known[_ELSEWHERE[alias[0]]]]
    long = [name for name in known if len(name) > 1]
    ranks = (
        [name for name in long if SequenceMatcher(None, word, name).ratio() >= _SAME],
        [name for name in long if len(word) > 1 and word in name.split("-")],
        [name for name in long if len(word) > 1 and name.startswith(word)],
    )
    found = (
        list(dict.fromkeys(name for rank in ranks for name in rank))
        or _sharing(word, long)
        or [name for name in long if word.startswith(name)]
        or get_close_matches(word, long, 2)
    )
    return [known[name] for name in found[:_MOST]]


def _sharing(word: str, names: Sequence[str]) -> list[str]:
    """Return the names that have the most words in common with `word`, for the fewest of their own."""
    parts = set(word.split("-")) - {"no"}
    shares = {name: len(parts & set(name.split("-"))) / len(set(name.split("-"))) for name in names}
    best = max(shares.values(), default=0.0)
    return [name for name in names if best and shares[name] == best]


def _refuse_single_dash(context: Any, words: Sequence[str], names: Collection[str]) -> None:
    """Refuse `-roi`: letter by letter it would be other options, and `-output x` would name a video after itself."""
    for word in words[: words.index("--") if "--" in words else None]:
        option = word.partition("=")[0]
        if len(option) > 2 and f"-{option}" in names:
            context.fail(f"No such option: {option}. Did you mean -{option}?")


def _sentence(option: str, names: Collection[str], argument: str) -> str:
    if option.lstrip("-") in _ARGUMENT and argument:
        return f"No such option: {option}. Give {argument} without an option."
    meant = likely(option, names)
    return f"No such option: {option}." + (f" Did you mean {' or '.join(meant)}?" if meant else "")


def _argument_of(command: Any) -> str:
    """The name of the first argument of a command, as its help has it; "" where it has none."""
    argument = next((param for param in command.params if param.param_type_name == "argument"), None)
    return "" if argument is None else str(argument.metavar or argument.name or "").strip("[]{}").upper()
