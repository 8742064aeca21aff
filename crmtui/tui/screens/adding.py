"""Adding a typed text to a field's list: asked for once, sent once, and then the field's value."""

from typing import TYPE_CHECKING

from crmtui.model.errors import BadAnswer, CrmError
from crmtui.tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from crmtui.tui.screens.form import FormScreen


class Adding:
    """The way of a new value from one form to the service."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen

    def begin(self, name: str, text: str) -> None:
        """Asks first: a list is everybody's."""
        screen = self._screen
        field = screen.form.field(name)
        calls = screen.form.lookups.cost_to_add(field, text)
        if calls is None:
            return
        question = (
            f'Add "{text}" to the list of {field.title} at {screen.desk.account.adapter.label}?'
            f" Everybody there will find it. {calls} calls."
        )

        def follow(yes: bool | None) -> None:
            if yes:
                # Once sent it belongs to no screen: leaving the form does not cut it off.
                screen.app.run_worker(
                    self._add(name, text), group="write", description="add a value", exit_on_error=False
                )

        screen.app.push_screen(ConfirmScreen("Add a value", question, yes="add it"), follow)

    async def _add(self, name: str, text: str) -> None:
        screen = self._screen
        try:
            choice = await screen.form.lookups.add(screen.form.field(name), text)
        except CrmError as error:
            self._failed(name, error)
            return
        except Exception as error:  # a defect of ours must not end in silence
            self._failed(name, BadAnswer(f"Adding failed here ({type(error).__name__}: {error})."))
            return
        if screen.is_attached and (row := screen.panel.rows.get(name)) is not None:
            if row.editor.sought == text:
                row.editor.put(choice)
            screen.say_beneath(name, "")
        screen.tui.say(f'Added: "{text}".')

    def _failed(self, name: str, error: CrmError) -> None:
        screen = self._screen
        if screen.is_attached:
            screen.say_beneath(name, error.message)
        else:
            screen.tui.say(error.message, error=True)
