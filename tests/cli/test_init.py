"""`cxnlp init` makes a workspace and never overwrites one."""

import stat
from pathlib import Path

import pytest

from cxnlp.cli.init import init
from cxnlp.cli.night import run_night
from cxnlp.cli.options import CommandError
from cxnlp.settings import SettingsError, open_workspace


def test_a_new_workspace_has_a_config_that_can_be_read(tmp_path: Path) -> None:
    init(tmp_path / "new")
    workspace = open_workspace(tmp_path / "new")
    assert [source.kind for source in workspace.settings.sources] == ["letters", "table", "posts"]
    assert workspace.settings.privacy.mask


def test_the_secret_is_its_owners_alone_and_kept(tmp_path: Path) -> None:
    init(tmp_path)
    path = tmp_path / ".cxnlp" / "secret"
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert init(tmp_path) == []
    assert path.read_text() == first
    assert ".cxnlp" in (tmp_path / ".gitignore").read_text()


def test_two_workspaces_have_two_secrets(tmp_path: Path) -> None:
    init(tmp_path / "a")
    init(tmp_path / "b")
    assert open_workspace(tmp_path / "a").secret() != open_workspace(tmp_path / "b").secret()


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / ".cxnlp" / "secret").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        open_workspace(tmp_path).secret()


def test_a_config_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not found"):
        init(tmp_path / "new", tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("company = ", "not valid TOML"),
        ('company = "A"', "source"),
        ('company = "A"\ncolour = 1\n[[source]]\nname="a"\nchannel="call"\nkind="table"\npath="x"', "colour"),
        ('company = "A"\n[[source]]\nname="a b"\nchannel="call"\nkind="table"\npath="x"', "source.0.name"),
        ('company = "A"\n[[source]]\nname="a"\nchannel="mail"\nkind="table"\npath="x"', "'letter', 'call' or 'social'"),
        (
            'company = "A"\n[[source]]\nname="a"\nchannel="call"\nkind="table"\npath="x"\ntimezone="Mars/North"',
            "unknown time zone 'Mars/North'",
        ),
        (
            'company = "A"\n[[source]]\nname="a"\nchannel="call"\nkind="table"\npath="x"\ncolumns={words="x"}',
            "unknown columns ['words']",
        ),
        ('company = "A"\n' + '[[source]]\nname="a"\nchannel="call"\nkind="table"\npath="x"\n' * 2, "used twice"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "cxnlp.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        open_workspace(tmp_path)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"), [('cron = "rubbish"', "no cron"), ('timezone = "Mars/North"', "unknown time zone 'Mars/North'")]
)
def test_a_wrong_schedule_is_named(tmp_path: Path, text: str, said: str) -> None:
    init(tmp_path)
    config = tmp_path / "cxnlp.toml"
    config.write_text(config.read_text("utf-8").replace('cron = "15 2 * * *"', text).replace('timezone = "UTC"', ""))
    with pytest.raises(SettingsError) as error:
        open_workspace(tmp_path)
    assert said in str(error.value)


def test_a_night_in_a_folder_that_was_never_made_a_workspace_says_what_to_do(tmp_path: Path) -> None:
    source = '[[source]]\nname = "n"\nchannel = "call"\nkind = "table"\npath = "x"\n'
    (tmp_path / "cxnlp.toml").write_text(f'company = "A"\n{source}')
    with pytest.raises(SettingsError, match="Run `cxnlp init`"):
        run_night(open_workspace(tmp_path))
