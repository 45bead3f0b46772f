"""Whether the target is there: the score of a look, held against bars that this target's own history sets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tracker.cues.base import distraction
from tracker.cues.descriptor import QUARTER_TURNS, ColorLayout, color_layout, color_layouts, thumbnail
from tracker.geometry import Box
from tracker.patch import Patch
from tracker.tracking.gallery import NO_LIKENESS, Gallery, Likeness
from tracker.tracking.localization import Localization
from tracker.tracking.scene import FrameDescriptor
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.presence import GallerySettings, PresenceSettings

_LEAST_ODDS = 1e-4
"""Confidence below which a look's odds are not told apart."""

NOTHING_THERE = -9.0
"""Score of a look that found no density at all; no score is lower."""


@value
class Judgment:
    """What is made of a look.

    Attributes:
        score: g of `PresenceSettings`, log-odds of the target's being there.
        layout: the colors of the place; None where nothing was found.
        likeness: how like the clean looks they are.
        turned: whether that is so of the look turned in the picture.
    """

    score: float
    layout: ColorLayout | None = None
    likeness: Likeness = NO_LIKENESS
    turned: bool = False


class PresenceJudge:
    """Scores looks, and remembers the clean looks and the usual score.

    | bar     | a look at least so good                                                            |
    |---------|------------------------------------------------------------------------------------|
    | `low`   | is the target, while TRACKING                                                      |
    | `again` | ends a doubt about what was followed through it: the deeper the doubt, the higher  |
    | `back`  | is the target of before the doubt, where that is expected                          |
    | `found` | is the target of before the doubt, elsewhere                                       |

    Attributes:
        gallery: the clean looks.
        usual: the target's usual score.
        smoothed: the running mean of the scores of what is followed.
        frame: the frame at hand; set before its looks are scored.
    """

    def __init__(
        self, settings: PresenceSettings, gallery: GallerySettings, patch: Patch, target: Box, frame: FrameDescriptor
    ) -> None:
        """Begin with `target` in the first patch, patch pixels, cut from this frame."""
        self._settings = settings
        self.gallery = Gallery(gallery, color_layout(patch, target), thumbnail(patch, target), frame.level)
        self.frame = frame
        self._sure = 0
        self.usual = settings.ceiling + settings.drop
        self.smoothed = self.usual

    def judge(
        self,
        found: Localization,
        confidence: float,
        expected: Box,
        patience: float,
        witness: float = 0.0,
        bar: float | None = None,
    ) -> Judgment:
        """Score a look.

        Args:
            found: what was found.
            confidence: of `found` on its own, in [0, 1].
            expected: where the target was expected.
            patience: how far, in target sizes, it may have gone at no cost beside `free_jump`.
            witness: weight of what its thumbnail lacks.
            bar: a look below this is also scored turned in the picture; None where it cannot have turned.
        """
        if found.evidence.contrast == 0.0:
            return Judgment(NOTHING_THERE)
        s = self._settings
        judgment = self._scored(found, confidence, expected, patience, 1.0)
        if judgment.score < self.low + s.doubtful:
            # Colors that change with the light of the whole frame are the same colors.
            for gain in (light / self.frame.level for light in self.gallery.lights):
                if abs(math.log(gain)) > s.least_gain:
                    gain = min(max(gain, 1 / s.most_gain), s.most_gain)
                    relit = self._scored(found, confidence, expected, patience, gain)
                    if relit.score > judgment.score:
                        judgment = Judgment(relit.score, judgment.layout, relit.likeness)
        upright = judgment
        if witness > 0.0 and judgment.score > self.low:
            lack = max(self.lack(found) - s.free_lack, 0.0)
            judgment = replace(judgment, score=judgment.score - witness * lack)
        return judgment if bar is None or judgment.score >= bar else self._turned(found, upright, judgment, witness)

    def score(self, found: Localization) -> float:
        """Score a look at a place where the target is not expected."""
        return self.judge(found, found.confidence, found.box, 0.0, self._settings.found_witness).score

    def _turned(self, found: Localization, upright: Judgment, judgment: Judgment, witness: float) -> Judgment:
        """The better of `judgment` and those of the look turned by a quarter, a half, and three quarters.

        `upright`: the judgment without the thumbnail's part.
        """
        if upright.layout is None or upright.score <= NOTHING_THERE:
            return judgment
        others = upright.score - self._worth(upright.likeness)
        small = thumbnail(*_seen(found))
        for turns in (1, 2, 3):
            likeness = self.gallery.likeness(upright.layout[list(QUARTER_TURNS[turns])])
            score = others + self._worth(likeness)
            if score > judgment.score:
                lack = max(self.gallery.lack(np.rot90(small, turns)) - self._settings.free_lack, 0.0)
                if score - witness * lack > judgment.score:
                    judgment = Judgment(score - witness * lack, upright.layout, likeness, turned=True)
        return judgment

    def _worth(self, likeness: Likeness) -> float:
        """What the likeness to the clean looks adds to the score."""
        s, surplus = self._settings, self.gallery.surplus(likeness)
        return s.whole_weight * min(surplus.whole, s.surplus_cap) + s.half_weight * min(surplus.half, s.surplus_cap)

    def _scored(self, found: Localization, confidence: float, expected: Box, patience: float, gain: float) -> Judgment:
        """The score without what its thumbnail lacks, with the light of the look changed by `gain`."""
        s, response, target = self._settings, found.place.response, found.place.target
        layout = color_layout(response.patch, target, gain)
        likeness = self.gallery.likeness(layout)
        sure = min(max(confidence, _LEAST_ODDS), 1 - _LEAST_ODDS)
        (x0, y0), (x1, y1) = expected.center, found.box.center
        jump = math.hypot(x1 - x0, y1 - y0) / math.sqrt(expected.area) - s.free_jump - patience
        score = (
            self._worth(likeness)
            - s.distractor_weight * distraction(response, target)
            + s.odds_weight * min(math.log(sure / (1 - sure)), s.odds_cap)
            - s.jump_weight * min(max(jump, 0.0), s.jump_cap)
            + s.offset
        )
        return Judgment(max(score, NOTHING_THERE), layout, likeness)

    def most_promising(self, patches: Sequence[Patch], target: Box) -> list[int]:
        """Return which of several patches, each with the same `target` in it, promise the highest scores, best first.

        What colors and thumbnail alone make up of it counts.
        """
        s, gallery = self._settings, self.gallery
        surpluses = [gallery.surplus(each) for each in gallery.likenesses(color_layouts(patches, target))]
        lacks = gallery.lacks([thumbnail(patch, target) for patch in patches])
        promises = [
            s.whole_weight * surplus.whole + s.half_weight * surplus.half - s.found_witness * lack
            for surplus, lack in zip(surpluses, lacks, strict=True)
        ]
        return sorted(range(len(patches)), key=lambda each: -promises[each])

    def lack(self, found: Localization) -> float:
        """Return what the thumbnail of a look lacks of the usual correlation with the clean looks."""
        return self.gallery.lack(thumbnail(*_seen(found)))

    def smooth(self, judgment: Judgment) -> None:
        """Take the score of what is followed into the running mean."""
        self.smoothed += self._settings.smoothing * (judgment.score - self.smoothed)

    @property
    def low(self) -> float:
        """See the table of bars."""
        s = self._settings
        if not self._is_settled:
            return s.floor
        return min(max(self.usual - s.drop, s.floor), s.ceiling)

    @property
    def back(self) -> float:
        """See the table of bars."""
        return self._below_usual(self.usual, self._settings.back_drop)

    def again(self, depth: float) -> float:
        """See the table of bars; `depth`: how far the smoothed score has fallen below `low`."""
        least = self.low + self._settings.margin
        return least + min(max(depth, 0.0) / self._settings.deep, 1.0) * (self.back - least)

    @property
    def found(self) -> float:
        """See the table of bars."""
        s = self._settings
        return self._below_usual(min(self.usual, s.ceiling + s.drop), s.found_drop)

    def _below_usual(self, usual: float, drop: float) -> float:
        """So much below what is usual, but clearly above the bar; that alone where only the first look is known."""
        clear = self.low + self._settings.margin
        return max(usual - drop, clear) if self._sure else clear

    @property
    def _is_settled(self) -> bool:
        """Whether enough was seen to know what is usual."""
        return self._sure >= self._settings.settle

    @property
    def is_usual(self) -> bool:
        """Whether the smoothed score is as near the usual one as a sure look's, and that is known."""
        return self._is_settled and self.smoothed >= self.usual - self._settings.sure_drop

    def confirm(self, found: Localization, judgment: Judgment) -> bool:
        """Take a look at a target that is seen; return whether it was a sure one, to be remembered."""
        s, layout = self._settings, judgment.layout
        if judgment.score < self.low or layout is None or found.evidence.coverage <= s.min_coverage:
            return False
        sure = judgment.score >= self.usual - s.sure_drop or not self._is_settled
        self._sure += sure
        rate = max(1 / self._sure, s.rate) if sure else s.slow_rate
        self.usual += rate * (judgment.score - self.usual)
        if sure:
            small = thumbnail(*_seen(found)) if self.gallery.wants_thumbnail else None
            self.gallery.remember(layout, judgment.likeness, small, self.frame.level)
        return sure

    def forgive(self, judgment: Judgment, part: float) -> None:
        """Let the usual score follow, by this part, what is followed in a doubt all the same."""
        self.usual += part * (max(judgment.score, self._settings.floor) - self.usual)

    def adopt(self, found: Localization, judgment: Judgment) -> None:
        """Take a look that was doubted for one of the target's."""
        if judgment.layout is not None:
            self.gallery.adopt(judgment.layout, thumbnail(*_seen(found)), self.frame.level)


def _seen(found: Localization) -> tuple[Patch, Box]:
    return found.place.response.patch, found.place.target
