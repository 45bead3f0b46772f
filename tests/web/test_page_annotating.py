"""The page in a real browser: nothing destroys work, and targets are corrected, named and looked through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.web.helpers import MAY_SKIP, Running, browser, click, drag, on_screen, open_page
from tracker import open_source
from tracker.geometry import Box
from tracker.video.synthetic.source import SyntheticSource

SCENE = "synth:smooth:frames=20:size=320x180"
pytestmark = pytest.mark.skipif(MAY_SKIP, reason="no chromium here")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def truths() -> tuple[Box, ...]:
    with open_source(SCENE) as source:
        assert isinstance(source, SyntheticSource)
        return tuple(box for box in source.truths if box is not None)


@pytest.fixture
def running(serve) -> Running:
    return serve(SCENE, speed=0.0)


@pytest.fixture
def page(context: BrowserContext, running: Running) -> Iterator[Page]:
    page, errors = open_page(context, running.url)
    page.wait_for_selector("body[data-role=lead] #picture[data-frame='0']")
    yield page
    assert not errors
    page.close()


def rows(running: Running) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(running.http.get("/api/results/export?kind=csv").text)))


def boxes(page: Page) -> list[list[float]]:
    cells = page.locator("#targets tbody td:nth-child(4)").all_inner_texts()
    return [[float(number) for number in cell.split()] for cell in cells]


def test_looking_again_and_clicking_destroy_nothing(page: Page, running: Running, truths: tuple[Box, ...]) -> None:
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    drag(page, [5, 5, 30, 30])  # the picture stands still, so that as many as wanted can be marked
    page.wait_for_selector("tbody tr:nth-child(2) .pick")
    assert page.get_attribute("body", "data-phase") == "paused"
    page.click("#play")
    page.wait_for_selector("body[data-phase=ended]")
    first = rows(running)
    assert len(first) == 40
    page.keyboard.press("ArrowLeft")  # keys live though a button was clicked
    page.wait_for_selector("body[data-phase=paused]")
    click(page, 20, 20)
    page.wait_for_selector("tr.chosen[data-id='1']")
    page.keyboard.press(".")
    page.keyboard.press(",")
    page.keyboard.press(" ")
    page.wait_for_selector("body[data-phase=ended]")
    assert rows(running) == first


SLOW_ORDERS = """delays => {
  const send = window.fetch;
  window.arrived = [];
  window.fetch = async (path, options = {}) => {
    if (!options.method || options.method === "GET") return send(path, options);
    const { action, label, seconds } = JSON.parse(options.body);
    await new Promise((go, leave) => {
      options.signal?.addEventListener("abort", leave);
      setTimeout(go, delays[action || label] || 0);
    });
    window.arrived.push(action === "seek" ? `seek ${Math.round(seconds)}` : action || label);
    return action === "seek" ? new Response("{}") : send(path, options);
  };
}"""


def test_orders_arrive_as_they_were_given_whatever_way_they_take(page: Page, running: Running) -> None:
    drag(page, [40, 40, 40, 40])
    page.wait_for_selector("tr.chosen")
    page.evaluate(SLOW_ORDERS, {"step": 400, "back": 200, "ann": 300, "undo": 100})
    page.keyboard.press(".")
    page.keyboard.press(",")
    page.fill("#label", "ann")
    page.click("#naming button")
    page.fill("#label", "bea")
    page.click("#naming button")
    page.keyboard.press("Escape")
    page.click("#undo")
    page.wait_for_selector(".pick:text('0 ann')")
    page.click("#play")
    page.wait_for_selector("body[data-phase=ended]")
    assert page.evaluate("window.arrived") == ["step", "back", "ann", "bea", "undo", "play"]


PRESS = """keys => {
  const press = (key, repeat = false) => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, repeat, bubbles: true }));
  for (const key of keys) press(key.replace("held ", ""), key.startsWith("held "));
}"""


def test_jumps_are_orders_too_and_of_those_that_wait_the_newest_leaves(page: Page, running: Running) -> None:
    page.evaluate(SLOW_ORDERS, {"step": 300, "seek": 200})
    held = ["held ."] * 5  # they would go on after the key was let go
    page.evaluate(PRESS, [".", "ArrowLeft", "ArrowRight", *held, ",", "ArrowLeft"])
    page.wait_for_function("() => window.arrived.length === 4")
    assert page.evaluate("window.arrived") == ["step", "seek 1", "back", "seek 0"]


KEPT_SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    window.sockets.push(this);
  }
}"""


