# SPDX-License-Identifier: MIT
# One system call after the other made to fail (failcall.c), in each of vitrine's programs, and what came of it. Sourced by
# check_faults.sh (every call) and test_faults.sh (some of them) with bash.
#
# told   exit status 125, and a line `vitrine: what failed: why`; or that line on the screen, which goes on
# went   the same exit status and output as undisturbed: another way was found, or it was not needed
# wrong  anything else; and always when a program crashed or hung, or a process, file, mount or cgroup was left
# missed the call did not come this time (how often an eye reads depends on the machine)
# shellcheck shell=bash disable=SC2154

# As root: /tmp, /run and /dev/shm of its own, and a cgroup of each hierarchy, so that whatever is there afterwards is left over.
if [ "$(id -u)" = 0 ] && [ -z "${FAULTS_INSIDE-}" ]; then
        FAULTS_INSIDE=1 exec unshare -m -- bash "$0" "$@"
fi
if [ -n "${FAULTS_INSIDE-}" ]; then
        mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/src /run/build || exit 99
        mount --bind "$top_srcdir" /run/src && mount --bind "$top_builddir" /run/build || exit 99
        top_srcdir=/run/src top_builddir=/run/build
        mount -t tmpfs -o mode=1777 tmpfs /tmp && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && cd / || exit 99
        export TMPDIR=/tmp
fi
. "$top_srcdir/tests/lib/tap.sh"
for program in vitrine-check vitrine-probe vitrine-raise tests/kernel/failcall; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
[ ! -x "$top_builddir/tests/screen/press" ] || cp "$top_builddir/tests/screen/press" "$work/" || exit 99
cp -R "$top_srcdir/lessons" "$top_srcdir/assets" "$work/" && chmod -R a+rX "$work" || exit 99
table=$top_srcdir/tests/kernel/faults.tsv
# Others may be using the machine's own /tmp meanwhile.
[ -n "${FAULTS_INSIDE-}" ] || { mkdir "$work/tmp" && export TMPDIR="$work/tmp"; } || exit 99
if [ "$(uname -m)" != x86_64 ]; then
        skip "system calls made to fail" "failcall knows the registers of x86_64 alone"
        finish
fi
if ldd "$vitrine" | grep -qE 'lib(a|ub)san'; then
        skip "system calls made to fail" "built without sanitizers is what it needs: they make calls of their own, and search for leaks by ptrace"
        finish
fi

groups_begin() {
        groups=()
        [ -n "${FAULTS_INSIDE-}" ] || return 0
        while IFS=: read -r id kinds path; do
                if [ "$id" = 0 ]; then
                        at=$(findmnt -nro TARGET -t cgroup2 | head -n 1)
                else
                        at=$(findmnt -nro TARGET -t cgroup -O "${kinds%%,*}" | head -n 1)
                fi
                case $kinds in '' | devices*) ;; *) continue ;; esac
                [ -n "$at" ] && mkdir "$at$path/faults-$$" 2>/dev/null || continue
                groups+=("$at$path/faults-$$")
                echo $$ >"$at$path/faults-$$/cgroup.procs" || exit 99
        done </proc/self/cgroup
}

groups_end() {
        for group in "${groups[@]}"; do
                echo $$ >"${group%/*}/cgroup.procs" && rmdir "$group"
        done
}

