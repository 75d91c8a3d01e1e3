# SPDX-License-Identifier: MIT
# `vitrine learn --plain` through pipes. Every lesson is gone through by a learner who knows only what is printed: he asks
# for hints and types what they say, and finds the answers in /proc, as the kernel tells them from outside.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"

for program in vitrine-check vitrine-raise vitrine-probe; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
mkdir "$work/lessons" "$work/state" "$work/data" && cp "$top_srcdir"/lessons/* "$work/lessons/" || exit 99
chmod -R a+rX "$work"
chmod 1777 "$work/state" "$work/data"
export XDG_STATE_HOME="$work/state/none" XDG_DATA_HOME="$work/data" TMPDIR="$work/data"
PATIENCE=90 # seconds until a line must have been carried out

plain() { as_mode "$mode" timeout "$PATIENCE" "$vitrine" learn --plain --ascii "$@" 2>&1; }

# A learner at work: what he types goes to descriptor 9, what he reads stands in $work/out.
begin() { # mode words...
        mode=$1
        shift
        rm -f "$work/in"
        mkfifo "$work/in"
        : >"$work/out"
        (exec_mode "$mode" "$vitrine" learn --plain --ascii "$@") <"$work/in" >"$work/out" 2>&1 &
        learner=$!
        exec 9>"$work/in"
        offset=1
        barriers=0
}

type_line() { printf '%s\n' "$1" >&9; }

# Waits, not for ever, until such a line has been printed.
appears() { # pattern [seconds]
        waited=0
        until grep -q "$1" "$work/out" || [ $waited -ge $((${2:-$PATIENCE} * 25)) ]; do
                sleep 0.04
                waited=$((waited + 1))
        done
}

# Waits until all that was typed has been carried out, which the answer to a key that is none tells; $chunk is what was
# printed meanwhile. Where a question of vitrine's own was open, that word has been the answer: no.
settle() {
        barriers=$((barriers + 1))
        type_line "press nokey$barriers"
        waited=0
        while :; do
                chunk=$(tail -c "+$offset" "$work/out")
                case $chunk in *"nokey$barriers is no key"* | *"No: nothing was done"*) break ;; esac
                if [ $waited -ge $((PATIENCE * 25)) ] || is_gone $learner; then
                        chunk="NOT ANSWERED $chunk"
                        break
                fi
                sleep 0.04
                waited=$((waited + 1))
        done
        offset=$(($(wc -c <"$work/out") + 1))
}

leave() {
        type_line quit
        exec 9>&-
        wait $learner
        left=$?
}

bits() { # hexadecimal mask: how many are set
        n=0
        for digit in $(echo "$1" | sed 's/./& /g'); do
                case $digit in
                0) ;; 1 | 2 | 4 | 8) n=$((n + 1)) ;; 3 | 5 | 6 | 9 | a | c) n=$((n + 2)) ;; 7 | b | d | e) n=$((n + 3)) ;;
                f) n=$((n + 4)) ;;
                esac
        done
        echo $n
}

status() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$init/status"; }

shared() {
        n=0
        for type in pid user mnt uts ipc net cgroup time; do
                [ "$(readlink "/proc/$init/ns/$type")" != "$(readlink "/proc/self/ns/$type")" ] || n=$((n + 1))
        done
        echo $n
}

# What the kernel says to a lesson's question, read outside.
answer_to() {
        init=$(grep -E '^> +[0-9]+ +[0-9]+ .*= 1 in the container' "$work/out" | tail -n 1 | awk '{ print $2 }')
        # With the machine's own list the two numbers are one.
        [ -e "/proc/$init/status" ] || init=$(grep -E '^> +[0-9]+ +[0-9]+ .*= [0-9]+ in the container' "$work/out" |
                tail -n 1 | awk '{ print $2 }')
        case $1 in
        *"Under which PID"*) echo "$init" ;;
        *"uid does the host"*) status Uid | cut -f 2 ;;
        *"uid does sleep run inside"*) awk '/^USER/ { u = $5 } END { print u }' "$work/out" ;;
        *"Which is the last digit"*) status CapEff | sed 's/.*\(.\)$/\1/' ;;
        *"are effective now"*) bits "$(status CapEff)" ;;
        *"could a program in this container still get"*) bits "$(status CapBnd)" ;;
        *"share with the host"*) shared ;;
        *"grep Seccomp: /proc/1/status"*) status Seccomp ;;
        *"processes does CONTAINER see"*) awk '/^CONTAINER  sees/ { n = $3 } END { print n }' "$work/out" ;;
        *) echo "the test does not know this question" ;;
        esac
}

# What stands behind the last "Now type:".
todo() { printf '%s\n' "$chunk" | sed -n '/^Now type:$/{n;s/^    //p;}' | tail -n 1; }

# One step from its text to its end; $stuck says where that was not reached.
do_step() {
        stuck=
        wrong=
        tries=0
        while [ $tries -lt 16 ]; do
                tries=$((tries + 1))
                case $chunk in
                *"This was the lesson"*) return 1 ;;
                *"NOT ANSWERED"*) stuck="not answered: $chunk"; return 1 ;;
                *"This step cannot be done here: "* | *" is done. An empty line, or next, goes on."*) return 0 ;;
                esac
                question=$(printf '%s\n' "$chunk" | sed -n '/^Question: /,/^Type answer/p' | tr '\n' ' ')
                if [ -n "$question" ]; then
                        if [ -z "$wrong" ]; then
                                type_line "answer 987654"
                                settle
                                wrong=$chunk
                        fi
                        type_line "answer $(answer_to "$question")"
                        settle
                        continue
                fi
                type_line hint
                type_line hint
                settle
                case $chunk in *" is done. An empty line, or next, goes on."*) continue ;; esac # it was seen meanwhile
                line=$(todo)
                case $line in
                "") stuck="no hint says what to type: $chunk"; return 1 ;;
                again) stuck="all was done and it is not seen: $chunk"; return 1 ;;
                esac
                type_line "$line"
                settle
                case $chunk in *"Type y for yes"*)
                        type_line "$line"
                        type_line y
                        settle
                        ;;
                esac
        done
        stuck="no end: $chunk"
        return 1
}

# What of a lesson differs with a range of ids stands in three of them; try_lessons has all in every mode.
walks_all() { [ "$mode" != range ] || [ -n "${MODES-}" ]; }

for mode in $(modes); do
        XDG_STATE_HOME=$work/state/$mode
        export XDG_STATE_HOME
        for lesson in "$work"/lessons/*.md; do
                case ${lesson##*/} in
                README.md) continue ;;
                02-* | 08-* | 09-*) ;;
                *) walks_all || continue ;;
                esac
                name=$(basename "$lesson" .md)
                steps=$(grep -c '^## ' "$lesson")
                ended=0
                begin "$mode" "$name"
                settle
                while do_step; do
                        ended=$((ended + 1))
                        case $wrong in "" | *"987654: no."*) ;; *) not_ok "$mode: $name: a wrong answer is said to be wrong" "$wrong" ;; esac
                        type_line next
                        settle
                done
                leave
                is "$mode: $name is gone through with nothing but its hints" "$ended of $steps $stuck" "$steps of $steps "
                is "$mode: $name: leaving is no failure" $left 0
                cannot=$(grep -c '^This step cannot be done here: ' "$work/out")
                done=$(jq -r --arg l "$name" '.lessons[$l].done | length' "$XDG_STATE_HOME/vitrine/progress.json")
                is "$mode: $name: what was not done is not told as if it were" \
                        "$(grep -c '^Not done here' "$work/out")" "$cannot"
                is "$mode: $name: what was done is kept" "$done" "$((steps - cannot))"
                is "$mode: $name: no control character, nothing that is not ASCII" "$(LC_ALL=C tr -d '\n -~' <"$work/out" | wc -c)" 0
                is "$mode: $name: lines fit but for those to type and those that are printed" \
                        "$(grep -vE '^(    |> |same as: )' "$work/out" | awk 'length > 80')" ""
        done
        ! walks_all ||
                like "$mode: the list tells how far one is" "$(plain </dev/null)" "*1. One process*: *6 of 6 steps done*open 1*"
