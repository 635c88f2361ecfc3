"""The commands that the API runs as jobs: their arguments as the command line itself defines them, and their words.

What may be a job is written out in `JOBS` with the options that name files. Of these, one that is read is sent along
and one that is written stays in the job's folder; an option for a path that is not written out here is refused, so that
nobody reaches from outside what lies beside the workspace.
"""

import base64
import binascii
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin, get_type_hints

import typer
import typer.main

from cxnlp.cli.options import CommandError
from cxnlp.settings import Workspace

if TYPE_CHECKING:
    from cxnlp.serve.jobs import Order
    from cxnlp.serve.working import Commands, Task

File = Literal["read", "written", "folder"]

#: Command → which of its arguments name files, and whether these are read or written; "folder" takes several.
JOBS: Final[Mapping[str, Mapping[str, File]]] = {
    "check": {},
    "run": {},
    "retag": {},
    "notify": {},
    "backlog sync": {},
    "moments import": {"file": "read"},
    "page": {"pdf": "written", "cards": "folder"},
    "describe": {"to": "written"},
    "teach": {"examples": "read"},
    "train": {},
    "recognise": {"names": "read"},
    "forget": {},
    "export": {"output": "written"},
    "tag": {"file": "read", "output": "written"},
    "evaluate": {"file": "read", "output": "written"},
}

#: They erase for ever, or give out what is stored about a person.
CONFIRMED: Final = ("forget", "export")

#: Given on the command's input and not kept: who is to be forgotten is not to be remembered by a job.
_PERSONS: Final = ("customer", "author", "employee")

_SET_HERE: Final = ("workspace", "json", "yes")
#: Words in front of the mask do not leave by the API.
_REFUSED: Final = {("export", "originals")}
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_KINDS: Final[Mapping[object, str]] = {bool: "boolean", int: "integer", float: "number"}
#: What the command line raises on wrong use, wherever Typer keeps it.
_WRONG_USE: Final[type[Any]] = typer.BadParameter.__mro__[1]


def commands(workspace: Workspace | None, app: typer.Typer) -> "Commands":
    """Return what jobs may be; of None, to be described only."""
    from cxnlp.serve.working import Commands

    known = {name: _Command.of(name, app) for name in JOBS}
    return Commands([command.told() for command in known.values()], partial(_order, workspace, known))


@dataclass(frozen=True)
class _Command:
    """One command with its parameters by the names that the API gives them."""

    name: str
    command: Any  # of Typer's own copy of Click, or of Click
    files: Mapping[str, File]

    @classmethod
    def of(cls, name: str, app: typer.Typer) -> "_Command":
        """Find a command by its name."""
        found: Any = typer.main.get_command(app)
        for word in name.split():
            found = found.commands[word]
        return cls(name, found, JOBS[name])

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        return {_name(each): each for each in self.command.params}

    @cached_property
    def types(self) -> Mapping[str, Any]:
        return get_type_hints(inspect.unwrap(self.command.callback))

    @property
    def taken(self) -> Iterator[tuple[str, Any]]:
        """The parameters that may be given."""
        for name, parameter in self.parameters.items():
            is_refused = name in _SET_HERE or (self.name, name) in _REFUSED
            if not is_refused and (name in self.files or not self.is_path(parameter)):
                yield name, parameter

    def is_path(self, parameter: Any) -> bool:
        """Whether a parameter names a file or a folder, or might."""
        annotation = self.types[parameter.name]
        return Path in (annotation, *get_args(annotation))

    def told(self) -> dict[str, Any]:
        """Say what the command takes."""
        needed = [name for name, parameter in self.taken if parameter.required]
        properties = {name: self._schema(name, parameter) for name, parameter in self.taken}
        says = " ".join((self.command.help or "").partition("\n\n")[0].split())
        arguments = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
        return {"command": self.name, "says": says, "arguments": arguments, "needs_confirm": self.name in CONFIRMED}

    def _schema(self, name: str, parameter: Any) -> dict[str, Any]:
        says = {"description": " ".join((parameter.help or "").split())}
        if self.files.get(name) == "read":
            return _FILE | says
        annotation = self.types[parameter.name]
        kinds = [_KINDS[each] for each in (annotation, *get_args(annotation)) if each in _KINDS]
        if any(get_origin(each) is list for each in (annotation, *get_args(annotation))):
            return {"type": "array", "items": {"type": "string"}} | says
        return {"type": kinds[0] if kinds else "string"} | says


_FILE: Final = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": f"^{_FILE_NAME.pattern}$"}, "text": {"type": "string"},
                   "base64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["name"],
    "additionalProperties": False,
}  # fmt: skip


def _name(parameter: Any) -> str:
    """What the API calls a parameter: its longest option without the dashes, or the argument's own name."""
    longest = max(parameter.opts, key=len)
    return str(longest).lstrip("-").replace("-", "_")


