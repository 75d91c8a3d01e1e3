# SPDX-License-Identifier: MIT
# The kernel's log: what --trace-caps prints, that the list is the smallest, and that no tracefs instance outlives vitrine.
# The instances are looked at from outside, in a mount of the test's own.
. "$top_srcdir/tests/lib/tap.sh"
mkdir "$work/tracefs"
tracefs() { unshare -m sh -c 'mount -t tracefs tracefs "$1" && cd "$1" && eval "$2"' sh "$work/tracefs" "$1"; }
trace() { timeout 60 "$vitrine" run --trace-caps "$@" 2>"$work/err"; }
says() { awk -v cap="$1" '$3 == cap || $4 == cap { print $(NF > 3 && $NF ~ /^x/ ? NF - 1 : NF) }' "$work/err" | sort -u | tr '\n' ' '; }
list() { sed -n 's/^vitrine: \(smallest list: \|the command asked for \)//p' "$work/err"; }
student='setpriv --reuid 1000 --regid 1000 --clear-groups'

if ! is_root; then
        trace demo true
        is "without root: refused" "$?" 125
        like "without root: with the remedy" "$(tail -n 1 "$work/err")" "hint: with sudo*"
        is "without root: doctor says for whom it is" "$("$vitrine" doctor --json | jq -r '.rows[] | select(.id == "kernel-log") | .remedy')" "sudo $vitrine"
        finish
fi
lacks=
[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] || lacks="the first PID namespace: the kernel's events speak of its PIDs"
tracefs 'test -e events/capability/cap_capable' 2>/dev/null || lacks="the tracepoint capability:cap_capable"
if [ -n "$lacks" ]; then
        is "doctor: no kernel log, which is no fault" "$("$vitrine" doctor --json | jq -c '.rows[] | select(.id == "kernel-log") | .ok')" null
        trace demo true
        is "it is refused" "$?" 125
        skip "the kernel's log" "needs $lacks"
        finish
fi
settings='cat trace_clock tracing_on set_event set_event_pid buffer_percent options/event-fork options/stacktrace events/capability/enable events/sched/sched_process_fork/enable'
before=$(tracefs "$settings")
mounts=$(wc -l </proc/self/mountinfo)

is "doctor: yes" "$("$vitrine" doctor --json | jq -c '.rows[] | select(.id == "kernel-log") | .ok')" true
trace demo true
is "a launch and execve ask for nothing" "$?: $(list)" "0: no capability"
trace demo sh -c 'exit 7'
is "the exit status is the command's" "$?" 7
trace demo sh -c 'head -c 9000000 /dev/zero >/tmp/a; head -c 9000000 /dev/zero >/dev/shm/a'
is "memory asks for nothing" "$(list)" "no capability"
make_image "$work/image" && chmod 755 "$work/image"
trace --cap-drop ALL "dir:$work/image" /bin/busybox ls -lR /bin
is "an image's files ask for nothing" "$?: $(list)" "0: no capability"
trace "dir:$work/image" /bin/busybox chown 1000 /bin/busybox
is "but their change of owner does" "$?: $(list)" "0: --cap-drop=ALL --cap-add=CHOWN"
trace demo chown 1000 /tmp
is "chown is allowed" "$?: $(says CHOWN)" "0: allowed "
is "and the smallest list for it is CHOWN" "$(list)" "--cap-drop=ALL --cap-add=CHOWN"
# the list is enough, and nothing less is
"$vitrine" run --cap-drop=ALL --cap-add=CHOWN demo chown 1000 /tmp 2>/dev/null
is "with that list it works" "$?" 0
"$vitrine" run --cap-drop=ALL demo chown 1000 /tmp 2>/dev/null
is "without it does not" "$?" 1
trace --cap-drop ALL demo chown 1000 /tmp
is "what is denied is on the list too" "$?: $(says CHOWN)$(list)" "1: denied --cap-drop=ALL --cap-add=CHOWN"

