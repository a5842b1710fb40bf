"""The wheel, built and installed into an empty environment, does the main job without sources and dev tools."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
TOLD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing that lies about in the checkout slips in."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".*", "*.egg-info", "build", "dist", "tests", "*.models")
    )
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist"), str(source))
    [built] = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=True)
    found = folder / ("Scripts" if os.name == "nt" else "bin")
    _run(str(found / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    return found


def _run(*command: str, cwd: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SEGUE"))}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=clean, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_our_packages_the_pages_and_the_licence_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packages = TOLD["tool"]["setuptools"]["packages"]
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package.replace(".", "/")).glob("*.py")
    }
    seen = {
        path.relative_to(ROOT).as_posix()
        for folder in ("templates", "static")
        for path in (ROOT / "web" / folder).rglob("*")
        if path.is_file()
    }
    info = f"segue-{TOLD['project']['version']}.dist-info/"
    assert {name for name in names if not name.startswith(info)} == ours | seen | {"cli.py"}
    assert f"{info}licenses/LICENSE" in names


def test_the_commands_start(scripts: Path, tmp_path: Path) -> None:
    version = TOLD["project"]["version"]
    assert _run(str(scripts / "segue"), "--version", cwd=tmp_path).strip().endswith(version)
    assert "suggest" in _run(str(scripts / "segue"), "--help", cwd=tmp_path)


def test_every_module_imports_without_the_dev_extra(scripts: Path, tmp_path: Path) -> None:
    packages = TOLD["tool"]["setuptools"]["packages"]
    files = [path for package in packages for path in (ROOT / package.replace(".", "/")).glob("*.py")]
    modules = [path.relative_to(ROOT).as_posix().removesuffix(".py").replace("/", ".") for path in files]
    imports = "".join(f"import {module.removesuffix('.__init__')}\n" for module in ["cli", *sorted(modules)])
    _run(str(scripts / "python"), "-I", "-c", imports, cwd=tmp_path)


def test_it_does_the_main_job_outside_the_checkout(scripts: Path, tmp_path: Path) -> None:
    tracks = [{"track_name": f"Song {n}", "artist_name": f"Band {n % 9}"} for n in range(40)]
    playlists = [{"name": str(pid), "pid": pid, "tracks": tracks[pid : pid + 20]} for pid in range(20)]
    (tmp_path / "mpd.slice.0-19.json").write_text(json.dumps({"playlists": playlists}))
    segue = str(scripts / "segue")
    _run(segue, "import", "mpd.slice.0-19.json", cwd=tmp_path)
    trained = json.loads(_run(segue, "train", "--no-measure", "--json", cwd=tmp_path))
    for model in trained:
        answer = json.loads(
            _run(segue, "suggest", "song 7 band 7", "-n", "3", "--model", model["name"], "--json", cwd=tmp_path)
        )
        assert len(answer["suggestions"]) == 3
    assert (tmp_path / "segue.db").is_file()
