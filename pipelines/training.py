"""Train, export and score the shipped model.

    python -m pipelines.training all LABELS --sets SETS --out models/minilm --work build/training

LABELS is a file of JSON lines with ``id``, ``source``, ``source_row_id``, ``channel``, ``text`` and ``mentions``
(``start``, ``end``, ``speaker``, ``sentiment``, ``moments``, ``unmeasurables``, ``warnings``, ``signals``). Needs the
extra "train". The steps can be run one by one: ``split``, ``fit``, ``export``, ``score``. Same labels, seeds and
machine, same model.

`fit --base mpnet`, then `ask`, then `fit` lets a larger encoder teach the shipped one, also on text without labels.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.learning.folds import split as split_folds
from pipelines.learning.pretrained import BASES, known_base
from pipelines.learning.threads import Threads

Document = Mapping[str, Any]

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_show_locals=False)
Labels = Annotated[Path, typer.Argument(help="Labelled documents, JSON lines.", exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option(help="Folder of the exported model.")]
Work = Annotated[Path, typer.Option(help="Folder of checkpoints.")]
Sets = Annotated[Path, typer.Option(help="Folder of the public sets (Parquet): texts, and who answers whom.")]
Split = Annotated[Path, typer.Option(help="The folds: id and fold of each document.")]
BaseName = Annotated[str, typer.Option(help=f"Pretrained encoder: {', '.join(BASES)}.", callback=known_base)]

_OUT, _WORK, _SPLIT = Path("models/minilm"), Path("build/training"), Path("data/labels/split.csv")
_FURTHER = Path("data/labels/further.jsonl")
_SEED = 7
_BASE, _TEACHER = "minilm", "mpnet"
_SOFT, _UNLABELLED = "soft.npz", "unlabelled.jsonl"
_VERSION = "minilm-5"


@app.command()
def split(labels: Labels, sets: Sets, folds: Split = _SPLIT) -> None:
    """Write which document is trained on, calibrated on, tested on."""
    found = split_folds(_read(labels), _SEED, Threads.read(sets).of)
    folds.parent.mkdir(parents=True, exist_ok=True)
    with folds.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("id", "fold"), *sorted(found.items())])


@app.command()
def fit(
    labels: Labels,
    sets: Sets,
    work: Work = _WORK,
    folds: Split = _SPLIT,
    base: BaseName = _BASE,
    threads: int = 2,
) -> None:
    """Fine-tune an encoder on the training fold, stage by stage; a checkpoint after each pass.

    Where WORK holds what a teacher says (`ask`), it learns from that, too.
    """
    import torch

    from pipelines.learning import teacher, words
    from pipelines.learning.encoder import STAGES, train
    from pipelines.learning.vocabulary import make_tokenizer

    torch.set_num_threads(threads)
    documents, weights = [*_folds(labels, folds)["train"], *_further(sets)], BASES[base].folder(work)
    soft = teacher.load(work / _SOFT) if (work / _SOFT).is_file() else None
    if soft is not None:
        documents += _read(work / _UNLABELLED)
    tokenizer, start = make_tokenizer(weights / "tokenizer.json"), None
    beside = words.cross_fitted(documents, tokenizer) if any(r.beside_words for r in STAGES[base]) else None
    for number, recipe in enumerate(STAGES[base], 1):
        folder = work / f"stage{number}"
        train(documents, tokenizer, weights, recipe, folder, start=start, soft=soft, beside=beside)
        start = folder / f"pass{recipe.passes}.pt"


@app.command()
def ask(
    labels: Labels,
    sets: Sets,
    teacher_work: Annotated[Path, typer.Option(help="Folder that `fit --base mpnet` has written to.")],
    work: Work = _WORK,
    folds: Split = _SPLIT,
    n_characters: Annotated[int, typer.Option(help="Of unlabelled text.")] = 5_000_000,
    threads: int = 2,
) -> None:
    """Let the trained teacher read the training fold and unlabelled text; WORK gets what it says of every mention."""
    import torch

    from pipelines.learning import teacher, unlabelled
    from pipelines.learning.encoder import Reader
    from pipelines.learning.vocabulary import make_tokenizer

    torch.set_num_threads(threads)
    by_fold, weights = _folds(labels, folds), BASES[_TEACHER].folder(teacher_work)
    found = unlabelled.read(sets, [*by_fold["calibration"], *by_fold["test"]], n_characters)
    model = Reader(weights)
    model.load_state_dict(torch.load(_newest(teacher_work), map_location="cpu", weights_only=True))
    soft = teacher.read(model, [*by_fold["train"], *_further(sets), *found], make_tokenizer(weights / "tokenizer.json"))
    work.mkdir(parents=True, exist_ok=True)
    with (work / _UNLABELLED).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in found)
    teacher.save(soft, work / _SOFT)


@app.command()
def export(
    labels: Labels, sets: Sets, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT, base: BaseName = _BASE
) -> None:  # fmt: skip
    """Quantise the newest checkpoint, train the word model, calibrate, measure rules and errors; write the folder."""
    import torch

    from pipelines.learning import errors, export, prior, words
    from pipelines.learning.vocabulary import make_tokenizer

    by_fold = _folds(labels, folds)
    state = torch.load(_newest(work), map_location="cpu", weights_only=True)
    tokenizer = make_tokenizer(BASES[base].folder(work) / "tokenizer.json")
    weights = export.Weights.of(state)
    export.write_encoder(weights, BASES[base], tokenizer, out)
    export.write_rules(out, by_fold["train"])
    words.write(out, words.train([*by_fold["train"], *_further(sets)], tokenizer))
    read, truth = export.vectors_of(out, by_fold["calibration"]), export.held_back_truth(by_fold["calibration"])
    export.write_heads(out, weights, read, truth)
    export.write_calibration(out, read, truth, _VERSION)
    prior.write_prior(out, by_fold["train"])
    errors.write(out, [*by_fold["calibration"], *by_fold["test"]])
    export.note_files(out, "prior.npz", "errors.json")


@app.command()
def score(labels: Labels, sets: Sets, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT) -> None:
    """Score the exported model and the baselines on the test fold; write scores.json, CARD.md and its picture."""
    from pipelines.learning import card, plot, report

    by_fold = _folds(labels, folds)
    by_fold["train"] = [*by_fold["train"], *_further(sets)]
    scores = report.score(out, by_fold) | {"evidence": _evidence(out, by_fold["test"])}
    about = json.loads((out / "model.json").read_text("utf-8"))
    recipes = [json.loads(path.read_text("utf-8")) for path in sorted(work.glob("stage*/recipe.json"))]
    sizes = {name: (out / name).stat().st_size for name in ("model.json", *about["files"])}
    (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", "utf-8")
    (out / "CARD.md").write_text(card.write(scores, about, sizes, recipes), "utf-8")
    (out / card.PLOT).write_text(plot.svg(plot.reliability(scores["calibration"])), "utf-8")


@app.command(name="all")
def every_step(labels: Labels, sets: Sets, out: Out = _OUT, work: Work = _WORK, folds: Split = _SPLIT) -> None:
    """Split, fit, export, score: the shipped model."""
    split(labels, sets, folds)
    fit(labels, sets, work, folds)
    export(labels, sets, out, work, folds)
    score(labels, sets, out, work, folds)


def _evidence(out: Path, documents: Sequence[Document]) -> dict[str, Any]:
    """Hold what the model points to against the marks that were made by hand."""
    from pipelines.learning.evidence import MARKS, evidence_scores, read_marks

    return evidence_scores(out, documents, read_marks(MARKS))


def _newest(work: Path) -> Path:
    newest = max(work.glob("stage*/pass*.pt"), key=_stage_and_pass, default=None)
    if newest is None:
        raise typer.BadParameter(
            f"{work}: found no stage1/pass1.pt there; allowed: a folder that `fit` has written to."
        )
    return newest


def _stage_and_pass(checkpoint: Path) -> tuple[int, int]:
    return int(checkpoint.parent.name.removeprefix("stage")), int(checkpoint.stem.removeprefix("pass"))


def _read(labels: Path) -> list[Document]:
    with labels.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _further(sets: Path) -> list[dict[str, Any]]:
    """The labels of our own, all for training."""
    from pipelines.learning import further

    return further.read(_FURTHER, sets)


def _folds(labels: Path, folds: Path) -> dict[str, Sequence[Document]]:
    with folds.open(newline="", encoding="utf-8") as file:
        fold_of = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    documents = _read(labels)
    if unknown := [document["id"] for document in documents if document["id"] not in fold_of]:
        raise typer.BadParameter(f"{folds}: {len(unknown)} documents have no fold, such as {unknown[0]}. Run `split`.")
    names = ("train", "calibration", "test")
    return {name: [d for d in documents if fold_of[d["id"]] == name] for name in names}


if __name__ == "__main__":
    app()