signal="$student sleep 60 & sleep 0.3; kill \$!"
trace --cap-drop KILL demo sh -c "$signal"
is "without KILL root's signal to student is denied" "$?: $(says KILL)" "1: denied "
trace demo sh -c "$signal"
is "with KILL it is allowed" "$?: $(says KILL)" "0: allowed "
like "who asked stands beside it, with its number inside" "$(grep "  KILL  " "$work/err")" "*  sh (1) * KILL * allowed"
trace --cap-drop KILL demo sh -c "$student sleep 60 & sleep 0.3; kill \$!; kill \$!; kill \$!; true"
like "what repeats is one line" "$(grep "  KILL  " "$work/err")" "* denied  x3"
trace --userns remap demo chown 1000 /tmp
is "remap: the same list" "$?: $(list)" "0: --cap-drop=ALL --cap-add=CHOWN"
trace --pid host demo sh -c 'sh -c "sh -c \"chown 1000 /tmp\""'
is "with the machine's PIDs: what forks and forks again is seen" "$?: $(list)" "0: --cap-drop=ALL --cap-add=CHOWN"
trace --user 1000 demo sh -c 'ls /root 2>/dev/null; true'
is "of two that would do it is the lesser on the list" "$(list)" "--cap-drop=ALL --cap-add=DAC_READ_SEARCH"
trace --cap-drop ALL --cap-add DAC_OVERRIDE demo sh -c "install -d -m 0 /tmp/d && ls /tmp/d"
is "or the one that was held" "$?: $(list)" "0: --cap-drop=ALL --cap-add=DAC_OVERRIDE"

# A name is at most 15 bytes, any.
trace demo bash -c 'printf "\033]0;x\a\n1 KILL" >/proc/self/comm; chown 1000 /tmp; f=/tmp/x; : >$f; exec -a "$0" chown 1 /tmp'
is "a process that calls itself something odd is still seen" "$(list)" "--cap-drop=ALL --cap-add=CHOWN"
is "and its name is text" "$(LC_ALL=C tr -d '\n -~' <"$work/err" | od -An -tx1)" ""

# vitrine in the background: $pid, $log, $reader, $keeper, $init
start() {
        : >"$work/up"
        "$vitrine" run --trace-caps demo sh -c 'echo up; sleep 3600' >"$work/up" 2>/dev/null </dev/null &
        pid=$!
        i=0
        until grep -q up "$work/up" || [ $i -gt 500 ]; do i=$((i + 1)); sleep 0.02; done
        log=$(pgrep -P $pid -x 'vitrine log')
        reader=$(pgrep -P "$log" -x 'vitrine log')
        keeper=$(pgrep -P $pid -x 'vitrine keeper')
        init=$(pgrep -P "$keeper")
}
left() { tracefs "ls instances" | grep "^vitrine-$log-"; }
wait_left() { # at most two seconds
        i=0
        while [ -n "$(left)" ] && [ $i -lt 40 ]; do i=$((i + 1)); sleep 0.05; done
        left
}
start
like "there is one instance, of who owns it" "$(left)" "vitrine-$log-*"
followed=$(tracefs "cat instances/vitrine-$log-*/set_event_pid" | sort -n | tr '\n' ' ')
for who in "$pid" "$keeper" "$init"; do like "it follows $(ps -o comm= -p "$who")" " $followed" "* $who *"; done
like "it does not follow the rest of the machine" " $followed" "*[!0-9]"
is "nor this test" "$(echo "$followed" | tr ' ' '\n' | grep -cx $$)" 0
is "who reads the kernel's text is nobody" "$(awk '$1 == "Uid:" || $1 == "Gid:" { print $2, $3, $4, $5 }' "/proc/$reader/status" | uniq)" "65530 65530 65530 65530"
is "and can do nothing" "$(awk '/^(CapEff|CapPrm|CapBnd.*none|Groups|NoNewPrivs):/ { print $1 $2 }' "/proc/$reader/status" | tr '\n' ' ')" "Groups: CapPrm:0000000000000000 CapEff:0000000000000000 NoNewPrivs:1 "
is "and has nothing open but its socket, the pipe and /proc" "$(for fd in /proc/"$reader"/fd/*; do readlink "$fd"; done | sed 's/:.*//; s,.*/trace_pipe,trace_pipe,' | sort | tr '\n' ' ')" "/dev/null /dev/null /dev/null /proc socket trace_pipe "
kill -9 $pid
wait $pid 2>/dev/null
is "SIGKILL of vitrine leaves no instance" "$(wait_left)" ""
is "and no process" "$(for p in $log $reader $keeper $init; do is_gone "$p" || echo "$p"; done)" ""

