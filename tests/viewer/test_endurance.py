"""Everything on for a while: what the tracker holds does not grow. The bench does the same for minutes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_endurance import Sample, Verdict, rendered, run, typical


def test_threads_and_descriptors_stay_and_the_memory_has_a_limit(
    display: str, without: Callable[[str], None], tmp_path: Path
) -> None:
    """In so short a run the buffers of pictures fill: of the memory there is only the limit that they have."""
    if not Path("/proc/self/status").exists():
        without("there is no /proc, which tells what a process holds")
    clip, roi = rendered(tmp_path, "320x240")
    found = run(clip, roi, 12.0, display, tmp_path)
    assert found.code == 130, found.told
    assert found.last.threads <= found.first.threads
    assert found.last.descriptors <= found.first.descriptors
    assert found.most < 900.0
    for name in ("out.csv", "raw.mp4", "out.mp4"):
        assert (tmp_path / name).stat().st_size > 500


def test_what_counts_as_growth() -> None:
    before = Sample(300.0, 9, 14)
    for last, flat in (
        (Sample(311.0, 9, 14), True),
        (Sample(313.0, 9, 14), False),
        (Sample(290.0, 8, 13), True),
        (Sample(300.0, 10, 14), False),
        (Sample(300.0, 9, 15), False),
    ):
        assert Verdict(before, last, 400.0, "", 130).is_flat is flat
    assert typical([before, Sample(310.0, 9, 14), Sample(305.0, 11, 16)]) == Sample(305.0, 9, 14)