# What could be left over.
things() {
        if [ -n "${FAULTS_INSIDE-}" ]; then ls -A /tmp /run /dev/shm; else ls -A "$TMPDIR"; fi
        ls -A "$work"
        wc -l </proc/self/mountinfo
        for group in "${groups[@]}"; do ls -d "$group"/*/ 2>/dev/null; done
        # shellcheck disable=SC2012
        [ -z "${FAULTS_INSIDE-}" ] || ls /sys/kernel/tracing/instances 2>/dev/null | while IFS=- read -r name pid start; do
                [ "$name" != vitrine ] || [ -d "/proc/$pid" ] || echo "$name-$pid-$start"
        done
        find "$work/data" "$work/state" "$work/cast" '(' -name '.*' -o -name '*.new' ')' -type f
}

# A line on the screen that says what failed; $FAULT_WHY has what the call was made to fail with (failcall.c).
endings='No such file or directory|[a-z/ ]* has ended|the keeper died|its first process died|the program that compiles it died'
export SAYS="$endings"

# The container that `attach` looks at; none of its calls fail.
target_begin() {
        kill -0 "$target" 2>/dev/null && return
        ( exec_mode "$mode" "$vitrine" run --name "faults$$" demo sh -c 'echo up; exec sleep 3600' ) </dev/null >"$work/up" 2>&1 &
        target=$!
        until grep -q up "$work/up"; do kill -0 $target || exit 99; sleep 0.02; done
}
target_end() {
        [ -z "$target" ] || { kill -9 $target; wait $target; } 2>/dev/null
        target=
}
target=

# Before each run: what the scenario begins with.
prepare() { # scenario
        rm -rf "$work/data" "$work/state" "$work/cast"
        mkdir "$work/data" "$work/state" "$work/cast" && chmod 1777 "$work/data" "$work/state" "$work/cast"
        case $1 in attach | look) target_begin ;; esac
        case $1 in images | rmi | use) ( PREFIX_RUN "$vitrine" build -t kept -f "$work/Dockerfile" "$work" >/dev/null ) ;; esac
}

PREFIX_RUN() { exec_mode "$mode" "$@"; }

# failcall is the machine's root where the test is, so that the tools of a range keep their set-user-ID bits.
inject() { # failcall's options…; the scenario's command is in $line
        case $(is_root && echo "$mode") in # who is no root already is who he is
        user) set -- "$@" "$work/report" setpriv --reuid=$other --regid=$other --clear-groups ;;
        range) set -- "$@" "$work/report" nsenter --mount="/proc/$range_holder/ns/mnt" setpriv --reuid=$ranger --regid=$ranger --clear-groups ;;
        *) set -- "$@" "$work/report" ;;
        esac
        "$work/failcall" "$@" "${line[@]}" >"$work/out" 2>"$work/err" <"$work/input"
}

# What a container is, said from inside: a mask or a limit that was left out by a failure is another answer.
# shellcheck disable=SC2016
state='cat
sed -E "s/^[0-9]+ [0-9]+ [0-9:]+ //" /proc/self/mountinfo
grep -E "^(Uid|Gid|Groups|Cap|NoNew|Seccomp)" /proc/self/status
cat /proc/self/cgroup /proc/self/limits /proc/self/uid_map /proc/self/gid_map
stat -c "%A %u %g %t %T %N" /* /home/* /dev/* /tmp /demo/*
head -n 40 /etc/passwd /etc/group /etc/hosts /etc/hostname
echo
cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range /proc/net/dev | sed "s/:.*//"
ls -l /proc/self/fd | sed "s/.* //"
pwd; hostname; umask; id; env | sort; echo bad >&2'

# The scenario's command, and how its output is made comparable.
scenario() {
        vit=$vitrine
        [ "$mode" != remap ] || vit=$work/remapped
        tidy=(cat)
        case $1 in
        run)
                line=("$vit" run -i demo sh -c "$state")
                tidy=(sed -E 's/vitrine-[0-9a-f]{12}-[0-9]+/GROUP/g; s/\b[0-9a-f]{12}\b/ID/g; s/pipe:.*/pipe/')
                ;;
        pty) line=("$vit" run -t demo echo hello) ;;
        pid) line=("$vit" run --pid host demo echo hello) ;;
        trace) line=("$vit" run --trace-caps demo chown 1 /etc/passwd) ;;
        exec) line=(bash "$work/exec.sh" "$vit" "$vitrine") ;;
        snapshot)
                line=("$vit" snapshot --json demo sleep 3600)
                tidy=(jq '[.mode, .state, (.init | del(.pid_host)), (.mode as $m | [.namespaces[] | select(.shared != null and .shared != (.type == "time" or (.type == "user" and $m == "root"))) | .type]), [.container[] | [.pid, .comm, .uid]], ([.host[] | select(.container_pid) | .comm])]')
                ;;
        probe)
                line=("$vit" probe --json demo)
                tidy=(jq '[.effective, [.probes[] | [.cap, .verdict]]]')
                ;;
        build) line=("$vitrine" build -t made -f "$work/Dockerfile" "$work") ;;
        use) line=("$vit" run kept) ;;
        images) line=("$vitrine" images) tidy=(sed -E 's/[0-9-]{10} [0-9:]{5}//') ;;
        rmi) line=("$vitrine" rmi kept) ;;
        learn)
                line=("$vitrine" learn --plain --ascii "$work/short.md")
                tidy=(tail -n 1)
                ;;
        play) line=("$vitrine" play --record "$work/cast/x.cast" --html "$work/cast/x.html" --speed 100 "$work/short.md") ;;
        check) line=("$vitrine" play --check "$work/short.md") ;;
        tui)
                line=("$work/press" 100x30 "=ubuntu sleep 3600" "=sees 1 process" @sleep K =--cap-drop=KILL =effective\ 00000000a80425d @sleep q -- "$vitrine")
                [ "$mode" != remap ] || line+=(--userns remap)
                tidy=(sed -E '/^\| /d; s/^mountinfo [0-9]+ [0-9]+ [0-9:]+ /mountinfo /; s/vitrine-[0-9a-f]{12}-[0-9]+/GROUP/')
                ;;
        attach)
                line=("$work/press" 100x30 "=attached to" "=sees 1 process" K "=K: this container is not vitrine's" q -- "$vitrine" attach "faults$$")
                tidy=(sed '/^| /d')
                ;;
        look)
                line=("$vitrine" attach --json "faults$$")
                tidy=(jq '[.mode, .state, [.container[] | [.pid, .comm, .uid]], [.host[] | select(.container_pid) | .comm]]')
                ;;
        esac
}

