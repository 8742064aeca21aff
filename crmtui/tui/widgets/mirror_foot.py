"""The state of the mirror at the foot of the kinds: how old it is, how far a sync is, what one would cost."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from crmtui.tui.mirrors import Told
from crmtui.tui.widgets.columns import cut


class MirrorFoot(Widget):
    """A heading in a rule and a few short lines, redrawn only when one of them changes."""

    DEFAULT_CSS = """
    MirrorFoot { height: auto; max-height: 4; background: $ground; color: $text-label; }
    """

    told: reactive[Told] = reactive(Told("", ()))

    def watch_told(self, old: Told, new: Told) -> None:
        """Another number of lines is another height; else nothing around it is painted."""
        if (old.heading == "", len(old.lines)) != (new.heading == "", len(new.lines)):
            self.refresh(layout=True)

    def render(self) -> Content:
        heading, lines = self.told.heading, self.told.lines
        width = self.size.width
        if not heading:
            return Content("")
        rule = "─" * max(0, width - len(heading) - 4)
        texts = [
            Content.assemble(("── ", "$rule"), (cut(heading, width - 3), "$text-dim"), (f" {rule}", "$rule"))
        ]
        texts += [Content.styled(f" {cut(line, width - 1)}", "$text-label") for line in lines]
        return Content("\n").join(texts)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One line for each."""
        return 1 + len(self.told.lines) if self.told.heading else 0
