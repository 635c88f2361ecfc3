"""The workspace's folder: where everything in it is, and how it is opened."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from cxnlp.settings import secret as secret_file
from cxnlp.settings.errors import SettingsError
from cxnlp.settings.sections import Settings
from cxnlp.settings.source import Source
from cxnlp.settings.strict import Strict

CONFIG_NAME = "cxnlp.toml"


class Workspace(Strict):
    """A workspace folder with its settings; every path that the project writes comes from here."""

    root: Path
    settings: Settings

    @property
    def state(self) -> Path:
        """Private working files of the night."""
        return self.root / ".cxnlp"

    @property
    def staging(self) -> Path:
        """Finished partitions of a night that is not loaded yet."""
        return self.state / "staging"

    @property
    def rotation(self) -> Path:
        """Files that take the place of others once a change of the secret is decided; there only meanwhile."""
        return self.state / "rotation"

    @property
    def working_database(self) -> Path:
        """The database that the night writes; nobody else opens it."""
        return self.state / "working.duckdb"

    @property
    def originals_file(self) -> Path:
        """The words in front of the mask, encrypted; there only where `[privacy] keep_original` asks for it."""
        return self.state / "originals.duckdb"

    @property
    def warehouse(self) -> Path:
        """Folder of published snapshots."""
        return self.root / "warehouse"

    @property
    def database(self) -> Path:
        """The published database: a pointer to the newest snapshot."""
        return self.warehouse / "cx.duckdb"

    @property
    def outbox(self) -> Path:
        """What is to be told to whom, and what became of it: ids and states, no customer's words."""
        return self.state / "outbox.jsonl"

    @property
    def query_history(self) -> Path:
        """What was asked in the shell of `cxnlp sql`; questions may quote customers, so an erasure removes it."""
        return self.state / "sql_history"

    @property
    def copies_file(self) -> Path:
        """Which files commands wrote for somebody: names, no words; an erasure names those that are still there."""
        return self.state / "copies.jsonl"

    @property
    def backlog_file(self) -> Path:
        """The backlog as a spreadsheet-safe CSV."""
        return self.root / "backlog.csv"

    @property
    def page_file(self) -> Path:
        """The morning's page."""
        return self.root / "page.html"

    @property
    def plan_files(self) -> tuple[Path, ...]:
        """The action plan as a page and a workbook, where `cxnlp plan` wrote them here; an erasure removes them."""
        return self.root / "plan.html", self.root / "plan.xlsx"

    @property
    def pages(self) -> Path:
        """Folder of the nights' pages without quotes, and of the calendar before them."""
        return self.root / "pages"

    @property
    def taxonomy_file(self) -> Path:
        """Labels of its own, beside the shipped ones; it need not be there."""
        return self.root / "taxonomy.yaml"

    @property
    def moments_file(self) -> Path:
        """What it says of its moments of truth: owners, targets, fixes; it need not be there."""
        return self.root / "moments.yaml"

    @property
    def shorthand_file(self) -> Path:
        """Short words of its own, over the shipped glossary; it need not be there."""
        return self.root / "shorthand.yaml"

    @property
    def models(self) -> Path:
        """Folder of the versions that `cxnlp teach` and `cxnlp train` made, and of the pointer to the active one."""
        return self.root / "models"

    @property
    def jobs(self) -> Path:
        """Commands that were asked for over the API, in ``open`` and ``ended``; an erasure empties the second."""
        return self.state / "jobs"

    @property
    def model_folder(self) -> Path | None:
        """Folder of the workspace's own model; None for the shipped one.

        A folder that cxnlp.toml names leads; else the version that ``models/active`` names.
        """
        if self.settings.model != "shipped":
            return (self.root / self.settings.model).resolve()
        pointer = self.models / "active"
        return self.models / pointer.read_text("utf-8").strip() if pointer.is_file() else None

    def folder(self, source: Source) -> Path:
        """Where ``source`` is read from; relative paths start at the workspace."""
        return (self.root / source.path).resolve()

    def secret(self) -> bytes:
        """Return the key of the pseudonyms: 32 bytes, and 32 more for each time that it was rotated.

        Raises:
            SettingsError: the file is missing, too short, or readable by others, or a rotation was interrupted.
        """
        if self.rotation.is_dir():
            raise SettingsError(f"{self.rotation}: a change of the secret was interrupted. Run `cxnlp secret rotate` "
                                "again, which finishes it.")  # fmt: skip
        return secret_file.read(self.state / secret_file.NAME)


def open_workspace(root: Path) -> Workspace:
    """Read ``root/cxnlp.toml``.

    Raises:
        SettingsError: the file is missing or says something that is not allowed.
    """
    path = root / CONFIG_NAME
    if not path.is_file():
        raise SettingsError(f"{path}: not found. Run `cxnlp init {root}` to make a workspace, or name one with "
                            "--workspace.")  # fmt: skip
    try:
        settings = Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except RecursionError as error:
        raise SettingsError(f"{path}: nested absurdly deep; allowed: what `cxnlp init` writes. Mend it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}). Mend that line.") from error
    except ValidationError as error:
        raise SettingsError(f"{path}: {_explain(error)}") from error
    return Workspace(root=root.resolve(), settings=settings)


def _explain(error: ValidationError) -> str:
    """One sentence for each wrong key."""
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        lines.append(f"`{where}`: {problem['msg']}")
    return "; ".join(lines) + ". See the comments that `cxnlp init` writes."