start
kill -9 "$keeper" $pid
wait $pid 2>/dev/null
is "SIGKILL of vitrine and the container's keeper leaves none" "$(wait_left)" ""
start
kill -STOP "$log" "$reader"
kill -9 $pid
wait $pid 2>/dev/null
is "a log that was stopped is woken by vitrine's end" "$(wait_left)" ""
start
kill -9 "$log"
i=0
until is_gone "$reader" || [ $i -gt 100 ]; do i=$((i + 1)); sleep 0.02; done
is "with who owns the instance its reader ends" "$(is_gone "$reader" && echo gone)" gone
is "then the instance is there still" "$(left | grep -c .)" 1
kill -9 "$init"
wait $pid
is "the command goes on meanwhile" "$?" 137
is "and vitrine's end removes it" "$(left)" ""
start
kill -9 $pid "$log"
wait $pid 2>/dev/null
trace demo true
is "what two kills at once have left the next log removes" "$(left)" ""

# Somebody who asks and asks, while nobody reads.
mkfifo "$work/go"
: >"$work/up"
"$vitrine" run -i --trace-caps demo sh -c "$student sleep 60 & sleep 0.3; echo up; read go; i=0; while [ \$i -lt 30000 ]; do kill -0 \$!; i=\$((i + 1)); done; echo done" \
        >"$work/up" 2>"$work/err" <"$work/go" &
pid=$!
exec 9>"$work/go"
i=0
until grep -q up "$work/up" || [ $i -gt 500 ]; do i=$((i + 1)); sleep 0.02; done
log=$(pgrep -P $pid -x 'vitrine log')
reader=$(pgrep -P "$log" -x 'vitrine log')
kill -STOP "$reader"
echo go >&9
exec 9>&-
until grep -q done "$work/up" || [ $i -gt 1500 ]; do i=$((i + 1)); sleep 0.02; done
kill -CONT "$reader"
wait $pid
is "a container is not held up by a log that nobody reads" "$?" 0
like "what the buffer had no room for is said" "$(grep lost "$work/err")" "  [0-9]* events were lost: the list may lack something"
like "and what was read is told" "$(grep "  KILL  " "$work/err" | head -n 1)" "* KILL * allowed  x*"

# from another terminal
: >"$work/up"
"$vitrine" run --trace-caps --cap-drop KILL --name traced demo sh -c 'echo up; sleep 3600' >"$work/up" 2>"$work/err" </dev/null &
pid=$!
i=0
until grep -q up "$work/up" || [ $i -gt 500 ]; do i=$((i + 1)); sleep 0.02; done
"$vitrine" exec traced chown 1 /tmp
is "exec: it works" "$?" 0
kill -TERM $pid
sleep 0.1
kill -9 "$(pgrep -P "$(pgrep -P $pid -x 'vitrine keeper')")" 2>/dev/null
wait $pid
is "what is executed from elsewhere is seen, and no more of it" "$(list)" "--cap-drop=ALL --cap-add=CHOWN"

is "the machine's own tracing is as it was" "$(tracefs "$settings")" "$before"
is "no mount is left" "$(wc -l </proc/self/mountinfo)" "$mounts"
finish
