"""Examples for the help of each verb: one line each, which the tests hold against the options."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "track": (
            "tracker track clip.mp4 --roi 120,80,40,60 -o out.mp4 --csv out.csv",
            "tracker track clip.mp4 --roi ann=120,80,40,90 --roi bob=300,85,42,95 -c accurate --csv out.csv",
            "tracker track clip.mp4 --roi 120,80,40,60 --effect blur --draw none -o blurred.mp4",
            "tracker track clip.mp4 --at 12.5s --roi 120,80,40,60 --both-ways --smooth --csv out.csv",
            "tracker track 0 --auto motion --record raw.mp4",
        ),
        "select": (
            "tracker select clip.mp4 --at 12.5s",
            "tracker select clip.mp4 --grid grid.png",
            "tracker track clip.mp4 --roi $(tracker select clip.mp4)",
        ),
        "serve": ("tracker serve clip.mp4", "tracker serve 0 --host 0.0.0.0 --port 8080"),
        "probe": ("tracker probe clip.mp4", "tracker probe clip.mp4 --json"),
        "devices": ("tracker devices", "tracker devices -v"),
        "demo": ("tracker demo --out out/demo", "tracker demo -c accurate"),
        "eval": ("tracker eval videos -c accurate", "tracker eval videos --starts 2 --report out/report"),
        "compare": (
            "tracker compare clip.mp4 --roi 120,80,40,60 -o beside.mp4",
            "tracker compare clip.mp4 --truth clip.csv --trackers accurate,csrt",
        ),
        "batch": ("tracker batch clips.csv --out results -j 2", "tracker batch clips --out results --also video,mot"),
        "convert": (
            "tracker convert results.txt boxes.json --from mot --to coco --size 1920x1080",
            "tracker convert box.csv labels --to yolo --video clip.mp4",
        ),
        "trax": ("tracker trax -c accurate", "tracker trax --set size.method=fixed"),
        "cluster": (
            "tracker cluster points.npy -o labels.csv --plot clusters.png",
            "tracker cluster points.csv --bandwidth 0.5 --centers centers.csv",
        ),
        "segment": (
            "tracker segment photo.jpg -o outlines.png --hs 12 --hr 8 --min-size 200",
            "tracker segment photo.jpg -o flat.png --draw flat --labels regions.npy",
        ),
        "reframe": (
            "tracker reframe ride.mp4 --roi 610,220,80,140 --aspect 9:16 --size 1080x1920 -o tall.mp4",
            "tracker reframe ride.mp4 --roi 610,220,80,140 --aspect 1:1 --fill 0.4 -o close.mp4",
            "tracker reframe ride.mp4 --roi-file ride.csv --stabilize -o steady.mp4",
        ),
        "measure": (
            "tracker measure box.csv --scale 0.84m=212px --origin 320,60 --y-up -o motion.csv",
            "tracker measure fall.csv --scale 1m=100,40:100,240 --fps-true 240",
        ),
        "plot": (
            "tracker plot box.csv --source clip.mp4",
            "tracker plot box.csv -o figure.pdf --panels position,acceleration --scale 0.84m=212px --y-up",
        ),
        "config": (
            "tracker config show accurate --doc > mine.yaml",
            "tracker config explain size.damping",
            "tracker config validate mine.yaml",
        ),
        "config show": ("tracker config show", "tracker config show accurate --doc > mine.yaml"),
        "config explain": ("tracker config explain size.damping", "tracker config explain size"),
        "config validate": ("tracker config validate mine.yaml",),
        "config list": ("tracker config list",),
        "doctor": ("tracker doctor", "tracker doctor --file clip.mp4"),
    }
)
"""Examples by verb, and by verb and the verb below it."""


def epilog_of(verb: str) -> str:
    """Return what stands below the help of a verb."""
    return "\n\n".join(["Examples:", *EXAMPLES[verb]])
