"""Whatever fits the API's document, or does not, is answered without a fault of the server."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis.errors import Unsatisfiable

from tests.web.helpers import Running

ENDLESS = {"/stream.mjpeg", "/api/results/events"}
SCENE = "synth:smooth:frames=30:size=160x120"


def operations(running: Running) -> list:
    schema = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of schemathesis itself
@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_no_request_is_a_fault(serve, mode: schemathesis.GenerationMode) -> None:
    running = serve(SCENE)
    running.post("/api/targets", box=[50, 40, 30, 30])
    statuses = set()

    def check(operation) -> None:
        @settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case) -> None:
            kind = case.body.get("kind") if isinstance(case.body, dict) else None
            assume(kind not in ("url", "camera"))  # nothing outside this machine is to be asked
            answer = case.call()
            statuses.add(answer.status_code)
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)

        ask()

    for operation in operations(running):
        if operation.path not in ENDLESS:
            try:
                check(operation)
            except Unsatisfiable:
                assert mode is schemathesis.GenerationMode.NEGATIVE  # nothing about it can be wrong
    assert (200 if mode is schemathesis.GenerationMode.POSITIVE else 422) in statuses
