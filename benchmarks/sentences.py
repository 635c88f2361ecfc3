"""How many items of a workspace have a sentence, and how many of these were judged right by reading.

    python -m benchmarks.sentences WORKSPACE

The sentences are made anew from the workspace's working database, which is only read. The judgements are those of
`sentences_judged.tsv`, made on the sample company's items with their mentions beside them:

* right: it says what most or some of the item's mentions say, as it claims, or examples each of which belongs to it,
* half: it is clumsy, says little, or has a part that does not belong to the item,
* wrong: it says what they do not say.

A sentence that nobody has judged yet is counted as such: read its item, and add a line.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import duckdb

from cxnlp import backlog
from cxnlp.settings import Workspace, open_workspace
from cxnlp.tags.questions import Questions

JUDGED: Final = Path(__file__).with_name("sentences_judged.tsv")
Told = tuple[str, str | None]  # label, sentence
VERDICTS: Final = ("right", "half", "wrong")


def judgements(path: Path = JUDGED) -> dict[Told, str]:
    """Return label of an item and its sentence → verdict."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["label"], row["sentence"]): row["verdict"] for row in csv.DictReader(file, delimiter="\t")}


def tally(told: Iterable[Told], judged: Mapping[Told, str]) -> Counter[str]:
    """Count items by verdict; "none" has no sentence, "unjudged" one that nobody has judged."""
    return Counter("none" if one[1] is None else judged.get(one, "unjudged") for one in told)


def made(workspace: Workspace) -> list[Told]:
    """Make labels and sentences of the last night's items of as many people as may be shown."""
    least_group = workspace.settings.privacy.least_group
    with duckdb.connect(str(workspace.working_database), read_only=True) as connection:
        (night, run_id) = connection.execute("SELECT night, run_id FROM runs ORDER BY rowid DESC LIMIT 1").fetchall()[0]
        items = backlog.gather(
            connection, night=night, run_id=run_id, settings=workspace.settings.backlog, least_group=least_group,
            reader=Questions(workspace.model_folder).read_all,
        ).items  # fmt: skip
    rows = items.select("label", "sentence", "n_customers").iter_rows()
    return [(label, sentence) for label, sentence, n_customers in rows if n_customers >= least_group]


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    found = made(open_workspace(parser.parse_args().workspace))
    counts = tally(found, judgements())
    print(f"{len(found)} items, {len(found) - counts['none']} with a sentence: "
          + ", ".join(f"{counts[name]} {name}" for name in (*VERDICTS, "unjudged")))  # fmt: skip


if __name__ == "__main__":
    main()
