"""The numbers behind tracks that start by themselves: what a detector reports, when a track starts and ends.

Origins: [Z04] Zivkovic 2004, "Improved adaptive Gaussian mixture model for background subtraction"; [measured] as in
`tracker.config.settings`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tracker.config.section import Section


class ExtentSettings(Section):
    """How finely a detector looks, and how large a thing is."""

    working_area: float = Field(57_600, ge=1000, le=1e7)
    """Pixels that a frame is reduced to, 320 x 180: the cost of a frame whatever its size."""
    min_area: float = Field(0.001, ge=0, le=1)
    """Least share of the picture that a thing fills: 58 working pixels, below which its edge is all there is."""
    max_area: float = Field(0.25, gt=0, le=1)
    """Greatest share of the picture that the box of a thing fills."""
    filled: float = Field(0.1, ge=0, le=1)
    """Least share of a target's box that something fills where the target is seen [measured: more than 0.2 in nine of
    ten boxes of walkers, 0 on the empty background]."""
    most: float = Field(0.5, gt=0, le=1)
    """Nothing is found where a greater share of the picture has changed, or has the color: it is the picture then, not
    a thing in it."""


class CameraSettings(Section):
    """When a camera moves.

    [measured: said in 2 of 1,180 looks before still cameras, 18 scenes, five of them real; in a fifth to all of the
    looks in 16 clips of moving ones]
    """

    frames: int = Field(5, ge=1, le=1000)
    """From one look to the next."""
    shift: float = Field(2.0, gt=0, le=100)
    """Least shift between two looks, working pixels."""
    tolerance: float = Field(0.4, ge=0, le=10)
    """Quarters agree that differ from the median shift by no more than this share of it, and this many working
    pixels."""
    response: float = Field(0.1, ge=0, le=1)
    """Peak of phase correlation from which a shift is more than noise."""
    quarters: int = Field(3, ge=1, le=4)
    """How many must agree: something large may fill one."""
    still: float = Field(0.5, gt=0, le=100)
    """Shift in the frames of `rest`, working pixels, below which the camera stands still, where the quarters agree."""
    rest: int = Field(30, ge=1, le=100_000)
    """Frames of clear standing still after which a camera that has moved is trusted again."""
    warned: int = Field(3, ge=1, le=1000)
    """So often it must be said before the background is learned, until a warning is logged: once may be a push."""


class MotionSettings(Section):
    """Background subtraction by a mixture of Gaussians [Z04]; the camera stands still."""

    extent: ExtentSettings = ExtentSettings()
    camera: CameraSettings = CameraSettings()
    history: int = Field(500, ge=2, le=100_000)
    """Frames that the background is learned over [Z04]; fewer in the beginning: as many as there were."""
    distance: float = Field(16, gt=0, le=1000)
    """Squared distance from the background, in variances, from which a pixel is not part of it [Z04]."""
    learning: int = Field(25, ge=1, le=100_000)
    """First frames, and first after the whole picture has changed or moved, in which the background is learned and
    nothing is found: a second at 25 frames a second."""
    restless: int = Field(5, ge=0, le=16)
    """Each move of the camera doubles that time, so many times at most: a camera that has moved will move again, and
    between two of its moves all looks like things that move. A camera that is clearly seen to stand still ends it
    (`camera.rest`), and so does a picture in which no move is seen for four times as long."""
    gap: int = Field(7, ge=1, le=99)
    """Working pixels: fragments nearer to each other than this are one thing [measured]."""


class ColorDetectorSettings(Section):
    """Back-projection of the color's histogram, cut up by mean shift."""

    extent: ExtentSettings = ExtentSettings()
    bins: int = Field(16, ge=4, le=32)
    """Bins a channel, blue, green and red, as the tracker's."""
    spread: float = Field(20, gt=0, le=128)
    """Gray levels, standard deviation: colors as near as this count as the same [measured]."""
    shades: tuple[Annotated[float, Field(gt=0, le=2)], ...] = Field((0.6, 0.7, 0.8, 0.9, 1.0, 1.1), strict=False)
    """A color that was given as such stands for these multiples of it, for light and shade on a thing."""
    typical: float = Field(0.05, ge=0, le=1)
    """A color that is not this share as usual for the thing as its most usual one is not the thing's [measured]."""
    color_prior: float = Field(0.6, gt=0, lt=1)
    """Prior probability that a pixel is the thing's, where a color was given as such [measured]."""
    picture_prior: float = Field(0.3, gt=0, lt=1)
    """The same where a picture was given, most of whose colors are usual in other things too [measured]."""
    threshold: float = Field(0.5, gt=0, lt=1)
    """Posterior probability from which a pixel is the thing's."""
    similarity: float = Field(0.7, ge=0, le=1)
    """Bhattacharyya coefficient of a thing's colors and those of the picture that was given, from which it is the same
    [measured]."""
    chroma: int = Field(40, ge=0, le=255)
    """Greatest minus least channel from which a pixel of the picture that was given is colored ..."""
    colored: float = Field(0.3, ge=0, le=1)
    """... and least share of such ones in it: with fewer, about nine false things are found in a real frame, else three
    [measured: medians over 42 clips]."""
    bandwidth: float = Field(0.6, gt=0, le=2)
    """Of mean shift, as a share of the radius of the greatest circle in a patch [measured: 0.5 to 0.7 alike]."""
    valley: float = Field(0.8, gt=0, le=1)
    """Two modes are one thing if the density between them nowhere falls below this share of the lower one: 0.4 between
    two discs that touch, 0.85 if they overlap by a fifth, 1 along a bar."""


