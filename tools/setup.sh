#!/usr/bin/env bash
# Build .venv from requirements.lock and write the stamp file named by the first argument. Run by make; safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=${1:?usage: tools/setup.sh STAMP}
started=$SECONDS

# Two makes at once (an editor's and a terminal's, say) must not build the same folder. macOS has no flock; it goes without.
if command -v flock >/dev/null 2>&1; then
    exec 9>.venv.lock
    flock 9
    if [ -e "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then exit 0; fi   # the other one has built it
fi

# A finished .venv (it has some stamp) is brought up to date in place. One without a stamp was left half built, and one
# whose interpreter is gone cannot be repaired: both start afresh.
if ! { compgen -G '.venv/.stamp-*' >/dev/null && .venv/bin/python -c '' 2>/dev/null; }; then
    python=$(tools/find-python.sh)
    echo "Setting up .venv with $("$python" --version), $python"
    rm -rf .venv
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" .venv
    else
        "$python" -m venv .venv
    fi
else
    echo "Bringing .venv up to date with requirements.lock"
fi
rm -f .venv/.stamp-*   # from here until the last line it counts as half built

# uv installs in seconds what takes pip more than a minute. Without one on PATH, pip fetches the one that requirements.lock
# names, held to its hashes like everything else.
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    uv=.venv/bin/uv
    if ! [ -x "$uv" ]; then
        sed -n '/^uv==/,/[^\\]$/p' requirements.lock \
            | .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r /dev/stdin
    fi
fi

export VIRTUAL_ENV=$PWD/.venv
"$uv" pip sync --quiet --require-hashes requirements.lock
# Only the project itself, with the build tools just installed: nothing here is fetched.
"$uv" pip install --quiet --offline --no-deps --no-build-isolation --editable .

: >"$stamp"
echo "Set up in $((SECONDS - started)) s."