done

# Two that take long, while the rest goes on. A command on the way to a step that does not end; and more commands in one step
# than are remembered.
cat >"$work/long.md" <<'END'
# Long

```vitrine-lesson
start: docker run ubuntu sleep 3600
```

## Never

```vitrine-step
do: exec sleep 987654
check: last_exec.exit == 5
hint: h
```

## Often

```vitrine-step
do: exec sh -c 'exit 7'
check: last_exec.exit == 5
hint: h
```
END
chmod a+r "$work/long.md"
is_root && long_mode=root || long_mode=user
mkdir -m 1777 "$work/state/long"
{
        sleep 75
        echo '! true'
        sleep 5
} | XDG_STATE_HOME=$work/state/long as_mode $long_mode "$vitrine" learn --plain --ascii "$work/long.md/2" >"$work/never" 2>&1 &
never=$!
sed '/^## Never/,/^## Often/{/^## Often/!d;}' "$work/long.md" >"$work/often.md"
{
        i=0
        while [ $i -lt 101 ]; do
                echo '! true'
                i=$((i + 1))
        done
        printf "! sh -c 'exit 7'\nhint\nhint\nquit\n"
} | XDG_STATE_HOME=$work/state/long as_mode $long_mode "$vitrine" learn --plain --ascii "$work/often.md" >"$work/often" 2>&1 &
often=$!

