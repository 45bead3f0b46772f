from __future__ import annotations

import logging
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.evaluation.fakes import SIZE, block_in, frame_image, image_folder, truth
from tracker.errors import ConfigError, SourceError
from tracker.evaluation import TruthSequence, find_sequences
from tracker.evaluation.sequences import read_otb, read_table


def write_clip(path: Path, boxes: np.ndarray) -> None:
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, SIZE[::-1])
    assert video.isOpened()
    for box in boxes:
        video.write(frame_image(box))
    video.release()


def write_table(path: Path, boxes: np.ndarray) -> None:
    np.savetxt(path, boxes, "%.2f", ",", header="x,y,w,h", comments="")


def write_pair(folder: Path, name: str, rows: int = 4) -> Path:
    write_clip(folder / f"{name}.avi", truth(rows))
    write_table(folder / f"{name}.csv", truth(rows))
    return folder / f"{name}.avi"


def write_otb(folder: Path, rows: int = 4) -> None:
    image_folder(folder / "img", truth(rows))
    np.savetxt(folder / "groundtruth_rect.txt", np.add(truth(rows), (1, 1, 0, 0)), "%d", ",")


def test_a_folder_of_clips_and_otb_folders_is_found_by_name(tmp_path):
    write_pair(tmp_path, "beta")
    write_pair(tmp_path, "Alpha")
    write_otb(tmp_path / "gamma")
    (tmp_path / "notes.txt").write_text("no clip")
    (tmp_path / "alone.avi").write_bytes(b"no table beside it")
    (tmp_path / "._beta.avi").write_bytes(b"hidden")
    (tmp_path / "._beta.csv").write_bytes(b"\xff\xfe")
    found = find_sequences(tmp_path)
    assert [sequence.name for sequence in found] == ["Alpha", "beta", "gamma"]
    for sequence in found:
        np.testing.assert_array_equal(sequence.truth, truth(4))


def test_one_clip_and_one_otb_folder_are_sequences_of_their_own(tmp_path):
    clip = write_pair(tmp_path, "one")
    write_otb(tmp_path / "two")
    assert [sequence.source for sequence in find_sequences(clip)] == [str(clip)]
    assert [sequence.name for sequence in find_sequences(str(tmp_path / "two"))] == ["two"]


def test_two_truths_over_the_same_images_are_two_sequences(tmp_path):
    image_folder(tmp_path / "Jogging" / "img", truth(3))
    for number in (1, 2):
        np.savetxt(tmp_path / "Jogging" / f"groundtruth_rect.{number}.txt", truth(3) + number, "%d", "\t")
    found = find_sequences(tmp_path)
    assert [sequence.name for sequence in found] == ["Jogging-1", "Jogging-2"]
    assert found[0].source == found[1].source
    assert found[1].truth[0].tolist() == [11, 21, 14, 12]


def test_the_sequence_known_to_begin_late_does(tmp_path):
    image_folder(tmp_path / "David" / "img", truth(2))
    np.savetxt(tmp_path / "David" / "groundtruth_rect.txt", truth(2) + 1, "%d", ",")
    assert find_sequences(tmp_path)[0].first_frame == 299


@pytest.mark.parametrize("kind", ["clip", "otb"])
def test_rows_and_frames_belong_together(tmp_path, kind):
    if kind == "clip":
        write_pair(tmp_path, "a", rows=5)
    else:
        write_otb(tmp_path / "a", rows=5)
    (sequence,) = find_sequences(tmp_path)
    seen = list(sequence.frames())
    assert [row for row, _ in seen] == [0, 1, 2, 3, 4]
    for row, frame in seen:
        assert list(block_in(frame.image)) == pytest.approx(sequence.truth[row], abs=1.0)


def test_frames_begin_at_the_first_frame_and_end_with_the_truth(tmp_path):
    source = image_folder(tmp_path / "img", truth(8))
    sequence = TruthSequence("late", source, truth(8)[3:6], first_frame=3)
    assert [list(block_in(frame.image)) for _, frame in sequence.frames()] == truth(8)[3:6].tolist()


def test_a_damaged_frame_is_passed_over_and_the_rows_still_fit(tmp_path):
    source = image_folder(tmp_path / "img", truth(6))
    (tmp_path / "img" / "0003.png").write_bytes(b"torn")
    seen = list(TruthSequence("torn", source, truth(6)).frames())
    assert [row for row, _ in seen] == [0, 1, 3, 4, 5]
    assert block_in(seen[2][1].image).x == truth(6)[3, 0]


def test_truth_longer_than_the_frames_is_an_error(tmp_path):
    sequence = TruthSequence("short", image_folder(tmp_path / "img", truth(3)), truth(5))
    with pytest.raises(SourceError, match=r"3 frames for 5 rows of truth: do they belong together"):
        list(sequence.frames())


