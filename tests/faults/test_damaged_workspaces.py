"""A damaged or malicious workspace is refused in words, and what was published before stays as it was."""

import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from benchmarks import small_nights
from benchmarks.hostile import mutations
from cxnlp import taxonomy
from cxnlp.cli.query import summary
from cxnlp.errors import CxnlpError
from cxnlp.settings import SettingsError, open_workspace
from cxnlp.tags import Tagger, artefacts
from cxnlp.warehouse import store
from tests.faults.conftest import cxnlp
from tests.once import once
from tests.prefect_server import Server
from tests.warehouse.night import partition, piece, run, said

DAMAGES = (mutations.truncated, mutations.flipped, mutations.moved, mutations.inflated, mutations.sprinkled,
           mutations.zeroed, mutations.repeated)  # fmt: skip


def damaged(content: bytes, number: int) -> bytes:
    turn = random.Random(number)
    return turn.choice(DAMAGES)(turn, content)


def refused(reading: Callable[[], object]) -> str | None:
    """What the refusal says; None when it was read."""
    try:
        reading()
    except CxnlpError as error:
        return str(error)
    return None


def test_a_damaged_config_is_read_as_it_stands_or_refused_in_words(tmp_path: Path) -> None:
    whole = (Path(small_nights.SAMPLE) / "cxnlp.toml").read_bytes()
    n_refused = 0
    for number in range(400):
        (tmp_path / "cxnlp.toml").write_bytes(damaged(whole, number))
        refusal = refused(lambda: open_workspace(tmp_path))
        n_refused += refusal is not None
        assert refusal is None or str(tmp_path / "cxnlp.toml") in refusal
    assert n_refused > 200


SOURCE = '[[source]]\nname = "a"\nchannel = "letter"\nkind = "letters"\npath = "inbox"\n'


@pytest.mark.parametrize(
    "config",
    [
        SOURCE.replace('"a"', '"../a"'),
        SOURCE.replace('"a"', '"a\'; DROP TABLE feedback; --"'),
        SOURCE.replace('"letters"', '"pickle"'),
        SOURCE + 'timezone = "../../etc/passwd"\n',
        SOURCE + "[night]\nitem_seconds = 1e9\n",
        SOURCE + "[night]\nitem_megabytes = -1\n",
        SOURCE + "[night]\npartition_size = 99999999\n",
        SOURCE + '[schedule]\ncron = "* * * * * rm"\n',
        SOURCE + "".join(f"[a{'.a' * depth}]\n" for depth in (1, 2_000)),
        SOURCE + "x = " + "[" * 100_000,
    ],
)
def test_a_malicious_config_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "cxnlp.toml").write_text(f'company = "X"\n{config}', "utf-8")
    with pytest.raises(SettingsError):
        open_workspace(tmp_path)


@pytest.mark.thorough
def test_a_damaged_vocabulary_is_read_as_it_stands_or_refused_in_words(tmp_path: Path) -> None:
    own = {"moments": [{"id": "packaging", "stage": "acquisition", "definition": "How an order is packed.",
                        "cues": ["packaging", "wrapped in plastic"]}]}  # fmt: skip
    whole = yaml.safe_dump(own).encode()
    for number in range(200):
        (tmp_path / "taxonomy.yaml").write_bytes(damaged(whole, number))
        refusal = refused(lambda: taxonomy.load(additions=tmp_path / "taxonomy.yaml"))
        assert refusal is None or "taxonomy.yaml" in refusal


def test_a_vocabulary_that_multiplies_itself_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    (tmp_path / "taxonomy.yaml").write_text("\n".join([*lines, "moments: *a11"]), "utf-8")
    with pytest.raises(CxnlpError):
        taxonomy.load(additions=tmp_path / "taxonomy.yaml")


@pytest.mark.parametrize(
    "name", ["encoder.onnx", "heads.npz", "model.json", "rules.json", "tokenizer.json", "words.npz"]
)
@pytest.mark.parametrize("damage", [mutations.truncated, mutations.zeroed, mutations.moved])
def test_a_damaged_model_tags_nothing(tmp_path: Path, name: str, damage: mutations.Damage) -> None:
    folder = Path(shutil.copytree(artefacts.shipped(), tmp_path / "model"))
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(damage(random.Random(len(name)), content))
    if (folder / name).read_bytes() != content:
        with pytest.raises(CxnlpError, match=name):
            Tagger.load(folder)


