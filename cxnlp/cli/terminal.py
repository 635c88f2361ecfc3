"""What others have named and written, on a terminal: nothing that it would obey."""


def harmless(text: object) -> str:
    """Return ``text`` on one line without signs that do not print: escapes, line breaks, reversed writing."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(text))
