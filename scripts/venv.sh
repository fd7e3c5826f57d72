#!/bin/sh
# make calls it: creates the virtual environment, or says in one sentence what is missing for that.
# Debian splits the venv module's ensurepip into a package of its own; as root it is installed on the spot.
set -eu
python=$1
venv=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Selfsame needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1 || echo missing)." >&2
    echo "Name another one: make run PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Debian's python3-venv …"
        apt-get -qq update && apt-get -qq -y install python3-venv >/dev/null
    else
        echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2
        exit 1
    fi
fi
rm -rf "$venv"
exec "$python" -m venv "$venv"
