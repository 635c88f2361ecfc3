"""What others have named and written, on a terminal: nothing that it would obey."""

import json


def harmless(text: object) -> str:
    """Return ``text`` on one line without signs that do not print: escapes, line breaks, reversed writing."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(text))


def json_text(value: object) -> str:
    """Return ``value`` as one line of JSON that reads as it is and steers nothing: what does not print is escaped."""
    line = json.dumps(value, ensure_ascii=False, default=str)
    return line if line.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