@pytest.fixture
def published(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A warehouse after one night, its working file beside it; a copy."""
    made = once(tmp_path_factory, "damaged", lambda folder: publish(folder, 1))
    return Path(shutil.copytree(made, tmp_path / "published", symlinks=True))


def publish(folder: Path, number: int) -> Path:
    letter = piece(f"f{number}", said(f"Letter {number} about the van.", -1, "moment:delivery"))
    staged = partition(folder / f"night{number}", letter)
    with store.open_working(folder / "working.duckdb") as connection:
        store.load(connection, [staged], run(number))
        return store.publish(connection, folder / "warehouse")


def n_published(folder: Path) -> int:
    return int(store.query(folder / "warehouse" / "cx.duckdb", "SELECT count(*) FROM feedback").item())


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:100],
        lambda content: b"",
        lambda content: bytes(len(content)),
        lambda content: content[:8_192] + bytes(4_096) + content[12_288:],
    ],
    ids=["half", "head", "empty", "zeros", "hole"],
)
def test_a_damaged_snapshot_is_published_anew(published: Path, damage: Callable[[bytes], bytes]) -> None:
    (snapshot,) = (published / "warehouse").glob("cx-*.duckdb")
    content = snapshot.read_bytes()
    snapshot.chmod(0o644)
    snapshot.write_bytes(damage(content))
    publish(published, 2)
    assert n_published(published) == 2


def test_a_half_written_snapshot_is_swept(published: Path) -> None:
    (snapshot,) = (published / "warehouse").glob("cx-*.duckdb")
    half = snapshot.with_name("cx-2026-11-03-1-0002.duckdb.partial")
    half.write_bytes(snapshot.read_bytes()[:5_000])
    assert n_published(published) == 1
    publish(published, 2)
    assert n_published(published) == 2
    assert not half.exists()


@pytest.mark.parametrize("content", [b"", b"no database", bytes(20_000)])
def test_a_damaged_working_file_is_refused_in_words_and_nothing_published_is_touched(
    published: Path, content: bytes
) -> None:
    (published / "working.duckdb").write_bytes(content)
    if content:
        with pytest.raises(CxnlpError, match=r"working\.duckdb"):
            store.open_working(published / "working.duckdb")
    assert n_published(published) == 1


@pytest.mark.thorough
def test_the_published_file_may_be_copied_while_nights_publish(published: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def nights() -> None:
        for number in range(2, 8):
            publish(published, number)
        done.set()

    publishing = threading.Thread(target=nights)
    publishing.start()
    copied = []
    while not done.is_set() or not copied:
        copy = tmp_path / f"copy-{len(copied)}.duckdb"
        shutil.copyfile(published / "warehouse" / "cx.duckdb", copy)
        copied.append(store.query(copy, "SELECT count(*) FROM feedback").item())
        copy.unlink()
        time.sleep(0.02)
    publishing.join()
    assert copied == sorted(copied)
    assert 1 <= copied[0] <= copied[-1] <= 7
    assert n_published(published) == 7


@pytest.mark.thorough
def test_a_night_on_a_damaged_model_or_config_leaves_what_was_published(workspace: Path, server: Server) -> None:
    before = store.query(workspace / "warehouse" / "cx.duckdb", "SELECT count(*) FROM feedback").item()
    config = workspace / "cxnlp.toml"
    whole = config.read_text("utf-8")
    model = Path(shutil.copytree(artefacts.shipped(), workspace / "models" / "own"))
    (model / "encoder.onnx").write_bytes((model / "encoder.onnx").read_bytes()[:1_000_000])
    config.write_text(f'model = "models/own"\n{whole}', "utf-8")
    small_nights.bring_more(workspace)
    done = cxnlp("run", "-w", str(workspace), "--as-of", small_nights.AS_OF[1], server=server)
    assert done.returncode == 1
    assert "encoder.onnx" in done.stderr
    config.write_text(whole[:-20] + "[", "utf-8")
    assert cxnlp("run", "-w", str(workspace)).returncode == 2
    assert store.query(workspace / "warehouse" / "cx.duckdb", "SELECT count(*) FROM feedback").item() == before
    config.write_text(whole, "utf-8")
    assert cxnlp("run", "-w", str(workspace), "--as-of", small_nights.AS_OF[1], server=server).returncode == 0
    assert summary(open_workspace(workspace))["runs"].height == 2
