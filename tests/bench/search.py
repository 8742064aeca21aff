"""Search in a mirror of 100,000 records: filling it, changing it, and every way of typing.

`python -m tests.bench.search [--records 100000]` prints figures and judges nothing.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crmtui.model.record import Record, Ref, Value
from crmtui.store.database import open_mirror
from crmtui.store.mirror import Mirror

# fmt: off
_FIRST = (
    "Acme", "Nordic", "Bright", "Solar", "Harbour", "Quiet", "Maple", "Stone",
    "River", "Cedar", "Orion", "Vector", "Lumen", "Atlas", "Polar",
)
_SECOND = (
    "Design", "Foods", "Logistics", "Systems", "Partners", "Holdings", "Media", "Energy",
    "Textiles", "Robotics", "Dental", "Legal",
)
_PEOPLE = (
    "Ann", "Ben", "Carla", "David", "Eva", "Frank", "Greta", "Henry",
    "Ines", "Jan", "Karla", "Liam", "Mona", "Nils", "Olga", "Paul",
    "Rita", "Søren",
)
# fmt: on
_LETTERS = "abcdefghijklmnoprstuvw"


def record(index: int, chance: random.Random) -> Record:
    """An account of half a kilobyte; the first are the newest."""
    first, second, person = chance.choice(_FIRST), chance.choice(_SECOND), chance.choice(_PEOPLE)
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_790_000_000 - 300 * index))
    name = f"{first} {second} {index:06} Ltd"
    values: dict[str, Value] = {
        "name": name,
        "type": "Customer",
        "sector": second,
        "phone": f"+44 20 7946 {index % 10_000:04}",
        "email": f"{person.lower()}.{first.lower()}@{second.lower()}{index % 977}.example.com",
        "addresscity": "London",
        "notes": f"Met {person} at the fair; wants a quote for {second.lower()} by spring.",
        "ownerid": 36971,
        "modifieddate": stamp,
    }
    return Record(Ref("acme", "accounts", str(9_000_000 + index)), name, values, {}, stamp, 0.0)


def written(mirror: Mirror, records: Sequence[Record], size: int) -> str:
    """Records a second and the longest write, in transactions of that many."""
    waits, spent = [], 0.0
    for first in range(0, len(records), size):
        began, busy = time.perf_counter(), time.process_time()
        mirror.upsert(records[first : first + size])
        waits.append(time.perf_counter() - began)
        spent += time.process_time() - busy
    most, rate = max(waits) * 1000, len(records) / sum(waits)
    return f"{rate:,.0f} a second ({len(records) / spent:,.0f} of CPU time), the longest write {most:.0f} ms"


def asked(search: Callable[[str], object], texts: Iterable[str]) -> str:
    """Median and 95th percentile of some searches."""
    waits = []
    for text in texts:
        began = time.perf_counter()
        search(text)
        waits.append((time.perf_counter() - began) * 1000)
    waits.sort()
    return f"{waits[len(waits) // 2]:.2f} ms, p95 {waits[int(len(waits) * 0.95)]:.2f} ms"


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    count = parser.parse_args(argv).records
    chance = random.Random(1)
    records = [record(index, chance) for index in range(count)]
    words = [word.lower() for word in (*_FIRST, *_SECOND, *_PEOPLE)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mirror.db")
        database = open_mirror(path)
        mirror = Mirror(database, "acme")
        print(f"first fill, 1,000 at once: {written(mirror, records, 1000)}")
        changed = [record(index, chance) for index in range(0, count, 10)]
        print(f"changed, 100 at once: {written(mirror, changed, 100)}")
        print(f"the same again, 100 at once: {written(mirror, changed, 100)}")
        print(f"size: {path.stat().st_size / 2**20:.0f} MB")
        typed = {
            "1 letter": list(_LETTERS),
            "2 letters": [word[:2] for word in words],
            "3 letters": [word[:3] for word in words],
            "4 letters": [*(word[:4] for word in words), "cust", "lond", "exam"],
            "a number": [f"{index:06}" for index in range(0, count, 997)],
            "2 words": [f"{a.lower()} {b[:3].lower()}" for a in _FIRST for b in _SECOND],
            "a phone": [f"7946 {index:04}" for index in range(0, 9999, 97)],
        }
        for name, texts in typed.items():
            print(f"{name}: {asked(mirror.search, texts)}; in one kind", end=" ")
            print(asked(lambda text: mirror.search(text, "accounts"), texts))
        page = asked(lambda at: mirror.ordered.rows("accounts", int(at), 64), _places(count))
        print(f"a page of the list: {page}")
        database.close()
    return 0


def _places(count: int) -> list[str]:
    return [str(at) for at in range(0, count, max(1, count // 50))]


if __name__ == "__main__":
    main()
