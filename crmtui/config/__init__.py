"""The configuration: what `config.yaml` may say, reading it strictly and changing it gently."""

from crmtui.config.connection import Config, Connection
from crmtui.config.file import load, save, unknown_connection, with_connection, without_connection
from crmtui.config.names import COMMANDS, name_problem, token_variable
from crmtui.config.rules import make_connection
from crmtui.config.services import FORMATS, SERVICES, Service

__all__ = [
    "COMMANDS",
    "FORMATS",
    "SERVICES",
    "Config",
    "Connection",
    "Service",
    "load",
    "make_connection",
    "name_problem",
    "save",
    "token_variable",
    "unknown_connection",
    "with_connection",
    "without_connection",
]
