"""A Secret Service that owns its name and then says nothing, or waits for a prompt that nobody sees."""

import sys
from typing import Any

from jeepney import (  # type: ignore[import-untyped]
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
)
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

ANSWERS: dict[str, tuple[str | None, tuple[Any, ...]]] = {
    "OpenSession": ("vo", (("s", ""), "/org/freedesktop/secrets/session/s1")),
    "ReadAlias": ("o", ("/org/freedesktop/secrets/collection/login",)),
    "Get": ("v", (("b", True),)),
    "GetAll": ("a{sv}", ({},)),
    "Unlock": ("aoo", ([], "/org/freedesktop/secrets/prompt/p1")),
    # The prompt's `Completed` never comes.
    "Prompt": (None, ()),
}


def main(silent: bool) -> None:
    """Serve until killed."""
    connection = open_dbus_connection("SESSION")
    connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
    print("ready", flush=True)
    while True:
        call = connection.receive()
        if silent or call.header.message_type != MessageType.method_call:
            continue
        member = call.header.fields[HeaderFields.member]
        if member in ANSWERS:
            signature, body = ANSWERS[member]
            connection.send(new_method_return(call, signature, body))
        else:
            connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (member,)))


if __name__ == "__main__":
    main(silent=sys.argv[1] == "silent")
