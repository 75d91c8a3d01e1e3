# SPDX-License-Identifier: MIT
# What the sanitizers cannot see (memory that was never written, and the libraries): unit tests, `explain` and the screen of a
# recorded container under valgrind. In `make check` a part of it; with VALGRIND_LONG=1 (`make check-valgrind`) all.
# shellcheck shell=sh
skip_all() { echo "1..0 # SKIP $1"; exit 0; }
command -v valgrind >/dev/null || skip_all "valgrind is not installed (Debian: valgrind)"
grep -qE '__(asan_init|ubsan_handle)' "$top_builddir/vitrine" &&
        skip_all "built with sanitizers, which do not run under valgrind: a build without them"
# shellcheck source=tests/lib/tap.sh
. "$top_srcdir/tests/lib/tap.sh"

# check NAME COMMAND...: nothing found, and the exit status that the command has without valgrind.
check() {
        name=$1
        shift
        "$@" >"$work/plain" 2>&1 </dev/null
        wanted=$?
        TMPDIR=$work valgrind -q --vgdb=no --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,possible --log-file="$work/log.%p" \
                "$@" >"$work/out" 2>&1 </dev/null
        got=$?
        if [ "$got" = "$wanted" ]; then
                ok "$name"
        else
                not_ok "$name" "exit status $got, without valgrind $wanted" "$(cat "$work"/log.* | head -n 60)"
        fi
        rm -f "$work"/log.*
}

units='test_spec_parse test_snapshot_table test_ui_screen'
[ -z "${VALGRIND_LONG:-}" ] || units=$(cd "$top_builddir/tests/unit" && for file in test_*; do
        if [ -f "$file" ] && [ -x "$file" ]; then echo "$file"; fi
done)
ran=0
for unit in $units; do
        [ -x "$top_builddir/tests/unit/$unit" ] || continue
        check "$unit" "$top_builddir/tests/unit/$unit"
        ran=$((ran + 1))
done
[ $ran -gt 0 ] || skip "unit tests" "none is built: cmocka is missing (Debian: libcmocka-dev)"

check "explain as text" "$vitrine" explain docker run --cap-drop ALL --cap-add NET_BIND_SERVICE -u 1000 -e A=1 ubuntu sleep 5
check "explain --json" "$vitrine" explain --json docker run --privileged --security-opt no-new-privileges -it ubuntu
if [ -n "${VALGRIND_LONG:-}" ]; then
        check "explain podman" "$vitrine" explain podman run --cap-drop=KILL --userns host --pid host ubuntu
        check "explain of a refused line" "$vitrine" explain docker run -p 80:80 ubuntu
        check "explain of an unknown flag" "$vitrine" explain --json docker run --nosuch ubuntu
        check "run --help" "$vitrine" run --help
        check "an unknown command" "$vitrine" nosuch
fi

if [ -x "$top_builddir/tests/screen/test_replay" ]; then
        TMPDIR=$work REPLAY_CHECKER=$(command -v valgrind) REPLAY_LOG=$work/replay "$top_builddir/tests/screen/test_replay" >"$work/out" 2>&1
        is "the screen of a recorded container" "$? $(cat "$work"/replay.* | head -n 60)" "0 "
else
        skip "the screen of a recorded container" "it is not built: libvterm is missing (Debian: libvterm-dev)"
fi
finish
