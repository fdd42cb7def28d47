#!/usr/bin/env bash
# Install Debian packages that some tests need, where that can be done without asking: as root, with apt-get.
# Anywhere else, say what is missing and carry on: those tests skip and give the reason. FORECAST_NO_APT=1 turns it off.
set -euo pipefail

missing=()
for package in "$@"; do
    command -v "$package" >/dev/null 2>&1 || missing+=("$package")   # each package here is named after its command
done
[ ${#missing[@]} -gt 0 ] || exit 0

skip() {
    echo "Not installed: ${missing[*]} ($1). The tests that need it are skipped." >&2
    exit 0
}

[ -z "${FORECAST_NO_APT:-}" ] || skip "FORECAST_NO_APT is set"
command -v apt-get >/dev/null 2>&1 || skip "no apt-get here; install it by hand to run them"
[ "$(id -u)" -eq 0 ] || skip "run 'sudo apt-get install ${missing[*]}' to run them"

echo "Installing ${missing[*]} with apt-get, for the tests that look at pages (FORECAST_NO_APT=1 to go without)"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
options=(-qq -o Acquire::Retries=2 -o Acquire::http::Timeout=60 -o Acquire::https::Timeout=60)
if ! { apt-get "${options[@]}" update && apt-get "${options[@]}" install --yes --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    skip "apt-get failed, see above"
fi
