"""A mail server on this machine: as much of RFC 5321 as a sender needs, with faults on demand."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Mailbox:
    """``faults``, one a mail: "refuse" (451 after the text), "hang up" (the mail is taken, and nothing said)."""

    mails: list[EmailMessage] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=cxnlp@larkfield.example&to=team@larkfield.example"


@contextmanager
def mailbox_served() -> Iterator[Mailbox]:
    mailbox = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().strip().upper():
                if line.startswith(b"QUIT"):
                    return self.say("221 bye")
                if line == b"DATA":
                    self.say("354 go on")
                    if not self.take():
                        return None
                else:
                    self.say("250 fine")
            return None

        def take(self) -> bool:
            """Take a mail; whether the talk goes on."""
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            fault = mailbox.faults.pop(0) if mailbox.faults else ""
            if fault == "refuse":
                self.say("451 try later")
                return True
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            mailbox.mails.append(message)
            if fault != "hang up":
                self.say("250 taken")
            return fault != "hang up"

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    mailbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