def test_a_table_keeps_subpixels_reads_any_column_order_and_marks_the_absent(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(
        "\ufeffframe, h, w, y, x\r\n0,4,3,2.25,1.5\r\n1,nan,nan,nan,nan\r\n2,0,0,0,0\r\n3,4,3,-2,-1\r\n".encode()
    )
    nan = np.nan
    expected = [[1.5, 2.25, 3, 4], [nan] * 4, [nan] * 4, [-1, -2, 3, 4]]
    np.testing.assert_array_equal(read_table(path), expected)


@pytest.mark.parametrize("separator", [",", "\t", " ", ", ", "  \t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_otb_truth_is_one_based_with_any_separator(tmp_path, separator, end):
    path = tmp_path / "groundtruth_rect.txt"
    text = "1 1 20 30|3 4 20 30|".replace(" ", separator).replace("|", end)
    path.write_bytes(text.encode())
    assert read_otb(path).tolist() == [[0, 0, 20, 30], [2, 3, 20, 30]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no column x, y, w, h; a table begins with"),
        ("10,20,3,4\n11,20,3,4\n", "no column x, y, w, h"),
        ("x,y,w\n1,2,3\n", "no column h"),
        ("x,y,w,h\n1,2,3,4\n1,2,three,4\n", "line 3: 'three' is no number"),
        ("x,y,w,h\n1,2,3,4\n1,2,3\n", "line 3: expected four numbers"),
        ("x,y,w,h\n", "needs two rows or more"),
        ("x,y,w,h\n1,2,3,4\n", "needs two rows or more"),
        ("x,y,w,h\nnan,nan,nan,nan\n1,2,3,4\n", "needs two rows or more from the first box on"),
        ("x,y,w,h\nnan,nan,nan,nan\n1,2,3,4\n1,2,3,4\n", "a box in the first row"),
        ("id,x,y,w,h\n0,1,2,3,4\n1,1,2,3,4\n0,1,2,3,4\n1,1,2,3,4\n", "holds 2 targets"),
    ],
)
def test_a_bad_table_is_one_clear_error(tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(SourceError, match=message) as caught:
        read_table(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bad_otb_truth_is_one_clear_error(tmp_path):
    path = tmp_path / "groundtruth_rect.txt"
    path.write_text("1,2,3,4\n\n1,2,3\n")
    with pytest.raises(SourceError, match="line 3: 3 values, expected four"):
        read_otb(path)


def test_an_unreadable_truth_file_is_a_source_error(tmp_path):
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SourceError, match=r"cannot read .*: give a text file"):
        read_table(binary)
    with pytest.raises(SourceError, match=r"cannot read .*: give a text file"):
        read_table(tmp_path / "missing.csv")


def test_nothing_there_and_nothing_in_it_are_told_apart(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        find_sequences(tmp_path / "nowhere")
    (tmp_path / "lone.avi").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"no sequence in .*NAME\.csv"):
        find_sequences(tmp_path)
    with pytest.raises(ConfigError, match="no sequence in"):
        find_sequences(tmp_path / "lone.avi")


def test_each_target_of_a_table_is_a_sequence_from_its_first_box_on(tmp_path):
    clip = write_pair(tmp_path, "two", rows=6)
    rows = [(frame, 3, "car") for frame in range(6)] + [(frame, 5, "") for frame in range(2, 6)]
    lines = [f"{frame},{number},{label},{frame},{number},20,30" for frame, number, label in rows]
    clip.with_suffix(".csv").write_text("\n".join(["frame,id,label,x,y,w,h", *lines]))
    first, second = find_sequences(clip)
    assert [(one.name, one.first_frame, len(one.truth)) for one in (first, second)] == [
        ("two-car3", 0, 6),
        ("two-id5", 2, 4),
    ]
    assert first.truth[1].tolist() == [1, 3, 20, 30]
    assert second.truth[0].tolist() == [2, 5, 20, 30]
    assert [frame.index for _, frame in second.frames()] == [2, 3, 4, 5]


def test_truth_that_begins_later_is_a_sequence_that_begins_later(tmp_path):
    clip = write_pair(tmp_path, "late", rows=5)
    clip.with_suffix(".csv").write_text("x,y,w,h\n,,,\nnan,nan,nan,nan\n1,2,20,30\n,,,\n3,4,20,30\n")
    (late,) = find_sequences(clip)
    assert (late.first_frame, len(late.truth)) == (2, 3)
    assert np.isnan(late.truth[1]).all()
    image_folder(tmp_path / "otb" / "img", truth(4))
    (tmp_path / "otb" / "groundtruth_rect.txt").write_text("0,0,0,0\n1,1,20,30\n2,2,20,30\n3,3,20,30\n")
    (otb,) = find_sequences(tmp_path / "otb")
    assert (otb.first_frame, otb.truth[0].tolist()) == (1, [0, 0, 20, 30])


def test_one_bad_truth_does_not_end_the_good_ones(tmp_path, caplog):
    write_pair(tmp_path, "good")
    bad = write_pair(tmp_path, "bad")
    bad.with_suffix(".csv").write_text("a,b\n1,2\n")
    with caplog.at_level(logging.WARNING, logger="tracker"):
        assert [one.name for one in find_sequences(tmp_path)] == ["good"]
    assert "left out: " in caplog.text
    assert "bad.csv, line 1: no column" in caplog.text
    (tmp_path / "good.csv").unlink()
    with pytest.raises(SourceError, match="no column x"):
        find_sequences(tmp_path)
