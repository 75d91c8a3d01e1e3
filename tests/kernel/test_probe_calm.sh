# SPDX-License-Identifier: MIT
# The probes change nothing of the machine: with every capability that there is, also in the machine's own namespaces.
. "$top_srcdir/tests/lib/tap.sh"
cp "$top_builddir/vitrine-probe" "$work/" || exit 99
plain=$(if is_root; then echo root user; else echo user; fi)
cp "$top_builddir/tests/kernel/calm" "$work/" || exit 99

# What can be read of the machine, without what changes by itself.
machine() {
        uname -n
        cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/self/loginuid 2>/dev/null
        awk '$2 ~ /:0001$/' /proc/net/tcp /proc/net/tcp6
        awk '{ print $2 }' /proc/sysvipc/msg | sort
        cut -d ' ' -f 3- /proc/self/mountinfo | sort
        cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/perf_event_paranoid
        ulimit -l
        nice
}

for mode in $plain; do
        mkdir "$work/$mode"
        chmod 777 "$work/$mode"
        cd "$work/$mode" || exit 99
        for flags in "--privileged" "--privileged --network host --ipc host --uts host --pid host --cgroupns host"; do
                machine >"$work/before"
                # shellcheck disable=SC2086
                as_mode "$mode" "$work/calm" "$vitrine" probe --json $flags >"$work/calm.out" 2>&1
                machine >"$work/after"
                is "$mode: $flags: terminal, accounting, clock and auditing" "$(grep -v 'tried' "$work/calm.out")" ""
                is "$mode: $flags: it did ask" "$(jq '.probes | length' out)" 41
                is "$mode: $flags: names, ports, queues and mounts" "$(diff "$work/before" "$work/after")" ""
        done
        is "$mode: accounting was tried where it can be" "$(sed -n '$s/accounting was //p' "$work/calm.out")" \
                "$(jq -r '.probes[20] | if .verdict == "allowed" then "tried" else "not tried" end' out)"
done

# Whenever vitrine is killed: nothing of what asks goes on. In a PID namespace of the test's own, where nobody else's runs.
if is_root; then
        is "root: a vitrine that was killed leaves nothing" "$(unshare -p -f --mount-proc sh -c '
                running() { ps -eo stat=,comm= | grep vitrine | grep -v "^Z"; }
                for t in 0.05 0.1 0.2 0.4 0.8; do
                        "$0" probe --json --privileged >/dev/null 2>&1 &
                        sleep $t
                        kill -9 $!
                        wait $! 2>/dev/null
                done
                i=0
                while [ $i -lt 200 ] && running >/dev/null; do sleep 0.05; i=$((i + 1)); done
                running' "$vitrine")" ""
fi

# With the machine's PIDs the room can be seen while it lasts. Nothing of the machine's files is in it.
if is_root; then
        "$vitrine" run --pid host demo sh -c 'while :; do for p in /proc/[0-9]*; do
                read -r name <$p/comm && [ "$name" = "vitrine probe" ] && echo $p/root/* $p/root/proc/sys/* $p/root/proc/sysrq*
        done; done 2>/dev/null' >"$work/seen" 2>/dev/null &
        looking=$!
        i=0
        while [ $i -lt 100 ] && ! grep -q '/root/box' "$work/seen"; do
                "$vitrine" probe --json --cap-drop ALL >/dev/null
                i=$((i + 1))
        done
        kill $looking
        wait $looking 2>/dev/null
        is "root: a probe's root was seen from a container" "$(grep -c '/root/box' "$work/seen" | sed 's/^[1-9].*/seen/')" seen
        # A pattern that fits nothing stays as it is; so does one below what may not be looked at.
        is "root: it holds box and proc, and no machine's settings" \
                "$(tr ' ' '\n' <"$work/seen" | sed -E 's,^/proc/[0-9]+/root/,,' | sort -u | grep -vxE 'box|proc|\*|proc/sys/\*|proc/sysrq\*')" ""
fi
finish
