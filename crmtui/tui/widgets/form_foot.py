"""The last line of a form: what is changed, what saving it costs, and the keys."""

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from crmtui.tui.command import keys_of
from crmtui.tui.commands import COMMANDS
from crmtui.workspace.forms import Form


class FormFoot(Widget):
    """Painted anew only when its words are others."""

    DEFAULT_CSS = """
    FormFoot { height: 1; width: 1fr; padding: 0 1; background: $ground; color: $text-label; }
    """

    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._seen: tuple[tuple[str, ...], bool] | None = None
        self._words = ""
        self._touched = False

    def tell(self, form: Form, *, sending: bool) -> None:
        """Takes over the form's state; the cost is asked for only where other fields are changed."""
        seen = (tuple(form.changed), sending)
        if seen != self._seen:
            self._seen = seen
            self._words = "Sending…" if sending else self._cost(form)
            self._touched = bool(form.changed)
            self.refresh()

    def _cost(self, form: Form) -> str:
        count = len(form.changed)
        if not count:
            return "nothing changed" if not form.is_new else "nothing filled in"
        cost = form.cost()
        calls = f" · {cost}" if cost else ""
        return f"{count} {'filled in' if form.is_new else 'changed'}{calls}"

    def render(self) -> Content:
        line = Content.styled(self._words, "$text-value" if self._touched else "$text-label")
        if self._touched and self._words != "Sending…":
            line += Content.styled(" · ", "$text-dim") + self._key("send")
        keys = [self._key(id_) for id_ in ("back", *(["discard"] if self._touched else []), "palette")]
        width = self.content_size.width
        while keys:
            right = Content("   ").join(keys)
            room = width - line.cell_length - right.cell_length
            if room > 1:
                return line + " " * room + right
            keys.pop()
        return line

    def _key(self, id_: str) -> Content:
        command = COMMANDS[id_]
        keys = keys_of(command, getattr(self.app, "keymap", {}))
        # A letter is text in a form: of the palette's keys the one that is none.
        key = next((key for key in keys if len(key) > 1), keys[0])
        text = Content.assemble((key, "bold $accent"), (f" {command.word}", "$text-label"))
        return text.stylize(Style.from_meta({"@click": f"screen.command('{id_}')"}))
