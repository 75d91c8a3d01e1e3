# SPDX-License-Identifier: MIT
# Every lesson is carried out on real containers, in each mode that this run can try, and its prelude is tried as a module of
# the jq of this machine.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"

for program in vitrine-check vitrine-probe vitrine-raise; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
mkdir "$work/lessons" "$work/data" && cp "$top_srcdir"/lessons/* "$work/lessons/" || exit 99
chmod -R a+rX "$work"
chmod 1777 "$work/data"

# Its lines with numbers that go on from ours.
pass_on() { # mode file
        while IFS= read -r line; do
                case $line in
                'ok '* | 'not ok '*)
                        tap_n=$((tap_n + 1))
                        case $line in not*) tap_bad=1 result='not ok' ;; *) result=ok ;; esac
                        printf '%s %s - %s: %s\n' "$result" $tap_n "$1" "${line#*- }"
                        ;;
                '#'*) printf '%s\n' "$line" ;;
                esac
        done <"$2"
}

for mode in $(modes); do
        for lesson in "$work"/lessons/[0-9]*.md; do
                XDG_DATA_HOME=$work/data/$mode TMPDIR=$work/data as_mode "$mode" "$vitrine" play "$lesson" --check \
                        >"$work/tap" 2>"$work/err" </dev/null
                code=$?
                pass_on "$mode" "$work/tap"
                bad=$(grep -c '^not ok' "$work/tap")
                is "$mode: ${lesson##*/} ends with the status that its lines have" "$code $(cat "$work/err")" \
                        "$((bad > 0)) "
                like "$mode: ${lesson##*/} is counted" "$(tail -n 1 "$work/tap")" "1..$(grep -cE '^(not )?ok' "$work/tap")"
        done
        is "$mode: nothing was built for good, nothing is left" "$(find "$work/data" -mindepth 1)" ""
done

# What this test is worth: each of these is found.
found() { # name lesson's-step wanted-line
        {
                printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\n'
                printf '%s\n```\n' "$2"
        } >"$work/bad.md"
        out=$("$vitrine" play "$work/bad.md" --check 2>&1)
        like "found: $1" "exit $? $out" "exit 1 *$3*"
}
found "a check that is true before its step" 'do: key u
hint: h
check: .init.pid_container == 1' 'true before'
found "a check that never comes true" 'do: key u
hint: h
check: .init.uid.container == 7' 'not true after'
is "found: what it saw has no processes of the machine's" "$(printf %s "$out" | grep -c '"host":\[')" 0
is "found: what it saw has the container's number 1" "$(printf %s "$out" | grep -c '"init":{')" 1
found "an observation that is not there" 'observe: yes
check: alone | not' 'not true after'
found "a check that does not compile" 'check: nosuch' '       ^'
found "a command that is no command" 'do: run docker run --cap-add NOSUCH ubuntu' 'NOSUCH'
found "a check without an end" 'do: key u
hint: h
check: last(range(1e18)) == 1' 'not true after'
found "a check that cannot fail" 'observe: yes
check: true' 'cannot fail
# check: true
#        ^'
found "a do without a hint" 'do: key u
check: .init.uid.container == 1000' 'has a hint'
found "a do without a check, with its line" 'do: key u
hint: h' ':7: a step with a do wants a line check'
found "the nearest of the keys" 'doo: key u' 'hint: do[?]'
found "an unknown key, with its line" 'observe: yes
chek: alone' ':11:1: unknown key chek'
found "a run line that is refused" 'do: run docker run --user nosuchuser ubuntu sleep 3600
hint: h
check: .spec.user == "nosuchuser"' 'nosuchuser'
# Keys that are the learner's, not the lesson's.
for key in l R q C-z y F2 PgDn PgUp s r; do
        found "the key $key" "do: key u $key Enter
hint: h
check: .init.uid.container == 1000" "a lesson never presses $key:"
done
# A build that fails.
{
        printf '# T\n\n```dockerfile\nFROM ubuntu\nUSER\n```\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n'
        printf '```vitrine-step\ndo: build docker build -t my-image .\nhint: h\ncheck: .spec.image == "my-image"\n```\n'
} >"$work/build.md"
out=$("$vitrine" play "$work/build.md" --check 2>&1)
like "found: a build that fails" "exit $? $out" "exit 1 *carried out*Dockerfile:2*"

