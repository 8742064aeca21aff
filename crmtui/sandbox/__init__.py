"""The vendors' services on loopback: strict emulators of a fictional world, apart from the client."""

import logging

from .server import Sandbox
from .traffic import Request

# The sandbox may run beside a full-screen app, so it must not write to the terminal unless told where.
logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = ["Request", "Sandbox"]
