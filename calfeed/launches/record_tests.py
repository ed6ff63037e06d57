"""The tests that filters put to launches, each to thousands of them: they take no detours."""

from operator import attrgetter

from calfeed.launches.model import Launch
from calfeed.launches.parts import Of, Part
from calfeed.query.filter import MakeTest, Test
from calfeed.query.kinds import Value
from calfeed.query.record_tests import has_any, has_at


def has_member(of: Of, *members: str) -> MakeTest[Launch]:
    """One of these members of one of the parts is one of the values."""
    if isinstance(of, Part):
        return has_at(*(f"{of.path}.{member}" for member in members))
    (member,) = members
    get = attrgetter(member)
    return has_any(lambda launch: map(get, found) if (found := of(launch)) else ())


def contains(of: Of, member: str) -> MakeTest[Launch]:
    """The text is in that member of one of the parts, in any case."""
    if isinstance(of, Part):
        return _contains_at(f"{of.path}.{member}")
    get = attrgetter(member)

    def test(values: tuple[Value, ...]) -> Test[Launch]:
        text = str(values[0]).lower()
        return lambda launch: any(text in get(part).lower() for part in of(launch))

    return test


def _contains_at(path: str) -> MakeTest[Launch]:
    get = attrgetter(path)

    def test(values: tuple[Value, ...]) -> Test[Launch]:
        text = str(values[0]).lower()

        def passes(launch: Launch) -> bool:
            try:
                return text in get(launch).lower()
            except AttributeError:
                return False

        return passes

    return test


def launched_by_or_for(values: tuple[Value, ...]) -> Test[Launch]:
    """Who launches, or for whom, is one of the values."""
    wanted = frozenset(values)

    def passes(launch: Launch) -> bool:
        provider, mission = launch.launch_service_provider, launch.mission
        if provider is not None and provider.id in wanted:
            return True
        if mission is not None:
            for agency in mission.agencies:
                if agency.id in wanted:
                    return True
        return False

    return passes
