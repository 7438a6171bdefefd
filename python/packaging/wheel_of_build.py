"""Builds the package with CMake and makes a wheel of what it installs (PEP 517), with the standard library alone."""

import base64
import hashlib
import re
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def get_requires_for_build_wheel(config_settings=None):
    return []


def _metadata():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.search(r"project\(entrepot VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {version}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {name}" for name in project["dependencies"]),
        "Description-Content-Type: text/markdown",
        "",
        (ROOT / project["readme"]).read_text(encoding="utf-8"),
    ]
    return project["name"], version, "\n".join(lines)


def _cmake(*arguments):
    subprocess.run(["cmake", *map(str, arguments)], cwd=ROOT, check=True)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """config_settings: CMake's variables, such as ENTREPOT_NATIVE=OFF for a wheel that other machines can use."""
    name, version, metadata = _metadata()
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    build = ROOT / "build" / f"wheel-{tag}"
    definitions = [f"-D{key}={value}" for key, value in (config_settings or {}).items()]
    _cmake("-S", ROOT, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DENTREPOT_TESTS=OFF",
           "-DENTREPOT_MPI=OFF", "-DENTREPOT_PYTHON=ON", "-DENTREPOT_PYTHON_FOLDER=.", f"-DPython_EXECUTABLE={sys.executable}", *definitions)
    _cmake("--build", build, "--target", "entrepot_python", "entrepot_python_files")
    wheel = f"{name}-{version}-{tag}-{tag}-{platform}.whl"
    with tempfile.TemporaryDirectory() as folder:
        _cmake("--install", build, "--component", "python", "--prefix", folder)
        files = {str(file.relative_to(folder)): file.read_bytes() for file in sorted(Path(folder).rglob("*")) if file.is_file()}
    about = f"{name}-{version}.dist-info"
    files[f"{about}/METADATA"] = metadata.encode()
    files[f"{about}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: {name}\nRoot-Is-Purelib: false\nTag: {tag}-{tag}-{platform}\n".encode()
    files[f"{about}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    record = f"{about}/RECORD"
    rows = [f"{file},{_digest(content)},{len(content)}" for file, content in files.items()] + [f"{record},,"]
    files[record] = ("\n".join(rows) + "\n").encode()
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return wheel


def _digest(content):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
