"""Opens one file after the other, named on standard input; a crash ends this process only."""

from __future__ import annotations

import json
import sys

from tracker.errors import TrackerError
from tracker.video.sources import open_source

FRAMES = 40


def answer(path: str) -> dict[str, object]:
    """Return what came of a file: the number of frames, or the error in one line."""
    try:
        with open_source(path, end=FRAMES) as source:
            shapes = [frame.image.shape for frame in source]
        return {"frames": len(shapes), "shapes": len(set(shapes))}
    except TrackerError as error:
        return {"error": str(error)}
    except Exception as error:
        return {"unexpected": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
