"""The scripts behind make, run for real on machines that lack something.

A machine is a folder of programs that is the whole PATH: some real, some standing in for Python,
apt and sudo with just the behaviour in question.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOLS = ("bash", "dirname", "rm", "mkdir", "cat", "chmod", "cp", "touch")

# Makes an environment whose python answers to `-m pip`, unless the venv module is said to be away.
PYTHON = """#!/bin/bash
case "$*" in
    -c*) exit {old} ;;
    "-m venv .venv")
        [ -e "$MACHINE/no-venv" ] && exit 1
        mkdir -p .venv/bin
        printf '#!/bin/bash\\nexit 0\\n' > .venv/bin/python
        chmod +x .venv/bin/python
        echo "$0" > .venv/made-by ;;
esac
"""
APT = """#!/bin/bash
echo "$*" >> "$MACHINE/apt-log"
case "$*" in *install*python3-venv*) rm "$MACHINE/no-venv" ;; esac
"""


class Machine:
    """A machine with a checkout on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "checkout"
        self.programs = folder / "bin"
        self.programs.mkdir()
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.programs / tool).symlink_to(found)

    def add(self, name: str, script: str) -> None:
        (self.programs / name).write_text(script)
        (self.programs / name).chmod(0o755)

    def python(self, name: str = "python3", *, old: bool = False) -> None:
        self.add(name, PYTHON.format(old=int(old)))

    def without_venv(self) -> None:
        (self.folder / "no-venv").touch()

    def user(self, number: int, *, sudo: bool = False) -> None:
        self.add("id", f"#!/bin/bash\necho {number}\n")
        self.add("sudo", '#!/bin/bash\nshift\n"$@"\n' if sudo else "#!/bin/bash\nexit 1\n")

    def run(
        self, script: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout / "scripts" / script, *arguments],
            env={"PATH": str(self.programs), "MACHINE": str(self.folder), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def made_by(self) -> str:
        return Path((self.checkout / ".venv" / "made-by").read_text().strip()).name

    @property
    def apt_log(self) -> str:
        log = self.folder / "apt-log"
        return log.read_text() if log.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_python_it_says_which_to_install(machine: Machine) -> None:
    done = machine.run("venv")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_a_python_that_is_too_old_is_none(machine: Machine) -> None:
    machine.python(old=True)
    done = machine.run("venv")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (machine.checkout / ".venv").exists()


def test_a_name_that_only_looks_like_a_python_is_passed_over(machine: Machine) -> None:
    machine.add("python3.11", "#!/bin/bash\necho 'not installed' >&2\nexit 127\n")
    machine.python()
    assert machine.run("venv").returncode == 0
    assert machine.made_by == "python3"


def test_an_environment_that_works_is_left_alone_and_a_broken_one_is_made_anew(
    machine: Machine,
) -> None:
    machine.python()
    assert machine.run("venv").returncode == 0
    kept = machine.checkout / ".venv" / "kept"
    kept.touch()
    assert machine.run("venv").returncode == 0
    assert kept.exists()
    (machine.checkout / ".venv" / "bin" / "python").write_text("#!/bin/bash\nexit 1\n")
    assert machine.run("venv").returncode == 0
    assert not kept.exists()


@pytest.mark.parametrize(("user", "sudo"), [(0, False), (1000, True)], ids=["root", "sudo"])
def test_a_missing_venv_module_is_installed_where_we_may(
    machine: Machine, user: int, sudo: bool
) -> None:
    machine.python()
    machine.without_venv()
    machine.user(user, sudo=sudo)
    machine.add("apt-get", APT)
    done = machine.run("venv")
    assert done.returncode == 0, done.stderr
    assert "install -y -qq --no-install-recommends python3-venv" in machine.apt_log


def test_where_we_may_not_it_says_what_to_do(machine: Machine) -> None:
    machine.python()
    machine.without_venv()
    machine.user(1000)
    machine.add("apt-get", APT)
    done = machine.run("venv")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert machine.apt_log == ""
    assert not (machine.checkout / ".venv").exists()


def test_without_apt_it_says_what_is_missing(machine: Machine) -> None:
    machine.python()
    machine.without_venv()
    done = machine.run("venv")
    assert done.returncode == 1
    assert "no apt" in done.stderr
    assert "Install python3-venv" in done.stderr


def test_only_the_lock_is_installed_with_hashes_and_as_wheels(machine: Machine) -> None:
    machine.python()
    machine.run("venv")
    log = machine.folder / "pip-log"
    pip = f'#!/bin/bash\necho "$*" >> {log}\n'
    (machine.checkout / ".venv" / "bin" / "python").write_text(pip)
    assert machine.run("install", "requirements/run.txt").returncode == 0
    _, packages, easel = log.read_text().splitlines()
    for needed in (
        "--require-hashes",
        "--no-deps",
        "--only-binary :all:",
        "-r requirements/run.txt",
    ):
        assert needed in packages
    assert "--no-deps --no-build-isolation --editable ." in easel


def test_a_failed_installation_is_not_taken_for_a_good_one(machine: Machine) -> None:
    machine.python()
    machine.run("venv")
    pip = '#!/bin/bash\ncase "$*" in *--version*) exit 0 ;; esac\nexit 1\n'
    (machine.checkout / ".venv" / "bin" / "python").write_text(pip)
    assert machine.run("install", "requirements/run.txt").returncode != 0


def test_the_browser_tests_are_skipped_only_when_asked(machine: Machine) -> None:
    done = machine.run("browser", EASEL_SKIP_BROWSER="1")
    assert done.returncode == 0
    assert "EASEL_SKIP_BROWSER=1" in done.stdout


def test_a_missing_browser_is_a_failure_with_words(machine: Machine) -> None:
    if os.path.exists("/usr/bin/chromium"):  # noqa: PTH110 - the very path that the script asks for
        script = machine.checkout / "scripts" / "browser"
        script.write_text(script.read_text().replace("/usr/bin/chromium", "/usr/bin/no-chromium"))
    done = machine.run("browser")
    assert done.returncode == 1
    assert "set EASEL_SKIP_BROWSER=1" in done.stderr


def test_locking_without_uv_says_what_it_needs(machine: Machine) -> None:
    done = machine.run("lock")
    assert done.returncode == 1
    assert "needs uv" in done.stderr
