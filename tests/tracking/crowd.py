"""Several targets on a rendered scene, with their truths."""

from tracker import MultiTracker, open_source


def render(spec):
    """The frames of a scene, and the truths of each of its targets."""
    with open_source(f"synth:{spec}") as source:
        frames = [frame.image for frame in source]
        targets = range(len(source.scene.targets))
        return frames, [[source.truth(index, k) for index in range(len(frames))] for k in targets]


def plain(result):
    return (result.box, result.state, result.confidence, result.reason, result.rotated_box, result.path)


def begun(clip, preset="fast"):
    frames, truths = clip
    tracker = MultiTracker.from_config(preset)
    for truth in truths:
        tracker.add(frames[0], truth[0])
    return tracker


def follow(tracker, frames):
    return [{k: plain(r) for k, r in tracker.update(frame).items()} for frame in frames]
