"""What must not change: results, tables, help and the API's document, held against the files in `expected/`.

python -m tests.golden.golden            compares; exit code 1 where something differs
python -m tests.golden.golden --write    renews the files

An intended change is renewed in a commit of its own, whose body says why the numbers or texts changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.golden.comparison import Files, Verdict, report

EXPECTED = Path(__file__).parent / "expected"


def frozen() -> Files:
    """Return the files as they were frozen."""
    paths = sorted(path for path in EXPECTED.rglob("*") if path.is_file())
    return {path.relative_to(EXPECTED).as_posix(): path.read_bytes().decode() for path in paths}


def recorded() -> Files:
    """Return the files as the program makes them now; takes some 30 s of one core."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    import cv2

    from tests.golden.results import results
    from tests.golden.texts import texts

    cv2.setNumThreads(1)
    return {**dict(results()), **dict(texts())}


def write(files: Files) -> None:
    """Put `files` in the place of the frozen ones."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for name, text in files.items():
        path = EXPECTED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def main(words: Sequence[str] | None = None) -> int:
    """Compare or renew; return the exit code."""
    parser = argparse.ArgumentParser(description="Hold what the program makes against the frozen files.")
    parser.add_argument("--write", action="store_true", help="Renew the frozen files.")
    parser.add_argument("--most", type=int, default=5, help="Number of differences shown of each file.")
    asked = parser.parse_args(words)
    old, new = frozen(), recorded()
    text, verdict = report(old, new, asked.most)
    print(text)
    if asked.write:
        write(new)
        print(f"golden: {len(new)} files written")
        return 0
    return int(verdict is Verdict.DIFFERENT)


if __name__ == "__main__":
    sys.exit(main())
