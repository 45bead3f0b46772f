"""How a target stands: TRACKING, OCCLUDED or LOST, by its own history, and which of two hypotheses is gone on with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tracker.cues.base import Response
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.confidence import StateMachine, TargetVerifier, UpdatePolicy, reason_of
from tracker.tracking.hypothesis import Appearance, Checkpoints, Doubt, Hypothesis
from tracker.tracking.localization import Localization
from tracker.tracking.motion import ConstantVelocity
from tracker.tracking.observation import Observation, Sighting
from tracker.tracking.presence import Judgment, PresenceJudge
from tracker.tracking.rest import Rest
from tracker.tracking.result import TrackState
from tracker.tracking.scene import FrameDescriptor, SceneChange, SceneWatch

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import TrackerConfig

SCENE_CUT = "scene_cut"
"""Reason of a target that another scene has taken out of the picture."""


class PresenceStates:
    """The state, and the hypotheses behind it.

    What is followed goes on as if nothing were the matter, and learns: it is the target in most doubts. What was known
    before the doubt is kept beside it, learns nothing, and is looked for in one more place a frame.

    | state    | condition                                                              | next                     |
    |----------|------------------------------------------------------------------------|--------------------------|
    | TRACKING | smoothed score below `low`, or the look on its own doubtful            | OCCLUDED                 |
    | OCCLUDED | clean looks seen again (`back`, `found`), in several frames in a row   | TRACKING, with them      |
    | OCCLUDED | what is followed reaches `again`                                       | TRACKING, goes on        |
    | OCCLUDED | in doubt for `forgive_after`, what is followed has full credit         | TRACKING, goes on        |
    | OCCLUDED | what is followed is doubtful on its own for `doubt.lost_after`         | LOST                     |
    | LOST     | clean looks seen again, in one frame more in a row                     | TRACKING, with them      |
    | LOST     | what was followed into the loss reaches `again`, sure on its own       | TRACKING, with that      |
    | any      | another scene begins                                                   | LOST, clean looks alone  |
    | LOST     | the scene of before the cut is back                                    | OCCLUDED, at its place   |

    Attributes:
        state: how the target stands.
        followed: what is followed; None while LOST in another scene.
        clean: what was known before the doubt; None while TRACKING.
        doubt: the last doubt.
        judge: the scores and the clean looks.
        scenes: whether the frames are of one scene.
        rest: which frames are not judged.
        lesson_frames: frames that the last lesson is of: those without one before it, and its own.
    """

    def __init__(self, config: TrackerConfig, image: Image, hypothesis: Hypothesis, response: Response) -> None:
        """Begin with a target that is seen in the first frame; `response`: what its cue says of that."""
        target = response.patch.geometry.box_to_patch(hypothesis.box)
        evidence = hypothesis.appearance.cue.evidence(response, target)
        self._config = config
        self.state = TrackState.TRACKING
        self.followed: Hypothesis | None = hypothesis
        self.clean: Hypothesis | None = None
        self.doubt = Doubt()
        frame = FrameDescriptor(image)
        self.scenes = SceneWatch(config.scene, frame)
        self.judge = PresenceJudge(config.presence, config.gallery, response.patch, target, frame)
        self._follower = StateMachine(config.confidence)
        self._verifier = TargetVerifier(config.recognition, evidence)
        self._policy = UpdatePolicy(config.gate)
        self._motion = ConstantVelocity(config.several.velocity_rate)
        settings = config.gallery
        self._checkpoints = Checkpoints(settings.checkpoint, 1 + math.ceil(settings.quarantine / settings.checkpoint))
        self._worth = 1.0
        self._remembered = False
        self.rest = Rest(config)
        self.lesson_frames = 1
        self._lesson: Appearance | None = None
        self._learns = True

    # --- What a frame is asked.

    @property
    def box(self) -> Box:
        """Where the target is: of its last sure size in a doubt, its last sure box while LOST.

        In a doubt that is where what is followed is, or, where that is doubtful on its own, where the target coasts to.
        """
        if self.state is TrackState.LOST or self.followed is None or self.clean is None:
            return self.known.box
        if self._follower.state is not TrackState.TRACKING:
            return self.coasting()
        return Box.around(*self.followed.box.center, self.known.box.width, self.known.box.height)

    @property
    def known(self) -> Hypothesis:
        """What is surely known: the clean looks in a doubt, else what is followed."""
        known = self.clean or self.followed
        assert known is not None
        return known

    @property
    def predicted(self) -> Box | None:
        """Where what is followed is to be localized in the next frame; None where it rests.

        What was followed into a loss takes turns with the clean looks, unless those have just been seen.
        """
        if self.followed is None:
            return None
        if self.state is TrackState.LOST and (self.doubt.seen is not None or self.doubt.frames % 2 == 0):
            return None
        return self.followed.box

    @property
    def seeks(self) -> bool:
        """Whether the clean looks are to be looked for in the next frame."""
        return self.clean is not None and (self.state is TrackState.OCCLUDED or self.predicted is None)

    def expected(self) -> Box | None:
        """Where, in a doubt, the target is expected next; None where it is a search's turn.

        In the first frames the place it coasts to and the place followed take turns; later the search gets every
        second frame, and while LOST seven of eight.
        """
        followed, last, frames = self.followed, self.known.box, self.doubt.frames
        if self.state is TrackState.LOST or followed is None:
            return last if frames % 8 == 0 else None
        turn, early = frames % 4, frames < self._config.doubt.coast
        if turn == 0 or (early and turn == 2):
            return Box.around(*followed.box.center, last.width, last.height)
        return self.coasting() if early or turn == 2 else None

    def coasting(self) -> Box:
        """Where the last sure motion leads."""
        return self._motion.predict(self.known.box, min(self.doubt.frames, self._config.doubt.coast))

    def may_rest(self, found: Localization, elapsed: int) -> bool:
        """Whether the look need not be judged."""
        return self.rest.may(found, self.recognized(found), self.known.box, self._worth, elapsed)

    def recognized(self, found: Localization) -> float:
        """The confidence in a look on its own, or none of it where the first look's structure is gone."""
        return found.confidence if self._verifier.same(found.evidence) else 0.0

    def is_found(self, found: Localization) -> bool:
        """Whether that is enough to be found by."""
        return found.confidence >= self._config.confidence.found_above and self.judge.score(found) >= self.judge.found

    # --- What a frame decides.

    def jump(self, frame: FrameDescriptor) -> SceneChange:
        """Be LOST, with what is surely known, in a frame that does not follow the last one.

        That is no cut, which would leave no place in it to look at; but more is asked of a place in another scene.
        """
        self._forget_followed()
        self.judge.frame = frame
        self.doubt.foreign = self.scenes.compare(frame).cut
        self.scenes.settle()
        return SceneChange(frame)

    def step(
        self, seen: Observation, elapsed: int = 1, seconds: float = 0.04, *, learn: bool = True
    ) -> Appearance | None:
        """Decide by a frame; return what is to learn from it, None where nothing may.

        Args:
            seen: what the frame shows.
            elapsed: usual frame intervals since the frame before.
            seconds: the same in seconds.
            learn: False keeps what is known of the target's looks.
        """
        self._lesson, self._remembered, self._learns = None, False, learn
        found = seen.shown
        own, likely = found.confidence, self.recognized(found)
        if seen.sighting is not None:
            self.doubt.turns += seen.sighting.searched
            self.doubt.proposed, self.doubt.next_best = seen.sighting.proposed, seen.sighting.next_best
        if self._change_scene(seen.scene):
            pass  # that decides
        elif seen.rests:
            self._rest(found, likely, elapsed)
        elif self.state is TrackState.TRACKING:
            self._track(found, own, likely, elapsed)
        else:
            self.doubt.frames += elapsed
            self.doubt.seconds += seconds
            if not self._came_back(seen.sighting) and seen.followed is not None:
                if self.state is TrackState.OCCLUDED:
                    self._doubt(found, own, likely, elapsed, seconds)
                else:
                    self._follow_on(found, own, likely)
        self._worth += self._config.doubt.confidence_rate * (own - self._worth)
        return self._lesson

    def put_by(self) -> None:
        """Keep a copy of what is known after a sure look, for a doubt to go back to."""
        if self._remembered:
            self._checkpoints.add(self.known.appearance)

    @property
    def confidence(self) -> float:
        """At least 0.5 while TRACKING and below it otherwise; in either half by what the looks are worth alone."""
        if self.state is TrackState.TRACKING:
            return 0.5 + 0.5 * self._worth
        return (0.5 if self.state is TrackState.OCCLUDED else 0.25) * min(self._worth, 0.99)

    def reason(self, seen: Observation) -> str:
        """Return the code of why the target is not TRACKING, "" where it is."""
        if self.state is TrackState.TRACKING:
            return ""
        return SCENE_CUT if self.doubt.foreign else reason_of(seen.shown.evidence, self._config.confidence)

    def _rest(self, found: Localization, likely: float, elapsed: int) -> None:
        """Go on with a target that is too sure to be judged."""
        assert self.followed is not None
        before = self.followed.box
        self.rest.frames += 1
        if found.repeats:
            self.followed.box = found.box
            self.rest.unlearned += 1
        else:
            self._follow(found, likely, elapsed)
        self._motion.update(before, self.followed.box, elapsed)

    def _track(self, found: Localization, own: float, likely: float, elapsed: int) -> None:
        """Go on with a target that is seen; `own`: confidence in the look, `likely`: the same, if recognized."""
        judge, before, gap = self.judge, self.known.box, elapsed >= self._config.doubt.gap
        unlikely = likely < self._config.confidence.occluded_below
        self.rest.end()
        judgment = judge.judge(found, own, before, self._config.presence.free_jump * (elapsed - 1))
        judge.smooth(judgment)
        missed = gap and judgment.score < judge.back  # what moved meanwhile is looked for at once
        if doubtful := judge.smoothed < judge.low or unlikely or missed:
            self._begin_doubt(self._config.doubt.coast if missed else 0)
        self._follow(found, likely, elapsed)
        if not doubtful:
            self._motion.update(before, self.known.box, elapsed)
            self._remembered = self._learns and judge.confirm(found, judgment)
            self.rest.begin(found, sure=self._remembered and judge.is_usual)

    def _doubt(self, found: Localization, own: float, likely: float, elapsed: int, seconds: float) -> None:
        """Go on with what is followed, and end the doubt where that is the target after all."""
        judge, doubt, settings = self.judge, self.doubt, self._config.doubt
        judgment = self._judge_doubtful(found, own)
        doubt.credit += settings.credit_rate * (own - doubt.credit)
        state = self._follow(found, likely, elapsed)
        doubt.unseen = 0.0 if state is TrackState.TRACKING else doubt.unseen + seconds
        doubt.depth = max(doubt.depth, judge.low - judge.smoothed)
        if state is TrackState.TRACKING and self._is_again(judgment):
            self._end_doubt(self.followed)
            if self._learns and doubt.frames > self._config.gallery.quarantine:
                judge.adopt(found, judgment)
        elif doubt.unseen >= settings.lost_after:
            self._lose()
        elif self._learns and state is TrackState.TRACKING and doubt.seconds > settings.forgive_after:
            credit = max((doubt.credit - settings.no_credit) / (1 - settings.no_credit), 0.0)
            judge.forgive(judgment, settings.forgive_rate * credit)
            if doubt.credit > settings.full_credit and judge.lack(found) < settings.most_lack:
                judge.adopt(found, judgment)
                judge.smoothed = judge.usual
                self._end_doubt(self.followed)

    def _follow_on(self, found: Localization, own: float, likely: float) -> None:
        """Go on with what was followed into the loss: it may be the target after all."""
        assert self.followed is not None
        odds, old, judgment = self._config.confidence, self.followed.box, self._judge_doubtful(found, own)
        if likely < odds.occluded_below:
            self.doubt.misses += 1
            if self.doubt.misses > self._config.doubt.give_up_after:
                self.followed = None
            return
        self.doubt.misses = 0
        self.followed.box = Box.around(*found.box.center, old.width, old.height)
        if likely < odds.tracking_above:
            return
        self._admit(found)
        if self._is_again(judgment) and likely >= odds.found_above:
            self._end_doubt(self.followed)

    def _came_back(self, sighting: Sighting | None) -> bool:
        """Whether the clean looks are seen, by the mean of enough looks in a row; then they are gone on with."""
        if sighting is None:
            return False
        doubt, judge, settings = self.doubt, self.judge, self._config.presence
        found, near = sighting.found, sighting.expected and not doubt.foreign
        place = self.coasting() if near else found.box
        patience = 2 * settings.free_motion * doubt.frames
        witness = settings.back_witness if near else settings.found_witness
        confidence, odds = found.confidence, self._config.confidence
        bar = judge.back if near else judge.found + settings.foreign_margin * doubt.foreign
        judgment = judge.judge(found, confidence, place, patience, witness, None if near else bar)
        mean = (doubt.mean * doubt.count + min(judgment.score, bar + settings.margin)) / (doubt.count + 1)
        if mean < bar or confidence < (odds.tracking_above if near else odds.found_above):
            doubt.seen, doubt.count = None, 0
            return False
        doubt.seen, doubt.expected, doubt.mean, doubt.count = found.box, near, mean, doubt.count + 1
        if doubt.count < self._needed(near) and not sighting.decisive:
            return False
        judge.smoothed = max(mean, judgment.score)
        if judgment.turned:
            judge.adopt(found, judgment)
        self._end_doubt(Hypothesis(self.known.appearance, found.box))
        self.scenes.settle()
        return True

    def _needed(self, near: bool) -> int:
        """Frames in a row in which the clean looks have to be seen."""
        settings, lost = self._config.doubt, self.state is TrackState.LOST
        return (settings.back_frames + lost if near else settings.found_frames) + self.doubt.foreign

    # --- From state to state.

    def _begin_doubt(self, frames: int) -> None:
        """Keep what was known before the quarantine, and go on with the rest in doubt."""
        self.state = TrackState.OCCLUDED
        self.doubt = Doubt(frames)
        self.judge.gallery.forget_waiting()
        known = self.known
        kept = self._checkpoints.kept[0] if self._checkpoints.kept else known.appearance.copied()
        self.clean = Hypothesis(kept, known.box)

    def _end_doubt(self, hypothesis: Hypothesis | None) -> None:
        """Go on with one of the two; the other is dropped."""
        self.state = TrackState.TRACKING
        self.followed, self.clean = hypothesis, None
        self.rest.end()
        self._checkpoints.clear()
        self._follower = StateMachine(self._config.confidence)

    def _lose(self) -> None:
        self.state = TrackState.LOST
        doubt = self.doubt
        doubt.turns, doubt.seen, doubt.count, doubt.misses, doubt.proposed = 0, None, 0, 0, ()
        self.rest.end()
        self._motion.stop()

    def _change_scene(self, change: SceneChange) -> bool:
        """Go on from the frame of `change`; return whether it begins a scene, another one or that of before."""
        self.scenes.commit(change)
        if change.home:
            self._return_home()
        elif change.cut:
            self._forget_followed()
            self.doubt.foreign = True
        return change.home or change.cut

    def _forget_followed(self) -> None:
        """Be LOST: what is known is clean, what is followed is nothing."""
        if self.clean is None:
            known = self.known
            self._begin_doubt(0)
            self.clean = Hypothesis(known.appearance, known.box)
        self.doubt.seconds, self.doubt.next_best = 0.0, None
        self._lose()  # also while LOST: what was seen, and proposed, is of frames that this one does not follow
        self.followed = None
        self.judge.smoothed = self.judge.low - 1

    def _return_home(self) -> None:
        """The scene of before the cut is back: the target is expected at its place."""
        known = self.known
        self.state = TrackState.OCCLUDED
        self.clean = Hypothesis(known.appearance.copied(), known.box)
        self.followed = known
        self.doubt = Doubt(turns=self.doubt.turns)
        self.judge.smoothed = self.judge.low
        self._follower = StateMachine(self._config.confidence)

    def _follow(self, found: Localization, likely: float, elapsed: int) -> TrackState:
        """Go where the look leads, as if it were the target; return how it stands by its looks on their own."""
        assert self.followed is not None
        state = self._follower.step(likely, elapsed)
        if state is TrackState.TRACKING:
            self._admit(found)
            self._verifier.remember(found.evidence)
        else:
            self._policy.decide(found.evidence)
            self.followed.box = Box.around(*found.box.center, self.followed.box.width, self.followed.box.height)
        return state

    def _admit(self, found: Localization) -> None:
        """Let what is followed go to a look that is likely on its own, and learn from it where it is undisturbed."""
        assert self.followed is not None
        decision, old = self._policy.decide(found.evidence), self.followed.box
        self.followed.box = found.box if decision.resize else Box.around(*found.box.center, old.width, old.height)
        if self._learns and decision.learn:
            self._lesson = self.followed.appearance
            self.lesson_frames, self.rest.unlearned = 1 + self.rest.unlearned, 0

    def _judge_doubtful(self, found: Localization, own: float) -> Judgment:
        patience = self._config.presence.free_motion * self.doubt.frames
        judgment = self.judge.judge(found, own, self.coasting(), patience)
        self.judge.smooth(judgment)
        return judgment

    def _is_again(self, judgment: Judgment) -> bool:
        return min(self.judge.smoothed, judgment.score) >= self.judge.again(self.doubt.depth)
