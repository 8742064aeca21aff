"""The services the sandbox can start, in the order in which they get their ports."""

from collections.abc import Mapping

from . import spotler
from .service import Factory

SERVICES: Mapping[str, Factory] = {"spotler": spotler.build}
