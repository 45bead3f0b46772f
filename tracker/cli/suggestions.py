"""What was meant by an option that a verb does not have: a name of other programs, a part of a word, a slip."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any

_ELSEWHERE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "preset": ("config",),
        "settings": ("config", "preset"),
        "config": ("preset",),
        "c": ("preset",),
        "bbox": ("roi",),
        "box": ("roi",),
        "rect": ("roi",),
        "init": ("roi",),
        "video": ("output",),
        "save": ("output",),
        "output": ("out",),
        "o": ("out",),
        "json": ("jsonl",),
        "jsonlines": ("jsonl",),
        "json-lines": ("jsonl",),
        "show": ("display",),
        "view": ("display",),
        "gui": ("display",),
        "window": ("display",),
        "headless": ("no-display",),
        "sound": ("audio",),
        "mute": ("no-audio",),
        "ratio": ("aspect",),
        "aspect-ratio": ("aspect",),
        "stride": ("vid-stride",),
        "skip": ("vid-stride",),
        "frames": ("end",),
        "max-frames": ("end",),
        "rate": ("fps", "fps-true"),
        "framerate": ("fps", "fps-true"),
        "frame-rate": ("fps", "fps-true"),
        "address": ("host",),
        "ground-truth": ("truth",),
        "gt": ("truth",),
        "workers": ("jobs",),
        "force": ("overwrite",),
        "y": ("overwrite",),
        "debug": ("verbose",),
        "silent": ("quiet",),
    }
)
"""What other programs call an option, and its names here, of options or arguments; the first that a verb has counts."""
_ARGUMENT = frozenset({"source", "input", "i", "in", "file"})
"""What other programs call the option that is an argument here."""
_FILLERS = frozenset({"save", "write", "output", "out", "export", "file", "path"})
"""Words beside one that says what is meant: `--save-csv`, `--json-output`."""
_SAME = 0.8
"""Likeness of two words from which on one is the other with a slip."""
_ALIKE = 0.85
"""Likeness to a word of other programs: it need not be meant at all, so less of a slip is believed."""
_SHORTEST = 3
"""Letters of words in which a slip can be told from another word."""
_MOST = 3


def refuse_unknown(command: Any) -> None:
    """Make a command, and the commands below it, say which option was meant by one that it does not have."""
    parse = command.parse_args

    def parse_args(context: Any, words: list[str]) -> Any:
        options = [name for param in command.params for name in (*param.opts, *param.secondary_opts)]
        names = [name for name in options if name.startswith("-")] + list(command.get_help_option_names(context))
        if not context.resilient_parsing:
            _refuse_single_dash(context, words, names)
        try:
            return parse(context, words)
        except Exception as error:
            if not hasattr(error, "possibilities"):
                raise
            context.fail(_sentence(str(error.option_name), names, _arguments_of(command)))  # type: ignore[attr-defined]

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
    word = _plain(option)
    if word.startswith("no") and f"no-{word[2:]}" in known:
        word = f"no-{word[2:]}"
    no = "no-" if word.startswith("no-") else ""
    core = word.removeprefix(no)
    parts = core.split("-")
    words = list(dict.fromkeys((core, "-".join(part for part in parts if part not in _FILLERS) or parts[0])))
    # What switches off is never meant by what switches on, nor the other way round.
    long = [name for name in known if len(name) > 1 and name.startswith("no-") == bool(no)]
    found = (
        [no + each for each in words if no + each in known][:1]
        or [no + name for each in words for name in _ELSEWHERE.get(each, ()) if no + name in known][:1]
        or _slips(word, long, _SAME)
        or [no + name for each in words for alias in _slips(each, _ELSEWHERE, _ALIKE) for name in _ELSEWHERE[alias]]
        or [name for each in words for name in long if len(each) > 1 and name.startswith(no + each)]
    )
    return [known[name] for name in dict.fromkeys(found) if name in known][:_MOST]


def _plain(option: str) -> str:
    return option.lstrip("-").lower().replace("_", "-")


def _slips(word: str, names: Iterable[str], least: float) -> list[str]:
    """Return the names, the likeliest, of which `word` is one with a slip: letters changed places, or a few are wrong.

    The first letter is right, else `--bound` would be `--sound`.
    """
    likeness = {
        name: 1.0 if sorted(name) == sorted(word) else SequenceMatcher(None, word, name).ratio()
        for name in names
        if min(len(word), len(name)) >= _SHORTEST and (name[0] == word[0] or sorted(name) == sorted(word))
    }
    best = max(likeness.values(), default=0.0)
    return [name for name in likeness if likeness[name] == best >= least]


def _refuse_single_dash(context: Any, words: Sequence[str], names: Collection[str]) -> None:
    """Refuse `-roi`: letter by letter it would be other options, and `-output x` would name a video after itself."""
    for word in words[: words.index("--") if "--" in words else None]:
        option = word.partition("=")[0]
        if len(option) > 2 and f"-{option}" in names:
            context.fail(f"No such option: {option}. Did you mean -{option}?")


def _sentence(option: str, names: Collection[str], arguments: Sequence[str]) -> str:
    word = _plain(option)
    meant = {word, *_ELSEWHERE.get(word, ())}
    for argument in arguments:
        # One word of `PRESET|FILE`, or what the first argument, which is what a verb reads, is called elsewhere.
        if meant & set(argument.lower().split("|")) or (word in _ARGUMENT and argument == arguments[0]):
            return f"No such option: {option}. Give {argument} without an option."
    options = likely(option, names)
    return f"No such option: {option}." + (f" Did you mean {' or '.join(options)}?" if options else "")


def _arguments_of(command: Any) -> list[str]:
    """The names of the arguments of a command, as its help has them."""
    found = [param for param in command.params if param.param_type_name == "argument"]
    return [str(param.metavar or param.name or "").strip("[]{}").upper() for param in found]