# What the scenario has made: an image is whole or is not there.
made() { # scenario
        case $1 in
        build | rmi) ( PREFIX_RUN "$vitrine" images 2>&1 | awk '{ print $1 }' ) ;;
        learn) find "$work/state" -name '*.json' -exec cat {} + ;;
        play) ls "$work/cast" ;;
        attach | look) kill -0 $target && echo "it goes on" ;;
        esac
}

# What says why: the reason that the call failed for, or one of the endings.
reasons() { echo "$(sed -n 's/^why //p' "$work/report")|$endings"; }

# Whether the screen, while it was waited for or in the end, said what failed.
is_said() {
        grep -q '^said ' "$work/out" ||
        sed -n 's/^| //p' "$work/out" | tr -s '\n ' ' ' | grep -qE "[A-Za-z0-9/)]: ($(reasons))"
}

# What the kernel says of the container, before the key and after it, is what it says undisturbed.
is_as_strong() {
        [ "$name" != attach ] || kill -0 $target || return 1
        "${tidy[@]}" <"$work/out" | grep -vE '^(came|said|missing|one|not one) ' >"$work/states"
        ! grep -vxFqf <(echo "$normal") "$work/states" &&
                [ "$(wc -l <"$work/states")" = $(($(grep -c '^one ' "$work/out") * $(echo "$normal" | grep -cvE '^(came|one) ') / 2)) ]
}

# With one id in place of a range, and else as strong.
made_do() {
        [ "$mode" = range ] && grep -qE '^uid_map +[0-9]+ +[0-9]+ +1$' "$work/out" &&
                ! grep -vxFqf <(echo "$normal") <(grep '^status Cap' "$work/out")
}

# What is another answer than undisturbed is none, and says why.
cannot_be_asked() {
        jq -e --argjson was "$normal" '[.probes[] | .verdict == "cannot ask" and .reason != ""] as $none
                | .effective == $was[0] and all([.probes[] | [.cap, .verdict]] | to_entries[]; .value == $was[1][.key] or $none[.key])' "$work/out" >/dev/null
}

