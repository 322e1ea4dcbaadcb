"""``python -m telensic``: the program ``telensic``, which comes with the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig

SCHEMES = ("", f"{os.name}_user")


def program() -> str | None:
    """Where it is: among the scripts of this Python, of this user, or on the path."""
    scripts = [
        sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        for scheme in SCHEMES
    ]
    return shutil.which("telensic", path=os.pathsep.join(scripts)) or shutil.which("telensic")


def main() -> int:
    found = program()
    if found is None:
        print(
            "telensic: the program is not among the scripts of this Python, nor on the path: install the wheel again,"
            " or build it, `cargo install --path crates/cli`",
            file=sys.stderr,
        )
        return 2
    command = [found, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(found, command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
