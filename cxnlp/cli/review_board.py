"""What stands on the screen of `cxnlp review` and where: labels in rows, a mention in its context."""

from collections.abc import Sequence

from rich.text import Text

from cxnlp.teaching.items import Item, plain


def rows_of(codes: Sequence[str], n_columns: int) -> list[list[str]]:
    """Lay the labels out in rows of at most ``n_columns``, each family beginning a row."""
    rows: list[list[str]] = []
    for at, code in enumerate(codes):
        is_same = at > 0 and codes[at - 1].split(":")[0] == code.split(":")[0]
        if not is_same or len(rows[-1]) == n_columns:
            rows.append([])
        rows[-1].append(code)
    return rows


def moved(rows: Sequence[Sequence[str]], code: str, down: int, right: int) -> str:
    """Return the label that lies ``down`` and ``right`` of ``code``; at an edge it stays."""
    row, column = next((r, names.index(code)) for r, names in enumerate(rows) if code in names)
    row = min(max(row + down, 0), len(rows) - 1)
    return rows[row][min(max(column + right, 0), len(rows[row]) - 1)]


def suggestions(item: Item, is_blind: bool) -> list[str]:
    """Return the labels that the night gives or half gives, in order; none to who judges blind."""
    return [] if is_blind else [code for code in item.labels if code in item.said]


def mention(item: Item, room: int = 1_000) -> Text:
    """Return the mention with as much around it as there is room for; a customer's words are shown, never obeyed.

    Args:
        item: what is asked.
        room: characters; the mention itself is shown whole.
    """
    before, words, after = (" ".join(plain(part).split()) for part in (item.before, item.text, item.after))
    left = max(room - len(words) - 2, 0)
    n_before = max(left - len(after), left // 2)
    if len(before) > n_before:
        before = f"… {before[len(before) - n_before :].partition(' ')[2]}"
    text = Text(f"{before} " if before else "", style="dim")
    text.append(words, style="bold not dim")
    text.append(f" {after}", style="dim")
    return text


def document(item: Item) -> Text:
    """Return all of the document with the mention in it."""
    text = Text(plain(item.document[: item.start]), style="dim")
    text.append(plain(item.text), style="bold not dim")
    text.append(plain(item.document[item.end :]), style="dim")
    return text
