"""What is kept of a mistake of the program: a traceback without locals, which could hold a token."""

import os
import time
import traceback

from crmtui.model.errors import CrmError
from crmtui.paths import log_dir, write_private
from crmtui.workspace.opening import redactor


def keep(error: BaseException) -> str:
    """Writes the report; says where it is, or why it is nowhere, as the end of a sentence."""
    report = redactor.redact("".join(traceback.format_exception(error)))
    path = log_dir() / f"crash-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}.txt"
    try:
        write_private(path, report.encode(errors="replace"))
    except CrmError as unwritable:
        return f"its report could not be kept: {unwritable.message}"
    return f"its report, which holds no token, is {path}; please send it to the developers."
