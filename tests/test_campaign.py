"""A small fault campaign; `make campaign` is the large one."""

from pathlib import Path

from tests.campaign import run


def test_faults_and_kills_change_no_answer(tmp_path: Path) -> None:
    """A fifth of all answers fails, the hub is killed, and licscan twice: each model once, as without, or a gap says why."""
    found = run(tmp_path, models=40, faults=0.2, seed=3, client_kills=2, server_kills=1)
    assert (found.wrong, found.twice, found.missing) == ([], [], [])
    assert found.same + len(found.excused) == 40
    assert found.runs == 1
    assert found.client_kills + found.server_kills >= 1
