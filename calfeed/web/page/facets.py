"""Events -> what can be chosen: the agencies, event types and programs that occur. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from calfeed.events.model import Agency, Event, Named


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; ``short`` is an agency's short name, ``events`` how many there are in
    all, ``ahead`` how many of them are ahead."""

    id: int
    name: str
    short: str
    events: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the kept events offer, each list by what is ahead, then by what there was."""

    agencies: tuple[Option, ...] = ()
    types: tuple[Option, ...] = ()
    programs: tuple[Option, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For ``/choices.json``."""
        return asdict(self)


def make_choices(events: Iterable[Event], coming: Iterable[Event]) -> Choices:
    """Count what occurs; ``coming`` are those of the events that are ahead."""
    left = {event.id for event in coming}
    tallies = [_Tally(), _Tally(), _Tally()]
    for event in events:
        kinds = (event.agencies, (event.type,) if event.type else (), event.program)
        for tally, named in zip(tallies, kinds, strict=True):
            tally.add(named, ahead=event.id in left)
    return Choices(*(tally.options() for tally in tallies))


class _Tally:
    """Counts by id."""

    def __init__(self) -> None:
        self._named: dict[int, Named] = {}
        self._counts: dict[int, list[int]] = {}

    def add(self, named: Iterable[Named], *, ahead: bool) -> None:
        for one in {one.id: one for one in named}.values():
            self._named.setdefault(one.id, one)
            count = self._counts.setdefault(one.id, [0, 0])
            count[0] += 1
            count[1] += ahead

    def options(self) -> tuple[Option, ...]:
        found = [
            Option(one.id, one.name, one.abbrev if isinstance(one, Agency) else "",
                   *self._counts[one.id])
            for one in self._named.values()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda o: (-o.ahead, -o.events, o.name)))
