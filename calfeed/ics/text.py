"""Text -> the TEXT values of iCalendar (RFC 5545 3.3.11)."""

from icalendar.prop import vText


class Text(vText):
    r"""Text that every reader gets back as it was.

    icalendar 7.3 takes a backslash before an N for the end of a line, and writes ``\NASA`` as a
    line break before ``ASA``.
    """

    def to_ical(self) -> bytes:
        """The escaped value."""
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()
