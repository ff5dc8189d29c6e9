"""Whether a disk is encrypted, as the tables of the operating system would show it."""

from pathlib import Path

import pytest

from fullcircle.home.disk import disk_encrypted

MOUNTS = """
22 1 254:1 / / rw - ext4 /dev/mapper/root rw
23 22 8:1 / /data rw - xfs /dev/sda1 rw
24 22 0:40 / /home/me rw - ecryptfs /home/.ecryptfs rw
25 22 0:41 / /net rw - nfs4 server:/ rw
26 22 254:2 / /with\\040blank rw - ext4 /dev/mapper/lvm rw
"""


@pytest.mark.parametrize(
    ("folder", "encrypted"),
    [("/srv", True), ("/data/shop", False), ("/database", True), ("/home/me/x", True), ("/net/x", None), ("/with blank/x", True)],
)
def test_what_the_system_shows(tmp_path: Path, folder: str, encrypted: bool | None) -> None:
    mounts, devices = tmp_path / "mountinfo", tmp_path / "block"
    mounts.write_text(MOUNTS)
    for name, uuid in (("254:1", "CRYPT-LUKS2-1"), ("254:2", "LVM-1"), ("8:1", "")):
        (devices / name / "dm").mkdir(parents=True)
        if uuid:
            (devices / name / "dm" / "uuid").write_text(uuid)
    slave = devices / "254:2" / "slaves" / "dm-0" / "dm"
    slave.mkdir(parents=True)
    (slave / "uuid").write_text("CRYPT-LUKS2-2")
    assert disk_encrypted(Path(folder), mounts, devices) is encrypted


def test_a_system_that_shows_nothing(tmp_path: Path) -> None:
    assert disk_encrypted(tmp_path, mounts=tmp_path / "none") is None
