"""Names that the words around them announce: titles, introductions, salutations, signatures."""

import re
from collections.abc import Callable, Iterator, Sequence

from cxnlp.feedback.masking import cues
from cxnlp.feedback.masking.lexicon import Known
from cxnlp.feedback.masking.names import Range, at, extend, is_initial
from cxnlp.feedback.masking.tokens import Token


def announced(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """Yield the names in ``work`` (the text with identifiers blanked) that its words announce."""
    for rule in (_titles, _introductions, _callings, _about, _salutations, _sign_offs, _last_line, _lists):
        yield from rule(work, tokens)


def follow(
    work: str, tokens: Sequence[Token], pattern: re.Pattern[str], accept: Callable[[Token], bool]
) -> Iterator[Range]:
    """Yield the names that begin where ``pattern`` ends, with a word that ``accept`` takes."""
    for match in pattern.finditer(work):
        k = at(tokens, match.end())
        if k < len(tokens) and tokens[k].start == match.end() and not tokens[k].is_barred and accept(tokens[k]):
            yield k, extend(work, tokens, k)


def _titles(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    def is_bearer(token: Token) -> bool:
        if token.text[0].isupper():
            return not re.fullmatch(rf"{cues.WORKER}|madam|sir|director|president|and", token.text, re.I)
        return not token.known & (Known.COMMON | Known.PLACE) or bool(token.known & Known.LAST)

    yield from follow(work, tokens, cues.TITLE, is_bearer)


def _introductions(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    yield from follow(work, tokens, cues.SELF, _is_named)
    yield from follow(work, tokens, cues.SPEAKER, lambda token: bool(token.known & Known.FIRST))
    yield from follow(work, tokens, cues.SELF_WEAK, lambda token: token.is_strong_first or (
        token.is_capital and bool(token.known & Known.FIRST) and not token.known & Known.PLACE))  # fmt: skip


def _callings(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    yield from follow(work, tokens, cues.CALLED, _is_named)


def _about(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """After "cust", "on behalf of" …: a capital that is no word, initials and a name, a small family name."""

    def is_subject(token: Token) -> bool:
        if token.is_capital:
            unknown = token.known in (Known.NOTHING, Known.LAST) and not token.text.isupper()
            return (bool(token.known & Known.FIRST) and not token.known & Known.PLACE) or unknown or is_initial(token)
        return token.is_strong_first or (token.known == Known.LAST and len(token.text) > 4)

    for i, j in follow(work, tokens, cues.ABOUT, is_subject):
        if not is_initial(tokens[i]) or j > i + 1:
            yield i, j


def _is_named(token: Token) -> bool:
    if token.is_capital:
        return not token.is_ordinary
    return token.is_strong_first or (token.known in (Known.LAST, Known.NOTHING) and len(token.text) > 2)


def _salutations(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for i, j in follow(
        work, tokens, cues.SALUTATION, lambda token: bool(token.known & Known.FIRST) or token.known == Known.NOTHING
    ):
        ends = work[tokens[j - 1].end : tokens[j - 1].end + 2].strip(" ")[:1]
        if tokens[i].is_strong_first or (tokens[i].is_capital and ends in ("", ",", "\n", "!", ":", ".", "-", "–")):
            yield i, j

    for i, j in follow(work, tokens, cues.VOCATIVE, lambda token: bool(token.known & Known.FIRST)):
        if j == i + 1 and not tokens[i].is_ordinary:
            yield i, j


def _lists(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """Family names in a row: "Monjeau, Graves and Reed"; two of them are nothing but names."""
    for match in cues.ROW.finditer(work):
        row = [
            k for k in range(at(tokens, match.start()), at(tokens, match.end())) if tokens[k].text not in ("and", "&")
        ]
        words = [tokens[k] for k in row]
        named = [each for each in words if each.known & Known.LAST]
        fits = all(each.is_name_like and not each.known & Known.PLACE for each in words)
        if fits and len(named) >= 2 and any(not each.known & Known.COMMON for each in words):
            yield from ((k, k + 1) for k in row)


def _sign_offs(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for match in cues.SIGN_OFF.finditer(work):
        k = at(tokens, match.end())
        line_end = work.find("\n", match.end())
        line_end = len(work) if line_end < 0 else line_end
        last = at(tokens, line_end)
        if "\n" not in match.group("gap") and line_end - match.end() > 40:
            continue
        yield from _name_line(work, tokens, k, last)


def _last_line(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """A letter's last line of one to three capitalised words, one of them a given name."""
    body = work.rstrip()
    start = body.rfind("\n") + 1
    k = at(tokens, start)
    apart = body[:start].endswith("\n\n") and len(tokens) - k in (2, 3) and all(each.is_capital for each in tokens[k:])
    surname = bool(tokens[-1].known & Known.LAST) and not tokens[-1].known & (Known.COMMON | Known.PLACE)
    if apart and surname and not any(each.is_barred for each in tokens[k:]):
        yield k, len(tokens)
    elif start and any(token.known & Known.FIRST for token in tokens[k:]):
        yield from _name_line(work, tokens, k, len(tokens))


def _name_line(work: str, tokens: Sequence[Token], k: int, last: int) -> Iterator[Range]:
    line = [token for token in tokens[k:last] if not re.fullmatch(cues.TITLE_WORDS, token.text, re.I)]
    if not 1 <= len(line) <= 4 or any(token.is_barred for token in line):
        return
    if not all(
        is_initial(token) or (token.is_name_like and (token.is_capital or not token.is_cased or token.is_strong_first))
        for token in line
    ):
        return
    known = Known.NOTHING
    for token in line:
        known |= token.known
    if any(token.known == Known.NOTHING and token.text.isupper() and 1 < len(token.text) < 4 for token in line):
        return  # "MR", "TBC": initials and abbreviations
    plain = any(token.known == Known.NOTHING and len(token.text) > 2 for token in line)
    if known & Known.FIRST or plain or any(len(token.text) == 1 for token in line) or len(line) > 1:
        yield tokens.index(line[0], k), tokens.index(line[-1], k) + 1