# Lessons of our own, in a folder of their own beside the program's.
own=$work/own.md
cat >"$own" <<'END'
# Late and odd ‮title‬

Text with a zero​width and `code`.

```vitrine-lesson
start: docker run ubuntu sleep 3600
```

## Later

Wait for it.

```vitrine-step
do: exec sh -c '(sleep 3; sleep 77) >/dev/null 2>&1 &'
check: any(.container[]; .cmdline == "sleep 77")
say: It came by itself.
hint: Type the line.
```

## Bad ‮words‬

```vitrine-step
do: exec printf '\033]0;owned\007\302\233x\351\n\tcolumn\n'
do: exec bash -c 'exec -a "$(printf "\033[2J\302\2332J")" sleep 78 >/dev/null 2>&1 &'
check: any(.container[]; .comm == "sleep" and (.cmdline | endswith(" 78")))
say: A name with ‮an escape sequence.
hint: Type both.
```

## Shared

```vitrine-step
do: run docker run --pid host ubuntu sleep 79
check: shares("pid")
hint: Type it.
```
END

for mode in $(modes); do
        XDG_STATE_HOME=$work/state/own-$mode
        export XDG_STATE_HOME
        begin "$mode" "$own"
        settle
        type_line "$(sed -n 's/^do: exec sh/! sh/p' "$own")"
        appears '^Seen: It came by itself' 30
        is "$mode: a check that comes true later is told then, with no line typed" \
                "$(grep -c '^Seen: It came by itself' "$work/out")" 1
        type_line next
        sed -n 's/^do: exec \(printf\|bash\)/! \1/p' "$own" | while IFS= read -r line; do type_line "$line"; done
        settle
        appears '^Seen: A name' 30
        type_line '! true' # the table that is printed after it is of that moment, or a later one
        settle
        appears 'x1b\[2J.*= [0-9]* on the machine' 10
        like "$mode: what a command prints stands there escaped" "$(cat "$work/out")" '*\\x1b]0;owned\\x07*'
        like "$mode: so does what a process calls itself" "$(cat "$work/out")" '*\\x1b\[2J*= [0-9]* on the machine*'
        is "$mode: and nothing of it as it is" "$(LC_ALL=C tr -d '\n -~' <"$work/out" | wc -c)" 0
        type_line next
        type_line 'docker run --pid host ubuntu sleep 79'
        settle
        like "$mode: a dialog is a question" "$chunk" '*sees every process*Type y for yes*No: nothing was done*'
        type_line 'docker run --pid host ubuntu sleep 79'
        type_line y
        settle
        like "$mode: y is yes" "$chunk" '*Seen: *Step 3 of 3 is done*'
        pkill -STOP -P $learner -f vitrine.eye
        type_line 'docker run ubuntu sleep 655'
        appears '^waiting \.\.\.' 20
        is "$mode: a long wait is told" "$(grep -c '^waiting' "$work/out")" 1
        pkill -CONT -P $learner -f vitrine.eye
        settle
        type_line back
        type_line skip
        settle
        like "$mode: back, and skip" "$chunk" '*Step 2 of 3: Bad*Skipped.*Step 3 of 3: Shared*'
        type_line "open $own/Later"
        settle
        like "$mode: a step can be opened" "$chunk" '*Step 1 of 3: Later*'
        type_line 'open nosuchlesson'
        type_line 'docker run --nosuch ubuntu'
        type_line '! ps | cat'
        type_line 'answer 1'
        type_line 'whatever that is'
        settle
        like "$mode: what is wrong is said in a sentence" "$chunk" \
                '*nosuchlesson*Not taken: *--nosuch*Not taken: *shell*Nothing is asked now.*not understood*'
        type_line 'press l'
        settle
        like "$mode: a key that is a word means the word: the list" "$chunk" '*The lessons:*1. One process*is no key*'
        type_line 'press ?'
        settle
        like "$mode: the help" "$chunk" '*What can be typed:*is no key*'
        type_line 'press PgUp'
        settle
        like "$mode: the step before, which is printed" "$chunk" '*Step *: *is no key*'
        type_line 'docker run --privileged ubuntu sleep 656'
        settle
        if [ "$mode" = root ]; then
                like "$mode: the offer stands there" "$chunk" '*--userns=remap*Type y for yes, r for yes with*'
                type_line 'docker run --privileged ubuntu sleep 656'
                type_line r
                settle
                like "$mode: and is carried out" "$chunk" '*same as: vitrine run --privileged --userns=remap*'
                uid=$(awk '/^Uid:/ { print $2 }' "/proc/$(pgrep -nxf 'sleep 656')/status")
                is "$mode: root in there is nobody on the machine" "$((uid > 0))" 1
        fi
        type_line "! echo ';' \"|\" \\&"
        settle
        like "$mode: what is quoted is no shell's" "$chunk" '*    ; | &*status 0*'
        type_line '! false'
        type_line '! -u student id -u'
        settle
        like "$mode: a command's status" "$chunk" '*! false printed nothing.*status 1.*'
        [ "$mode" = user ] || like "$mode: a command's user" "$chunk" '*    1000*status 0*'
        type_line '! sleep 654'
        sleep 1
        type_line stop
        settle
        like "$mode: stop ends a command" "$chunk" '*! sleep 654*status 130*'
        leave
        is "$mode: the end" "$left" 0

        # Without a terminal, at the end of input, in the middle of whatever it is.
        printf 'hint\n! sleep 3210' | plain 1 >"$work/out"
        is "$mode: the end of input ends it" $? 0
        is "$mode: and what ran inside" "$(pgrep -xf 'sleep 3210')" ""
        head -c 40000 /dev/zero | tr '\0' x | plain 1 >"$work/out"
        like "$mode: a line without an end is no line" "$(cat "$work/out")" '*A line has at most 16384 bytes*'
        sed 's/^start: docker run/& --pid host/' "$own" >"$work/asks.md"
        printf 'open %s\nn\nlist\nopen 1/2\n' "$work/asks.md" | plain >"$work/out"
        is "$mode: without its first container a lesson is not open" $? 0
        like "$mode: and the lines after it are carried out" "$(cat "$work/out")" \
                '*Type y for yes*No: nothing was done.*the lesson is not open.*The lessons:*Step 2 of 6: *'
        printf 'docker run \\\n--user 1000 \\\nubuntu\n' | plain 1 >"$work/out"
        like "$mode: lines can be broken" "$(cat "$work/out")" '*USER  in here: uid 1000*'
        printf 'K\nc\n\nn\nnext\nagain\nshow nothing\nshow namespaces\nchecks\nh\nh\n' | plain 6 >"$work/out"
        like "$mode: a key changes the container, and the bits are told" "$(cat "$work/out")" \
                '*Not held any more: KILL (bit 5).*Held: 13, before: 14. Effective 00000000a80425db*Seen: *'
        printf 'M\nK\nhint\nhint\n' | plain 6/1 >"$work/out"
        like "$mode: what keeps a step from being seen is named" "$(cat "$work/out")" \
                '*All of it was done, and it is not seen: MAC_ADMIN was added as well. Now type:*again*'
        printf 'hint\ndocker run ubuntu sleep 1000\nhint\n\n' | plain 1/6 >"$work/out"
        like "$mode: a hint is what can be typed here, and on a question about it" "$(cat "$work/out")" \
                '*Now type:*docker run ubuntu sleep 1000*Question: Under which PID*Read it off what is printed*'
        is "$mode: no hint names the screen's keys" "$(grep -c 'Press c' "$work/out")" 0
        printf '\n' | plain 2/1 >"$work/out"
        is "$mode: the user's line is printed once" "$(sed '/^> $/q' "$work/out" | grep -c '^USER ')" 1
        is "$mode: a lesson that is not there is a fault" "$(plain nosuchlesson </dev/null >"$work/err"; echo $?)" 125
        like "$mode: and its reason" "$(cat "$work/err")" 'vitrine: *nosuchlesson*'