def test_orders_that_no_answer_comes_to_are_given_up_with_the_connection(serve, context: BrowserContext) -> None:
    running = serve(SCENE, speed=0.0)
    page = context.new_page()
    page.add_init_script(KEPT_SOCKETS)
    page.goto(running.url)
    page.wait_for_selector("body[data-role=lead] #picture[data-frame='0']")
    page.evaluate(SLOW_ORDERS, {"step": 10_000_000})
    page.evaluate(PRESS, [".", ",", " "])
    page.evaluate("() => window.sockets.at(-1).close()")
    page.wait_for_selector("#banner:has-text('the server does not answer')")
    page.wait_for_selector("body[data-phase=paused]")
    page.evaluate(PRESS, [" "])
    page.wait_for_selector("body[data-phase=ended]")
    assert page.evaluate("window.arrived") == ["play"]
    page.close()


def test_a_target_is_moved_sized_named_and_all_undone(page: Page, running: Running) -> None:
    drag(page, [40, 40, 40, 40])
    page.wait_for_selector("tr.chosen")
    drag(page, [60, 60, 50, 20])  # from within: moves
    page.wait_for_function(f"() => {BOX}.startsWith('90 60')")
    page.mouse.move(*on_screen(page, 130, 100))  # the lower right corner
    page.mouse.down()
    page.mouse.move(*on_screen(page, 150, 120))
    page.mouse.up()
    page.wait_for_function(f"() => {BOX}.endsWith('60 60')")
    assert len(boxes(page)) == 1
    page.fill("#label", "ann")
    page.click("#naming button")
    page.wait_for_selector(".pick:text('0 ann')")
    for _ in range(3):
        page.click("#undo")
    page.wait_for_function(f"() => {BOX} === '40 40 40 40'")
    page.keyboard.press("Control+Shift+Z")
    page.wait_for_function(f"() => {BOX}.startsWith('90 60')")
    assert {row["id"] for row in rows(running)} == {"0"}


def test_a_box_by_keys_alone(page: Page, running: Running) -> None:
    page.keyboard.press("b")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("td.tracking")
    page.fill("#box", "10 20 30 40")
    page.press("#box", "Enter")
    page.wait_for_selector("tbody tr:nth-child(2) .pick")
    assert [10.0, 20.0, 30.0, 40.0] in boxes(page)
    page.focus("tbody tr:nth-child(1) .pick")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody tr:nth-child(1).chosen")


BOX = "document.querySelector('#targets tbody td:nth-child(4)').textContent"
PINCH = """() => {
  const picture = document.getElementById('picture');
  const { left, top, width, height } = picture.getBoundingClientRect();
  picture.setPointerCapture = () => {};
  const send = (type, pointerId, x, y) => picture.dispatchEvent(new PointerEvent(type, { pointerId, bubbles: true,
    pointerType: 'touch', isPrimary: pointerId === 1, clientX: left + x * width, clientY: top + y * height }));
  send('pointerdown', 1, .4, .5);
  send('pointermove', 1, .38, .5);
  send('pointerdown', 2, .6, .5);
  for (let i = 1; i <= 5; i += 1) {
    send('pointermove', 1, .38 - i * .04, .5);
    send('pointermove', 2, .6 + i * .04, .5);
  }
  send('pointerup', 2, .8, .5);
  send('pointermove', 1, .1, .1);
  send('pointerup', 1, .1, .1);
}"""


def test_two_fingers_zoom_and_never_draw(page: Page, running: Running) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if "targets" in request.url else None)
    before = page.evaluate("document.getElementById('picture').toDataURL()")
    page.evaluate(PINCH)
    assert page.evaluate("document.getElementById('picture').toDataURL()") != before
    page.keyboard.press("0")
    page.wait_for_function("before => document.getElementById('picture').toDataURL() === before", arg=before)
    assert "POST" not in asked
    assert running.http.get("/api/targets").json() == []


