"""Loaded by every Python process of a watched night: refuses and notes each address that is not this machine."""

import ipaddress
import os
import sys
from typing import Any

_ASKED = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _ASKED:
        return
    address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments
    if isinstance(address, tuple) and not _is_here(address[0]):
        with open(os.environ["CXNLP_TEST_CALLS"], "a", encoding="utf-8") as calls:
            calls.write(f"{event} {address[0]}\n")
        raise PermissionError(f"a watched night asked for {address[0]}")


if "CXNLP_TEST_CALLS" in os.environ:
    sys.addaudithook(_watch)
