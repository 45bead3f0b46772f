"""Speed and memory of `MeanShift` beside scikit-learn's, in one process, both on one BLAS thread.

Run `python tests/bench/bench_clustering.py`; `--quick` leaves out what takes minutes. Each case is fitted by turns by
both, five times or more; the ratio is that of the medians. Both run on one thread, so what is measured is processor
time, which other programs on the machine disturb less. Labels and iterations must be equal, or the case fails.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import MeanShift as Reference
from sklearn.cluster import estimate_bandwidth as reference_bandwidth
from sklearn.datasets import make_blobs
from threadpoolctl import threadpool_limits

from tracker.meanshift.clustering import MeanShift, estimate_bandwidth

TUTORIAL = [[1, 1], [-1, -1], [1, -1]]


@dataclass(frozen=True)
class Case:
    """One comparison: `target` is the ratio to reach, `quick` whether it belongs to a quick run."""

    name: str
    points: Callable[[], np.ndarray]
    target: float
    settings: dict[str, object]
    rounds: int = 5
    quick: bool = True


def blobs(count: int, dimensions: int) -> np.ndarray:
    corners = TUTORIAL if dimensions == 2 else np.random.default_rng(1).choice([-1.0, 1.0], size=(3, dimensions))
    return make_blobs(n_samples=count, centers=corners, cluster_std=0.6, random_state=0)[0]


def pixels() -> np.ndarray:
    """The colors of a photograph of 481x321 pixels."""
    from skimage.color import rgb2luv
    from skimage.data import coffee
    from skimage.transform import resize

    return rgb2luv(resize(coffee(), (321, 481), anti_aliasing=True)).reshape(-1, 3)


BINS = {"bin_seeding": True}
CASES = (
    Case("1k 2-D", lambda: blobs(1_000, 2), 1, BINS),
    Case("10k 2-D (the tutorial)", lambda: blobs(10_000, 2), 40, BINS, rounds=9),
    Case("100k 2-D", lambda: blobs(100_000, 2), 50, BINS),
    Case("1M 2-D", lambda: blobs(1_000_000, 2), 120, BINS, quick=False),
    Case("10k 3-D", lambda: blobs(10_000, 3), 12, BINS, rounds=9),
    Case("100k 3-D", lambda: blobs(100_000, 3), 6, BINS),
    Case("10k 5-D", lambda: blobs(10_000, 5), 2, BINS),
    Case("100k 5-D", lambda: blobs(100_000, 5), 2, BINS, quick=False),
    Case("photograph, 154k colors", pixels, 5, {**BINS, "bandwidth": 12.0}, quick=False),
    Case("10k 2-D, all seeds", lambda: blobs(10_000, 2), 30, {}, quick=False),
)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def compare(case: Case) -> bool:
    points = case.points()
    settings = {"bandwidth": reference_bandwidth(points, quantile=0.2, n_samples=500), **case.settings}
    theirs, ours = [], []
    MeanShift(**settings).fit(points[:100])
    for _ in range(case.rounds):
        seconds, expected = timed(lambda: Reference(**settings).fit(points))
        theirs.append(seconds)
        for _ in range(1 if seconds > 5 else 3):
            seconds, got = timed(lambda: MeanShift(**settings).fit(points))
            ours.append(seconds)
    same = np.array_equal(got.labels_, expected.labels_) and got.n_iter_ == expected.n_iter_
    apart = np.abs(got.cluster_centers_ - expected.cluster_centers_).max() / got.bandwidth_ if same else np.inf
    ratio = statistics.median(theirs) / statistics.median(ours)
    spread = [t / statistics.median(ours) for t in theirs]
    reached = same and apart < 1e-6 and ratio >= case.target
    print(
        f"{case.name:26} {statistics.median(theirs) * 1e3:10.1f} {statistics.median(ours) * 1e3:9.2f} {ratio:7.1f} "
        f"{case.target:7.0f}  {min(spread):6.1f}-{max(spread):<6.1f} {len(got.cluster_centers_):3} {got.n_iter_:4} "
        f"{'equal' if same else 'DIFFERENT':9} {apart:.0e} {'' if reached else 'MISSED'}",
        flush=True,
    )
    return reached


def compare_bandwidths(count: int) -> None:
    points = blobs(count, 2)
    theirs, ours = [], []
    for _ in range(7):
        seconds, expected = timed(lambda: reference_bandwidth(points, quantile=0.2, n_samples=500))
        theirs.append(seconds)
        seconds, got = timed(lambda: estimate_bandwidth(points, quantile=0.2, n_samples=500))
        ours.append(seconds)
    ratio = statistics.median(theirs) / statistics.median(ours)
    same = "equal" if got == expected else "DIFFERENT"
    print(
        f"estimate_bandwidth {count:7} {statistics.median(theirs) * 1e3:10.1f} {statistics.median(ours) * 1e3:9.2f} "
        f"{ratio:7.1f}                                  {same}"
    )


def peak_memory(count: int, limit: float | None) -> bool:
    """Fit once under tracemalloc and print time without it, and the peak over what the data take."""
    points = blobs(count, 2)
    bandwidth = estimate_bandwidth(points, quantile=0.2, n_samples=500)
    model = MeanShift(bandwidth=bandwidth, bin_seeding=True)
    seconds, _ = timed(lambda: model.fit(points))
    tracemalloc.start()
    model.fit(points)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    reached = limit is None or peak <= limit
    print(
        f"{count:10,} points: {seconds:6.2f} s, {len(model.cluster_centers_)} clusters, peak {peak:7.1f} MB over the "
        f"data's {points.nbytes / 1e6:.0f} MB {'' if reached else 'MISSED'}",
        flush=True,
    )
    return reached


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the cases that take minutes")
    quick = parser.parse_args().quick
    warnings.simplefilter("ignore")
    print(
        f"{'case':26} {'theirs ms':>10} {'ours ms':>9} {'ratio':>7} {'target':>7}  range           k iter labels    "
        "centers"
    )
    with threadpool_limits(1):
        reached = [compare(case) for case in CASES if case.quick or not quick]
        compare_bandwidths(10_000)
        compare_bandwidths(100_000)
        reached.append(peak_memory(1_000_000, 100.0))
        if not quick:
            reached.append(peak_memory(10_000_000, None))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
