# Sourced by ./start and ./check: makes .venv and brings it to the state of a lock. Never needs root if Python is there.

# One line each.
say() { printf '%s\n' "$@" >&2; }

fail() {
    say "Stopped: $*"
    exit 1
}

# debian_packages REASON PACKAGE...: installs them when root on Debian, else says the one line that does.
debian_packages() {
    local reason=$1
    shift
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "$reason. As root: apt-get update && apt-get install $*"
    fi
    say "Installing Debian packages: $*"
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        fail "Debian could not install: $*"
}

# The first Python of 3.11 or newer, by name.
find_python() {
    local name
    for name in python3 python3.11 python3.12 python3.13; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

make_venv() {
    local python
    python=$(find_python)
    if [ -z "$python" ]; then
        debian_packages "Python 3.11 or newer is missing" python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || fail "Python 3.11 or newer is missing, and Debian's is older. Install one."
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        debian_packages "Python's venv module is missing" python3-venv
    fi
    say "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
    pwd -P >.venv/.place
}

# Quiet but for errors; a dot a second tells a person that it goes on.
pip_install() {
    local dots= status=0
    if [ -t 2 ]; then
        while sleep 1; do printf . >&2; done &
        dots=$!
    fi
    .venv/bin/python -m pip install -qq --disable-pip-version-check "$@" >&2 || status=$?
    if [ -n "$dots" ]; then
        kill "$dots"
        say ""
    fi
    return "$status"
}

# environment LOCK: .venv has all of the lock and dauhieu itself. The stamp, written last, makes the next call instant
# and a killed one start again.
environment() {
    local lock=$1 stamp state
    # The scripts in .venv hold its place, so a moved clone needs a new one; so does one killed while it was made.
    if [ "$(cat .venv/.place 2>/dev/null)" != "$(pwd -P)" ] || ! .venv/bin/python -c '' 2>/dev/null; then
        make_venv
    fi
    stamp=.venv/.state-$(basename "$lock")
    state=$(cat "$lock" pyproject.toml | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$state" ] && return
    say "Installing what $lock names (about half a minute)"
    pip_install --require-hashes -r "$lock" || fail "$lock could not be installed; the lines above say why."
    pip_install --no-deps --no-build-isolation -e . || fail "dauhieu could not be installed; the lines above say why."
    printf '%s\n' "$state" >"$stamp"
}
