"""An update computes on the thread that called it: trackers side by side must not take each other's cores."""

import os
import subprocess
import sys

import pytest

MEASURE = """
import sys, time
import cv2
from tracker import Tracker, open_source

cv2.setNumThreads(1)
with open_source("synth:smooth:frames=40:size=320x180") as source:
    frames, box = [frame.image for frame in source], source.truth(0)
tracker = Tracker(sys.argv[1])
tracker.init(frames[0], box)
while True:  # what was computed until now, threads of BLAS wait spinning for more of it
    before = time.process_time()
    time.sleep(0.05)
    if time.process_time() - before < 0.005:
        break
whole, own = time.process_time(), time.thread_time()
for frame in frames[1:]:
    tracker.update(frame)
print((time.process_time() - whole) / (time.thread_time() - own))
"""


@pytest.mark.parametrize("preset", ["fast", "accurate", "classic"])
def test_an_update_makes_no_threads_of_blas(preset):
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    command = [sys.executable, "-c", MEASURE, preset]
    told = subprocess.run(
        command, env={**environment, "OPENBLAS_NUM_THREADS": "2"}, capture_output=True, text=True, check=True
    )
    assert float(told.stdout) < 1.3
