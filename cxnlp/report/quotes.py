"""Which quotes open behind which number; each quote is in the page once, however many numbers it stands for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from cxnlp.backlog import shorten as shorten_quote
from cxnlp.report.answers import Row
from cxnlp.report.words import CHANNELS, day, embedded, shorten

#: Quotes of the whole page, and behind one number.
MOST_QUOTES: Final = 1_400
MOST_A_NUMBER: Final = 10

_FEELINGS: Final = {"neg": "sentiment < 0", "neu": "sentiment = 0", "pos": "sentiment > 0"}


class QuoteBook:
    """The page's quotes, and the sets of them that numbers open. A set's key goes into the number's button."""

    def __init__(
        self, rows: Iterable[Row], night: date, least_group: int = 1, cut: Callable[[Row], list[Any]] | None = None
    ) -> None:
        """Take the rows of queries/quotes.sql.

        Args:
            rows: those rows.
            night: day that the page is for.
            least_group: a number opens no quotes when fewer people than this are behind it.
            cut: what the page's filters compare of a quote, such as `Slices.of`.
        """
        self._night = night
        self._least_group = least_group
        self._cut = cut or (lambda _: [])
        self._quotes: list[list[Any]] = []
        self._places: dict[str, int] = {}
        self._sets: dict[str, dict[str, Any]] = {}
        self._by_label: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            self._by_label.setdefault((row["family"], row["label"]), []).append(row)

    def side(self, family: str, label: str, side: str, *, title: str, n: int) -> str | None:
        """Make the set of a label's side: neg, neu or pos for moments, + or - for unmeasurables, "" for all."""
        rows = [row for row in self._by_label.get((family, label), []) if _is_on(row, family, side)]
        where = _where(family, label, side)
        return self._make(f"{family}:{label}:{side}", _strongest(rows), title, n, where, n_people=_most(rows))

    def week(self, label: str, week: date, *, title: str, n: int) -> str | None:
        """Make the set of one moment's complaints of one week."""
        rows = [
            row for row in self._by_label.get(("moment", label), []) if row["week"] == week and row["sentiment"] < 0
        ]
        where = f"{_where('moment', label, 'neg')} AND week = DATE '{week}'"
        n_people = max((row["n_people_of_week"] for row in rows), default=0)
        return self._make(f"moment:{label}:{week}", _strongest(rows), title, n, where, n_people=n_people)

    def stage(self, stage: str, labels: Iterable[str], side: str, *, title: str, n: int) -> str | None:
        """Make the set of a stage: the strongest quotes of its moments in turn."""
        lists = [
            _strongest([row for row in self._by_label.get(("moment", label), []) if _is_on(row, "moment", side)])
            for label in labels
        ]
        rows = [moment[turn] for turn in range(MOST_A_NUMBER) for moment in lists if turn < len(moment)]
        where = " AND ".join(filter(None, [f"family = 'moment' AND stage = '{stage}'", _FEELINGS.get(side, "")]))
        return self._make(f"stage:{stage}:{side}", rows, title, n, where, n_people=_most(rows))

    def item(self, item: Row, rows: Sequence[Row]) -> str | None:
        """Make the set of an item of the backlog from its rows of queries/item_evidence.sql, the best first."""
        own = f"SELECT mention_id FROM backlog_evidence WHERE item_id = '{item['item_id']}'"  # noqa: S608 - a hash
        where = f"{_where(item['kind'], item['label'], '')} AND mention_id IN ({own})"
        key, n_people = f"item:{item['item_id']}", item["n_customers"]
        return self._make(key, rows, item["title"], item["n_mentions"], where, n_people=n_people)

    def opens(self, n_customers: int) -> bool:
        """Whether so many people may be quoted."""
        return n_customers >= self._least_group

    def beside(self, stage: str, key: str, sides: Iterable[tuple[str, str, str]], *, title: str, n: int) -> str | None:
        """Make the set of what is said in feedback that speaks of a stage; ``sides`` are families, labels and sides."""
        told = list(sides)
        rows = [
            row
            for family, label, side in told
            for row in self._by_label.get((family, label), [])
            if _is_on(row, family, side) and stage in row["stages"]
        ]
        said = " OR ".join(_where(*side) for side in told)
        spoken = f"stage = '{stage}' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'"
        where = f"({said})\n  AND feedback_id IN (SELECT feedback_id FROM evidence WHERE {spoken})"  # noqa: S608 - shown
        ranked = sorted(rows, key=lambda row: (row["rank_of_side"], row["mention_id"]))
        return self._make(f"{stage}:{key}", ranked, title, n, where)

    def of_people(self, key: str, sides: Iterable[tuple[str, str, str]], *, title: str, n: int) -> str | None:
        """Make the set of what ``n`` people say who give any of some labels; ``sides`` as in `beside`."""
        told = list(sides)
        rows = [
            row
            for family, label, side in told
            for row in self._by_label.get((family, label), [])
            if _is_on(row, family, side)
        ]
        where = f"({' OR '.join(_where(*side) for side in told)})"
        ranked = sorted(rows, key=lambda row: (row["rank_of_side"], row["mention_id"]))
        return self._make(key, ranked, title, n, where, "people", n_people=_most(rows))

    def alert(self, alert: Row, rows: Sequence[Row], *, title: str) -> str | None:
        """Make the set of an early warning from its rows of queries/alert_evidence.sql, the best first."""
        if not rows:
            return None
        where = _reported(alert, rows[0]["until_on"])
        key, n_people = f"alert:{alert['alert_id']}", alert["n_customers"]
        return self._make(key, rows, title, n_people, where, "people", n_people=n_people)

    def some(self, key: str | None, most: int = 4) -> list[dict[str, Any]]:
        """Return the first quotes of a set, to be shown without a click."""
        if key is None:
            return []
        chosen = (self._quotes[place] for place in self._sets[key]["q"][:most])
        return [{"text": text, "source": source} for text, _, source, *_ in chosen]

    def data(self, selection: str) -> str:
        """Return quotes and sets as JSON that may stand inside a script element.

        Args:
            selection: FROM and WHERE of the page's period; the page puts a set's condition behind it.
        """
        return embedded({"quotes": self._quotes, "sets": self._sets, "sql": selection})

    def _make(
        self, key: str, rows: Sequence[Row], title: str, n: int, where: str, unit: str | None = None, n_people: int = 0
    ) -> str | None:
        """Make a set, unless neither its rows nor ``n_people`` (who said what they are drawn from) are of enough."""
        if not n or not rows or max(n_people, len({row["person_key"] for row in rows})) < self._least_group:
            return None
        if key in self._sets:
            return key
        chosen: list[int] = []
        people: set[str] = set()
        for row in rows:
            if len(chosen) == MOST_A_NUMBER:
                break
            place = self._place(row) if row["person_key"] not in people else None
            if place is not None and place not in chosen:
                people.add(row["person_key"])
                chosen.append(place)
        self._sets[key] = {"t": title, "n": n, "q": chosen, "w": where} | ({"u": unit} if unit else {})
        return key

    def _place(self, row: Row) -> int | None:
        """Where the quote stands in the page; None when the page is full."""
        mention_id = row["mention_id"]
        if mention_id not in self._places:
            if len(self._quotes) >= MOST_QUOTES:
                return None
            self._places[mention_id] = len(self._quotes)
            source = source_line(row, self._night)
            self._quotes.append([shorten_quote(row["quote"]), row["sentiment"], source, mention_id, *self._cut(row)])
        return self._places[mention_id]


