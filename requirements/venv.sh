#!/bin/sh
# Make a virtual environment and install the locked libraries and this project into it.
# usage: requirements/venv.sh FOLDER LOCK      PYTHON names the interpreter; by default the first that is new enough
set -eu

venv=$1
lock=$2

say() { echo "$*" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if new_enough "$candidate"; then echo "$candidate"; return; fi
    done
    say "Python 3.11 or newer is needed, and ${PYTHON:-python3} here is $("${PYTHON:-python3}" --version 2>&1 || true):" \
        "install one, or name it with PYTHON=/path/to/python3."
    exit 1
}

# Debian keeps ensurepip, which venv needs, in a package of its own.
install_venv_module() {
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    as_root=
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
        say "Installing $package"
        export DEBIAN_FRONTEND=noninteractive
        $as_root apt-get install -y -qq "$package" >/dev/null 2>&1 ||
            { $as_root apt-get update -qq && $as_root apt-get install -y -qq "$package"; } >&2 || true
    fi
    "$1" -c 'import ensurepip' 2>/dev/null && return
    say "Python's venv module is incomplete: install it (on Debian and Ubuntu: sudo apt-get install $package)."
    exit 1
}

if ! new_enough "$venv/bin/python"; then
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null || install_venv_module "$python"
    "$python" -m venv --clear "$venv"
fi
say "Installing the libraries of $lock into $venv"
pip="$venv/bin/python -m pip install --disable-pip-version-check --progress-bar off -qq"
$pip --require-hashes --only-binary :all: -r "$lock"
$pip --no-deps --no-build-isolation -e .
