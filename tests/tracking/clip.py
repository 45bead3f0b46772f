"""Following a clip, and what of a result is the same every time."""

PRESETS = ["fast", "classic"]


def follow(tracker, frames):
    return [plain(tracker.update(frame)) for frame in frames]


def plain(result):
    """A result without its time."""
    return (result.box, result.state, result.confidence, result.reason, result.rotated_box, result.path)
