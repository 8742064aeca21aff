"""Configurations as text, and what becomes of them."""

from pathlib import Path

from crmtui.config import Config, Connection
from crmtui.config.file import read
from crmtui.model.errors import ConfigError

EVERYTHING = """\
connections:
  acme:
    crm: spotler
    url: https://apiv4.reallysimplesystems.com
    user: ann@example.com
    format: xml
    call_limit: 10000       # where the service reports none
    read_only: false
    mirror: true
    kinds: [claims]
    alerts: [80, 95]
    reserve: 20
    token_command: [pass, show, crm/acme]
alert_command: [notify-send, crmtui]
theme: nord
keys: {edit: "e,f2"}
"""


def says(text: str) -> Config:
    return read(text, Path("config.yaml"))[1]


def refusal(text: str) -> str | None:
    try:
        says(text)
    except ConfigError as error:
        return error.message
    return None


def connection(keys: str, name: str = "acme") -> Connection:
    return says(f"connections:\n  {name}: {{{keys}}}\n").connections[name]
