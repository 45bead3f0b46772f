"""What is said of an option that a verb does not have."""

from __future__ import annotations

import pytest

from tests.cli.helpers import Cli
from tracker.cli.suggestions import likely

NAMES = [
    "--roi", "--roi-file", "--csv", "--jsonl", "--mot-output", "--otb-output", "--motion",
    "--output", "-o", "--config", "-c", "--display", "--no-display", "--overwrite",
    "--record", "--at", "--smooth", "--set", "--vid-stride", "--speed",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("--mot", ["--mot-output", "--motion"]),
        ("--otb", ["--otb-output"]),
        ("--out", ["--output"]),
        ("--output-csv", ["--csv"]),
        ("--save-csv", ["--csv"]),
        ("--save-json", ["--jsonl"]),
        ("--json-output", ["--jsonl"]),
        ("--output-file", ["--output"]),
        ("--motion-output", ["--motion"]),
        ("--no-show", ["--no-display"]),
        ("--no-gui", ["--no-display"]),
        ("--no-window", ["--no-display"]),
        ("--nodisplay", ["--no-display"]),
        ("--no-displya", ["--no-display"]),
        ("--headless", ["--no-display"]),
        ("--displya", ["--display"]),
        ("--no-video", []),
        ("--no-output", []),
        ("--no-save-video", []),
        ("--cvs", ["--csv"]),
        ("--recordd", ["--record"]),
        ("--roi-fil", ["--roi-file"]),
        ("--vid_stride", ["--vid-stride"]),
        ("--jsonlines", ["--jsonl"]),
        ("--presets", ["--config"]),
        ("--save-video", ["--output"]),
        ("-y", ["--overwrite"]),
        ("--gpu", []),
        ("--shadow", []),
        ("--promotion", []),
        ("--max-speed", []),
        ("--framerate", []),
        ("--cat", []),
        ("-f", []),
    ],
)
def test_which_option_was_meant(written: str, meant: list[str]) -> None:
    assert sorted(likely(written, NAMES)) == meant


def test_nothing_of_other_programs_that_this_verb_lacks_too() -> None:
    assert likely("--bbox", ["--csv", "--scale"]) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("track", "clip.mp4", "--mot", "x"), "--mot. Did you mean --mot-output or --motion?"),
        (("track", "clip.mp4", "--source", "0"), "--source. Give SOURCE without an option."),
        (("track", "clip.mp4", "--zzz"), "--zzz."),
        (("serve", "-i", "0"), "-i. Give SOURCE without an option."),
        (("config", "show", "--docs"), "--docs. Did you mean --doc?"),
        (("convert", "a.csv", "b.txt", "--form", "mot"), "--form. Did you mean --from?"),
        (("--versions",), "--versions. Did you mean --version?"),
        (("--hlep",), "--hlep. Did you mean --help?"),
        (("track", "clip.mp4", "--hlep"), "--hlep. Did you mean --help?"),
        (("track", "clip.mp4", "--no-sound"), "--no-sound. Did you mean --no-audio?"),
        (("track", "clip.mp4", "--max-frames", "9"), "--max-frames. Did you mean --end?"),
        (("track", "clip.mp4", "--framerate", "9"), "--framerate. Did you mean --fps?"),
        (("measure", "a.csv", "--framerate", "9"), "--framerate. Did you mean --fps-true?"),
        (("reframe", "clip.mp4", "--framerate", "9"), "--framerate."),
        (("reframe", "clip.mp4", "--ratio", "1:1"), "--ratio. Did you mean --aspect?"),
        (("serve", "--addresz", "::1"), "--addresz. Did you mean --host?"),
        (("segment", "a.png", "--max-frames", "9"), "--max-frames."),
        (("eval", "clips", "--save-json", "a"), "--save-json. Did you mean --json?"),
        (("config", "show", "--preset", "fast"), "--preset. Give PRESET|FILE without an option."),
        (("config", "show", "-c", "fast"), "-c. Give PRESET|FILE without an option."),
        (("convert", "a.csv", "--output", "b.txt"), "--output. Give OUT without an option."),
        (("eval", "--folder", "clips"), "--folder. Give FOLDER without an option."),
    ],
)
def test_an_unknown_option_is_led_to_the_one_that_was_meant(words: tuple[str, ...], told: str, cli: Cli) -> None:
    assert_told(cli(*words), told)


@pytest.mark.parametrize("word", ["-roi", "-roi=1,2,30,40", "-output", "-config"])
def test_a_long_option_with_one_dash_is_not_read_letter_by_letter(word: str, cli: Cli) -> None:
    option = word.partition("=")[0]
    assert_told(cli("track", "clip.mp4", word, "x"), f"{option}. Did you mean -{option}?")


def test_what_follows_two_dashes_is_no_option(cli: Cli) -> None:
    shown = cli("track", "--roi", "1,2,30,40", "--", "-roi")
    assert shown.code == 3
    assert "-roi" in shown.err


def assert_told(shown: object, told: str) -> None:
    assert shown.code == 2
    text = " ".join(shown.err.replace("│", " ").split())
    assert f"No such option: {told} ╰" in text
