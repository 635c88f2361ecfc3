"""What docs/databases.md shows is allowed."""

import re
import tomllib
from pathlib import Path

from cxnlp.channels import live
from cxnlp.channels.live.sql import Sql
from cxnlp.settings import Source

PAGE = (Path(__file__).parents[2] / "docs" / "databases.md").read_text("utf-8")


def test_the_settings_are_allowed() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (source,) = tomllib.loads(block)["source"]
    settings = live.settings_of(Source.model_validate(source))
    assert isinstance(settings, Sql)
    assert settings.streams == ("crm.call_notes",)