# EPERM is also what the kernel says to a question: the one verdict is of that answer.
is_the_answer() {
        [ "$program $err" = "vitrine-probe EPERM" ] &&
                jq -e --argjson was "$normal" '.effective == $was[0]
                        and ([[.probes[] | [.cap, .verdict]], $was[1]] | transpose | map(select(.[0] != .[1])) | length == 1)' "$work/out" >/dev/null
}

# What is there now and was not before. A tracing instance may be that of a vitrine elsewhere on the machine, whose number
# nobody in here can look up: it goes with that one.
left_over() {
        local left
        for ((i = 0; i < 30; i++)); do
                left=$(things | diff <(echo "$before") - | grep '^>' | cut -c 3-)
                grep -qvE '^(vitrine-[0-9]+-[0-9]+)?$' <<<"$left" || [ -z "$left" ] && break
                sleep 1
        done
        echo "${left//$'\n'/ }"
}

judge() { # status call: sets $class and $detail; $before is what was there
        local why= left
        left=$(left_over)
        grep -qE '^crash ' "$work/report" && why="$(grep '^crash' "$work/report" | tr '\n' ';')"
        grep -qE '^(hang|left) ' "$work/report" && why="$why $(grep -E '^(hang|left)' "$work/report" | tr '\n' ';')"
        [ -z "$left" ] || why="$why left over: $left"
        detail=$(head -c 300 "$work/err" | tr '\n' '|')
        grep -q 'said something unknown' "$work/err" && why="$why no reason"
        if [ -n "$why" ]; then
                class=wrong detail="$why / $detail"
        elif [ "$1" = "$normal_status" ] && [ "$("${tidy[@]}" <"$work/out" 2>&1; made "$name")" = "$normal" ]; then
                class=went
        elif [ "$1" = 125 ] && grep -qE '^[Kq]?vitrine: [^:].*: .+' "$work/err"; then # (a key that came late is echoed)
                class=told
        elif [ "$1" = 126 ] && grep -qE '^vitrine: run [^:]*: .+' "$work/err"; then # as a command that cannot be executed
                class=told
        elif [ "$1" = "$normal_status" ] && grep -qE '^(vitrine:|\|.*) one id alone is mapped: .+' "$work/err" "$work/out"; then
                class=told # and made do
        elif [ "$name" = probe ] && [ "$1" = 0 ] && { cannot_be_asked || is_the_answer; }; then
                class=told # as a verdict, with its reason
        elif [ "$1" = 0 ] && is_said && { is_as_strong || made_do; }; then
                class=told # on the screen, which goes on
        elif [ "$name" = check ] && [ "$1" = 1 ] && grep -q '^not ok' "$work/out" && grep -qE "^# .*: ($(reasons))" "$work/out"; then
                class=told # among the lines of the test
        elif [ "$name" = learn ] && tr -s '\n ' ' ' <"$work/out" | grep -qE "No container can be launched here: [a-z].*: .|[A-Za-z0-9/)]: ($(reasons))"; then
                class=told # among the lines of the lesson, which goes on
        else
                class=wrong detail="exit $1, $("${tidy[@]}" <"$work/out" 2>&1 | cat - <(made "$name") | diff <(echo "$normal") - | head -n 6 | cut -c 1-200 | tr '\n' '|') / $detail"
        fi
}

# role program call n errno: one line each, of the calls that the table lets fail; at most $dense of a kind, spread.
plan() {
        awk -v dense="${dense:-24}" 'NR == FNR { if (!/^#/) errs[$1] = substr($0, length($1) + 2); next }
                $1 == "count" {
                        if (!($4 in errs)) { print "unknown " $4; next }
                        if (errs[$4] == "-") next
                        n = split(errs[$4], e, " ")
                        step = $5 > dense ? $5 / dense : 1
                        for (i = 1; i <= n; i++)
                                for (at = 1; at <= $5; at += step)
                                        print $2, $3, $4, int(at), e[i]
                }' "$table" "$work/report"
}

