"""What all tests share."""

import os

# OpenCV reads this once, when the first video of the process is opened; a test that opens one with OpenCV alone would
# otherwise decide what the tests after it find on stderr.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
