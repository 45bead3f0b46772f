"""What each cue and mechanism of `accurate` brings: each switched off in turn by its settings, over clips with truth.

python tests/bench/bench_ablation.py CLIPS [--starts 2] [--jobs 1] [--only PART ...]

CLIPS is a folder as `tracker eval` takes it. Means over all clips and starts; on a few dozen clips, differences under
0.02 are noise.
"""

from __future__ import annotations

import argparse
import functools
import statistics
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker import Tracker
from tracker.evaluation import Evaluation, evaluate, find_sequences

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accurate": (),
        "color in the density": ("fusion.color=false",),
        "structure (color alone: fast)": (),
        "second look": ("search.looks=1",),
        "mean shift (the greatest cell)": ("mean_shift.max_iterations=1", "mean_shift.window=1"),
        "scale": ("size.method=fixed",),
        "gate on learning": ("gate.response_part=0.001", "gate.sharpness_part=0.001"),
        "size held while the gate is shut": ("gate.hold_below=0",),
        "first frame's anchor": ("template.anchor=0",),
        "shift to the middle of the colors": ("search.teach_shift=[0,0]", "search.box_shift=[0,0]"),
        "learning of structure": ("template.rate=0", "template.anchor=0"),
        "learning of color": ("model.target_rate=0", "model.background_rate=0"),
        "support of the filter (one round)": ("template.rounds=1",),
        "losing the target": ("doubt.lost_after=1000",),
        "recognition": ("recognition.min_recall=0",),
    }
)
"""What is left out, and the settings that leave it out of `accurate`."""

COLOR_ALONE = "structure (color alone: fast)"


def scored(evaluation: Evaluation) -> tuple[float, float, float, float]:
    """Success AUC, precision and ROC AUC as means over the starts, and the median milliseconds of an update."""
    means = [evaluation.mean(start) for start in evaluation.starts]
    return (
        statistics.fmean(mean.success_auc for mean in means),
        statistics.fmean(mean.precision for mean in means),
        statistics.fmean(evaluation.confidence_roc_auc(start) for start in evaluation.starts),
        statistics.median(mean.median_ms for mean in means),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row as each part has been evaluated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips")
    parser.add_argument("--starts", type=int, default=2, help="jittered starts besides the exact one")
    parser.add_argument("--jobs", type=int, default=1, help="processes; times of more than one are disturbed")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    options = parser.parse_args(arguments)
    sequences = find_sequences(options.clips)
    print(f"{'without':36s} {'AUC':>6s} {'P@20':>6s} {'ROC':>6s} {'ms':>6s}", flush=True)
    for part in options.only:
        preset = "fast" if part == COLOR_ALONE else "accurate"
        make = functools.partial(Tracker.from_config, preset, PARTS[part])
        evaluation = evaluate(sequences, make, jobs=options.jobs, starts=options.starts)
        auc, precision, roc, milliseconds = scored(evaluation)
        label = "(nothing)" if part == "accurate" else part
        print(f"{label:36s} {auc:6.3f} {precision:6.3f} {roc:6.3f} {milliseconds:6.2f}", flush=True)


if __name__ == "__main__":
    main()
