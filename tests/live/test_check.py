"""What `cxnlp check` says of a live source."""

from pathlib import Path

import pytest

from cxnlp import channels
from cxnlp.cli.check import _source
from cxnlp.settings import Settings, SettingsError, Source, Workspace
from tests.channels.made import mail
from tests.live.mailserver import PASSWORD, USER, mail_served
from tests.live.server import LocalService, page
from tests.live.test_social import listing, reddit_thing


def found(source: dict[str, object], folder: Path) -> list[tuple[str, bool, str]]:
    settings = Settings.model_validate({"company": "Larkfield", "source": [source]})
    findings = _source(Workspace(root=folder, settings=settings), settings.sources[0])
    return [(finding.what, finding.works, finding.words) for finding in findings]


def test_it_asks_for_the_first_pages(service: LocalService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_REDDIT", "key")
    service.paths["/login"] = lambda _: page({"access_token": "x"})
    service.paths["/r/larkfield/new.json"] = lambda _: listing(reddit_thing(1), after="t3_more")
    live = {
        "service": "reddit", "url": service.url, "login": service.url + "/login", "client": "c", "user_agent": "us/1",
        "secret": "LARKFIELD_REDDIT", "subreddits": ["larkfield", "gone"], "comments": False,
    }  # fmt: skip
    source = {"name": "reddit", "channel": "social", "kind": "live", "live": live}
    first, second = found(source, tmp_path)
    assert first == ("source reddit, r/larkfield/new", True, "answers; 1 items on its first page")
    assert (second[0], second[1]) == ("source reddit, r/gone/new", False)
    assert "answered 404" in second[2]
    assert len(service.asked) == 3
    monkeypatch.delenv("LARKFIELD_REDDIT")
    assert ["is not to be had" in words for _, works, words in found(source, tmp_path) if not works] == [True, True]


def test_a_strange_service_is_a_finding(service: LocalService, tmp_path: Path) -> None:
    service.paths["/gb/rss/customerreviews/page=1/id=1/sortby=mostrecent/json"] = lambda _: page([])
    live = {"service": "appstore", "url": service.url, "app": 1, "countries": ["gb"]}
    ((what, works, words),) = found({"name": "x", "channel": "social", "kind": "live", "live": live}, tmp_path)
    assert (what, works) == ("source x, gb", False)
    assert words.startswith("Could not be read: TypeError.")


def test_mails_are_opened_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's mail that crashes its reader must not crash the check."""
    monkeypatch.setenv("LARKFIELD_MAIL", PASSWORD)
    opened_here: list[object] = []
    monkeypatch.setattr(channels, "READERS", {"letters": lambda *asked: opened_here.append(asked) or iter(())})
    with mail_served() as server:
        server.inbox.deliver(mail("The heater smells.", Message_ID="<m1@mail.example>").as_bytes())
        live = {"service": "imap", "url": server.url, "user": USER, "secret": "LARKFIELD_MAIL"}
        ((what, works, words),) = found({"name": "x", "channel": "letter", "kind": "live", "live": live}, tmp_path)
    assert (what, works, words) == ("source x, INBOX", True, "answers; 1 items on its first page")
    assert opened_here == []


def test_wrong_settings_are_a_finding(tmp_path: Path) -> None:
    ((what, works, words),) = found(
        {"name": "x", "channel": "social", "kind": "live", "live": {"service": "feed", "url": "http://x.example"}},
        tmp_path,
    )
    assert (what, works) == ("source x", False)
    assert "is no https address" in words


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"kind": "live", "path": "x"}, "needs `live` and has no `path`"),
        ({"kind": "posts"}, "needs `path` and has no `live`"),
        ({"kind": "posts", "path": "x", "live": {}}, "needs `path` and has no `live`"),
    ],
)
def test_a_source_is_a_folder_or_a_service(source: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Source.model_validate({"name": "x", "channel": "social"} | source)


def test_a_night_begins_with_settings_that_can_be_used(tmp_path: Path) -> None:
    from cxnlp.cli.init import init
    from cxnlp.settings import open_workspace
    from pipelines.night import begin

    init(tmp_path)
    block = '\n[[source]]\nname = "x"\nchannel = "social"\nkind = "live"\nlive = { service = "mastodont" }\n'
    config = tmp_path / "cxnlp.toml"
    config.write_text(config.read_text("utf-8").replace("\n[schedule]", block + "\n[schedule]", 1), "utf-8")
    with pytest.raises(SettingsError, match="names no service that is known"), begin(open_workspace(tmp_path)):
        pass
