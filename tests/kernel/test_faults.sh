# SPDX-License-Identifier: MIT
# Some of vitrine's system calls made to fail (check_faults.sh does it with every one): those that once came to a wrong end,
# and a few of the rest, which FAULTS_SEED chooses.
# shellcheck shell=bash disable=SC2154
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$top_srcdir/tests/kernel/faults.sh"
seed() { while :; do echo "${FAULTS_SEED:-1}"; done; }
dense=20

# Those that match a line of $once, and $few of the rest.
choose() {
        cat >"$work/all"
        grep -E "$once" "$work/all"
        grep -vE "$once" "$work/all" | shuf -n "$few" --random-source=<(seed)
}
pick=choose

for mode in $(modes); do
        once='^0\.1\.1 .* (getdents64|chown|fsconfig) |^0\.1\.1 .* read .* EIO|^0\.1 .*keeper (wait4|fcntl|mkdirat) |^0\.1 .*keeper (poll .* ENOMEM|sendmsg .* ENOBUFS)|^0 .* (read|write) .* EIO'
        [ "$mode" = root ] || once='^0\.1\.1 .* getdents64 |^0\.1\.1 .*keeper openat 2[0-9] |^0\.1 .*keeper (wait4|poll .* ENOMEM)|^0 vitrine read .* EIO'
        few=8
        sweep run
        [ "$mode" = range ] || continue
        once='keeper poll .* ENOMEM'
        few=2
        sweep snapshot
        sweep tui
done
mode=root
is_root || mode=user
once='^$'
few=5
for scenario in snapshot build rmi; do sweep $scenario; done
once='^0 vitrine (poll .* ENOMEM|kill|write .* EIO) |keeper poll .* ENOMEM|^0\.2 vitrine-eye recvmsg 1 ENOMEM'
dense=4
few=2
for scenario in learn check play; do sweep $scenario; done
once='vitrine-probe (pwrite64 .* EIO|read .* (EIO|EINTR)|recvmsg 1 ENOMEM)'
dense=8
sweep probe
dense=20
once='^0 vitrine read .* EIO'
few=2
sweep pty
once='keeper sendmsg .* ENOBUFS'
sweep exec
once='^0\.1 vitrine (poll .* ENOMEM|lseek|pread64|write|shutdown)'
dense=2
few=8
sweep tui
sweep attach
once='^0\.1\.[35] .*keeper poll .* ENOMEM|^0\.1 vitrine ioctl (1[6-9]|2[0-9]) |^0\.1\.2 vitrine-eye openat '
dense=40
few=2
sweep tui

# Who could not be asked may be the one that is meant.
target_begin
for command in "exec nosuch true" "attach nosuch"; do
        # shellcheck disable=SC2086
        "$work/failcall" -f 0:vitrine:socket:1:EMFILE "$work/report" "$vitrine" $command >"$work/out" 2>"$work/err"
        is "$command: nobody is said to be there only when all were asked" "$? $(cat "$work/err")" "125 vitrine: ask the containers' keepers: Too many open files"
done
target_end

# The reason is the one that it failed for: F_DUPFD_CLOEXEC from 4 on is the keeper's end of the socket.
for n in $(seq 30); do
        "$work/failcall" -f "0:vitrine:fcntl:$n:EMFILE" "$work/report" "$vitrine" run demo true >"$work/out" 2>"$work/err"
        if grep -q '^hit fcntl 0x[0-9a-f]* 0x406 0x4 ' "$work/report"; then break; fi
done
is "a socket that cannot be handed over is named, with why" "$(cat "$work/err")" "vitrine: make a socket: Too many open files"

# Nor does a container begin without the device cgroup's rules, where there is one.
if is_root; then
        hit=
        for n in $(seq 60); do
                "$work/failcall" -f "0.1:vitrine-keeper:openat:$n:EMFILE" "$work/report" "$vitrine" run demo true >"$work/out" 2>"$work/err"
                if grep -q '^hit openat 0x[0-9a-f]* "container" ' "$work/report"; then hit=yes && break; fi
        done
        if [ -n "$hit" ]; then
                is "a device cgroup that cannot be opened is named, with why" "$(cat "$work/err")" "vitrine: make a device cgroup: Too many open files"
        else
                skip "a device cgroup that cannot be opened" "this machine gives no device cgroup to make"
        fi
fi

# A tutorial whose view of the container cannot begin reads on, and says why.
for call in mount:1:EPERM setsockopt:1:ENOBUFS; do
        echo quit | "$work/failcall" -s 25 -f "0.2:vitrine-eye:$call" "$work/report" \
                env "HOME=$work" "XDG_STATE_HOME=$work/state" "$vitrine" learn --plain 1 >"$work/out" 2>&1
        is "learn --plain: the inside eye's $call ends in a word, not in a wait" \
                "$(grep -cE '^(hang|crash|left) ' "$work/report") $(grep -c '^hit ' "$work/report") $(grep -c "$(sed -n 's/^why //p' "$work/report")" "$work/out")" "0 1 1"
done

# A helper that is ended while the screen is there: what is known of it is said, and the next key works.
pressed() { # MODE STEP…
        ( exec_mode "$1" "$work/press" 100x30 "=sees 1 process" "${@:2}" K "=effective 00000000a80425d" "=sees 1 process" @sleep q -- "$vitrine" ) >"$work/out" 2>"$work/err"
        echo "$? $(grep -E '^(missing|not one|left:) |^status CapEff' "$work/out" | tr '\n\t' '| ')"
}
for mode in $(if is_root; then echo root; fi) user; do
        [ -x "$work/press" ] || continue
        is "$mode: its readers end" "$(pressed $mode '!vitrine eye' '=its reader has ended')" "0 status CapEff: 00000000a80425db|"
        is "$mode: its keeper ends" "$(pressed $mode '!vitrine keeper' '=exited (137)')" "0 status CapEff: 00000000a80425db|"
        [ "$mode" = user ] || is "$mode: who listens to the kernel's events ends" "$(pressed $mode '!vitrine events')" "0 status CapEff: 00000000a80425db|"
done
faults_finish
