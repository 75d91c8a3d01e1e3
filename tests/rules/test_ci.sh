# SPDX-License-Identifier: MIT
# What .ci/run counts, in a tree of stand-ins: its bootstrap does nothing, its targets do what each case says, and what would be
# got from the distribution is there.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL VITRINE_CI_SAN

tree=$work/tree
mkdir -p "$tree/.ci" "$tree/tests" "$tree/src" "$work/bin"
cp "$top_srcdir/.ci/run" "$tree/.ci/run"
echo 'int ci;' >"$tree/src/one.c"
program() { # NAME: what it does is read
        { echo '#!/bin/sh'; cat; } >"$work/bin/$1" && chmod 755 "$work/bin/$1"
}
for name in node npm chromium apt-get sudo; do echo 'exit 0' | program $name; done
printf '[ "$1" != --version ] || exec echo "clang-format version 14.0.6"\necho "style of $*"\n[ ! -e "%s/ugly" ]\n' "$work" | program clang-format
# Where the case says so, what is tried ends by its time.
printf 'shift 3\n"$@"\nstatus=$?\n[ ! -e "%s/late" ] || exit 124\nexit $status\n' "$work" | program timeout
printf '#!/bin/sh\n' >"$tree/bootstrap"
chmod 755 "$tree/bootstrap" "$tree/.ci/run"

# run LINE…: the rule of `make check`; the last line is in $last, all in $out.
run() {
        rm -f "$tree"/tests/*.trs
        { printf 'check:\n'; printf '\t@%s\n' "$@"; printf 'check-portable check-html:\n\t@%s\n' "$extra"; } >"$tree/Makefile"
        out=$(cd / && PATH="$work/bin:$PATH" GIT_CEILING_DIRECTORIES="$work" "$tree/.ci/run" 2>&1)
        out="$out
exit $?"
        last=$(printf '%s\n' "$out" | tail -n 2 | paste -sd ' ')
}
extra='echo ok 1 - one'
pass='echo ":test-result: PASS a" >tests/a.trs'

run "$pass"
is "all is well: a suite, the style, two targets" "$last" "4 passed, 0 failed, 0 skipped exit 0"
run "$pass" 'echo ":test-result: FAIL b" >tests/b.trs' 'exit 2'
is "a test that fails counts once" "$last" "4 passed, 1 failed, 0 skipped exit 1"
run "$pass" 'exit 1'
is "a make that fails with no test that does is a failure" "$last" "4 passed, 1 failed, 0 skipped exit 1"
like "and is named" "$out" "*make check: failed with status 2, and no test is named*"
run 'exit 1'
is "so is one that comes to no test" "$last" "3 passed, 1 failed, 0 skipped exit 1"

echo ":test-result: PASS old" >"$tree/tests/old.trs"
printf 'check:\n\t@exit 1\ncheck-portable check-html:\n\t@echo ok\n' >"$tree/Makefile"
is "what an earlier run left is not counted" \
        "$(PATH="$work/bin:$PATH" "$tree/.ci/run" 2>&1 | tail -n 1)" "1 passed, 1 failed, 0 skipped"

: >"$work/late"
run "$pass"
is "the timeout is a failure of each that it ends" "$last" "4 passed, 3 failed, 0 skipped exit 1"
like "and is named" "$out" "*make check: ended by the timeout*make check-portable: ended by the timeout*"
rm "$work/late"

like "the style is that of the sources, without git too" "$out" "*style of --dry-run -Werror src/one.c*"
: >"$work/ugly"
run "$pass"
is "a style that differs is a failure" "$last" "3 passed, 1 failed, 0 skipped exit 1"
rm "$work/ugly"

extra='echo ok 1 - one; echo "ok 2 - two # SKIP none"; echo not ok 3 - three; exit 1'
run "$pass"
is "a target's own tests are counted, each once" "$last" "4 passed, 2 failed, 2 skipped exit 1"
finish