done

wait $often
like "the 102nd command of a step is the step's own" "$(tail -n 12 "$work/often")" '*All of it was done, and it is not seen*'
wait $never
like "a command on the way that does not end: how to end it, then the step all the same" "$(cat "$work/never")" \
        '*The command still runs. Type stop, or press Ctrl-C, to end it.*Step 2 of 2: Often*sleep 987654: it does not end.*! true*'

out=$(XDG_STATE_HOME=$work/state/long "$vitrine" learn --reset "$work/often.md/1" 2>&1)
is "a step alone is not forgotten" "$? $(printf %s "$out" | tr '\n' ' ' | sed "s,$work,W,g")" \
        "125 vitrine: W/often.md/1: a step alone is not forgotten, only a whole lesson hint: vitrine learn --reset W/often.md"
if is_root; then
        # What once was root in this folder left its lock there.
        mkdir -p "$work/state/once/vitrine" && : >"$work/state/once/vitrine/progress.lock"
        chmod 600 "$work/state/once/vitrine/progress.lock"
        chown $other "$work/state/once" "$work/state/once/vitrine"
        like "the list says why nothing is kept, and what to do" \
                "$(XDG_STATE_HOME=$work/state/once as_user "$vitrine" learn)" \
                "*note: keep the progress *once/vitrine/progress.lock: Permission denied - *sudo chown -R $other *once/vitrine*"
