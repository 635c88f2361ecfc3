"""Where the server may listen, and from where reading is free."""

import socket
from pathlib import Path

import pytest

from cxnlp.serve.running import Place, ServeError, serve
from cxnlp.serve.tokens import VARIABLE
from cxnlp.settings import Workspace
from tests.serve.conftest import TOKEN


@pytest.mark.parametrize(
    ("host", "is_open", "url"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:8765/"),
        ("127.8.9.1", True, "http://127.8.9.1:8765/"),
        ("localhost", True, "http://localhost:8765/"),
        ("::1", True, "http://[::1]:8765/"),
        ("0.0.0.0", False, "http://0.0.0.0:8765/"),
        ("::", False, "http://[::]:8765/"),
        ("192.168.7.7", False, "http://192.168.7.7:8765/"),
        ("cx.example", False, "http://cx.example:8765/"),
    ],
)
def test_reading_is_free_where_only_this_machine_listens(host: str, is_open: bool, url: str) -> None:
    assert (Place(host).is_open, Place(host).url) == (is_open, url)


def test_who_gives_it_a_name_lets_others_in_and_so_reading_needs_the_token() -> None:
    assert not Place("127.0.0.1", names=("cx.example",)).is_open


def test_a_place_that_cannot_be_had_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port}: Address already in use. Choose another with --port"):
            serve(workspace, Place(port=port))
    with pytest.raises(ServeError, match="--certificate and --key: found one of them"):
        serve(workspace, Place(certificate=Path("cx.pem")))
    with pytest.raises(ServeError, match=r"--host nowhere\.invalid"):
        serve(workspace, Place("nowhere.invalid"))
