"""nginx in front of calfeed: what it keeps, and what goes on when calfeed does not."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.front import (
    HOST,
    SAMPLE,
    Front,
    answering,
    ask,
    calfeed,
    check,
    nginx,
    running,
    until,
    write,
    write_main,
)
from tests.support.process import free_port

FEED = "/feeds/nasa.ics"
MANY_CODINGS = "gzip, deflate, br, zstd"


def ports() -> tuple[int, int, int, int]:
    """For https, http, and two services."""
    return free_port(), free_port(), free_port(), free_port()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """With one of the two services running."""
    chosen = ports()
    with nginx(tmp_path_factory.mktemp("nginx"), chosen) as front, calfeed(chosen[2], *SAMPLE):
        yield front


def test_it_takes_the_configuration(tmp_path: Path) -> None:
    assert check(write(tmp_path, ports())) == ""


def test_it_takes_that_of_compose(tmp_path: Path) -> None:
    values = {"server calfeed:8080;": f"server 127.0.0.1:{free_port()};"}
    assert check(write_main(tmp_path, "compose.conf", values)) == ""


def test_exported_files_are_calendars(tmp_path: Path) -> None:
    port = free_port()
    main = write_main(tmp_path, "static.conf", {"/srv/www": str(tmp_path)})
    served = f"server {{ listen 127.0.0.1:{port}; include calfeed/static.conf; }}"
    main.write_text(main.read_text().replace("include calfeed/static.conf;", served))
    feeds = tmp_path / "space" / "feeds"
    feeds.mkdir(parents=True)
    (feeds / "nasa.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with running(main, port):
        answer = ask(port, "/space/feeds/nasa.ics")
    assert (answer.status, answer.body) == (200, (feeds / "nasa.ics").read_bytes())
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_it_keeps_what_calfeed_lets_it_keep(front: Front) -> None:
    first, second = front.ask(FEED), front.ask(FEED)
    assert (first.status, first.cached) == (200, "fwd=uri-miss")
    assert (second.status, second.cached) == (200, "hit")
    assert second.body == first.body
    assert second.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    assert second.headers["Vary"] == "Accept-Encoding"
    assert second.headers["Cache-Control"].startswith("public, max-age=")


def test_every_query_has_its_own_answer(front: Front) -> None:
    named = front.ask("/events.ics?name=A")
    assert b"X-WR-CALNAME:A" in named.body
    assert b"X-WR-CALNAME:B" in front.ask("/events.ics?name=B").body
    assert front.ask("/events.ics?name=A").body == named.body
    assert front.ask("/events.ics").cached == "fwd=uri-miss"


def test_codings_are_kept_apart_and_their_spellings_are_not(front: Front) -> None:
    plain = front.ask("/feeds/esa.ics")
    packed = front.ask("/feeds/esa.ics", Accept_Encoding=MANY_CODINGS)
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.cached == "fwd=uri-miss"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for spelling in ("gzip", "br;q=1.0, GZIP;q=0.8, *;q=0.1", "x-gzip"):
        again = front.ask("/feeds/esa.ics", Accept_Encoding=spelling)
        assert (again.cached, again.body) == ("hit", packed.body)
    for refusal in ("gzip;q=0", "deflate, gzip;q=0.000", "br"):
        again = front.ask("/feeds/esa.ics", Accept_Encoding=refusal)
        assert (again.cached, again.body) == ("hit", plain.body)


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_who_has_it_gets_a_304_from_the_cache(front: Front, coding: str) -> None:
    feed = front.ask("/feeds/spacex.ics", Accept_Encoding=coding)
    by_tag = front.ask(
        "/feeds/spacex.ics", Accept_Encoding=coding, If_None_Match=f'"x", {feed.headers["ETag"]}'
    )
    assert (by_tag.status, by_tag.cached, by_tag.body) == (304, "hit", b"")
    assert by_tag.headers["ETag"] == feed.headers["ETag"]
    assert by_tag.headers["Cache-Control"] == feed.headers["Cache-Control"]
    later = {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert front.ask("/feeds/spacex.ics", Accept_Encoding=coding, **later).status == 304
    changed = front.ask("/feeds/spacex.ics", Accept_Encoding=coding, If_None_Match='"old"')
    assert (changed.status, changed.body) == (200, feed.body)


def test_a_304_to_a_new_address_keeps_the_feed_for_others(front: Front) -> None:
    assert front.ask("/feeds/jaxa.ics", If_None_Match="*").status == 304
    assert front.ask("/feeds/jaxa.ics").body.startswith(b"BEGIN:VCALENDAR\r\n")


def test_head_says_what_get_says(front: Front) -> None:
    head, got = front.ask("/feeds/ula.ics", "HEAD"), front.ask("/feeds/ula.ics")
    assert (head.status, head.body) == (200, b"")
    assert (got.cached, len(got.body)) == ("hit", int(head.headers["Content-Length"]))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_problems_are_kept_no_longer_than_calfeed_says(front: Front) -> None:
    for _ in range(2):
        refused = front.ask("/events.ics?agency_ids=44")
        assert (refused.status, refused.headers["Cache-Control"]) == (400, "no-store")
        assert b"agency__ids" in refused.body
    lost = [front.ask("/feeds/nope.ics") for _ in range(2)]
    assert [answer.status for answer in lost] == [404, 404]
    assert lost[0].headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("method", ["POST", "PUT", "PROPFIND", "DELETE"])
def test_what_would_change_something_is_refused(front: Front, method: str) -> None:
    answer = front.ask(FEED, method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_health_is_never_kept_and_metrics_are_not_public(front: Front) -> None:
    for path in ("/healthz", "/readyz", "/status.json"):
        answer = front.ask(path)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert front.ask("/metrics").status == 404


def test_port_80_leads_to_the_same_address_on_https(front: Front) -> None:
    answer = front.ask_plainly("/events.ics?type__ids=3&name=A+B")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/events.ics?type__ids=3&name=A+B"


def test_a_false_host_gets_into_nothing_that_is_kept(front: Front) -> None:
    answer = front.ask("/feeds.json", Host="evil.example")
    assert b"evil.example" not in answer.body
    assert HOST.encode() in answer.body


def test_a_feed_is_kept_for_the_rest_of_its_time_and_not_for_all_of_it(tmp_path: Path) -> None:
    """Of a feed whose data is nearly too old when nginx fetches it."""
    chosen = ports()
    caching = {
        "Age": "899",
        "Cache-Control": "public, max-age=900, stale-while-revalidate=3600, stale-if-error=604800",
        "X-Accel-Expires": "1",
    }
    with nginx(tmp_path, chosen) as front, answering(chosen[2], b"old", caching) as server:
        first = front.ask(FEED)
        assert (first.cached, first.headers["X-Accel-Expires"]) == ("fwd=uri-miss", None)
        server.body, server.headers = b"new", {**caching, "X-Accel-Expires": "600"}
        until(lambda: front.ask(FEED).body == b"new")
        assert server.asked == ["GET"] * 2


@pytest.mark.parametrize("background", [True, False], ids=["within the hour", "after it"])
def test_feeds_go_on_when_calfeed_is_killed(tmp_path: Path, background: bool) -> None:
    chosen = ports()
    with nginx(tmp_path, chosen, background=background) as front:
        with calfeed(chosen[2], *SAMPLE, CALFEED_FRESH_FOR="PT1S") as service:
            feed = front.ask(FEED)
            assert feed.status == 200
            service.kill()
            until(lambda: front.ask(FEED).cached == "hit; detail=stale")
            stale = front.ask(FEED)
            assert (stale.status, stale.body) == (200, feed.body)
            assert front.ask(FEED, If_None_Match=feed.headers["ETag"]).status == 304
        new = front.ask("/feeds/esa.ics")
        assert (new.status, new.headers["Retry-After"]) == (503, "60")
        assert new.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("background", [True, False], ids=["within the hour", "after it"])
def test_a_service_that_has_nothing_yet_replaces_nothing(tmp_path: Path, background: bool) -> None:
    chosen = ports()
    with nginx(tmp_path, chosen, background=background) as front:
        with calfeed(chosen[2], *SAMPLE, CALFEED_FRESH_FOR="PT1S"):
            feed = front.ask(FEED)
        with calfeed(chosen[2], module="tests.deploy.hasty"):
            assert ask(chosen[2], FEED).status == 503
            until(lambda: "stale" in front.ask(FEED).cached)
            for _ in range(3):  # the first has calfeed asked behind it
                again = front.ask(FEED)
                assert (again.status, again.body) == (200, feed.body)
            new = front.ask("/feeds/esa.ics")
            assert new.status == 503
            assert int(new.headers["Retry-After"]) > 0


def test_it_turns_to_the_other_process_and_comes_back_to_fresh_feeds(tmp_path: Path) -> None:
    chosen = ports()
    with nginx(tmp_path, chosen) as front:
        with calfeed(chosen[2], *SAMPLE, CALFEED_FRESH_FOR="PT1S") as service:
            front.ask(FEED)
            service.kill()
            until(lambda: "stale" in front.ask(FEED).cached)
        with calfeed(chosen[3], *SAMPLE, CALFEED_FRESH_FOR="PT1S"):
            until(lambda: front.ask(FEED).cached == "hit")
            assert front.ask("/feeds/esa.ics").status == 200