# The end of a test: what went wrong is a case each, the rest is counted.
faults_finish() {
        groups_end
        grep '^wrong ' "$log" | cut -c 1-700 >"$work/wrong"
        while read -r _ what; do not_ok "${what%%: *}" "${what#*: }"; done <"$work/wrong"
        like "calls were made to fail" "$(grep -cE '^(told|went) ' "$log")" '[1-9]*'
        for class in told went missed wrong; do echo "# $class: $(grep -c "^$class " "$log")"; done
        [ "$(uname -m)" = x86_64 ] || skip "other machines" "failcall knows the registers of x86_64 alone"
        finish
}

# sweep SCENARIO: every call of $mode's; FAULTS_LOG gets a line each. pick: a filter of the plan.
sweep() {
        name=$1
        case $name in tui | attach)
                if [ ! -x "$work/press" ]; then
                        skip "$mode $name" "libvterm is missing, which the terminal is made of"
                        return
                fi
                ;;
        esac
        scenario "$name"
        prepare "$name"
        inject
        normal_status=$?
        normal=$("${tidy[@]}" <"$work/out"; made "$name")
        plan | ${pick:-cat} >"$work/plan"
        if [ $normal_status != 0 ] || grep -qE '^(crash|hang|left)' "$work/report" || grep -qE '^(missing|not one|left:) ' "$work/out"; then
                not_ok "$mode $name: undisturbed" "exit $normal_status" "$(grep -vE '^count' "$work/report")" "$(cat "$work/out" "$work/err")"
                target_end
                return
        fi
        awk '$1 == "count" { n += $5 } END { print "# calls: " n }' "$work/report" >>"$log"
        while read -r role program call n err; do
                if [ "$role" = unknown ]; then
                        echo "wrong $mode $name unknown call $program" >>"$log"
                        continue
                fi
                prepare "$name"
                before=$(things)
                began=${EPOCHREALTIME/./}
                inject -s 20 -f "$role:$program:$call:$n:$err"
                status=$? ms=$(((${EPOCHREALTIME/./} - began) / 1000))
                if ! grep -q ^hit "$work/report"; then
                        class=missed detail=
                else
                        judge $status $call
                fi
                echo "$class $mode $name $role $program $call $n $err ${ms} ms: $(sed -n 's/^hit //p' "$work/report") => $detail" >>"$log"
        done <"$work/plan"
        target_end
}

printf 'FROM demo\nUSER student\nENV A=1\nCMD ["echo", "hello"]\n' >"$work/Dockerfile"
cat >"$work/short.md" <<'EOF_LESSON'
# Short

```vitrine-lesson
start: docker run ubuntu sleep 3600
minutes: 1
needs: any
```

## One

Look at it.

```vitrine-step
observe: yes
look: container
check: .init.pid_container == 1
say: It is number 1.
```
EOF_LESSON
cat >"$work/exec.sh" <<'EOF_EXEC'
# A container, and one command more in it. $1: vitrine for `run`, $2: for `exec`
name=faults$$
pipe=$(mktemp -u) && mkfifo "$pipe" || exit 99
"$1" run --name $name demo sh -c 'echo up; exec sleep 6' </dev/null >"$pipe" & # (wait loses the status of a <(command) now and then)
run=$!
exec 9<"$pipe"
rm "$pipe"
if ! read -r -t 25 up <&9; then
        wait $run
        exit $?
fi
"$2" exec $name echo hello
status=$?
[ $status != 137 ] || { wait $run; ran=$?; [ $ran = 0 ] || status=$ran; } # it was ended with its container: `run` says why
kill -9 $run
exit $status
EOF_EXEC
printf 'next\nquit\n' >"$work/input"
chmod a+r "$work"/*
export XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state"
log=${FAULTS_LOG:-$work/log}
: >"$log" || exit 99 # (as root not below /tmp, /run or /dev/shm, which are the test's own)
groups_begin
