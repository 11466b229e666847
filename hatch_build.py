"""Builds the browser files before they go into a wheel, so that the wheel needs no Node."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    """Runs `npm ci` and the asset build where the sources are and the built files are not."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or (root / "server/static/dist/manifest.json").is_file():
            return
        scripts = Path(sys.executable).parent
        npm = scripts / "npm"
        subprocess.run([npm, "ci", "--omit=dev"], cwd=root, check=True, env=self._env(scripts))
        subprocess.run([npm, "run", "build"], cwd=root, check=True, env=self._env(scripts))

    def _env(self, scripts: Path) -> dict[str, str]:
        import os

        return os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
