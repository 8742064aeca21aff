"""A webhook: a service posts to an address of the person's own whenever something changes."""

import msgspec


class Hook(msgspec.Struct, frozen=True):
    """One webhook, without its secret, which is sent and never kept.

    `id` is empty until the service gave one. `content` is the form of what is posted, `constraint` the
    sort of thing that it is for.
    """

    event: str
    url: str
    id: str = ""
    title: str = ""
    content: str = "xml"
    constraint: str = "all"
    active: bool = True
    type: str = "web"
