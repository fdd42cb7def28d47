#!/usr/bin/env bash
# Print the path of a Python that is new enough (3.12) and really runs; explain what to install if there is none.
#
# "Really runs" is tried, not assumed: version managers put a `python3.12` on PATH that only prints an error unless that
# version is selected, and Debian's python3 has no ensurepip until python3-venv is installed.
set -euo pipefail
cd "$(dirname "$0")/.."   # version managers look for .python-version in the current folder

tried=""

# Succeeds, and prints the interpreter itself rather than a wrapper around it, if $1 will do.
probe() {
    command -v "$1" >/dev/null 2>&1 || return 1
    local out
    if out=$("$1" -c '
import sys
if sys.version_info < (3, 12):
    sys.exit("is Python %d.%d, too old" % sys.version_info[:2])
if sys.implementation.name != "cpython":
    sys.exit("is %s; the numerical packages are built for CPython" % sys.implementation.name)
try:
    import venv, ensurepip
except ImportError:
    sys.exit("has no venv module (on Debian and Ubuntu: apt-get install python3-venv)")
print(sys.executable)' 2>&1); then
        printf '%s\n' "$out" | tail -n 1   # a wrapper may have had something to say first
        return 0
    fi
    tried+="  $(command -v "$1"): $(printf '%s' "$out" | head -n 1)"$'\n'
    return 1
}

if [ -n "${PYTHON:-}" ]; then   # the user's choice: this one or none
    probe "$PYTHON" && exit 0
    printf 'PYTHON=%s will not do:\n%s' "$PYTHON" "${tried:-  no such command$'\n'}" >&2
    exit 1
fi

for candidate in python3.13 python3.14 python3.12 python3 python; do
    probe "$candidate" && exit 0
done

# Installed by pyenv, but not selected or not on PATH.
for candidate in "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/3.1[2-9]*/bin/python; do
    probe "$candidate" && exit 0
done

# uv knows more places, and can fetch a Python of its own. Without one on PATH, any Python with pip can bring the one that
# requirements.lock names, held to its hashes; it goes again when this script ends, the Python it fetched stays.
uv=$(command -v uv || true)
for older in python3 python; do
    [ -z "$uv" ] || break
    "$older" -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 8)' 2>/dev/null || continue
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    "$older" -m venv "$temporary" >/dev/null || continue
    sed -n '/^uv==/,/[^\\]$/p' requirements.lock \
        | "$temporary/bin/python" -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r /dev/stdin >&2 \
        && uv=$temporary/bin/uv
done
if [ -n "$uv" ]; then
    version=$(cat .python-version)
    if found=$("$uv" python find "$version" 2>/dev/null) && probe "$found"; then exit 0; fi
    echo "No Python 3.12 or newer here; asking uv to fetch Python $version." >&2
    if "$uv" python install "$version" >&2 && found=$("$uv" python find "$version" 2>/dev/null) && probe "$found"; then
        exit 0
    fi
    tried+="  uv could not fetch Python $version (its message is above)"$'\n'
fi

cat >&2 <<MESSAGE
This project needs Python 3.12 or newer, and none was found that runs. Tried:
${tried:-  nothing named python3 or python is on PATH
}
Any one of these puts it right; then run make again:
  Debian 13, Ubuntu 24.04 or newer   apt-get install python3 python3-venv
  macOS with Homebrew                brew install python@3.13
  pyenv                              pyenv install 3.13
  uv, with access to its downloads   uv python install 3.13
  conda or mamba                     conda env create -f environment.yml, then work in that environment without make
  a Python in an unusual place       make ... PYTHON=/path/to/python3
MESSAGE
exit 1