class TrackManagerSettings(Section):
    """When a tentative track is confirmed, and when a confirmed one is removed; see `tracker.session.lifecycle`."""

    n_init: int = Field(8, ge=1, le=10_000)
    """Detections in consecutive frames from which a tentative track is confirmed [measured]."""
    overlap: float = Field(0.3, gt=0, le=1)
    """Intersection over union of two detections in consecutive frames from which they belong to the same track."""
    change: float = Field(2.0, ge=1, le=100)
    """Greatest area of a tentative track over its smallest in those frames: one that changes more is falling apart or
    growing together [measured]."""
    growth: float = Field(1.3, ge=1, le=100)
    """Factor of its area from the first to the last of those frames: what has grown or shrunk by more is still coming
    in, parting from where it stood, or fading away [measured]."""
    pace: float = Field(0.3, ge=0, le=1)
    """Share of the way that a detector asks for (`Detector.travel`) that must have been made in those frames: a place
    that something left does not move, whatever it was part of before."""
    covered: float = Field(0.3, gt=0, le=1)
    """Share of the smaller box: a detection that has as much in common with a track belongs to that track."""
    limit: int = Field(20, ge=1, le=10_000)
    """Tracks at a time, targets that were named included."""
    flood: int = Field(15, ge=1, le=10_000)
    """Detections on no track in one frame from which on none of them starts one: what is looked for is everywhere. In
    real frames, the color of a picture is found up to 17 times in the background [measured]."""
    max_lost: int = Field(50, ge=1, le=100_000)
    """Frames in a row that a track may be LOST: two seconds at 25 frames a second."""
    max_unseen: int = Field(75, ge=1, le=100_000)
    """Frames in a row that the detector may not see it: three seconds at 25 frames a second."""
    sure: float = Field(0.5, ge=0, le=1)
    """The tracker's confidence from which it is believed against a detector that is not certain (`Detector.certain`):
    in deep shade a colored ball keeps 0.8 [measured]."""
    proven: float = Field(1.0, ge=0, le=100)
    """Way, in target sizes, that a track must have come from its first detection before the detector is told that it is
    no background: the uncovered place of something else goes nowhere, and must become background."""
    inside: float = Field(0.9, ge=0, le=1)
    """A target with a smaller share of its box in the frame when it was last seen was leaving ..."""
    max_away: int = Field(15, ge=1, le=100_000)
    """... and has left if it is away for so many frames: as many as make it LOST, before it is found anywhere else."""
    duplicate: float = Field(0.6, gt=0, le=1)
    """Share of the smaller box from which two tracks are on one place, LOST ones aside ..."""
    max_duplicate: int = Field(25, ge=0, le=100_000)
    """... and frames in a row that they may be, as when they cross: a second at 25 frames a second."""
