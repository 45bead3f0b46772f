"""The page in a real browser: what a person does, and sees."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.web.helpers import MAY_SKIP, browser, click, drag, open_page
from tracker import open_source
from tracker.geometry import Box
from tracker.video.synthetic.source import SyntheticSource

SCENE = "synth:smooth:frames=50:size=640x360"
ENDLESS = "synth:smooth:frames=5000:size=640x360"
"""The same, and so long that it does not end while a test looks at it, however slow the machine."""
FAR = 10.0
"""Pixels that the box's center may be off."""

pytestmark = pytest.mark.skipif(MAY_SKIP, reason="no chromium here")

# Notes frame and box whenever the page shows a new one.
WATCH = """() => {
  window.seen = [];
  const body = document.querySelector('#targets tbody');
  new MutationObserver(() => {
    const cell = body.rows[0] && body.rows[0].cells[3].textContent;
    if (cell) window.seen.push([Number(document.getElementById('picture').dataset.frame), cell,
                                body.rows[0].cells[1].textContent]);
  }).observe(body, { childList: true, subtree: true, characterData: true });
}"""


# Notes what the banner says, and for how many milliseconds.
BANNER = """() => {
  window.said = [];
  let since = 0;
  const banner = document.getElementById('banner');
  new MutationObserver(() => {
    if (!banner.hidden && !since) since = performance.now();
    if (banner.hidden && since) {
      window.said.push([banner.dataset.last, performance.now() - since]);
      since = 0;
    }
    if (!banner.hidden) banner.dataset.last = banner.textContent;
  }).observe(banner, { childList: true, attributes: true, attributeFilter: ['hidden'] });
}"""


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def truths() -> tuple[Box, ...]:
    with open_source(SCENE) as source:
        assert isinstance(source, SyntheticSource)
        return tuple(box for box in source.truths if box is not None)


def rows(text: str) -> list[dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(text)))
    for row in found:
        del row["elapsed_ms"]
    return found


def distance(cell: str, truth: Box) -> float:
    x, y, width, height = map(float, cell.split())
    across, down = x + width / 2 - truth.center[0], y + height / 2 - truth.center[1]
    return (across**2 + down**2) ** 0.5


def seen_on(page: Page) -> tuple[str | None, str]:
    return page.get_attribute("#picture", "data-frame"), page.inner_text("#targets tbody")


def exported(page: Page, kind: str, path: Path) -> Path:
    with page.expect_download() as started:
        page.click(f"#exports [data-kind={kind}]")
    started.value.save_as(path)
    return path


def test_choose_drag_watch_and_export(serve, context, truths, tmp_path: Path) -> None:
    clip = tmp_path / "clips" / "clip.mkv"
    clip.parent.mkdir()
    render = [sys.executable, "-m", "tracker", "track", SCENE, "--roi", "1,1,9,9", "--record", str(clip), "-q"]
    subprocess.run([*render, "--no-display"], check=True)
    running = serve(root=clip.parent)
    page, errors = open_page(context, running.url)
    page.wait_for_selector("#offers option", state="attached")
    page.select_option("#offers", label="clip.mkv")
    page.click("#open")
    page.wait_for_selector("body[data-phase=paused] #picture[data-frame='0']")
    page.evaluate(WATCH)
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    page.click("#play")
    page.wait_for_selector("body[data-phase=ended]")
    seen = page.evaluate("window.seen")
    assert {state for _, _, state in seen} == {"TRACKING"}
    offline = rows(exported(page, "csv", tmp_path / "page.csv").read_text())
    assert [int(row["frame"]) for row in offline] == list(range(50))
    for row in offline:
        box = f"{row['x']} {row['y']} {row['w']} {row['h']}"
        assert distance(box, truths[int(row["frame"])]) < FAR

    first = ",".join(offline[0][name] for name in "xywh")
    command = [
        sys.executable,
        "-m",
        "tracker",
        "track",
        str(clip),
        f"--roi={first}",
        "-c",
        "fast",
        "-q",
        "--no-display",
        "--csv",
    ]
    subprocess.run([*command, str(tmp_path / "line.csv")], check=True)
    for mine, its in zip(offline, rows((tmp_path / "line.csv").read_text()), strict=True):
        assert mine["state"] == its["state"]
        assert [float(mine[n]) for n in "xywh"] == pytest.approx([float(its[n]) for n in "xywh"], abs=0.5)
    assert not errors
    page.close()


