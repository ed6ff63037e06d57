"""Judges of a rendered feed: the rules for bytes that no parser checks, and three parsers.

None of them shares code with what renders the feeds, except that icalendar also reads them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LINE = re.compile(
    r"""([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)""",
    re.DOTALL,
)
_PARAM = re.compile(r""";([A-Z0-9-]+)=((?:"[^"]*"|[^";:])*)""")
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_MUST_NAME_VALUE = {
    "REFRESH-INTERVAL": "DURATION",
    "SOURCE": "URI",
    "CONFERENCE": "URI",
    "IMAGE": "URI",
    "X-APPLE-STRUCTURED-LOCATION": "URI",
}


@dataclass(frozen=True)
class Prop:
    """A property as it stands in the feed: its value is still escaped."""

    name: str
    value: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value as a text (RFC 5545 3.3.11)."""
        return unescape(self.value)


@dataclass
class Component:
    """A component with its properties in order, repeated ones included."""

    name: str
    props: list[Prop] = field(default_factory=list)
    inner: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Prop]:
        return [prop for prop in self.props if prop.name == name]

    def one(self, name: str) -> Prop | None:
        found = self.all(name)
        assert len(found) <= 1, f"{len(found)} times {name}"
        return found[0] if found else None

    def components(self, name: str) -> list["Component"]:
        return [inner for inner in self.inner if inner.name == name]


@dataclass(frozen=True)
class Entry:
    """What a reader makes of one VEVENT: the part in which all must agree."""

    start: date
    end: date
    summary: str
    description: str
    location: str = ""


Entries = dict[str, Entry]
"""By UID."""


def unescape(value: str) -> str:
    """Undo RFC 5545 3.3.11; KeyError where an escape is none that it knows."""
    known = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}
    return _ESCAPED.sub(lambda match: known[match[1]], value)


def read(feed: bytes) -> Component:
    """The feed as a tree, by the letter of RFC 5545 3.1."""
    root = Component("")
    open_ones = [root]
    for line in feed.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        match = _LINE.fullmatch(line)
        assert match, f"not a content line: {line!r}"
        name, params, value = match.groups()
        if name == "BEGIN":
            open_ones.append(Component(value))
            open_ones[-2].inner.append(open_ones[-1])
        elif name == "END":
            assert open_ones.pop().name == value
        else:
            values = {k: v.strip('"') for k, v in _PARAM.findall(params)}
            open_ones[-1].props.append(Prop(name, value, values))
    assert open_ones == [root]
    assert [inner.name for inner in root.inner] == ["VCALENDAR"]
    return root.inner[0]


def faults(feed: bytes) -> list[str]:
    """What is wrong with the bytes, one line for each fault: empty where all is well."""
    lines = feed.split(b"\r\n")
    found = [] if lines.pop() == b"" else ["the last line has no CRLF"]
    for number, line in enumerate(lines, 1):
        found += [f"line {number}: {fault}: {line!r}" for fault in _line_faults(line)]
    text = feed.decode(errors="replace")
    if text.splitlines() != text.removesuffix("\r\n").split("\r\n"):
        found.append("str.splitlines() sees other lines: vdirsyncer would")
    if not found:
        found += _property_faults(read(feed))
    return found


def _line_faults(line: bytes) -> Iterator[str]:
    if b"\r" in line or b"\n" in line:
        yield "bare CR or LF"
    if len(line) > 75:
        yield f"{len(line)} octets"
    try:
        text = line.decode()
    except UnicodeDecodeError:
        yield "cuts a character"
        return
    if _FORBIDDEN.search(text):
        yield "control character"
    if not line:
        yield "blank"


def _property_faults(calendar: Component) -> Iterator[str]:
    events = calendar.components("VEVENT")
    uids = [prop.value for event in events for prop in event.all("UID")]
    if len(uids) != len(events) or len(set(uids)) != len(uids):
        yield "not one UID of its own for each event"
    for prop in calendar.props + [prop for event in events for prop in event.props]:
        wanted = _MUST_NAME_VALUE.get(prop.name)
        if prop.name in ("DTSTART", "DTEND") and re.fullmatch("[0-9]{8}", prop.value):
            wanted = "DATE"
        if prop.params.get("VALUE") != wanted:
            yield f"{prop.name} names as its VALUE {prop.params.get('VALUE')}, not {wanted}"
        if "TZID" in prop.params:
            yield f"{prop.name} has a TZID"
        if not prop.value:
            yield f"{prop.name} is empty"
        if any(char in value for value in prop.params.values() for char in '"\\'):
            yield f"{prop.name} has a parameter that some reader takes amiss: {prop.params}"


def by_ical(feed: bytes) -> Entries:
    """Home Assistant's parser: the strictest, one fault costs it the whole feed."""
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    entries = {}
    for event in calendar.timeline:
        assert event.uid
        assert event.dtstart
        assert event.dtend
        entries[event.uid] = Entry(
            event.dtstart,
            event.dtend,
            event.summary or "",
            event.description or "",
            event.location or "",
        )
    assert len(entries) == len(calendar.events)
    return entries


def by_vobject(feed: bytes) -> Entries:
    """The parser of Radicale and many scripts, with its own validation."""
    calendar = vobject.readOne(feed.decode())
    calendar.validate(raiseException=True)

    def text(event: vobject.base.Component, name: str) -> str:
        return str(event.getChildValue(name, ""))

    return {
        event.uid.value: Entry(
            event.dtstart.value,
            event.dtend.value,
            text(event, "summary"),
            text(event, "description"),
            text(event, "location"),
        )
        for event in calendar.contents.get("vevent", [])
    }


def by_icalendar(feed: bytes) -> Entries:
    """icalendar, which keeps going after errors and writes them down."""
    calendar = icalendar.Calendar.from_ical(feed)
    assert [one.errors for one in calendar.walk() if one.errors] == []
    return {
        str(event["UID"]): Entry(
            event.decoded("DTSTART"),
            event.decoded("DTEND"),
            str(event.get("SUMMARY", "")),
            str(event.get("DESCRIPTION", "")),
            str(event.get("LOCATION", "")),
        )
        for event in calendar.walk("VEVENT")
    }


PARSERS: dict[str, Callable[[bytes], Entries]] = {
    "ical": by_ical,
    "vobject": by_vobject,
    "icalendar": by_icalendar,
}
