"""Text and links from upstream, made safe once, where they come in."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator
from yarl import URL

from calfeed.errors import SHOWN

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BLANKS = re.compile(r"\s+")
_PLAIN_LINK = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*)?"
)
LONGEST_LINK = 2000


def clean(text: str) -> str:
    """Leave of a text what every calendar parser takes.

    Everything some reader takes for the end of a line becomes a newline (vdirsyncer and node-ical
    end lines at U+2028 and its like, and what follows would be read as properties), other control
    characters go, lone surrogates become U+FFFD.
    """
    if _UNSAFE.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _CONTROLS.sub("", text)
        text = _SURROGATES.sub("\ufffd", text)
    return text.strip()


def clean_line(text: str) -> str:
    """:func:`clean` for a name or a title, which is one line."""
    return _BLANKS.sub(" ", clean(text)).strip()


def clean_link(text: str) -> str:
    """A web link in the characters RFC 3986 allows.

    Raises:
        ValueError: it is no http or https link, has no host, or is longer than 2,000 characters.
    """
    text = text.strip()
    if len(text) > LONGEST_LINK:
        raise ValueError("link too long")
    if _PLAIN_LINK.fullmatch(text):
        return text
    if _UNSAFE.search(text) or re.search(r"\s", text):
        raise ValueError("link with blanks or control characters")
    url = URL(text)
    if url.scheme not in ("http", "https") or not url.host or url.user or url.password:
        raise ValueError(f"not a web link: {text[:SHOWN]!r}")
    link = str(url)
    if not _PLAIN_LINK.fullmatch(link):
        raise ValueError(f"not a web link: {text[:SHOWN]!r}")
    return link


def _first(step: Callable[[str], str]) -> BeforeValidator:
    """Run it before pydantic looks, for pydantic refuses a text with a lone surrogate."""
    return BeforeValidator(lambda value: step(value) if isinstance(value, str) else value)


Text = Annotated[str, _first(clean)]
Line = Annotated[str, _first(clean_line)]
Link = Annotated[str, _first(clean_link)]
