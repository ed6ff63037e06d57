"""Findings about Launch Library as a whole: can it be reached, what does it allow. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yarl import URL

from calfeed.checkup.answer import Answer, Reply
from calfeed.checkup.finding import Finding, listed, several
from calfeed.duration import MINUTE
from calfeed.errors import BudgetSpent, Forbidden, MissingUpstream, Throttled, UpstreamError
from calfeed.launchlibrary.client import Allowance

STALE = timedelta(days=30)
"""Something changes every day. Where nothing did for so long, it is a copy that nobody renews."""


@dataclass(frozen=True, slots=True)
class Service:
    """What Launch Library was asked as, and what it answered: ``allowance`` is what
    ``/api-throttle/`` says, ``own_calls`` how many calls the store's ledger had then."""

    url: URL
    with_key: bool
    calls_per_hour: int
    own_calls: int
    allowance: Allowance | UpstreamError | None
    replies: tuple[Reply, ...]
    now: datetime

    @property
    def answers(self) -> list[Answer[Any]]:
        """Those replies that are answers."""
        return [reply for reply in self.replies if isinstance(reply, Answer)]

    @property
    def errors(self) -> list[UpstreamError]:
        """The others, without those that were not asked for at all."""
        errors = [reply for reply in self.replies if isinstance(reply, UpstreamError)]
        return [error for error in errors if not isinstance(error, BudgetSpent)]


def look_at_service(service: Service) -> list[Finding]:
    """What there is to say, most important first."""
    findings = [_reach(service)]
    findings += [_refused(error) for error in service.errors if isinstance(error, Throttled)][:1]
    if service.answers:
        findings += [*_version(service), _clock(service.answers), *_newest(service)]
    if service.answers or isinstance(service.allowance, Allowance):
        findings.append(_calls(service))
    return findings


def _reach(service: Service) -> Finding:
    key = "with the key" if service.with_key else "without a key"
    if service.answers:
        seconds = min(answer.received.seconds for answer in service.answers)
        found = f"{service.url} answers, {key}, at best in {seconds:.2f} s"
        return Finding("ok", "reach", found, "Fetches everything from there.")
    said = listed(list(dict.fromkeys(str(error) for error in service.errors)))
    return Finding("problem", "reach", f"{service.url}, {key}: {said}", _advice(service))


def _advice(service: Service) -> str:
    errors = service.errors
    serves = "Serves what it has, and tries again, at first every 20 s, later every ten minutes"
    if any(isinstance(error, Forbidden) for error in errors):
        look = "look at CALFEED_LL2_TOKEN" if service.with_key else "this address may be blocked"
        return f"{serves}; {look}."
    if any(isinstance(error, MissingUpstream) for error in errors):
        return f"{serves}; look at CALFEED_LL2_URL."
    return f"{serves}."


def _refused(error: Throttled) -> Finding:
    """How a 429 says how long to wait."""
    wait = f"{error.retry_after:.0f} s"
    if error.named_in == "header":
        found = f"a call was refused with 429, and Retry-After says to wait {wait}"
    elif error.named_in:
        found = f"a call was refused with 429 without Retry-After; a sentence says to wait {wait}"
    else:
        found = "a call was refused with 429, without a word on how long to wait"
    return Finding("note", "refusal", found, f"Makes no call for {wait}, and serves what it has.")


def _version(service: Service) -> Iterator[Finding]:
    wanted = service.url.name
    links = {str(record.get("url")) for answer in service.answers for record in answer.raw}
    seen = {found[1] for link in links if (found := re.search(r"/(\d+\.\d+\.\d+)/", link))}
    if seen == {wanted}:
        yield Finding("ok", "version", f"{wanted}, as asked for", "Reads 2.3.0 and 2.2.0.")
    elif links:
        said = listed(sorted(seen)) if seen else "no version"
        advice = "Reads 2.3.0 and 2.2.0, and asks as CALFEED_LL2_URL says; look at that."
        yield Finding("note", "version", f"asked for {wanted}, the records name {said}", advice)


def _newest(service: Service) -> Iterator[Finding]:
    """Whether somebody keeps the records current."""
    records = [record for answer in service.answers for record in answer.page.records]
    stamps = [record.last_updated for record in records if record.last_updated]
    if not stamps:
        return
    found = f"the newest change seen is of {max(stamps):%Y-%m-%d %H:%M} UTC"
    if service.now - max(stamps) <= STALE:
        yield Finding("ok", "changes", found, "Takes in what changes.")
    else:
        advice = "Shows what it gets, which nobody renews; look at CALFEED_LL2_URL."
        yield Finding("problem", "changes", found, advice)


def _clock(answers: Sequence[Answer[Any]]) -> Finding:
    skews = [skew for answer in answers if (skew := answer.received.skew) is not None]
    if not skews:
        found = "answers bear no date to compare our clock with"
        return Finding("note", "clock", found, "Goes by the clock of this machine alone.")
    skew = min(skews, key=abs)
    seconds = abs(skew.total_seconds())
    if abs(skew) <= MINUTE:
        found = f"{several(round(seconds), 'second')} from ours" if seconds else "as ours"
        return Finding("ok", "clock", found, "Takes changes in with ten minutes of overlap.")
    found = f"its clock is {seconds:,.0f} s {'ahead of' if skew > timedelta() else 'behind'} ours"
    advice = "Asks for changes by the earlier clock, shows what is upcoming by ours; set that."
    return Finding("note", "clock", found, advice)


def _calls(service: Service) -> Finding:
    ours = several(service.calls_per_hour, "call")
    allowance = service.allowance
    if not isinstance(allowance, Allowance):
        why = f": {allowance}" if allowance else ""
        found = f"/api-throttle/ does not say how many calls there are{why}"
        advice = f"Makes {ours} an hour at most, and cannot see what others use of them."
        return Finding("note", "calls", found, advice)
    limit = allowance.limit
    found = f"{several(limit, 'call')} an hour, {allowance.used:,} used"
    others = allowance.used - service.own_calls
    if limit < service.calls_per_hour:
        advice = f"Is set to {ours} an hour: set CALFEED_LL2_CALLS_PER_HOUR={limit}."
        return Finding("note", "calls", found, advice)
    if others > 0:
        advice = f"Leaves the calls that others have used out of its own {ours} an hour."
        return Finding("note", "calls", f"{found}, {others:,} of them by others", advice)
    more = "; CALFEED_LL2_CALLS_PER_HOUR can be raised" if limit > service.calls_per_hour else ""
    return Finding("ok", "calls", found, f"Makes {ours} an hour at most{more}.")
