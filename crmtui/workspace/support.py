"""What a vendor's support wants to be told of a request: kept as a file, without any token."""

from crmtui.model.errors import CrmError
from crmtui.paths import log_dir, write_private


def keep(report: str, error: CrmError) -> str:
    """Writes the report, and has the error say where it is; returns what is written."""
    path = log_dir() / "support-report.txt"
    try:
        write_private(path, f"{report}\n".encode(errors="replace"))
    except CrmError as unwritable:
        error.message = f"{error.message} The report could not be kept: {unwritable.message}"
    else:
        error.message = f"{error.message} The report is {path} (ctrl+r in the app copies it)."
    return report
