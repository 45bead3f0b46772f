"""Segmentation of photographs beside OpenCV's mean-shift filter, which gives no labels.

Run `python tests/bench/bench_clustering_pictures.py [--pictures FOLDER]`. Each photograph of 481x321 pixels is filtered
and segmented by turns, five times, both on one thread; the ratio is that of the median processor times, to stay below
2.5. `--pictures` writes each photograph, its filtered version, outlines and flat colors side by side, to look at.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from skimage.data import astronaut, chelsea, coffee
from threadpoolctl import threadpool_limits

from tracker.segmentation import draw_flat, draw_outlines, segment

SIZE = (481, 321)
LIMIT = 2.5
PHOTOGRAPHS = {"astronaut": astronaut, "chelsea": chelsea, "coffee": coffee}


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(name: str, picture: np.ndarray, hs: int, hr: float) -> bool:
    theirs, ours = [], []
    for _ in range(5):
        theirs.append(seconds(lambda: cv2.pyrMeanShiftFiltering(picture, hs, hr, maxLevel=0)))
        ours.append(seconds(lambda: segment(picture, hs=hs, hr=hr)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(
        f"{name:10} hs {hs:2} hr {hr:4}: filter {statistics.median(theirs) * 1e3:5.0f} ms, "
        f"segment {statistics.median(ours) * 1e3:5.0f} ms, ratio {ratio:4.2f}, {segment(picture, hs=hs, hr=hr).count} "
        f"regions {'' if ratio <= LIMIT else 'MISSED'}",
        flush=True,
    )
    return ratio <= LIMIT


def write(name: str, picture: np.ndarray, folder: Path) -> None:
    result = segment(picture)
    rows = ((picture, result.filtered), (draw_outlines(picture, result), draw_flat(result)))
    cv2.imwrite(str(folder / f"{name}.png"), np.vstack([np.hstack(row) for row in rows]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="folder to write pictures to")
    folder = parser.parse_args().pictures
    cv2.setNumThreads(1)
    kept = []
    with threadpool_limits(1):
        for name, make in PHOTOGRAPHS.items():
            picture = cv2.resize(make()[:, :, ::-1].copy(), SIZE, interpolation=cv2.INTER_AREA)
            kept += [compare(name, picture, hs, hr) for hs, hr in ((7, 6.5), (10, 10.0), (15, 4.5))]
            if folder:
                write(name, picture, folder)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
