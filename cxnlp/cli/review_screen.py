"""The screen of `cxnlp review`: one mention at a time, everything by keys, every answer stored at once."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Static

from cxnlp.cli.review_board import document, mention, moved, rows_of, suggestions
from cxnlp.errors import CxnlpError
from cxnlp.teaching.items import STRENGTHS, Item, Word, plain
from cxnlp.teaching.reviewing import Desk

_CELL: Final = 18  # characters of a label with its box and share; four of them stand side by side in 80
_GUTTER: Final = 6
_TITLES: Final = {"moment": "about", "unmeasurable": "soft", "warning": "cause", "signal": "act"}
_FRAME: Final = 4  # columns and, halved, lines that the border around the mention takes


class ReviewScreen(App[None]):
    """A desk on the terminal. ``failure`` is what stopped it, when it was not the reviewer."""

    CSS = """
    #progress, #feeling, #meaning { height: auto; padding: 0 1; }
    #mention { height: 1fr; min-height: 4; border: round $primary; padding: 0 1; }
    #board { height: auto; padding: 0 1; }
    #meaning { height: 2; color: $text-muted; }
    Input { display: none; height: 3; }
    Input.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "accept", "store"),
        ("space", "label", "set"),
        Binding("tab", "suggested", "next", priority=True),
        ("slash", "ask('find')", "find"),
        ("d", "whole", "whole"),
        ("s", "skip", "skip"),
        ("u", "undo", "undo"),
        ("m", "ask('mark')", "mark"),
        ("q", "quit", "quit"),
        *(Binding(str(at), f"feel('{strength}')", strength, show=False) for at, strength in enumerate(STRENGTHS, 1)),
        *(Binding(key, f"move({down}, {right})", show=False) for key, down, right in
          (("up", -1, 0), ("down", 1, 0), ("left", 0, -1), ("right", 0, 1))),
        Binding("pageup", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
    ]  # fmt: skip
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(self, desk: Desk, words: Sequence[Word]) -> None:
        super().__init__()
        self.desk = desk
        self.words = {word.code: word for word in words}
        self.cursor = ""
        self.is_whole = False  # show the whole document, not only what is around the mention
        self.asking = ""  # what the input line is open for: find, mark
        self.failure: Exception | None = None

    def compose(self) -> ComposeResult:
        """Progress, the mention, its labels, the meaning of one, and a line to type in."""
        yield Static(id="progress")
        with VerticalScroll(id="mention", can_focus=False):
            yield Static(id="text")
        yield Static(id="feeling")
        yield Static(id="board")
        yield Static(id="meaning")
        yield Input(id="line")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first mention."""
        self.query_one(Input).can_focus = False
        self.begin()

    def on_resize(self, _: events.Resize) -> None:
        """Lay the labels out anew."""
        self.show()

    def begin(self) -> None:
        """Show the mention at hand with the cursor on its first suggestion; end when there is none."""
        item = self.desk.item
        if item is None:
            self.exit()
            return
        self.is_whole = False
        self.cursor = next(iter(suggestions(item, self.desk.is_blind)), item.labels[0] if item.labels else "")
        self.query_one("#mention", VerticalScroll).scroll_home(animate=False)
        self.show()

    def show(self) -> None:
        """Draw everything anew from the desk."""
        item = self.desk.item
        if item is None:
            return
        self.query_one("#progress", Static).update(self._progress(item))
        self.query_one("#text", Static).update(document(item) if self.is_whole else mention(item, self._room()))
        self.query_one("#feeling", Static).update(self._feeling())
        self.query_one("#board", Static).update(self._board(item))
        word = self.words.get(self.cursor)
        told = f"{self.cursor.split(':')[-1]} ({word.name}): {word.meaning}" if word else ""
        self.query_one("#meaning", Static).update(Text(plain(told), overflow="ellipsis"))

    def _room(self) -> int:
        """Characters that the frame around the mention has room for."""
        frame = self.query_one("#mention").size
        return max(frame.width - _FRAME, 20) * max(frame.height - _FRAME // 2, 2)

    def _progress(self, item: Item) -> Text:
        desk = self.desk
        where = " ".join(filter(None, (item.channel, item.occurred_on)))
        marks = f"   marked: {', '.join(sorted(desk.marks))}" if desk.marks else ""
        return Text(f"{desk.at + 1} of {len(desk.items)}   {desk.n_answered} stored   {where}{marks}", style="bold")

    def _feeling(self) -> Text:
        line = Text("sentiment  ")
        for at, strength in enumerate(STRENGTHS, 1):
            line.append(f" {at}: {strength} ", style="reverse bold" if strength == self.desk.sentiment else "dim")
        return line

    def _board(self, item: Item) -> Text:
        board, family = Text(), ""
        for row in rows_of(item.labels, self.n_columns):
            title = row[0].split(":")[0]
            board.append(f"{'' if title == family else _TITLES.get(title, title):{_GUTTER}.{_GUTTER}}", style="dim")
            family = title
            for code in row:
                board.append_text(self._cell(item, code))
            board.append("\n")
        board.rstrip()
        return board

    def _cell(self, item: Item, code: str) -> Text:
        said = None if self.desk.is_blind else item.said.get(code)
        name = code.split(":", 1)[1]
        share = "" if said is None or said.probability is None else f" {said.probability:.0%}"
        if len(name) + len(share) > _CELL - 3:
            share = ""
        box = "■" if code in self.desk.yes else "□"
        style = "bold green" if code in self.desk.yes else "yellow" if said else ""
        text = f"{box} {name}{share}"[: _CELL - 1]
        cell = Text(text, style=f"{style} reverse" if code == self.cursor else style)
        cell.append(" " * (_CELL - len(text)), style="not reverse")
        return cell

    @property
    def n_columns(self) -> int:
        """Labels side by side: an even number, so that both signs of a quality stand in one row."""
        fitting = (self.size.width - 2 - _GUTTER) // _CELL
        return max(1, fitting - fitting % 2)

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor."""
        if self.desk.item is not None and self.cursor:
            self.cursor = moved(rows_of(self.desk.item.labels, self.n_columns), self.cursor, down, right)
            self.show()

    def action_suggested(self) -> None:
        """Move the cursor to the next label that the night gives or half gives."""
        item = self.desk.item
        if item is not None and (codes := suggestions(item, self.desk.is_blind)):
            self.cursor = codes[(codes.index(self.cursor) + 1) % len(codes)] if self.cursor in codes else codes[0]
            self.show()

    def action_label(self) -> None:
        """Put the label under the cursor into the answer, or take it out."""
        if self.cursor:
            self.desk.toggle(self.cursor)
            self.show()

    def action_feel(self, strength: str) -> None:
        """Set the sentiment."""
        self.desk.feel(strength)
        self.show()

    def action_accept(self) -> None:
        """Store the answer and go on."""
        try:
            if not self.desk.accept():
                self.notify("Set the sentiment first: keys 1 to 5.", severity="warning")
                return
        except (OSError, CxnlpError) as error:
            self._stop(error)
            return
        self.begin()

    def action_whole(self) -> None:
        """Show the whole document, or only what is around the mention."""
        self.is_whole = not self.is_whole
        self.show()

    def action_scroll(self, pages: int) -> None:
        """Scroll the text."""
        text = self.query_one("#mention", VerticalScroll)
        text.scroll_relative(y=pages * max(text.size.height - 1, 1), animate=False)

    def action_skip(self) -> None:
        """Leave the mention for another day."""
        self.desk.skip()
        self.begin()

    def action_undo(self) -> None:
        """Back to the mention before; its answer is taken back."""
        try:
            moved_back = self.desk.undo()
        except (OSError, CxnlpError) as error:
            self._stop(error)
            return
        if moved_back:
            self.begin()

    def action_ask(self, what: str) -> None:
        """Open the line to type in."""
        self.asking = what
        line = self.query_one(Input)
        line.value = ""
        line.placeholder = {"find": "a label's first letters", "mark": "a word for it, such as parking"}[what]
        line.add_class("open")
        line.can_focus = True
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what the line was opened for."""
        typed = event.value.strip().lower()
        self._close_line()
        if self.asking == "find":
            self._find(typed)
        elif typed:
            self._mark(typed)

    def on_key(self, event: events.Key) -> None:
        """Escape closes the line."""
        if event.key == "escape" and self.query_one(Input).has_class("open"):
            self._close_line()
            event.stop()

    def _close_line(self) -> None:
        line = self.query_one(Input)
        line.remove_class("open")
        line.can_focus = False
        self.set_focus(None)

    def _find(self, typed: str) -> None:
        item = self.desk.item
        names = [(code.split(":", 1)[1], code) for code in (item.labels if item else ())]
        found = [code for name, code in names if name.startswith(typed)]
        found += [code for name, code in names if typed in name and code not in found]
        if typed and found:
            self.cursor = found[0]
            self.show()
        else:
            self.notify("No label has these letters.", severity="warning")

    def _mark(self, word: str) -> None:
        try:
            self.desk.mark(word)
        except CxnlpError as error:
            self.notify(str(error), severity="warning", markup=False)
        except OSError as error:
            self._stop(error)
        else:
            self.show()

    def _stop(self, error: Exception) -> None:
        self.failure = error
        self.exit()