def _order(workspace: Workspace | None, known: Mapping[str, _Command], task: "Task", folder: Path) -> "Order":
    """Return the order that a task is.

    Raises:
        CommandError: no such command, an argument that it does not take or take so, or it is not confirmed.
    """
    from cxnlp.serve.jobs import Order

    assert workspace is not None
    if task.command not in known:
        raise CommandError(f"no command of this name may be a job. Allowed: {', '.join(known)}.")
    command = known[task.command]
    _refuse_unknown(command, task.arguments)
    if command.name in CONFIRMED and task.confirm != command.name:
        raise CommandError(f'{command.name} cannot be taken back. Allowed: with "confirm": "{command.name}".')
    words, behind, lines = [f"--workspace={workspace.root.resolve()}"], list[str](), list[str]()
    kept, files = dict[str, Any](), dict[str, bytes]()
    if "json" in command.parameters and "to" not in task.arguments:
        words.append("--json")
    if "yes" in command.parameters:
        words.append("--yes")
    for name, parameter in command.taken:  # in the order of their definition, in which the input is read
        if (value := task.arguments.get(name)) is None:
            continue
        kept[name] = value
        if name in command.files:
            value, content = _file(command, name, value, folder)
            kept[name] = value.name
            files |= content
        elif command.name in CONFIRMED and name in _PERSONS:
            lines.append(_line(name, value))
            kept[name], value = "(not kept)", "-"
        if parameter.param_type_name == "argument":
            behind += [str(each) for each in (value if isinstance(value, list) else [value])]
        else:
            words += _words(parameter, name, value)
    words += ["--", *behind] if behind else []
    _refuse_wrong(command, words)
    return Order(command.name, kept, [*command.name.split(), *words], "".join(f"{line}\n" for line in lines), files)


def _refuse_unknown(command: _Command, arguments: Mapping[str, Any]) -> None:
    taken = [name for name, _ in command.taken]
    for name in arguments:
        if name in command.parameters and name not in (*taken, *_SET_HERE):
            raise CommandError(f"{command.name}: {name} is for the command line alone: it names a path of the machine, "
                               "or gives out what is not masked.")  # fmt: skip
        if name not in taken:
            raise CommandError(f"{command.name}: an argument is not known. Allowed: {', '.join(taken) or 'none'}.")


def _words(parameter: Any, name: str, value: Any) -> list[str]:
    """Return an option as the command line has it."""
    option = max(parameter.opts, key=len)
    if parameter.is_flag:
        if not isinstance(value, bool):
            raise CommandError(f"{name}: allowed: true or false.")
        if value:
            return [option]
        return [max(parameter.secondary_opts, key=len)] if parameter.secondary_opts else []
    values = value if isinstance(value, list) else [value]
    if len(values) > 1 and not parameter.multiple:
        raise CommandError(f"{name}: allowed: one value.")
    if any(isinstance(each, dict | list | bool) or each is None for each in values):
        raise CommandError(f"{name}: allowed: text or a number.")
    return [f"{option}={each}" for each in values]


def _file(command: _Command, name: str, value: Any, folder: Path) -> tuple[Path, dict[str, bytes]]:
    """Return where a file is, or will be, in the job's folder, and what it holds if it is read.

    Raises:
        CommandError: its name is none, or what it holds is not said.
    """
    kind = command.files[name]
    if kind == "folder":
        return folder / "out", {}
    own = value.get("name") if isinstance(value, dict) and kind == "read" else value
    if not isinstance(own, str) or not _FILE_NAME.fullmatch(own):
        shape = "an object with `name` and `text` or `base64`" if kind == "read" else "the name of a file"
        raise CommandError(f"{name}: allowed: {shape}; of letters, digits and ._-, no folder.")
    if kind == "written":
        return folder / "out" / own, {}
    held = {key: each for key, each in value.items() if key != "name"}
    if list(held) == ["text"] and isinstance(held["text"], str):
        return folder / "in" / own, {own: held["text"].encode("utf-8", "replace")}
    try:
        (encoded,) = [held[key] for key in held if key == "base64" and len(held) == 1]
        return folder / "in" / own, {own: base64.b64decode(encoded, validate=True)}
    except (ValueError, TypeError, binascii.Error):
        raise CommandError(f"{name}: allowed: `text`, or `base64` of the bytes, beside `name`.") from None


def _line(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or not value.strip():
        raise CommandError(f"{name}: allowed: one line of text.")
    return value


def _refuse_wrong(command: _Command, words: list[str]) -> None:
    """Let the command line itself say whether it takes these words; nothing is run."""
    parse: Callable[..., Any] = command.command.make_context
    try:
        parse(command.name, list(words))
    except _WRONG_USE as error:
        raise CommandError(f"{command.name}: {error.format_message()}") from None
