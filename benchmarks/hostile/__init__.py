"""Inputs made to do harm, one of each known trick, and damaged copies of whole ones. Their words are invented."""

KINDS = ("letters", "table", "transcripts", "posts")

WORDS = "The delivery came late and nobody called me back."

#: A file's kind of source, its name, and its content.
Input = tuple[str, str, bytes]
