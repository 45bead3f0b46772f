"""What all tests share."""

import os
import shutil
from collections.abc import Callable

import pytest

# OpenCV reads this once, when the first video of the process is opened; a test that opens one with OpenCV alone would
# otherwise decide what the tests after it find on stderr.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


@pytest.fixture(scope="session")
def without() -> Callable[[str], None]:
    """without("reason") leaves a test out on a person's machine; on a build server (CI is set) it fails instead."""

    def leave_out(reason: str) -> None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)  # `make test` must pass without root, where these programs cannot be installed

    return leave_out


@pytest.fixture(scope="session")
def programs(without: Callable[[str], None]) -> Callable[..., None]:
    """programs("Xvfb", "xdotool") leaves a test out, as `without` does, where one of them is not installed."""

    def need(*names: str) -> None:
        missing = [name for name in names if shutil.which(name) is None]
        if missing:
            without(f"not installed: {', '.join(missing)}; .ci/run names the packages")

    return need