def test_density_second_client_and_reload(serve, context, truths) -> None:
    running = serve(ENDLESS, speed=0.5)
    page, errors = open_page(context, running.url)
    page.wait_for_selector("#picture[data-frame='0']")
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    page.click("#play")
    page.check("#show-density")
    bright = """() => {
      const canvas = document.getElementById('density');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, i) => i % 4 === 0 && value > 150);
    }"""
    page.wait_for_function(bright)
    second, its_errors = open_page(context, running.url)
    second.wait_for_selector("td.tracking")
    page.reload()
    page.wait_for_selector("td.tracking")
    page.click("#play")
    page.wait_for_selector("body[data-phase=paused]")
    second.wait_for_selector("body[data-phase=paused]")
    running.wait_until(lambda: seen_on(second) == seen_on(page))
    assert not errors + its_errors
    page.close()
    second.close()


def test_keys_click_and_settings(serve, context, truths) -> None:
    running = serve(ENDLESS, speed=0.1)
    page, errors = open_page(context, running.url)
    page.wait_for_selector("#picture[data-frame='0']")
    page.keyboard.press(".")
    page.wait_for_selector("#picture[data-frame='1']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#picture[data-frame='26']")
    truth = truths[26]
    drag(page, list(truth))
    page.wait_for_selector("td.tracking")
    page.keyboard.press(" ")
    page.wait_for_selector("body[data-phase=playing]")
    page.keyboard.press(" ")
    page.wait_for_selector("body[data-phase=paused]")
    page.fill("[name='search.margin']", "2.5")
    page.press("[name='search.margin']", "Enter")
    running.wait_until(lambda: "2.5" in running.http.get("/api/config").text)
    page.evaluate(BANNER)
    page.fill("[name='search.margin']", "99")
    page.press("[name='search.margin']", "Enter")
    page.wait_for_function("() => window.said.length > 0")
    ((said, stayed),) = page.evaluate("window.said")
    assert "search.margin" in said
    assert stayed > 4500  # milliseconds: what is looked up beside in the meantime does not take it away
    x, y, width, height = map(float, page.inner_text("#targets tbody td:nth-child(4)").split())
    click(page, x + width / 2, y + height / 2)
    page.wait_for_selector("#targets tr.chosen")
    page.keyboard.press("Delete")
    page.wait_for_selector("#targets tbody:empty", state="attached")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#targets tr .pick")
    assert not [error for error in errors if "400" not in error]
    page.close()


def test_the_page_says_when_the_server_is_gone(serve, context) -> None:
    running = serve(SCENE)
    page, _ = open_page(context, running.url)
    page.wait_for_selector("#picture[data-frame='0']")
    running.server.stop()
    page.wait_for_selector("body[data-phase=disconnected]")
    assert "does not answer" in page.inner_text("#banner")
    page.close()


def test_a_phone_shows_everything_without_scrolling_sideways(serve, context, truths) -> None:
    running = serve(SCENE)
    page, _ = open_page(context, running.url)
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_selector("#picture[data-frame='0']")
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_a_token_in_the_address_opens_the_page(serve, context) -> None:
    running = serve(SCENE, token="a-token-of-this-test")
    page, errors = open_page(context, f"{running.url}/?token=a-token-of-this-test")
    page.wait_for_selector("#picture[data-frame='0']")
    assert "token" not in page.url
    assert not errors
    page.close()