def source_line(row: Mapping[str, Any], night: date) -> str:
    """Where a quote comes from: "27 October · post · Kettlewick"."""
    channel = CHANNELS.get(row["channel"], row["channel"])
    parts = [day(row["occurred_on"], night), channel, shorten(row["location"], 40), shorten(row["product"], 40)]
    return " · ".join(part for part in parts if part)


def _strongest(rows: Sequence[Row]) -> list[Row]:
    """Moments by how strongly they are felt; other labels as the query ranks them."""
    return sorted(
        rows,
        key=lambda row: (-abs(row["sentiment"]) * (row["family"] == "moment"), row["rank_of_side"], row["mention_id"]),
    )


def _most(rows: Iterable[Row]) -> int:
    """How many people at least there are behind whole sides of labels: those of the side with most of them."""
    return max((row["n_people_of_side"] for row in rows), default=0)


def _is_on(row: Row, family: str, side: str) -> bool:
    if family != "moment":
        return side in ("", row["side"])
    sign = (row["sentiment"] > 0) - (row["sentiment"] < 0)
    return side == "" or sign == {"neg": -1, "neu": 0, "pos": 1}[side]


def _reported(alert: Row, until_on: date) -> str:
    """The SQL condition that finds what an early warning counts (cxnlp/insight/alerts.py) in the view ``evidence``."""
    is_danger = alert["kind"] == "crisis"
    side = {"moment": "neg", "unmeasurable": alert["polarity"]}.get(alert["family"], "")
    parts = [_where(alert["family"], alert["label"], side or "")]
    for name in ("product", "location"):
        if alert[name] is not None:
            escaped = alert[name].replace("'", "''")
            parts.append(f"{name} = '{escaped}'")
        elif is_danger:
            parts.append(f"{name} IS NULL")
    since, last = f"occurred_on > DATE '{until_on}' - {alert['n_days']}", f"occurred_on <= DATE '{until_on}'"
    if is_danger:
        nights = f"night > DATE '{alert['last_on']}' - {alert['n_days']}"
        lately = f"SELECT feedback_id FROM feedback JOIN runs USING (run_id) WHERE {nights}"  # noqa: S608 - shown
        parts.append("is_credible(mention_id, voter, probability)")
        parts.append(f"occurred_on > DATE '{until_on}' - 28")
        since = f"({since} OR feedback_id IN ({lately}))"
    if alert["moment"] is not None:
        beside = _where("moment", alert["moment"], "neg")
        spoken = f"{beside} AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'"
        parts.append(f"feedback_id IN (SELECT feedback_id FROM evidence WHERE {spoken})")  # noqa: S608 - shown
    return "\n  AND ".join([*parts, since, last])


def _where(family: str, label: str, side: str) -> str:
    """The SQL condition that finds all of a set's mentions in the view ``evidence``."""
    condition = f"family = '{family}' AND label = '{label}'"
    if not side:
        return condition
    return f"{condition} AND " + (_FEELINGS[side] if family == "moment" else f"polarity = '{side}'")
