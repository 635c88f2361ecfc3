"""Where a secret comes from."""

import pytest

from cxnlp.channels.live.failures import Unreachable
from cxnlp.channels.live.secret import secret_of
from cxnlp.settings.keyrings import KEYRING_SERVICE


def test_the_environment_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_DESK", "  key-of-ours\n")
    assert secret_of("LARKFIELD_DESK") == "key-of-ours"


@pytest.mark.parametrize(("value", "name"), [("", "LARKFIELD_DESK"), ("two\nlines", "LARKFIELD_DESK"), ("x", None)])
def test_none_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, value: str, name: str | None) -> None:
    monkeypatch.setenv("LARKFIELD_DESK", value)
    with pytest.raises(Unreachable) as caught:
        secret_of(name)
    assert "two" not in str(caught.value)
    assert "environment variable" in str(caught.value)


def test_the_keyring_comes_second(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    backend = pytest.importorskip("keyring.backend")

    class Memory(backend.KeyringBackend):  # type: ignore[misc, name-defined]
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return "from-the-keyring" if (service, username) == (KEYRING_SERVICE, "LARKFIELD_DESK") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        monkeypatch.delenv("LARKFIELD_DESK", raising=False)
        assert secret_of("LARKFIELD_DESK") == "from-the-keyring"
        monkeypatch.setenv("LARKFIELD_DESK", "from-the-environment")
        assert secret_of("LARKFIELD_DESK") == "from-the-environment"
        with pytest.raises(Unreachable, match="The secret LARKFIELD_OTHER is not to be had"):
            secret_of("LARKFIELD_OTHER")
    finally:
        keyring.set_keyring(before)
