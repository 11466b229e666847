"""The built assets: reproducible, complete, from pinned packages, without a registry's name."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.web import templating

ROOT = Path(__file__).parents[2]
DIST = ROOT / "server" / "static" / "dist"
SRC = ROOT / "server" / "static" / "src"
NODE = ROOT / ".venv" / "bin" / "node"

built = pytest.mark.skipif(not (DIST / "manifest.json").is_file(), reason="assets are not built")
needs_node = pytest.mark.skipif(
    not NODE.exists() or not (ROOT / "node_modules" / "esbuild").is_dir(), reason="browser libraries are not installed"
)


def manifest() -> dict[str, str]:
    return dict(json.loads((DIST / "manifest.json").read_text()))


def package() -> dict[str, Any]:
    return dict(json.loads((ROOT / "package.json").read_text()))


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), str(folder / "server" / "static" / "src" / "build.mjs")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the build reads, with this checkout's packages."""
    shutil.copytree(SRC, tmp_path / "server" / "static" / "src")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copy(ROOT / "package-lock.json", tmp_path)
    shutil.copy(ROOT / "package.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def test_every_package_is_pinned_exactly() -> None:
    wanted = package()["dependencies"] | package()["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version) for version in wanted.values())


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "funding" in entry] == []
    # what is bundled inside another package is covered by that package's hash
    alone = {name: entry for name, entry in packages.items() if name and not entry.get("inBundle")}
    assert [name for name, entry in alone.items() if "integrity" not in entry] == []


def test_the_lock_file_covers_every_platform_of_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}
    locked = {name.rpartition("node_modules/")[2] for name in packages}
    assert wanted
    assert wanted - locked == set()


def test_the_lock_file_pins_what_the_package_asks_for() -> None:
    root = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    assert root["dependencies"] == package()["dependencies"]
    assert root["devDependencies"] == package()["devDependencies"]


@built
def test_everything_the_manifest_names_is_there() -> None:
    assert [name for name in manifest().values() if not (DIST / name).is_file()] == []


@built
def test_every_asset_a_template_asks_for_is_built() -> None:
    asked = set()
    for path in (ROOT / "templates").rglob("*.html"):
        asked |= set(re.findall(r"""asset\(["']([^"']+)["']\)""", path.read_text()))
    assert asked
    assert asked - set(manifest()) == set()


@built
def test_a_style_sheet_asks_for_no_file_that_is_missing() -> None:
    for name in ("app.css", "fonts.css"):
        text = (DIST / manifest()[name]).read_text()
        files = {part for part in re.findall(r"url\(\"?([^)\"]+)\"?\)", text) if not part.startswith("data:")}
        assert [file for file in files if not (DIST / file).is_file()] == []
        assert "http" not in "".join(files)


@built
def test_formulas_are_drawn_and_styled_by_one_katex_version() -> None:
    version = package()["dependencies"]["katex"]
    assert f'"{version}"' in (DIST / "katex" / "katex.min.js").read_text()
    assert version in (DIST / manifest()["fonts.css"]).read_text()


@built
def test_an_asset_is_found_by_its_plain_name() -> None:
    assert templating.asset("app.js") == f"/static/{manifest()['app.js']}"
    assert templating.asset("nothing.js") == "/static/nothing.js"


@needs_node
def test_the_same_inputs_build_the_same_files_once(checkout: Path) -> None:
    first = build(checkout)
    assert first.returncode == 0, first.stderr
    dist = checkout / "server" / "static" / "dist"
    names = sorted(str(p.relative_to(dist)) for p in dist.rglob("*") if p.is_file())
    assert build(checkout).stdout.strip() == "Assets are up to date."
    shutil.rmtree(dist)
    assert build(checkout).returncode == 0
    assert sorted(str(p.relative_to(dist)) for p in dist.rglob("*") if p.is_file()) == names


@needs_node
def test_a_change_builds_again_and_leaves_nothing_old(checkout: Path) -> None:
    build(checkout)
    dist = checkout / "server" / "static" / "dist"
    before = json.loads((dist / "manifest.json").read_text())
    with (checkout / "server" / "static" / "src" / "lib" / "theme.js").open("a") as file:
        file.write('\nexport const added = "added";\nconsole.debug(added);\n')
    assert build(checkout).stdout.startswith("Built")
    after = json.loads((dist / "manifest.json").read_text())
    assert before["app.js"] != after["app.js"]
    assert not (dist / before["app.js"]).exists()


@needs_node
def test_an_unknown_icon_stops_the_build_by_name(checkout: Path) -> None:
    (checkout / "templates" / "wrong.html").write_text('{{ ui.icon("no-such-icon") }}')
    run = build(checkout)
    assert run.returncode != 0
    assert "no Lucide icon named no-such-icon" in run.stderr
