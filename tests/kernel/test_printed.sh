# SPDX-License-Identifier: MIT
# What is printed and cannot be written: a full disk, a closed descriptor, a reader that has gone. The reason is the kernel's
# own, wherever in the output it came up.
. "$top_srcdir/tests/lib/tap.sh"
for program in vitrine-check vitrine-raise vitrine-probe; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
mkdir "$work/lessons" && cp "$top_srcdir"/lessons/* "$work/lessons/" || exit 99
export XDG_STATE_HOME="$work/state" XDG_DATA_HOME="$work/data"

# The command's words are split here.
# shellcheck disable=SC2086
for words in "snapshot --json demo sleep 9" "snapshot demo sleep 9" "explain --json docker run demo" "explain docker run demo" \
        "probe --json" "probe" "doctor --json" "doctor" "attach" "attach --json" "images" "learn" "learn --plain 1" "play 1 --check" \
        "--help" "run --help" "--cap-drop ALL --help" "--version"; do
        timeout 60 "$vitrine" $words </dev/null >/dev/full 2>"$work/err"
        is "$words: a full disk" "$? $(cat "$work/err")" "125 vitrine: write to standard output: No space left on device"
        timeout 60 "$vitrine" $words </dev/null 2>"$work/err" >&-
        is "$words: a closed descriptor" "$? $(cat "$work/err")" "125 vitrine: write to standard output: Bad file descriptor"
done

"$vitrine" run demo echo a 2>"$work/err" >&-
is "run: a closed descriptor" "$? $(cat "$work/err")" "125 vitrine: pass the command's output on: Bad file descriptor"
"$vitrine" snapshot --nosuch 2>&-
is "nobody hears of it" $? 125

# gone COMMAND…: its exit and what it says when its reader has gone after a line.
gone() {
        { timeout 60 "$vitrine" "$@" </dev/null 2>"$work/err"; echo $? >"$work/exit"; } | head -n 1 >"$work/out"
        echo "$(cat "$work/exit") $(cat "$work/err")"
}
is "learn --plain: a reader that has gone is no failure" "$(gone learn --plain 1)" "0 "
is "attach: nor here" "$(gone attach)" "0 "
is "play --check: it is no pass, and nobody is told" "$(gone play 1 --check)" "141 "
like "play --check: (and the line was read)" "$(cat "$work/out")" "ok 1 - *"
finish
