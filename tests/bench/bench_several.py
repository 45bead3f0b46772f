"""How well several targets are kept apart: HOTA, IDF1 and exchanged identities on rendered scenes.

python tests/bench/bench_several.py [PRESET ...] [--seeds N]

Needs the extra `eval` (TrackEval: Luiten et al. 2021, "HOTA"; Ristani et al. 2016 for IDF1). Beside each figure of
`MultiTracker` stands that of as many independent `Tracker`s on the same frames.
"""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from trackeval.metrics import HOTA, Identity

from tracker import Box, MultiTracker, Tracker, TrackResult, TrackState, open_source
from tracker.geometry import iou
from tracker.image import Image

SCENES = ("crossing", "overtake", "crowd")

_LAST = 15
"""Frames at the end over which a target must lie on its own truth."""


@dataclass(frozen=True)
class Clip:
    """Frames, and the truths of every target in each."""

    frames: list[Image]
    truths: list[list[Box | None]]

    @classmethod
    def of(cls, scene: str, seed: int) -> Clip:
        with open_source(f"synth:{scene}:seed={seed}") as source:
            count = len(source.scene.targets)
            frames = [frame.image for frame in source]
            return cls(frames, [[source.truth(i, k) for k in range(count)] for i in range(len(frames))])


def together(clip: Clip, preset: str) -> list[list[TrackResult]]:
    """Follow all targets with one `MultiTracker`; the first frame is not scored."""
    tracker = MultiTracker.from_config(preset)
    for truth in clip.truths[0]:
        tracker.add(clip.frames[0], truth)
    return [list(tracker.update(frame).values()) for frame in clip.frames[1:]]


def alone(clip: Clip, preset: str) -> list[list[TrackResult]]:
    """Follow each target with a tracker of its own."""
    trackers = [Tracker.from_config(preset) for _ in clip.truths[0]]
    for tracker, truth in zip(trackers, clip.truths[0], strict=True):
        tracker.init(clip.frames[0], truth)
    return [[tracker.update(frame) for tracker in trackers] for frame in clip.frames[1:]]


def table(clip: Clip, results: list[list[TrackResult]]) -> dict[str, object]:
    """Return what TrackEval's metrics take."""
    gt_ids, tracker_ids, similarity = [], [], []
    for truths, found in zip(clip.truths[1:], results, strict=True):
        there = [k for k, truth in enumerate(truths) if truth is not None]
        said = [k for k, result in enumerate(found) if result.state is not TrackState.LOST]
        gt_ids.append(np.array(there, int))
        tracker_ids.append(np.array(said, int))
        overlaps = [[iou(box, found[j].box) for j in said] for i in there if (box := truths[i]) is not None]
        similarity.append(np.array(overlaps, float).reshape(len(there), len(said)))
    count = len(clip.truths[0])
    return {
        "num_timesteps": len(results),
        "num_gt_ids": count,
        "num_tracker_ids": count,
        "num_gt_dets": sum(map(len, gt_ids)),
        "num_tracker_dets": sum(map(len, tracker_ids)),
        "gt_ids": gt_ids,
        "tracker_ids": tracker_ids,
        "similarity_scores": similarity,
    }


def exchanged(clip: Clip, results: list[list[TrackResult]]) -> bool:
    """Whether a target ends on another one's truth, or off its own."""
    for k in range(len(clip.truths[0])):
        own = [
            iou(found[k].box, truth)
            for found, truths in zip(results[-_LAST:], clip.truths[-_LAST:], strict=True)
            if (truth := truths[k]) is not None
        ]
        if own and np.mean(own) < 0.3:
            return True
    return False


def scores(clip: Clip, results: list[list[TrackResult]]) -> tuple[float, float]:
    """Return HOTA (mean over its thresholds) and IDF1, in [0, 1]."""
    data = table(clip, results)
    with contextlib.redirect_stdout(io.StringIO()):
        hota = HOTA().eval_sequence(data)
        identity = Identity({"PRINT_CONFIG": False}).eval_sequence(data)
    return float(np.mean(hota["HOTA"])), float(identity["IDF1"])


def main(presets: Sequence[str], seeds: int) -> None:
    """Print a line a preset, scene and way to follow."""
    cv2.setNumThreads(1)
    for preset in presets:
        for scene in SCENES:
            clips = [Clip.of(scene, seed) for seed in range(seeds)]
            for name, follow in (("MultiTracker", together), ("Trackers", alone)):
                runs = [follow(clip, preset) for clip in clips]
                hota, idf1 = np.mean([scores(clip, run) for clip, run in zip(clips, runs, strict=True)], axis=0)
                wrong = [seed for seed, (clip, run) in enumerate(zip(clips, runs, strict=True)) if exchanged(clip, run)]
                print(
                    f"{preset:9} {scene:9} {name:13} HOTA {hota:.3f}  IDF1 {idf1:.3f}  "
                    f"targets off their truth at the end in {len(wrong)} of {seeds} seeds {wrong or ''}",
                    flush=True,
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=["fast"])
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    main(asked.presets, asked.seeds)
