"""What every screen has: commands with reasons, a title line, a key bar, and a place for errors."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from crmtui.model.errors import CrmError, Restricted, UsageError
from crmtui.tui.command import Command
from crmtui.tui.commands import COMMANDS

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

T = TypeVar("T")
EVERYWHERE = ("palette", "help", "mouse")


class CommandScreen(Screen[T]):
    """A screen whose keys are commands; a command that cannot be had says why."""

    IDS: ClassVar[Sequence[str]] = ()
    """The commands that work here, in the order of the key bar."""
    SHOWN: ClassVar[int] = 7
    """How many of them the key bar shows."""
    NAME: ClassVar[str] = ""
    """The screen's name, as it stands in titles and in the help; what only others are made of has none."""
    # Textual would paint the whole screen anew whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init_subclass__(cls, **options: Any) -> None:
        """The keys of a screen are those of its commands."""
        cls.BINDINGS = [
            Binding(c.keys, f"command('{c.id}')", c.word, id=c.id, tooltip=c.help, show=False)
            for c in (COMMANDS[id_] for id_ in (*cls.IDS, *EVERYWHERE))
        ]
        super().__init_subclass__(**options)

    @classmethod
    def named(cls) -> Iterator[type["CommandScreen[Any]"]]:
        """Every screen that is imported and has a name."""
        for screen in cls.__subclasses__():
            if screen.NAME:
                yield screen
            yield from screen.named()

    @property
    def tui(self) -> "CrmTui":
        """The app, typed."""
        return cast("CrmTui", self.app)

    @property
    def commands(self) -> list[Command]:
        """The commands that work here."""
        return [COMMANDS[id_] for id_ in (*self.IDS, *EVERYWHERE)]

    def why_not(self, id_: str) -> str | None:
        """Why a command cannot be had now, as a sentence; None if it can."""
        return None

    async def action_command(self, id_: str) -> None:
        """Runs a command, or says why it cannot be had or failed."""
        if reason := self.why_not(id_):
            self.tui.say(reason)
            return
        try:
            result = getattr(self, f"do_{id_}")()
            if result is not None:
                await result
        except (Restricted, UsageError) as error:  # a reason that is only known once it is tried
            self.tui.say(error.message)
        except CrmError as error:
            self.fail(error)

    def do_palette(self) -> None:
        """All commands by name."""
        self.tui.action_command_palette()

    def do_help(self) -> None:
        """The keys that work here."""
        self.tui.show_help(self)

    def do_mouse(self) -> None:
        """Releases the mouse, or takes it again."""
        self.tui.toggle_mouse()

    def fail(self, error: CrmError) -> None:
        """Shows an error where this screen shows errors."""
        self.tui.say(error.message, error=True)
