"""`cxnlp notify` and the night's last stage, on a published database; and the commands of docs/notify.md."""

import json
import logging
import re
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.check import Finding, _receivers
from cxnlp.settings import Notify, Workspace, open_workspace
from pipelines import stages
from pipelines.night import Night
from tests.backlog.workspaces import office
from tests.live.server import LocalService, Reply
from tests.notify.conftest import SECRET

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "notify.md").read_text("utf-8")


@pytest.fixture
def place(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A workspace after a night, with the receiver "hub"."""
    shutil.copytree(office(tmp_path_factory), tmp_path / "workspace", symlinks=True)
    config = tmp_path / "workspace" / "cxnlp.toml"
    hub = f'[[notify]]\nname = "hub"\nkind = "webhook"\nurl = "{service.url}/cx"\nsecret = "env:HUB_SECRET"\n'
    config.write_text(config.read_text("utf-8") + hub, "utf-8")
    monkeypatch.setenv("CXNLP_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("HUB_SECRET", SECRET)
    service.paths["/cx"] = lambda _: Reply(status=200)
    return open_workspace(tmp_path / "workspace")


def ask(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_the_pages_commands_show_and_tell(place: Workspace, service: LocalService) -> None:
    dry, real = re.findall(r"^cxnlp (notify.*)$", PAGE, re.MULTILINE)
    assert "── hub, 2026-11-02-1, msg_" in (shown := ask(*dry.split()))
    assert "Parcels late" in shown
    assert service.asked == []
    assert "hub, 2026-11-02-1: told (127.0.0.1 answered 200)" in ask(*real.split())
    assert ask(*real.split()).strip() == "Everybody was told."
    assert len(service.asked) == 1
    (last,) = json.loads(ask(*dry.split(), "--json"))
    said = json.loads(service.asked[0].body)
    assert json.loads(last["content"]["body"]) == said
    assert [line["item_id"] for line in said["data"]["items"] if line["event"] == "overdue"] == ["cx-0000000001"]
    assert last["sent_at"] is not None


def test_a_failure_is_said_and_ends_with_1(place: Workspace, service: LocalService) -> None:
    service.paths["/cx"] = lambda _: Reply(status=403)
    assert "not told, tried again next time (127.0.0.1 answered 403)" in ask("notify", code=1)
    (outcome,) = json.loads(ask("notify", "--json", code=1))
    assert (outcome["receiver"], outcome["result"]) == ("hub", "refused")


def test_the_night_tells_and_is_never_failed_by_it(
    place: Workspace, service: LocalService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    night = cast(Night, SimpleNamespace(workspace=place, seconds={}))
    service.paths["/cx"] = lambda _: Reply(status=403)
    with caplog.at_level(logging.WARNING, "cxnlp.night"):
        stages.notify(night)
        place.outbox.write_text("broken\n", "utf-8")
        stages.notify(night)
    assert "notify hub: refused (127.0.0.1 answered 403)" in caplog.text
    assert "not everybody was told" in caplog.text
    assert "line 1: found a damaged line" in caplog.text
    place.outbox.unlink()
    service.paths["/cx"] = lambda _: Reply(status=200)
    stages.notify(night)
    assert len(service.asked) == 2
    assert "notify" in night.seconds


def test_check_says_whether_they_can_be_told(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(_receivers(place)) == [Finding("notify hub", True, "a webhook, signed with 1 key")]
    monkeypatch.delenv("HUB_SECRET")
    (found,) = _receivers(place)
    assert not found.works
    assert "the secret of [[notify]] hub" in found.words


def test_the_pages_settings_and_the_templates_can_be_used() -> None:
    template = (ROOT / "cxnlp" / "cli" / "cxnlp.toml").read_text("utf-8").partition("# ── Telling people")[2]
    uncommented = "\n".join(line[2:] for line in template.splitlines() if re.match(r"# (\[\[|\w+ =)", line))
    for text in (*re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL), uncommented):
        blocks = tomllib.loads(text)["notify"]
        assert [Notify.model_validate(block).kind for block in blocks] == ["apprise", "webhook"]


def test_the_pages_example_has_the_fields_of_a_real_one(place: Workspace, service: LocalService) -> None:
    ask("notify")
    (example,) = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    real = json.loads(service.asked[0].body)
    assert (list(example), list(example["data"])) == (list(real), list(real["data"]))
    assert list(example["data"]["items"][0]) == list(real["data"]["items"][0])
