"""An IMAP server on this machine: as much of RFC 9051 as a reader needs, with faults on demand."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "feedback@larkfield.example", 'pass "word" \\ 1'


@dataclass
class Mailbox:
    """Mails by number; a number is given once and never again."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1_700_000_000
    next_uid: int = 1

    def deliver(self, mail: bytes) -> int:
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid] = mail
        return uid


@dataclass
class MailServer:
    """``faults``: by the name of a command, what goes wrong, one a command: "hang up", "half", or a line to answer."""

    mailboxes: dict[str, Mailbox] = field(default_factory=lambda: {"INBOX": Mailbox()})
    faults: dict[str, list[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def inbox(self) -> Mailbox:
        return self.mailboxes["INBOX"]

    def of(self, command: str) -> list[str]:
        return [line for line in self.commands if f"{line} ".startswith(f"{command} ")]


class HungUp(Exception):
    """The test wants the connection gone."""


class Session(socketserver.StreamRequestHandler):
    served: MailServer
    mailbox: Mailbox | None = None

    def handle(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready")
        try:
            while line := self.rfile.readline():
                tag, _, rest = line.decode("ascii").strip().partition(" ")
                if not self.obey(tag, rest):
                    return
        except (HungUp, ConnectionError):
            return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode("utf-8") + b"\r\n")

    def obey(self, tag: str, line: str) -> bool:
        words = line.split(" ", 2)
        name = words[0].upper() if words[0].upper() != "UID" else f"UID {words[1].upper()}"
        self.served.commands.append(line)
        fault = self.served.faults[name].pop(0) if self.served.faults.get(name) else ""
        if fault == "hang up":
            raise HungUp
        if fault and fault != "half":
            self.say(f"{tag} {fault}")
            return True
        if name == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
        elif name == "LOGIN":
            known = [f'{USER} "pass \\"word\\" \\\\ 1"', f'"{USER}" "pass \\"word\\" \\\\ 1"']
            if line.partition(" ")[2] not in known:
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")
                return True
        elif name == "AUTHENTICATE":
            self.say("+ ")
            self.served.commands.append(self.rfile.readline().decode("ascii").strip())
        elif name in ("EXAMINE", "SELECT"):
            self.mailbox = self.served.mailboxes.get(line.partition(" ")[2].strip('"'))
            if self.mailbox is None:
                self.say(f"{tag} NO [NONEXISTENT] Unknown Mailbox")
                return True
            self.say(f"* {len(self.mailbox.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.mailbox.validity}] UIDs valid")
            self.say(f"* OK [UIDNEXT {self.mailbox.next_uid}] Predicted next UID")
            self.say(f"{tag} OK [READ-ONLY] selected")
            return True
        elif name == "UID SEARCH":
            self.search(line)
        elif name == "UID FETCH":
            self.fetch(line, is_half=fault == "half")
        elif name == "LOGOUT":
            self.say("* BYE")
            self.say(f"{tag} OK bye")
            return False
        self.say(f"{tag} OK done")
        return True

    def search(self, line: str) -> None:
        mails = self.mailbox.mails if self.mailbox else {}
        found = re.search(r"UID (\d+):\*", line)
        first = int(found[1]) if found else 1
        uids = [uid for uid in sorted(mails) if uid >= first]
        self.say(" ".join(["* SEARCH", *map(str, uids or list(mails)[-1:])]))  # n:* is never without the last

    def fetch(self, line: str, *, is_half: bool) -> None:
        mails = self.mailbox.mails if self.mailbox else {}
        wanted, what = line.split(" ")[2], line.split(" ", 3)[3]
        numbers = {uid: number for number, uid in enumerate(sorted(mails), start=1)}
        for uid in (int(each) for each in wanted.split(",")):
            if uid not in mails:
                continue
            if "BODY.PEEK[]" not in what:
                self.say(f"* {numbers[uid]} FETCH (RFC822.SIZE {len(mails[uid])} UID {uid})")
                continue
            received = '"31-Oct-2026 09:30:00 +0100"'
            self.say(f"* {numbers[uid]} FETCH (UID {uid} INTERNALDATE {received} BODY[] {{{len(mails[uid])}}}")
            self.wfile.write(mails[uid][: len(mails[uid]) // 2] if is_half else mails[uid])
            if is_half:
                raise HungUp
            self.say(")")


@contextmanager
def mail_served(certificate: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    found = MailServer()
    handler = type("Handler", (Session,), {"served": found})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        if certificate is not None:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        found.url = f"imap{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
        yield found
        server.shutdown()
        thread.join()