fi

# Machines on which nothing can be launched: every lesson can be read, and why is said once.
reading() { # name command...
        what=$1
        shift
        XDG_STATE_HOME=$work/state/$what
        for lesson in "$work"/lessons/[0-9]*.md; do
                echo "open $lesson/1"
                grep '^## ' "$lesson" | sed 's/.*/next/'
                echo 'docker run ubuntu'
        done >"$work/lines"
        XDG_STATE_HOME=$XDG_STATE_HOME timeout 120 "$@" learn --plain --ascii <"$work/lines" >"$work/out" 2>&1
        is "$what: exits" $? 0
        is "$what: every step of every lesson is there" "$(grep -c '^Step [0-9]* of [0-9]*: ' "$work/out")" "$(cat "$work"/lessons/[0-9]*.md | grep -c '^## ')"
        is "$what: every lesson has its end" "$(grep -c '^This was the lesson' "$work/out")" "$(ls "$work"/lessons/[0-9]*.md | wc -l)"
        is "$what: why is said once" "$(grep -c '^No container can be launched here' "$work/out")" 1
        like "$what: that checks are off" "$(cat "$work/out")" '*So the checks are off. Every lesson can be read*'
        is "$what: a line is refused in words" "$(grep -c '^Nothing can be launched here' "$work/out")" "$(ls "$work"/lessons/[0-9]*.md | wc -l)"
}
cat >"$work/closed" <<'END'
#!/bin/sh
exec unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$@"' sh "${0%/*}/vitrine" "$@"
END
chmod 755 "$work/closed"
if is_root; then
        reading "max_user_namespaces 0" setpriv --reuid=$other --regid=$other --clear-groups "$work/closed"
else
        reading "max_user_namespaces 0" "$work/closed"
fi
like "max_user_namespaces 0: the remedy" "$(cat "$work/out")" '*hint: *max_user_namespaces*'
# With the progress of who has done all of it, and came to its last step.
jq -n --arg steps "$(sed -n 's/^## //p' "$work/lessons/02-users.md")" '($steps | split("\n")) as $all |
        {schema: 1, lessons: {"02-users": {at: $all[-1], done: $all, skipped: []}}, last: "02-users"}' >"$work/progress.json"
mkdir -p "$work/state/whole/vitrine" && cp "$work/progress.json" "$work/state/whole/vitrine/" && chmod -R a+rwX "$work/state/whole"
XDG_STATE_HOME=$work/state/whole
like "nothing launched: a lesson that is done begins anew" \
        "$(as_user "$work/closed" learn --plain --ascii 2 </dev/null 2>&1)" '*No container can be launched*Step 1 of 3: *'
mkdir "$work/half" && cp "$work"/vitrine* "$work/half/" && ln -s ../lessons "$work/half/lessons"
rm "$work/half/vitrine-keeper"
reading "no keeper" "$work/half/vitrine"
printf '# T\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n## S\n\n```vitrine-step\n' >"$work/keys.md"
printf 'do: key K M\ndo: wait 2\nhint: h\ncheck: holds("KILL") | not\n```\n' >>"$work/keys.md"
"$work/half/vitrine" learn --plain --ascii "$work/keys.md" </dev/null >"$work/out" 2>&1
is "no keeper: every key is named, and a pause is not" "$(sed -n '/^Where it can be tried/,/^$/p' "$work/out")" \
        "Where it can be tried, one types:
    K
Then:
    M"

# The program that checks is not there: the container is, and every step can be read.
cp "$work/vitrine-keeper" "$work/half/" && rm "$work/half/vitrine-check"
printf '\n\n\n\n\n\n\n' | XDG_STATE_HOME=$work/state/half timeout 60 "$work/half/vitrine" learn --plain --ascii 1/1 >"$work/out" 2>&1
is "no checks: exits" $? 0
like "no checks: it says so, and goes on" "$(cat "$work/out")" '*the checks are off*sees 1 process*Step 6 of 6*This was the lesson*'

# On a terminal: a prompt, and no escape sequence.
rm "$work/in" && mkfifo "$work/in"
script -qec "TERM=dumb XDG_STATE_HOME='$work/state/tty' '$vitrine' learn --plain 1/1" /dev/null <"$work/in" >"$work/out" 2>&1 &
learner=$!
exec 9>"$work/in"
appears '^> '
type_line '! ps ax'
appears 'It ended with status 0'
type_line 'quit'
wait $learner
exec 9>&-
is "on a terminal: no escape sequence" "$(LC_ALL=C tr -cd '\033' <"$work/out" | wc -c)" 0
like "on a terminal: it is there" "$(cat "$work/out")" '*Step 1 of 6*ps ax printed:*'
script -qec "TERM=dumb '$vitrine' learn 1 2>$work/err" /dev/null </dev/null >"$work/out"
like "TERM=dumb: the hint" "$(cat "$work/err")" '*hint: *vitrine learn --plain*'
finish