# One that would take the machine's files in.
sed 's,^FROM ubuntu,ARG AT=dir:/\nFROM $AT,; /^USER/d' "$work/build.md" >"$work/takes.md"
out=$("$vitrine" play "$work/takes.md" --check 2>&1)
like "found: a build on a folder of the machine" "exit $? $out" "exit 1 *a lesson takes no folder of this machine*"

# A question's answer is one value.
printf '\n```vitrine-ask\nquestion: Q?\nanswer: .host[].pid\n```\n' >"$work/ask"
{
        printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\nobserve: yes\ncheck: alone\n```\n'
        cat "$work/ask"
} >"$work/ask.md"
out=$("$vitrine" play "$work/ask.md" --check 2>&1)
like "found: an answer of several values" "exit $? $out" "exit 1 *not ok 3 - ask: S: Q[?]*"

# What a lesson says is data: it ends no line, commands no terminal, and directs no harness.
{
        printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S # TODO\n\n```vitrine-step\nobserve: yes\ncheck: false # TODO x\n'
        printf 'check: "\\\\# TODO y" == 1\n```\n\n```vitrine-ask\nquestion: Q?\nanswer: "\\u001b]0;owned\\u0007\\nok 99 - forged"\n```\n'
} >"$work/hostile.md"
out=$("$vitrine" play "$work/hostile.md" --check 2>&1)
like "hostile: the answer is all comment" "$out" '*
# answer: \\x1b]0;owned\\x07
# ok 99 - forged
*'
is "hostile: no control character is printed" "$(printf %s "$out" | tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]')" 0
is "hostile: the failures are no TODO" "$(printf '%s\n' "$out" | grep '^not ok')" \
        'not ok 2 - hostile: S \# TODO: false \# TODO x
not ok 3 - hostile: S \# TODO: "\\\\\# TODO y" == 1'

# What is just ending when a step begins does not tell against its check.
{
        printf "# T\n\n\`\`\`vitrine-lesson\nstart: docker run ubuntu sh -c 'sleep 3; exec tail -f /dev/null'\n\`\`\`\n\n"
        printf '## Seen\n\n```vitrine-step\nobserve: yes\ncheck: inside("sleep")\n```\n\n'
        printf "## S\n\n\`\`\`vitrine-step\ndo: exec sh -c 'sleep 1000 >/dev/null 2>&1 &'\nhint: h\n"
        printf 'check: inside("sleep")\n```\n'
} >"$work/ends.md"
out=$("$vitrine" play "$work/ends.md" --check 2>&1)
like "a process that is about to end" "exit $? $out" "exit 0 *ok 3 - ends: S: *"

# A demo types every character of a line, those too that no key types.
{
        printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\n'
        printf 'do: exec test "a\tb\342\200\213c" != abc\nhint: h\ncheck: last_exec.exit == 0\n```\n'
} >"$work/odd.md"
"$vitrine" play "$work/odd.md" --speed 50 --size 80x24 --record "$work/odd.cast" </dev/null >"$work/out" 2>&1
is "a demo of a line with odd characters" "$? $(cat "$work/out" | grep -v odd.cast)" "0 "
is "it does what the line says" "$(grep -c 'exit 0' "$work/odd.cast") $(grep -c 'exit 1' "$work/odd.cast")" "1 0"

# What is not there is skipped, never passed.
{
        printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\n'
        printf 'do: exec no-such-command\nhint: h\ncheck: last_exec.exit == 0\n```\n'
} >"$work/lacks.md"
out=$("$vitrine" play "$work/lacks.md" --check 2>&1)
like "a command that is not there is skipped" "exit $? $out" "exit 0 *ok 2 - lacks: S # SKIP no-such-command is not installed*"
out=$("$vitrine" play no-such-lesson --check 2>&1)
like "an unknown lesson" "exit $? $out" "exit 125 vitrine: find the lesson: there is no lesson no-such-lesson*hint: *"
mv "$work/lessons" "$work/away" && : >"$work/lessons" && chmod 755 "$work/lessons"
out=$("$vitrine" play 1 --check 2>&1)
like "no lessons at all: why, not that this one is missing" "exit $? $out" "exit 125 vitrine: read the lessons*Not a directory*hint: lessons lie beside vitrine*"
rm "$work/lessons" && mv "$work/away" "$work/lessons"
out=$("$vitrine" play 6 --check </dev/null 2>&1 >/dev/full)
is "an output that is full is no pass" "$?" 125

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
