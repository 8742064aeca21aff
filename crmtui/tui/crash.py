"""What is left of a crash: one sentence for the person, and a traceback without locals in a log."""

import time
import traceback
from collections.abc import Callable

from rich.text import Text

from crmtui.paths import log_dir, write_private


def report(error: BaseException | None, redact: Callable[[str], str]) -> Text:
    """Writes the log and returns the sentence that names it."""
    told = "".join(traceback.format_exception(error)) if error else "no exception was kept\n"
    path = log_dir() / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.log"
    sentence = f"crmtui: a mistake of the program ended it ({type(error).__name__}); what you typed is kept."
    try:
        write_private(path, redact(told).encode(errors="replace"))
    except Exception:  # whatever keeps the log from being written must not hide the sentence
        return Text(sentence)
    return Text(f"{sentence} The details are in {path}.")
