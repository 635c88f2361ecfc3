"""A changed glossary is applied by the next night to what is stored."""

from pathlib import Path

import pytest

from cxnlp.settings import open_workspace
from tests.privacy import company
from tests.privacy.company import ask, run_night

NOTE = "cust rang tt again about the wobbly shelf, very cross, wants refund"


@pytest.mark.thorough
def test_stored_notes_are_written_out_anew_and_tagged_again(tmp_path: Path) -> None:
    workspace = company.make(tmp_path / "larkfield")
    company.write_notes(workspace.root, "notes.csv", ("K8", "01/10/2026", "AC-1", "Ada Quill", NOTE))
    run_night(workspace)
    stored = "SELECT text, written, shorthand_version FROM feedback WHERE external_id = 'K8'"
    ((text, written, version),) = ask(workspace, stored)
    assert (text, written) == (NOTE.replace("cust", "customer"), NOTE)
    (workspace.root / "shorthand.yaml").write_text("always:\n  tt: technical team\n", "utf-8")
    run_id = run_night(open_workspace(workspace.root))
    ((text, written, newer),) = ask(workspace, stored)
    assert (text, written) == (NOTE.replace("cust", "customer").replace("tt", "technical team"), NOTE)
    assert newer not in (None, version)
    tags = "SELECT DISTINCT tags.run_id, tags.model_version IS NOT NULL FROM tags JOIN mentions USING (mention_id) "
    assert ask(workspace, f"{tags} WHERE mentions.text LIKE '%technical team%'") == [(run_id, True)]
