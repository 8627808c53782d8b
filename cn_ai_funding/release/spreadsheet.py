"""Text that no spreadsheet runs as a formula."""

import re

FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
"""Where a text that some spreadsheet runs begins (OWASP, CSV injection): also after what separates cells for another
one."""


def inert(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run.

    >>> inert("-5억 위안")
    "'-5억 위안"
    """
    return FORMULA.sub("'", text)
