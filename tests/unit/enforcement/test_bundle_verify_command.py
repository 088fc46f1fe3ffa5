"""`zhipo bundle verify` in a process of its own, with no settings and no database."""

import os
import subprocess
import sys
from pathlib import Path

from unit.enforcement.sample_bundle import directory, draft, tables, write


def run(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ZHIPO", "DJANGO", "DATABASE"))
    }
    return subprocess.run(
        [sys.executable, "-m", "zhipo.cli", "bundle", "verify", *map(str, arguments)],
        env=environment | extra,
        capture_output=True,
        text=True,
        check=False,
    )


def keys_in(folder: Path) -> Path:
    path = folder / "directory.json"
    path.write_text(directory().model_dump_json(), encoding="utf-8")
    return path


def test_a_whole_bundle_is_told_part_by_part(tmp_path: Path) -> None:
    path = write(draft(tmp_path), tmp_path / "a.zhipo")

    done = run(path, "--directory", keys_in(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "湘潭市雨湖区人民法院" in done.stdout
    assert "records/freezes.json" in done.stdout
    assert "所要求的材料齐全" in done.stdout


def test_gaps_are_told_and_are_no_ground_to_refuse(tmp_path: Path) -> None:
    path = write(draft(tmp_path, tables() | {"consents": ()}), tmp_path / "a.zhipo")

    done = run(path, ZHIPO_INQUIRY_DIRECTORY=str(keys_in(tmp_path)), ZHIPO_LANG="en")

    assert done.returncode == 0, done.stderr
    assert "[U] 《执转破意见》第十条  the written consent" in done.stdout


def test_a_changed_byte_ends_with_status_2_and_its_part(tmp_path: Path) -> None:
    path = write(draft(tmp_path), tmp_path / "a.zhipo")
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"xianxiangjia")] ^= 1
    path.write_bytes(raw)

    done = run(path, "--directory", keys_in(tmp_path))

    assert (done.returncode, done.stdout) == (2, "")
    assert "records/" in done.stderr or "manifest.json" in done.stderr


def test_without_keys_or_without_a_file_nothing_is_believed(tmp_path: Path) -> None:
    path = write(draft(tmp_path), tmp_path / "a.zhipo")

    for done in (run(path), run(path, "--directory", path), run(tmp_path / "none")):
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr
