"""Places for clusters of the embedded PostgreSQL: empty ones, and ones with the data already made."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded_postgres import Cluster, running


@pytest.fixture(scope="session")
def made_folder() -> Iterator[Path]:
    """One cluster for the tests of this process: making the data anew takes most of the time of a test."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="pg-made-") as place:  # noqa: S108 - a short path for the socket
        Path(place).chmod(0o755)
        with running(Path(place) / "postgres"):
            pass
        yield Path(place) / "postgres"


@pytest.fixture
def folder(made_folder: Path) -> Iterator[Path]:
    """A folder with data, its server stopped before and after."""
    yield made_folder
    Cluster(made_folder).stop()


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """A place for one cluster that the unprivileged account may enter; whatever still runs there is stopped."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="pg-") as place:  # noqa: S108 - a short path for the socket
        Path(place).chmod(0o755)
        yield Path(place) / "postgres"
        Cluster(Path(place) / "postgres").stop()


@pytest.fixture
def spoilt_folder(made_folder: Path, empty_folder: Path) -> Path:
    """A copy of the data for a test that leaves them unfit for the next one."""
    empty_folder.mkdir(mode=0o711)
    for name in ("data", "about.json"):
        subprocess.run(["cp", "-a", made_folder / name, empty_folder / name], check=True)
    return empty_folder
