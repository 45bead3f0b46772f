import cv2

from tests.evaluation.drills.clips import BEGIN, drill_of, pictures


def test_the_focus_is_lost_and_comes_back(clip) -> None:
    sharp = [cv2.Laplacian(frame.image, cv2.CV_64F).var() for frame in pictures(drill_of(clip, "blur"))]
    assert sharp[BEGIN + 17] < 0.05 * sharp[BEGIN - 1]
    assert sharp[BEGIN + 35] > 0.9 * sharp[BEGIN - 1]