def test_a_box_begun_on_one_clip_is_no_target_of_another(context: BrowserContext, running: Running) -> None:
    page, _ = open_page(context, running.url)
    page.wait_for_selector("body[data-role=lead] #picture[data-frame='0']")
    page.mouse.move(*on_screen(page, 40, 40))
    page.mouse.down()
    page.mouse.move(*on_screen(page, 90, 90))
    running.post("/api/sources/open", kind="scene", name="smooth")
    with page.expect_response(lambda answer: "targets" in answer.url) as answered:
        page.mouse.up()
    assert answered.value.status == 409
    assert running.http.get("/api/targets").json() == []
    page.close()


def test_settings_keep_the_focus_and_what_is_being_typed(page: Page, running: Running) -> None:
    page.fill("[name='search.margin']", "2.5")
    page.press("[name='search.margin']", "Enter")
    page.wait_for_function("() => document.getElementById('changed').textContent === '1 changed'")
    assert page.evaluate("document.activeElement.name") == "search.margin"
    page.fill("[name='search.margin']", "0.3")  # not sent yet
    running.http.put("/api/config", json={"preset": "classic"})
    page.wait_for_function("() => document.getElementById('preset').value === 'classic'")
    assert page.input_value("[name='search.margin']") == "0.3"


def test_a_watcher_has_nothing_to_change(serve, context: BrowserContext) -> None:
    running = serve(SCENE, token="a-token-of-this-test")
    watch = running.server.watch_address.partition("?")[2]
    page, errors = open_page(context, f"{running.url}/?{watch}")
    page.wait_for_selector("#picture[data-frame='0']")
    assert page.locator(".lead:visible").count() == 0
    assert not errors
    page.close()


def test_stretches_are_shown_and_lead_on(page: Page, running: Running, truths: tuple[Box, ...]) -> None:
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    page.click("#play")
    page.wait_for_selector("body[data-phase=ended]")
    page.wait_for_selector("#timeline[aria-label*='#0: frames 0 to 19']")
    assert "appeared" in page.inner_text("#events")
    page.wait_for_selector("#curves[aria-label*='target 0 from frame 0 to 19']")
    assert "lowest confidence" in page.inner_text("#curves-caption")
    place = page.locator("#timeline").bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_selector("#picture[data-frame='10']")
    assert "frame 10 of 19" in page.inner_text("#time")
    page.reload()  # the curves are those of the rows, not of the messages that this page got
    page.wait_for_selector("#curves[aria-label*='target 0 from frame 0 to 19']")
    page.wait_for_selector("body[data-role=lead]")
    width = page.locator("#curves").bounding_box()["width"]
    page.locator("#curves").click(position={"x": width - 9, "y": 100})
    page.wait_for_selector("#picture[data-frame='19']")


def test_axe_finds_nothing(page: Page, running: Running, truths: tuple[Box, ...]) -> None:
    drag(page, list(truths[0]))
    page.wait_for_selector("td.tracking")
    page.click("#play")
    page.wait_for_selector("body[data-phase=ended]")
    page.wait_for_selector("#timeline[aria-label*='#0: frames 0 to 19']")
    for summary in ("Keys", "All settings"):
        page.click(f"summary:text('{summary}')")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 860})
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 860})


def test_a_lost_target_is_announced(page: Page, running: Running) -> None:
    running.post("/api/sources/open", kind="scene", name="occlusion")
    page.wait_for_selector("#picture[data-frame='0']")
    with open_source("synth:occlusion") as source:
        running.post("/api/targets", box=list(source.truth(0)))
    running.post("/api/playback", action="play")
    # However few of the frames the page gets to see.
    page.wait_for_selector("#announce:text('target 0 is lost'), #announce:text('found again')", state="attached")


def test_a_phone_is_told_what_to_do(context: BrowserContext, running: Running) -> None:
    page, _ = open_page(context, running.url)
    page.wait_for_selector("body[data-role=lead]")
    page.set_viewport_size({"width": 390, "height": 844})
    assert "Drag a box around a target" in page.inner_text("#hint")
    page.close()
