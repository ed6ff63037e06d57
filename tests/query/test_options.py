"""calfeed's own options, value by value."""

from datetime import timedelta

import pytest

from calfeed.catalog import EVENTS_ONLY
from calfeed.entry import Display
from calfeed.query.options import OPTIONS, PLAIN, WINDOW, Options
from calfeed.query.parse import parse
from calfeed.query.query import Query
from tests.support import calendars

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def read(**given: str) -> Options:
    return asking(*given.items()).options


def asking(*pairs: tuple[str, str]) -> Query:
    return parse(pairs, calendars.query())


def test_without_options_nothing_changes() -> None:
    assert read() == PLAIN == Options()
    assert PLAIN.pairs() == []
    assert PLAIN.display == Display("mark", "date", HOUR, False, (), ())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("past", "P90D", 90 * DAY),
        ("past", "90d", 90 * DAY),
        ("past", "12h", 12 * HOUR),
        ("past", "2w", 14 * DAY),
        ("past", "0d", timedelta(0)),
        ("past", "P36525D", 36525 * DAY),
        ("past", "all", None),
        ("past", "ALL", None),
        ("future", "P1DT12H", 36 * HOUR),
        ("coarse", "mark", "mark"),
        ("coarse", "span", "span"),
        ("coarse", "hide", "hide"),
        ("start", "date", "date"),
        ("start", "webcast", "webcast"),
        ("length", "PT30M", HOUR / 2),
        ("length", "366d", 366 * DAY),
        ("length", "window", WINDOW),
        ("alarm", "PT1H", (HOUR,)),
        ("alarm", "0m", (timedelta(0),)),
        ("alarm", "15m, 1d,1h", (DAY, HOUR, HOUR / 4)),
        ("lang", "en", ("en",)),
        ("lang", "RU, en,pt-BR", ("ru", "en", "pt-br")),
        ("webcast", "any", "any"),
        ("webcast", "yes", "yes"),
        ("webcast", "official", "official"),
        ("name", "My\u2028 calendar\r\nX-EVIL:1", "My calendar X-EVIL:1"),
        ("name", "a" * 100, "a" * 100),
        ("limit", "1", 1),
        ("limit", "5000", 5000),
        ("offset", "0", 0),
        ("offset", "100000", 100_000),
        ("ordering", "date", "date"),
        ("ordering", "-date", "-date"),
        ("ordering", "last_updated", "last_updated"),
        ("ordering", "-last_updated", "-last_updated"),
        ("ordering", "net", "net"),
        ("ordering", "-name", "-name"),
        ("ordering", "id", "id"),
    ],
)
def test_a_value_is_read(name: str, text: str, value: object) -> None:
    assert read(**{name: text}) == Options(**{name: value})  # type: ignore[arg-type]


def test_alarm_and_lang_add_up_and_the_others_are_given_once() -> None:
    pairs = [("alarm", "1h"), ("alarm", "15m"), ("lang", "en"), ("lang", "ru,en")]
    assert asking(*pairs).options == Options(alarm=(HOUR, HOUR / 4), lang=("en", "ru"))
    assert asking(("limit", "5"), ("limit", "5")).options == Options(limit=5)


def test_only_what_is_not_at_its_default_is_written() -> None:
    options = Options(past=90 * DAY, length=HOUR, alarm=(DAY, HOUR), lang=("en", "ru"), limit=5)
    assert options.pairs() == [
        ("alarm", "P1D,PT1H"),
        ("lang", "en,ru"),
        ("limit", "5"),
        ("past", "P90D"),
    ]


def test_what_differs_from_a_feeds_own_is_written() -> None:
    feed = Options(past=90 * DAY, coarse="hide", limit=5)
    assert Options(limit=5).pairs(feed) == [("coarse", "mark"), ("past", "all")]
    assert Options(past=DAY, limit=5).pairs(feed) == [("coarse", "mark"), ("past", "P1D")]
    assert feed.pairs(feed) == []


def test_what_one_event_looks_like_leaves_out_which_are_chosen() -> None:
    chosen = Options(past=DAY, future=DAY, webcast="yes", name="x", limit=1, offset=1)
    assert chosen.display == PLAIN.display
    assert Options(coarse="span").display == Display(coarse="span")
    assert Options(length=WINDOW).display == Display(window=True)


def test_every_row_says_what_it_is_for_and_what_it_takes() -> None:
    assert all(row.meaning and row.takes and row.name == name for name, row in OPTIONS.items())
    assert set(OPTIONS) == set(Options.__dataclass_fields__)


def test_options_do_not_change_what_is_asked() -> None:
    assert asking(("past", "1d"), ("day", "1")).clauses == asking(("day", "1")).clauses
    assert Query(EVENTS_ONLY, options=read(past="1d")) == asking(("past", "1d"))
