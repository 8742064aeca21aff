"""The turns of calls: some at once, the others one after the other, counted by all processes together."""

import subprocess
import sys
import time
from pathlib import Path

from crmtui.model.pace import Pace
from crmtui.store.bucket import Bucket

PACE = Pace(per_second=5, burst=10)
_TAKE = (
    "import sys; from pathlib import Path; from crmtui.model.pace import Pace;"
    " from crmtui.store.bucket import Bucket;"
    " bucket = Bucket(Path(sys.argv[1]), Pace(5, 10));"
    " print(*[bucket.take() for _ in range(6)])"
)


def test_a_burst_leaves_at_once_and_what_follows_waits_for_its_turn(tmp_path: Path) -> None:
    bucket = Bucket(tmp_path / "host.pace", PACE)
    waits = [bucket.take() for _ in range(13)]
    assert waits[:10] == [0.0] * 10
    assert 0 < waits[10] <= 0.2 < waits[11] <= 0.4 < waits[12] <= 0.6
    assert bucket.left == 0


def test_processes_share_the_count(tmp_path: Path) -> None:
    path = tmp_path / "host.pace"
    said = [
        subprocess.run([sys.executable, "-c", _TAKE, str(path)], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    first, second = ([float(word) for word in each.stdout.split()] for each in said)
    assert first == [0.0] * 6
    # What the second process took longer than the first to begin gave some turns back.
    assert second[0] == 0.0
    assert second[-1] >= 0.0
    assert Bucket(path, PACE).left < 10


def test_a_bucket_that_another_clock_wrote_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "host.pace"
    Bucket(path, Pace(0.0001, 1)).take()
    assert Bucket(path, PACE).take() == 0.0
    path.write_bytes(b"torn")
    assert Bucket(path, PACE).take() == 0.0


def test_a_folder_that_cannot_be_made_leaves_a_count_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bucket = Bucket(tmp_path / "file" / "host.pace", PACE)
    began = time.time()
    waits = [bucket.take() for _ in range(12)]
    assert waits[-1] > 0 or time.time() - began > 0.2
