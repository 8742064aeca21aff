"""Which adapter speaks to which service; each is imported only when it is used."""

from collections.abc import Callable

from crmtui.config import Connection
from crmtui.crm.adapter import Adapter
from crmtui.model.schema import Schema


def make_adapter(
    connection: Connection,
    *,
    pages_from: int = 1,
    nested: bool = True,
    schema: Callable[[str], Schema | None] = lambda kind: None,
) -> Adapter:
    """The adapter of a connection; `pages_from` and `nested` are what was learnt of its lists.

    `schema` gives the fields of a kind as they were read last.
    """
    match connection.crm:
        case "spotler":
            from crmtui.crm.spotler import Spotler

            return Spotler(connection.name, connection.kinds, pages_from=pages_from, nested=nested)
        case "solve360":
            from crmtui.crm.solve360 import Solve360

            return Solve360(connection.name, connection.user or "")
        case "capsule-v1":
            from crmtui.crm.capsule.v1.adapter import CapsuleV1

            return CapsuleV1(connection.name, connection.format or "xml")
        case "capsule":
            from crmtui.crm.capsule.v2.adapter import Capsule

            return Capsule(connection.name, schema)
        case "onepagecrm-v1":
            from crmtui.crm.onepagecrm.v1.adapter import OnePageV1

            return OnePageV1(
                connection.name, connection.url, connection.user or "", connection.format or "xml"
            )
        case "onepagecrm":
            from crmtui.crm.onepagecrm.v3.adapter import OnePage

            return OnePage(connection.name, connection.user or "")
        case unknown:  # the configuration knows all services
            raise ValueError(unknown)
