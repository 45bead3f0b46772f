"""The file formats of a video by suffix: codec, options, and what of the sound each can hold as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

# Of x264's presets the slowest that keeps up with 1080p at 30 fps on one core of a laptop, at no visible loss. Without
# B-frames: where frames last for different times, the length of an MP4 with them is wrong by the longest.
H264 = ("-c:v", "libx264", "-preset", "superfast", "-crf", "21", "-bf", "0")
_QUICK = {"superfast": "ultrafast"}
"""Half the work, a fifth more bytes: what is left of a live picture on machines that superfast is too much for."""
_COST = 15e-9
"""Seconds of one core that superfast takes for a pixel, measured at 1080p: 13 to 18 ns."""
_SHARE = 0.25
"""Part of all cores that a live recording may take; decoding, tracking and drawing take the others."""
# Units of time a second in the file: common rates are whole numbers of them, and MP4 holds gaps of 13 hours.
_EXACT = ("-fps_mode", "vfr", "-enc_time_base", "1:90000")
_TRACK = ("-video_track_timescale", "90000")
# In fragments, what is written so far can be played after a full disk, a kill or a power cut.
_FRAGMENTS = ("-movflags", "+frag_keyframe+delay_moov+default_base_moof")

_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
_MOV_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"})


@dataclass(frozen=True, slots=True)
class Container:
    """A file format.

    Attributes:
        codec: ffmpeg's options for the pictures.
        options: its options for the file.
        filters: what the pictures go through before, as a filter chain; "" for nothing.
        square: whether pixels have to be squares, as the format cannot say that they are none.
        least_step: seconds that a picture is shown at least.
        index_to_front: whether the index has to be brought to the front at the end.
        sound: codecs of sound that it holds as they are, others are encoded as AAC; empty for no sound at all, and
            None for any codec.
    """

    codec: tuple[str, ...]
    options: tuple[str, ...]
    filters: str = ""
    square: bool = False
    least_step: float = 0.0
    index_to_front: bool = False
    sound: frozenset[str] | None = frozenset()

    @property
    def has_sound(self) -> bool:
        """Whether it can hold sound."""
        return self.sound is None or bool(self.sound)


_MP4 = Container((*H264, *_EXACT, *_TRACK), ("-f", "mp4", *_FRAGMENTS), index_to_front=True, sound=_MP4_SOUND)
_MOV = Container((*H264, *_EXACT, *_TRACK), ("-f", "mov", *_FRAGMENTS), index_to_front=True, sound=_MOV_SOUND)
_MKV = Container((*H264, *_EXACT), ("-f", "matroska"), sound=None)

CONTAINERS: Mapping[str, Container] = MappingProxyType(
    {
        ".mp4": _MP4,
        ".m4v": _MP4,
        ".mov": _MOV,
        ".mkv": _MKV,
        ".gif": Container(
            ("-c:v", "gif", "-fps_mode", "vfr", "-enc_time_base", "1:100"),
            ("-f", "gif", "-loop", "0"),
            # A palette of its own for each picture: a common one would need all pictures in memory first.
            filters="split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=bayer:bayer_scale=4",
            square=True,
            least_step=0.02,
        ),
        ".webp": Container(
            ("-c:v", "libwebp_anim", "-quality", "80", "-fps_mode", "vfr", "-enc_time_base", "1:1000"),
            ("-f", "webp", "-loop", "0"),
            square=True,
            least_step=0.001,
        ),
    }
)
"""The file formats of a video by suffix: H.264 with sound, and pictures that move by themselves."""

STREAM = Container((*H264, *_EXACT), ("-f", "matroska"))
"""What goes to standard output."""


def live_codec(codec: Sequence[str], pixels: float, cores: int) -> tuple[str, ...]:
    """Return a codec's options for pictures that do not wait: a quicker preset where the usual one takes too much.

    Args:
        codec: as in `Container.codec`.
        pixels: that come in a second.
        cores: of the machine.
    """
    if _COST * pixels <= _SHARE * cores:
        return tuple(codec)
    return tuple(_QUICK.get(option, option) for option in codec)
