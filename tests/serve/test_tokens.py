"""The token: made once, its owner's alone, compared whole."""

import stat
from pathlib import Path

import pytest

from cxnlp.serve.tokens import NAME, SESSION_SECONDS, VARIABLE, Token, TokenError, token_of


def test_it_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    token_of(tmp_path / ".cxnlp")
    file = tmp_path / ".cxnlp" / NAME
    text = file.read_text("ascii").strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(text) >= 43
    assert token_of(tmp_path / ".cxnlp").fits(text)
    assert not token_of(tmp_path / ".cxnlp").fits(text[:-1])
    assert not token_of(tmp_path / ".cxnlp").fits(None)


def test_a_file_or_the_environment_may_name_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("one-that-was-chosen-by-hand\n", "utf-8")
    file.chmod(0o600)
    monkeypatch.setenv(VARIABLE, "another-in-the-environment")
    assert token_of(tmp_path, file).fits("one-that-was-chosen-by-hand")
    assert token_of(tmp_path).fits("another-in-the-environment")
    assert not (tmp_path / NAME).exists()


def test_what_others_may_read_or_is_too_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with pytest.raises(TokenError, match="not found"):
        token_of(tmp_path, file)
    file.write_text("secret\n", "utf-8")
    file.chmod(0o644)
    with pytest.raises(TokenError, match="other users may read it"):
        token_of(tmp_path, file)
    file.chmod(0o600)
    with pytest.raises(TokenError, match="fewer than 20") as error:
        token_of(tmp_path, file)
    assert "secret" not in str(error.value)


def test_a_session_ends_and_cannot_be_made_up() -> None:
    token, other = Token("a-token-of-twenty-and-more"), Token("another-token-of-twenty-and")
    session = token.session(now=1_000)
    assert token.is_session(session, now=1_000 + SESSION_SECONDS - 1)
    assert not token.is_session(session, now=1_000 + SESSION_SECONDS)
    assert not other.is_session(session, now=1_000)
    until, _, sign = session.partition(".")
    for made_up in (f"{int(until) + 1}.{sign}", f"{until}.", "", "ü.ü", None):
        assert not token.is_session(made_up, now=1_000)
