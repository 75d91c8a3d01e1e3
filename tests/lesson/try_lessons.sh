# SPDX-License-Identifier: MIT
# Every lesson is carried out on real containers, in each mode that this run can try, and its prelude is tried as a module of
# the jq of this machine.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"

for program in vitrine-check vitrine-raise tests/lesson/try_lessons; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
mkdir "$work/lessons" "$work/data" && cp "$top_srcdir"/lessons/* "$work/lessons/" || exit 99
chmod -R a+rX "$work"
chmod 1777 "$work/data"

for mode in $(modes); do
        XDG_DATA_HOME=$work/data/$mode as_mode "$mode" "$work/try_lessons" "$work/lessons" >"$work/tap" 2>"$work/err"
        code=$?
        # Its lines with numbers that go on from ours.
        while IFS= read -r line; do
                case $line in
                'ok '* | 'not ok '*)
                        tap_n=$((tap_n + 1))
                        case $line in not*) tap_bad=1 result='not ok' ;; *) result=ok ;; esac
                        printf '%s %s - %s: %s\n' "$result" $tap_n "$mode" "${line#*- }"
                        ;;
                '#'*) printf '%s\n' "$line" ;;
                esac
        done <"$work/tap"
        case $code in
        0 | 1) ;;
        *) not_ok "$mode: the lessons are tried" "exit $code" "$(cat "$work/err")" "$(head -n 3 "$work/tap")" ;;
        esac
        sed 's/^/# /' "$work/err"
done

# What this test is worth: each of these is found.
found() { # name lesson's-step wanted-line
        {
                printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\n'
                printf '%s\n```\n' "$2"
        } >"$work/bad.md"
        out=$("$work/try_lessons" "$work/lessons" "$work/bad.md" 2>&1)
        like "found: $1" "exit $? $out" "exit 1 *$3*"
}
found "a check that is true before its step" 'do: key u
check: .init.pid_container == 1' 'true before'
found "a check that never comes true" 'do: key u
check: .init.uid.container == 7' 'not true after'
found "an observation that is not there" 'observe: yes
check: alone | not' 'not true after'
found "a check that does not compile" 'check: nosuch' '       ^'
found "a command that is no command" 'do: run docker run --cap-add NOSUCH ubuntu' 'NOSUCH'
found "a check without an end" 'do: key u
check: last(range(1e18)) == 1' 'not true after'

# With the jq of the shell: what a teacher tries there is what a lesson asks.
if command -v jq >/dev/null; then
        asks() { "$vitrine" snapshot --json "$@" >"$work/json" && jq -L "$work/lessons" "include \"vitrine\"; $expr" "$work/json"; }
        expr='holds("KILL")'
        is "a held capability" "$(asks ubuntu)" true
        is "a dropped one" "$(asks --cap-drop KILL ubuntu)" false
        expr='[holds("cap_kill"), may_regain("KILL"), may_regain("SYS_TIME"), alone, inside("sleep"), inside("vitrine"), outside("sleep")]'
        is "names of a root container" "$(asks ubuntu | tr -d ' \n')" '[true,false,false,true,true,false,true]'
        expr='[may_regain("KILL") == (.mode != "one-id"), may_regain("SYS_TIME"), holds("KILL")]'
        is "another user's" "$(asks --user 1000 ubuntu | tr -d ' \n')" '[true,false,false]'
        is "another user's, with no-new-privileges" \
                "$(expr='may_regain("KILL")'; asks --user 1000 --security-opt no-new-privileges ubuntu)" false
        expr='[shares("pid"), shares("uts"), shares("net"), last_exec, probe("KILL")]'
        is "namespaces, and what was not done" "$(asks --uts host ubuntu | tr -d ' \n')" '[false,true,false,null,null]'
        is "the last of several" "$(printf '%s' '{"exec":[{"exit":1},{"exit":2}],"probes":[{"cap":"KILL","verdict":"denied"}]}' |
                jq -c -L "$work/lessons" 'include "vitrine"; [last_exec.exit, probe("KILL"), probe("CHOWN")]')" '[2,"denied",null]'
else
        skip "the prelude as a module" "jq is not installed"
fi
finish
