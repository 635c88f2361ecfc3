"""Limits, faults and hostile answers, the same for every service that speaks HTTP."""

import gzip
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from cxnlp.channels.items import Unusable
from cxnlp.channels.live import web as web_module
from cxnlp.channels.live.failures import Refusal, Unreachable
from cxnlp.channels.live.waits import Waits
from cxnlp.channels.live.web import Web
from tests.live.server import NOW, LocalService, Reply, page, served

BUSY = page({}, 429)


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def web(service: LocalService, slept: list[float]) -> Iterator[Web]:
    found = Web(Waits(100, slept.append))
    found.allow(service.url)
    service.paths["/a"] = lambda _: page({"words": "all of it"})
    yield found
    found.close()


def busy(**headers: str) -> Reply:
    return page({"error": "slow down"}, 429, **headers)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([], []),
        ([busy(Retry_After="7")], [7]),
        ([busy(Retry_After="0")], [1]),
        ([busy(Retry_After="-5")], [1]),
        ([busy(Retry_After="soon")], [1]),
        ([busy(Retry_After="nan")], [1]),
        ([busy(Retry_After=format_datetime(NOW + timedelta(seconds=30), usegmt=True))], [30]),
        ([busy(Retry_After=format_datetime(NOW - timedelta(days=1), usegmt=True))], [1]),
        ([busy(X_RateLimit_Reset=(NOW + timedelta(seconds=40)).isoformat())], [40]),  # Mastodon
        ([busy(RateLimit_Reset=str(int(NOW.timestamp()) + 50))], [50]),  # Bluesky
        ([busy(X_RateLimit_Reset="60")], [60]),  # Reddit
        ([busy(Retry_After="5"), busy(Retry_After="6")], [5, 6]),
        ([page({}, 503, Retry_After="9")], [9]),
        ([page({}, 500), page({}, 502), page({}, 504)], [1, 2, 4]),
        ([Reply(b'{"words": "half', missing=4)], [1]),
        ([Reply(b'{"words": "half', is_announced=False)], [1]),
        ([Reply(b"", is_announced=False)], [1]),
        ([Reply(gzip.compress(b"{}" * 99)[:-9], headers={"Content-Encoding": "gzip"})], [1]),
        ([Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"})], [1]),
        ([Reply(b"[" * 100_000)], [1]),
    ],
)
def test_what_passes_is_waited_for(
    service: LocalService, web: Web, slept: list[float], faults: list[Reply], expected: list[float]
) -> None:
    service.faults["/a"] = faults
    n_faults = len(faults)
    found, _ = web.get_json(service.url + "/a")
    assert found == {"words": "all of it"}
    assert slept == pytest.approx(expected)
    assert len(service.asked) == n_faults + 1


@pytest.mark.parametrize("now", [None, NOW - timedelta(days=400), NOW + timedelta(days=400)])
def test_a_wait_counts_from_the_services_clock(service: LocalService, web: Web, slept: list[float], now: Any) -> None:
    service.now = now
    if now is not None:
        service.faults["/a"] = [busy(Retry_After=format_datetime(now + timedelta(seconds=20), usegmt=True))]
        web.get_json(service.url + "/a")
        assert slept == [20]


def test_the_last_request_that_a_limit_allows_is_followed_by_a_pause(
    service: LocalService, web: Web, slept: list[float]
) -> None:
    service.paths["/a"] = lambda _: page({}, X_RateLimit_Remaining="0.0", X_RateLimit_Reset="33")
    web.get_json(service.url + "/a")
    assert slept == []
    web.get_json(service.url + "/a")
    assert slept == [33]


def test_patience_has_an_end(service: LocalService, web: Web, slept: list[float]) -> None:
    service.paths["/a"] = lambda _: busy(Retry_After="60")
    with pytest.raises(Unreachable, match="more patience than `wait_seconds` allows"):
        web.get_json(service.url + "/a")
    assert slept == [60]


def test_what_stays_broken_is_given_up(service: LocalService, web: Web, slept: list[float]) -> None:
    service.paths["/a"] = lambda _: Reply(b'{"words": "half', missing=4)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 sends half an answer .*, 5 times in a row"):
        web.get_json(service.url + "/a")
    assert slept == [1, 2, 4, 8]


def test_a_service_that_is_not_there(web: Web, slept: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    web.allow(url)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached, 5 times in a row"):
        web.get_json(url)
    assert len(slept) == 4


def test_a_service_that_drips_is_given_up(service: LocalService, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "MAX_ANSWER_SECONDS", -1.0)
    with pytest.raises(Unreachable, match=r"sends half an answer \(took more than"):
        web.get_json(service.url + "/a")


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_a_refusal_is_not_repeated(service: LocalService, web: Web, slept: list[float], status: int) -> None:
    service.paths["/a"] = lambda _: page({"error": "dear customer"}, status)
    with pytest.raises(Refusal, match=f"answered {status} for 127.0.0.1/a") as caught:
        web.get_json(service.url + "/a?q=who")
    assert "customer" not in str(caught.value)
    assert "who" not in str(caught.value)
    assert slept == []


def test_a_bomb_is_not_unpacked(service: LocalService, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "MAX_ANSWER_BYTES", 5_000_000)
    bomb = gzip.compress(bytes(200_000_000))
    service.paths["/a"] = lambda _: Reply(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(Unusable, match="more than 5 MB in one answer"):
        web.get_json(service.url + "/a")


def moved(status: int, to: str) -> Callable[[object], Reply]:
    return lambda _: Reply(b"", status, {"Location": to})


def test_a_move_on_the_same_host_is_followed(service: LocalService, web: Web) -> None:
    service.paths["/old"] = moved(301, "/a")
    assert web.get_json(service.url + "/old")[0] == {"words": "all of it"}


def test_no_other_host_is_asked_and_none_gets_the_secret(service: LocalService, web: Web) -> None:
    web.headers["Authorization"] = "Bearer token-of-ours"
    with served() as other:
        other.paths["/b"] = lambda _: page({})
        service.paths["/old"] = moved(302, other.url + "/b")
        for url in (service.url + "/old", other.url + "/b", "file:///etc/passwd", "https://example.org/"):
            with pytest.raises(Unusable, match="leads to another host"):
                web.get_json(url)
        assert other.asked == []


def test_a_circle_has_an_end(service: LocalService, web: Web) -> None:
    service.paths["/old"] = moved(302, "/old")
    with pytest.raises(Unusable, match="leads in a circle"):
        web.get_json(service.url + "/old")
    assert len(service.asked) == 5


def test_addresses_and_secrets_are_not_logged(
    service: LocalService, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    web.headers["Authorization"] = "Bearer token-of-ours"
    web.get_json(service.url + "/a", {"q": "fern"})
    assert "fern" not in caplog.text
    assert "token-of-ours" not in caplog.text


def test_a_service_that_hangs_up_at_once(web: Web, slept: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        web.allow(url)

        def hang_up() -> None:
            for _ in range(web_module.ATTEMPTS):
                listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(Unreachable, match="5 times in a row"):
            web.get_json(url)
        thread.join()
    assert len(slept) == 4


def test_an_answer_is_parsed_as_it_was_sent(service: LocalService, web: Web) -> None:
    document = {"words": "Grüße, “Zoë” 🎃", "n": 10**20}
    service.paths["/a"] = lambda _: Reply(
        gzip.compress(json.dumps(document).encode()), headers={"Content-Encoding": "gzip"}
    )
    assert web.get_json(service.url + "/a")[0] == document
