# SPDX-License-Identifier: MIT
# SIGKILL of vitrine at random moments: no process, mount or temporary file is left. ROUNDS (50) says how often.
. "$top_srcdir/tests/lib/tap.sh"
rounds=${ROUNDS:-50}
mark=$(printf '%d' "0x$(head -c 3 /dev/urandom | od -An -tx1 | tr -d ' ')")
mounts=$(wc -l </proc/self/mountinfo)
list() { ls -A /tmp /run /dev/shm 2>/dev/null | grep -vE '^(vitrine-test|vgdb-pipe)' | sort; }
list >"$work/files"
# What is there that was not; other tests that run beside this one come and go.
new_files() { list | comm -13 "$work/files" -; }

left() { # processes of ours that are still there
        pgrep -f "^sleep 3600\.$mark\$"
        for pid in $(pgrep -f '^vitrine-(keeper|eye|log)'); do
                tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qx "VITRINE_TEST_MARK=$mark" && echo "$pid"
        done
}

wait_gone() {
        i=0
        while [ -n "$(left)" ]; do
                i=$((i + 1))
                [ $i -gt 100 ] && return 1
                sleep 0.05
        done
}

set_user_id='cp /bin/busybox /tmp/b 2>/dev/null || cp /bin/sleep /tmp/b; chmod 4755 /tmp/b; case $(readlink -f /bin/sleep) in *busybox) exec /tmp/b sleep 3600.'$mark';; *) exec -a sleep /tmp/b 3600.'$mark';; esac'

start() { # mode kind
        case $2 in
        run) exec_mode "$1" "$vitrine" run demo sleep "3600.$mark" ;;
        pid) exec_mode "$1" "$vitrine" run --pid host demo sh -c "sleep 3600.$mark & setsid sleep 3600.$mark & wait" ;;
        suid) exec_mode "$1" "$vitrine" run demo bash -c "$set_user_id" ;;
        suid-pid) exec_mode "$1" "$vitrine" run --pid host --user 1000 demo bash -c "$set_user_id" ;;
        trace) exec_mode "$1" "$vitrine" run --trace-caps demo sleep "3600.$mark" ;;
        snapshot) exec_mode "$1" "$vitrine" snapshot --json demo sleep "3600.$mark" ;;
        esac >/dev/null 2>&1 </dev/null # the subshell that calls this becomes vitrine
}

export VITRINE_TEST_MARK=$mark
for mode in $(modes_and_remap); do
        for kind in run pid suid suid-pid trace snapshot; do
                [ $kind$mode = traceroot ] || [ $kind != trace ] || continue
                bad=
                n=0
                while [ $n -lt $((rounds / 5)) ]; do
                        n=$((n + 1))
                        ( start "$mode" $kind ) &
                        pid=$!
                        # 0 to 80 ms: in the middle of a launch as well as after it
                        sleep "0.0$(awk -v s="$mark$n$pid" 'BEGIN { srand(s); printf "%02d", int(rand() * 80) }')"
                        kill -9 $pid 2>/dev/null
                        wait $pid 2>/dev/null
                        wait_gone || { bad="round $n: $(left | xargs ps -o pid,ppid,stat,args -p 2>&1)"; left | xargs kill -9; break; }
                done
                is "$mode: $kind killed $n times leaves no process" "$bad" ""
        done
done
unset VITRINE_TEST_MARK

# Instances of the kernel's log whose owner is no more; those of other tests have one.
instances() {
        # shellcheck disable=SC2016
        unshare -m sh -c 'mount -t tracefs none /mnt && ls /mnt/instances' 2>/dev/null |
                while IFS=- read -r name pid start; do
                        [ "$name" != vitrine ] || [ -d "/proc/$pid" ] || echo "$name-$pid-$start"
                done
}
if [ "$(id -u)" = 0 ]; then
        i=0
        while [ -n "$(instances)" ] && [ $i -lt 50 ]; do
                sleep 0.1
                i=$((i + 1))
        done
        is "no tracefs instance is left" "$(instances)" ""
fi
is "no mount is left" "$(wc -l </proc/self/mountinfo)" "$mounts"
i=0
while [ -n "$(new_files)" ] && [ $i -lt 300 ]; do
        sleep 0.1
        i=$((i + 1))
done
is "no file is left" "$(new_files)" ""
finish
