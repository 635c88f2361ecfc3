"""What docs/trackers.md and the template show is allowed, and its tables are whole."""

import re
import tomllib
from pathlib import Path

import cxnlp.cli
from cxnlp.backlog.trackers import KINDS
from cxnlp.settings import Tracker

PAGE = (Path(__file__).parents[3] / "docs" / "trackers.md").read_text("utf-8")


def test_the_settings_are_allowed_and_show_every_kind() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    trackers = [Tracker.model_validate(each) for each in tomllib.loads(block)["tracker"]]
    assert {tracker.kind for tracker in trackers} == set(KINDS)


def test_the_tables_name_every_key_with_what_holds_unless_said() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (?:`?([\w ]+)`?) \|$", PAGE, re.MULTILINE))
    shown = set(re.findall(r"^(\w+) =", PAGE, re.MULTILINE))
    assert set(Tracker.model_fields) <= {*rows, *shown}
    defaults = {name: str(Tracker.model_fields[name].default).lower() for name in rows}
    assert rows == {
        name: "by the kind of status" if name == "states" else value.removesuffix(".0")
        for name, value in defaults.items()
    }


def test_the_template_shows_one() -> None:
    template = (Path(cxnlp.cli.__file__).parent / "cxnlp.toml").read_text("utf-8")
    lines = template[template.index("# [[tracker]]") :].split("\n\n")[0].splitlines()
    (tracker,) = tomllib.loads("\n".join(line.removeprefix("# ") for line in lines))["tracker"]
    assert Tracker.model_validate(tracker).kind == "jira_cloud"
