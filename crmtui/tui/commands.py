"""Every command of the app, one table for all screens."""

from collections.abc import Mapping
from typing import Final

from crmtui.tui.command import Command

_RECORDS, _LISTS, _FORMS, _APP = "Records", "Lists", "Forms", "Everywhere"
_CONFLICT, _OUTBOX, _TODAY = "In a conflict", "In the outbox", "On the screen of today"
_HOOKS = "Webhooks"

COMMANDS: Final[Mapping[str, Command]] = {
    command.id: command
    for command in (
        Command("edit", "e", "edit", "Edit the record in a form.", _RECORDS),
        Command("edit_cell", "i", "edit cell", "Edit the field under the column cursor.", _RECORDS),
        Command("new", "n", "new", "Create a record of this kind.", _RECORDS),
        Command("note", "a", "note", "Add a note to the record.", _RECORDS),
        Command("complete", "F", "done", "Complete what is under the cursor; again reopens it.", _RECORDS),
        Command("duplicate", "D", "duplicate", "Begin a new record with this one's values.", _RECORDS),
        Command("tags", "t", "tags", "Choose the record's tags.", _RECORDS),
        Command("delete", "x", "delete", "Delete the record; y confirms.", _RECORDS),
        Command("bulk", "b", "edit marked", "Edit all marked records in one form.", _RECORDS),
        Command("go", "O", "go to", "Go to the account, contact … that the record refers to.", _RECORDS),
        Command("next", "J", "next", "The next record of the list.", _RECORDS),
        Command("previous", "K", "previous", "The previous record of the list.", _RECORDS),
        Command("undo", "u", "undo", "Take back the last write, or the one under the cursor.", _RECORDS),
        Command("copy", "y", "copy", "Copy the record's name to the clipboard.", _RECORDS),
        Command("download", "s", "save file", "Save the document's file on this machine.", _RECORDS),
        Command("upload", "U", "upload", "Upload a file to the record, or beside the document.", _RECORDS),
        Command("filter", "f", "filter", "Filter the list: type=Customer value>1000.", _LISTS),
        Command("search", "slash", "search", "Find records by any of their words as you type.", _LISTS),
        Command("order", "o", "order", "Order by the chosen column; again reverses.", _LISTS),
        Command(
            "order_then",
            "ctrl+o",
            "then by",
            "Order by the chosen column as well; again reverses, then not.",
            _LISTS,
        ),
        Command(
            "mark_all", "asterisk", "mark all", "Mark all rows that are here; again unmarks them.", _LISTS
        ),
        Command("refresh", "r", "refresh", "Ask the service for what changed.", _LISTS),
        Command("sync", "S", "sync", "Mirror all that the service has; again stops.", _LISTS),
        Command("send", "ctrl+s", "review", "Look at what would be sent, then send it.", _FORMS),
        Command("submit", "enter", "send", "Send what is shown here.", _FORMS),
        Command("stop", "escape", "cancel", "Leave without a transfer, or stop the one on its way.", _FORMS),
        Command("discard", "ctrl+x", "discard", "Discard the draft and begin again.", _FORMS),
        Command("join", "ctrl+s", "connect", "Check the token, keep it, and open the account.", _FORMS),
        Command(
            "demo", "ctrl+t", "demo", "Try everything on made-up records; no account is touched.", _FORMS
        ),
        Command("leave", "escape", "leave", "Back without connecting.", _FORMS),
        Command("mine", "m", "mine", "What I wrote is to stand.", _CONFLICT),
        Command("theirs", "t", "theirs", "What somebody else wrote is to stand.", _CONFLICT),
        Command("original", "o", "original", "What was there before is to stand.", _CONFLICT),
        Command("other", "e", "another", "Type another value for the field.", _CONFLICT),
        Command("decide", "ctrl+s,enter", "review", "Look at what you decided, then send it.", _CONFLICT),
        Command("whose", "m", "mine/all", "What is mine to do, or everyone's.", _TODAY),
        Command("try_now", "r", "try now", "Send what waits now, or find out what became of it.", _OUTBOX),
        Command("give_up", "x", "give up", "Give up what waits, or discard the draft; y confirms.", _OUTBOX),
        Command("new_hook", "n", "new", "Make a webhook; its secret is not shown.", _HOOKS),
        Command("delete_hook", "x", "delete", "Delete the webhook; y confirms.", _HOOKS),
        Command("today", "A", "today", "What is overdue, due today, and due in the next 7 days.", _APP),
        Command("outbox", "W", "outbox", "What waits and why, drafts, and what was done.", _APP),
        Command(
            "hooks", "H", "webhooks", "Which webhooks the service has for you; make and delete them.", _APP
        ),
        Command("connect", "n", "connect", "Connect another account.", _APP),
        Command("drafts", "d", "drafts", "Open the newest draft where it was left.", _APP),
        Command("yes", "y", "yes", "Do what is asked.", _APP),
        Command("no", "n,escape,enter", "no", "Leave everything as it is.", _APP),
        Command("pane", "tab", "next pane", "To the next pane.", _APP),
        Command("back", "escape,backspace", "back", "Back to where you came from.", _APP),
        Command("kind_next", "right_square_bracket", "next kind", "The next kind of the sidebar.", _APP),
        Command(
            "kind_previous", "left_square_bracket", "previous kind", "The kind before in the sidebar.", _APP
        ),
        Command("connections", "C", "connections", "Choose another connection.", _APP),
        Command("token", "T", "token", "Give another token for this connection.", _APP),
        Command("report", "ctrl+r", "report", "Copy the report that a vendor's support asks for.", _APP),
        Command("palette", "colon,ctrl+p", "commands", "All commands, by name.", _APP),
        Command("mouse", "M", "mouse", "Release the mouse for selecting text.", _APP),
        Command("help", "question_mark", "help", "The keys that work here.", _APP),
        Command("quit", "q", "quit", "Leave crmtui; drafts are kept.", _APP),
    )
}

_LINE = "In a line"
LINE: Final[Mapping[str, Command]] = {
    command.id: command
    for command in (
        Command("apply", "enter", "apply", "Ask for what is typed.", _LINE),
        Command(
            "complete", "tab", "complete", "Take what is offered first, or the one that is chosen.", _LINE
        ),
        Command("earlier", "up", "earlier ones", "In an empty line: what was asked for before.", _LINE),
        Command("open_hit", "enter", "open", "Open what is chosen of the records that were found.", _LINE),
        Command("widen", "tab", "all kinds", "Search in all kinds, or in the one of the list again.", _LINE),
        Command("ask", "ctrl+r", "ask · 1 call", "Ask the service for this name.", _LINE),
        Command("leave_line", "escape", "leave", "Back to the list as it was.", _LINE),
    )
}
"""What works in a line that is typed into; these keys are fixed."""
