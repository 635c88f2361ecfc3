"""What people judged, as numbers that heads can learn from: one row a mention, one column a label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import Artefacts
from cxnlp.tags.windows import Span
from cxnlp.teaching import answers
from cxnlp.teaching.learning import Floats
from cxnlp.teaching.vectors import vectors, width
from cxnlp.warehouse import store

_PLACE: Final = ("feedback_id", "document", "start", "end")
_SPANS: Final = """
SELECT mentions.feedback_id, text_of.text AS document, mentions."start", mentions."end", mentions.speaker
FROM mentions
JOIN (SELECT feedback_id, text FROM feedback WHERE feedback_id IN (SELECT unnest($1))) AS text_of USING (feedback_id)
ORDER BY mentions.feedback_id, mentions.position
"""


@dataclass(frozen=True)
class Judged:
    """Mentions that people judged; of several reviewers the mean counts."""

    vectors: Floats  # (mentions, width)
    truth: Mapping[str, Floats]  # family → (mentions, labels), 0 … 1; NaN where nobody was asked
    owner: npt.NDArray[np.int64]  # (mentions,) number of the document
    weight: Floats  # (mentions,) how many of the workspace's mentions each stands for: 1 / sampling probability, else 1
    is_random: npt.NDArray[np.bool_]
    reviewed_at: npt.NDArray[Any]  # (mentions,) datetime64[us], the latest

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def n_documents(self) -> int:
        """How many documents they stand in."""
        return len(np.unique(self.owner))


def judged(workspace: Workspace, model: Artefacts) -> Judged | None:
    """Read what people judged; None before the first answer."""
    said = answers.reviews(workspace).filter(pl.col("family") != "mark")
    if said.is_empty():
        return None
    places = said.group_by(_PLACE, maintain_order=True).agg(
        pl.col("speaker").first(), pl.col("reviewed_at").max(), pl.col("sampling_probability").max(),
        (pl.col("slice") == "random").any().alias("is_random"),
    ).with_row_index("mention")  # fmt: skip
    weight = (1 / places["sampling_probability"].fill_null(1.0)).to_numpy()
    names, owner = np.unique(places["feedback_id"].to_numpy(), return_inverse=True)
    del names
    return Judged(
        _vectors(workspace, model, places), _truth(said.join(places, on=_PLACE), places.height, model), owner, weight,
        places["is_random"].to_numpy(), places["reviewed_at"].to_numpy(),
    )  # fmt: skip


def _truth(said: pl.DataFrame, n_mentions: int, model: Artefacts) -> dict[str, Floats]:
    code = pl.col("label") + pl.col("polarity").fill_null("")
    shares = said.group_by("mention", "family", code.alias("code")).agg(
        (pl.col("decision") == "yes").mean().alias("yes")
    )
    truth = {family: np.full((n_mentions, len(head.labels)), np.nan) for family, head in model.heads.items()}
    for mention, family, label, share in shares.iter_rows():
        if family in truth and label in model.heads[family].labels:
            truth[family][mention, model.heads[family].labels.index(label)] = share
    return truth


def _vectors(workspace: Workspace, model: Artefacts, places: pl.DataFrame) -> Floats:
    """Read each document once, with the mentions around the judged ones where they are stored as they were."""
    stored = _stored(workspace, places["feedback_id"].unique().to_list())
    texts, spans, rows = [], [], []
    for (feedback_id, document), group in places.group_by("feedback_id", "document", maintain_order=True):
        own: list[Span] = list(group.select("start", "end", "speaker").iter_rows())
        around = stored.get((str(feedback_id), str(document)), [])
        texts.append(str(document))
        spans.append([*own, *(span for span in around if span not in own)])
        rows.append(group["mention"].to_list())
    found = np.zeros((places.height, width(model)))
    for of_document, read in zip(rows, vectors(model, texts, spans), strict=True):
        found[of_document] = read[: len(of_document)]
    return found


def _stored(workspace: Workspace, feedback_ids: list[str]) -> dict[tuple[str, str], list[Span]]:
    if not workspace.database.exists():
        return {}
    with store.open_published(workspace.database) as connection:
        rows = connection.execute(_SPANS, [feedback_ids]).fetchall()
    found: dict[tuple[str, str], list[Span]] = {}
    for feedback_id, document, *span in rows:
        found.setdefault((feedback_id, document), []).append((span[0], span[1], span[2]))
    return found
