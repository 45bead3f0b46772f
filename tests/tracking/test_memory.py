"""Two thousand frames in the memory of a hundred."""

import tracemalloc

import pytest

from tracker import Tracker, open_source

FRAMES = 2_000


@pytest.mark.timeout(900)  # some 10 s where nothing else runs; tracemalloc makes every allocation slow
@pytest.mark.no_cover  # thousands of times the same lines
def test_memory_is_flat_over_two_thousand_frames():
    with open_source("synth:occlusion:frames=60:size=96x72") as source:
        frames, box = [frame.image for frame in source], source.truth(0)
    tracker = Tracker("fast")
    tracker.init(frames[0], box)
    for index in range(500):
        tracker.update(frames[index % 60])
    tracemalloc.start()
    try:
        for index in range(FRAMES):
            tracker.update(frames[index % 60])
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A result that is kept costs over 500 bytes; what Python itself keeps is a stock of freed tuples.
    assert after < 150 * FRAMES
    assert peak < after + 2_000_000
