# SPDX-License-Identifier: MIT
# The device cgroup: as real root what a container may open is fenced, by cgroup v1 or v2, and the cgroup goes with the
# container, however it ends.
. "$top_srcdir/tests/lib/tap.sh"

if ! is_root; then
        "$vitrine" run demo sleep 60 &
        pid=$!
        i=0
        until init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper)" -x sleep) 2>/dev/null || [ $i -gt 500 ]; do i=$((i + 1)); sleep 0.02; done
        is "without root: in no other cgroup than its maker" "$(cat "/proc/$init/cgroup")" "$(cat /proc/self/cgroup)"
        kill -9 $pid
        skip "all that is for root" "needs root"
        finish
fi

v1_mount=$(grep -E ' - cgroup [^ ]* ([^ ]*,)?devices(,|$)' /proc/self/mountinfo | cut -d ' ' -f 5 | head -n 1)
v2_mount=$(awk '$0 ~ / - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
v2_options=$(awk '$0 ~ / - cgroup2 / { print $NF; exit }' /proc/self/mountinfo)

# The line of the hierarchy that rules, of a process, as the machine sees it.
group_of() {
        case $way in
        v1) sed -n 's/^[0-9]*:\([^:]*,\)*devices\(,[^:]*\)*://p' "/proc/$1/cgroup" ;;
        v2) sed -n 's/^0:://p' "/proc/$1/cgroup" ;;
        esac
}

# This test's own cgroup, so that containers of others that run beside it are not in sight.
folders=
own() { # WAY MOUNT: moves this shell
        way=$1
        folder=$2$(group_of self | sed 's,/$,,')/glass-test.$$
        if mkdir "$folder" && echo $$ >"$folder/cgroup.procs"; then folders="$folders $folder"; else exit 99; fi
}
[ -z "$v1_mount" ] || own v1 "$v1_mount"
[ -z "$v2_mount" ] || own v2 "$v2_mount"

# A mount namespace for each way, held by a process: in the one of v2 the controller of v1 is out of sight.
holders=
leave() {
        # shellcheck disable=SC2086
        kill -9 $holders $range_holder 2>/dev/null
        wait 2>/dev/null
        for folder in $folders; do
                echo $$ >"${folder%/*}/cgroup.procs"
                rmdir "$folder"
        done
        # What is mounted anew, below, has changed them for the machine.
        [ -z "$v2_mount" ] || unshare -m mount -t cgroup2 -o "$v2_options" cgroup2 "$work"
        rm -rf "$work"
}
trap leave EXIT
hold() { # WAY FIRST…: sets holder
        way=$1
        shift
        # shellcheck disable=SC2016
        unshare -m sh -c '"$@" && : >"$0/way" && exec sleep 100000' "$work" "$@" </dev/null >/dev/null 2>&1 &
        holder=$!
        holders="$holders $holder"
        until [ -e "$work/way" ]; do
                kill -0 $holder 2>/dev/null || exit 99
                sleep 0.02
        done
        rm "$work/way"
}
here() { nsenter --mount="/proc/$holder/ns/mnt" "$@"; }

left() { here find "$mount$own" -name 'vitrine-*' 2>/dev/null; }
gone() { # waits
        i=0
        while [ -n "$(left)" ] && [ $i -lt 100 ]; do
                i=$((i + 1))
                sleep 0.05
        done
        left
}
start() { # FLAGS…: a container that stays; sets pid, keeper and init
        ( exec nsenter --mount="/proc/$holder/ns/mnt" "$vitrine" run "$@" demo sleep 3600 ) </dev/null >/dev/null 2>"$work/err" &
        pid=$!
        i=0
        until keeper=$(pgrep -P $pid -f '^vitrine-keeper') && init=$(pgrep -P "$keeper" -x sleep); do
                i=$((i + 1))
                [ $i -lt 500 ] || { cat "$work/err"; kill -9 $pid; exit 99; }
                sleep 0.02
        done
}
stop() {
        kill -9 $pid
        wait $pid 2>/dev/null
}

# A disk that the machine's own root may open, for reading alone: the root's where it may.
root_dev=
for dev in "/sys/dev/block/$(awk '$5 == "/" { print $3 }' /proc/self/mountinfo | tail -n 1)" /sys/block/*; do
        [ -n "$root_dev" ] || ! head -c 0 "/dev/$(basename "$(readlink -f "$dev")")" 2>/dev/null || root_dev=$(cat "$dev/dev")
done

# On a tmpfs that is not nodev, which SYS_ADMIN mounts: what the mounts forbid is out of the way, and the cgroup is asked.
# shellcheck disable=SC2016
opens='mount -t tmpfs none /mnt 2>/dev/null || { mkdir -p /tmp/m && mount -t tmpfs none /tmp/m && cd /tmp/m; } || exit 99
        [ "$PWD" != / ] || cd /mnt
        made() { mknod "$@" && echo made || echo "not made"; }
        try() { if head -c 0 "$1" 2>err; then echo open; else sed "s/.*: //" err; fi; }
        made disk b $1 $2; try disk
        made log c 1 11; try log
        made null c 1 3; try null
        made zero c 1 5; try zero
        try /dev/null; try /dev/urandom
        if (echo >null) 2>/dev/null; then echo written; fi'
denied="made
Operation not permitted
made
Operation not permitted
made
open
made
open
open
open
written"
allowed=$(printf '%s\n' "$denied" | sed 's/Operation not permitted/open/')
verdicts() { # FLAGS…
        # shellcheck disable=SC2086
        here "$vitrine" run "$@" demo bash -c "$opens" sh ${root_dev%:*} ${root_dev#*:} 2>&1
}

try_way() { # MOUNT
        mount=$1
        own=$(group_of self)
        before=$(left)
        is "$way: doctor says yes" "$(here "$vitrine" doctor --json | jq -r '.rows[] | select(.id == "devices") | "\(.ok) \(.says)"' )" \
                "true a container has one of its own (cgroup $way$([ "$way" = v1 ] || echo ', with a BPF program'))"
        is "$way: and leaves none behind" "$(left)" "$before"

        if [ -n "$root_dev" ]; then
                is "$way: the disk and the log are not opened, though SYS_ADMIN mounts" "$(verdicts --cap-add SYS_ADMIN)" "$denied"
                is "$way: privileged they are" "$(verdicts --privileged)" "$allowed"
        else
                skip "$way: the disk is not opened" "this machine has no block device"
        fi
        # From the root of its own cgroup namespace the rules are out of reach.
        case $way in v1) type="cgroup -o devices" ;; v2) type=cgroup2 ;; esac
        # shellcheck disable=SC2016
        is "$way: SYS_ADMIN mounts its cgroup, and gives itself no devices" \
                "$(here "$vitrine" run --cap-add SYS_ADMIN demo sh -c 'mkdir /tmp/c && mount -t $1 none /tmp/c && grep -q . /tmp/c/cgroup.procs && echo mounted
                        [ ! -e /tmp/c/devices.allow ] || echo a 2>/dev/null >/tmp/c/devices.allow
                        mount -t tmpfs none /tmp && mknod /tmp/log c 1 11 && head -c 0 /tmp/log' sh "$type" 2>&1 | grep -v "^sh:" | sed 's/.*: //')" "mounted
Operation not permitted"
        is "$way: a node can be made, on the usual mounts, and its disk not be read" \
                "$(here "$vitrine" run demo sh -c "mknod /tmp/d b ${root_dev%:*} ${root_dev#*:} && head -c 1 /tmp/d 2>&1 | sed 's/.*: //'")" "Permission denied"
        is "$way: a terminal opens" "$(here "$vitrine" run -t demo sh -c 'echo yes >/dev/tty' | tr -d '\r')" yes

        for flags in "" "--userns remap" "--pid host" "--privileged"; do
                # shellcheck disable=SC2086
                start $flags --name "glass$$"
                group=$(group_of "$init")
                like "$way: $flags: a cgroup of its own below vitrine's" "$group" "$(group_of $pid | sed 's,/$,,')/vitrine-*"
                is "$way: $flags: the keeper is outside" "$(group_of "$keeper")" "$(group_of $pid)"
                # shellcheck disable=SC2016
                here "$vitrine" exec "glass$$" sh -c 'echo $$ >/dev/null; exec sleep 3601' &
                visitor=$!
                i=0
                until inside=$(pgrep -P "$keeper" -f '^sleep 3601$') || [ $i -gt 200 ]; do i=$((i + 1)); sleep 0.02; done
                is "$way: $flags: what is exec'ed is in it" "$(group_of "$inside")" "$group"
                is "$way: $flags: seen from inside it is the root" "$(here "$vitrine" exec "glass$$" cat /proc/self/cgroup | sed 's/.*://' | sort -u | head -n 1)" /
                if [ "$way" = v1 ]; then
                        is "$way: $flags: Docker's rules" "$(here cat "$mount$group/devices.list" | LC_ALL=C sort | tr '\n' ',')" \
                                "$(if [ "$flags" = --privileged ]; then echo 'a *:* rwm,'; else echo 'b *:* m,c *:* m,c 10:200 rwm,c 136:* rwm,c 1:3 rwm,c 1:5 rwm,c 1:7 rwm,c 1:8 rwm,c 1:9 rwm,c 5:0 rwm,c 5:1 rwm,c 5:2 rwm,'; fi)"
                fi
                stop
                wait $visitor 2>/dev/null
                is "$way: $flags: it goes when vitrine is killed" "$(gone)" "$before"
        done

        here "$vitrine" run demo true
        is "$way: it goes with its container" "$(left)" "$before"
        here "$vitrine" run demo nosuchcommand 2>/dev/null
        is "$way: it goes when a launch fails" "$? $(left)" "127 $before"
        is "$way: --cgroupns host shows its name" \
                "$(here "$vitrine" run --cgroupns host demo cat /proc/self/cgroup | grep -c '/vitrine-[0-9a-f]*-[0-9]*/container$')" 1

        for flags in "" "--pid host"; do
                # shellcheck disable=SC2086
                start $flags
                kill -9 "$keeper"
                wait $pid 2>/dev/null
                is "$way: $flags: it goes when the keeper is killed" "$(left)" "$before"
        done

        if [ "$way" = v2 ]; then
                # As SYS_ADMIN does it from inside: who comes later stands still on his way in.
                start --name "glass$$"
                # shellcheck disable=SC2016
                here sh -c 'echo 1 >"$1/cgroup.freeze"' sh "$mount$(group_of "$init")"
                here "$vitrine" exec "glass$$" true 2>/dev/null &
                visitor=$!
                i=0
                until entering=$(pgrep -P "$keeper" | grep -vx "$init") || [ $i -gt 200 ]; do i=$((i + 1)); sleep 0.02; done
                stop
                wait $visitor 2>/dev/null
                is "$way: frozen whole, with somebody on his way in, it goes" "$(gone)" "$before"
                is_gone "$entering"
                is "$way: and so does he" "$? $([ -n "$entering" ] && echo one)" "0 one"
                is_gone "$entering" || kill -9 "$keeper" "$entering"
        fi
        if [ "$way" = v2 ] && here test -e "$mount$own/cgroup.kill"; then
                # Where looking at every process takes longer than one of these lives. In a PID namespace, whose end is theirs at
                # the latest.
                # shellcheck disable=SC2016
                here timeout 60 unshare -pf --mount-proc sh -c 'i=0; while [ $i -lt 1000 ]; do i=$((i + 1)); sleep 100 & done
                        timeout -s KILL 20 "$1" run -i --pid host demo sh -c "cat >/tmp/forks; chmod 755 /tmp/forks
                                for i in \$(seq 40); do /tmp/forks fork & done; sleep 0.5" <"$2"
                        echo $? $(ps -eo comm= | grep -c "^forks")' sh "$vitrine" "$top_builddir/tests/kernel/tries" >"$work/out" 2>&1
                is "$way: with the machine's PIDs: what forks on and on does not outlive it" "$(cat "$work/out") $(gone)" "0 0 $before"
        elif [ "$way" = v2 ]; then
                skip "$way: with the machine's PIDs: what forks on and on" "this kernel has no cgroup.kill"
        fi

        # Nobody is left to take it away: the next one does. (Who dies second would, were it not stopped; vitrine's death
        # wakes its keeper, so the other order may leave nothing.)
        for order in "keeper pid" "pid keeper"; do
                start
                kill -STOP "$keeper" $pid
                for who in $order; do eval "kill -9 \$$who" 2>/dev/null; done
                wait $pid 2>/dev/null
                i=0
                until is_gone "$init" || [ $i -gt 200 ]; do i=$((i + 1)); sleep 0.02; done
                is "$way: both killed ($order): the container has ended" "$(is_gone "$init" && echo yes)" yes
                [ "$order" != "keeper pid" ] || is "$way: both killed ($order): it is left behind" "$(left | grep -c .)" 1
                here "$vitrine" run demo true
                is "$way: both killed ($order): the next container takes it away" "$(left)" "$before"
        done

        # The lock of a keeper that lives is not taken.
        start
        group=$(group_of "$init")
        here "$vitrine" run demo true
        is "$way: another's that lives stays" "$(group_of "$init") $(left | grep -c .)" "$group 1"
        stop
        gone >/dev/null

        # A privileged container has cgroups of its own below it.
        case $way in v1) type="cgroup -o devices" ;; v2) type=cgroup2 ;; esac
        is "$way: privileged, with cgroups of its own" "$(here "$vitrine" run --privileged demo sh -c "mkdir -p /tmp/c && mount -t $type none /tmp/c && mkdir -p /tmp/c/a/b/c && ls /tmp/c/a >/dev/null && sh -c 'echo \$\$ >/tmp/c/a/b/cgroup.procs; grep -c /a/b\$ /proc/self/cgroup'" 2>&1)" 1
        is "$way: they go as well" "$(left)" "$before"
        # shellcheck disable=SC2016
        is "$way: privileged, with a hidden one and three hundred, each in the one before" \
                "$(here "$vitrine" run --privileged demo sh -c 'mkdir -p /tmp/c && mount -t $1 none /tmp/c && cd /tmp/c && mkdir .hidden .hidden/..more b || exit 99
                        i=0; while [ $i -lt 300 ]; do i=$((i + 1)); mkdir d && cd d || exit 99; done; echo made' sh "$type" 2>&1)" made
        is "$way: they go as well, all of them" "$(left)" "$before"

        # A relaunch: p asks real root, y says yes, z takes it back.
        mkfifo "$work/keys.$way"
        # shellcheck disable=SC2094
        ( exec nsenter --mount="/proc/$holder/ns/mnt" env TERM=xterm-256color script -qec "stty cols 80 rows 24; exec '$vitrine' --host line" /dev/null ) <"$work/keys.$way" >"$work/screen" 2>&1 &
        tui=$!
        exec 8>"$work/keys.$way"
        wait_container() { # sets init to another one than $1, once it stands alone
                i=0
                while [ $i -lt 300 ]; do
                        i=$((i + 1))
                        sleep 0.02
                        init=$(here find "$mount$own" -path '*/vitrine-*/cgroup.procs' -exec cat {} + 2>/dev/null)
                        case $init in '' | *[!0-9]* | "$1") ;; *) [ "$(cat "/proc/$init/comm")" = sleep ] && return ;; esac
                done
                init=
        }
        wait_container ""
        first=$init
        # What its process may open, asked from outside: a shell that joins the same cgroup.
        may_open() {
                # shellcheck disable=SC2016
                here sh -c 'echo $$ >"$1/cgroup.procs" && head -c 0 /dev/kmsg 2>&1 | sed "s/.*: //"' sh "$mount$(group_of "$init")"
        }
        is "$way: on the screen: fenced" "$(may_open)" "Operation not permitted"
        sleep 0.5
        printf p >&8
        sleep 0.5
        printf y >&8
        wait_container "$first"
        second=$init
        is "$way: on the screen: p and y: another one, not fenced" "$([ -n "$second" ] && may_open)" ""
        printf z >&8
        wait_container "$second"
        is "$way: on the screen: z: fenced again" "$([ -n "$init" ] && may_open)" "Operation not permitted"
        printf q >&8
        exec 8>&-
        i=0
        until is_gone $tui || [ $i -gt 200 ]; do i=$((i + 1)); sleep 0.02; done
        kill -9 $tui 2>/dev/null
        is "$way: on the screen: q leaves none" "$(gone)" "$before"
}

if [ -n "$v1_mount" ]; then
        hold v1 true
        try_way "$v1_mount"
else
        skip "cgroup v1" "no devices controller of v1 is mounted"
fi
if [ -n "$v2_mount" ]; then
        # shellcheck disable=SC2016
        hold v2 sh -c '[ -z "$1" ] || umount "$1"' sh "$v1_mount"
        try_way "$v2_mount"
else
        skip "cgroup v2" "no cgroup2 is mounted"
fi

# Neither in sight; something else where it should be; one that cannot be written.
row() { here "$vitrine" doctor --json | jq -r '.rows[] | select(.id == "devices") | "\(.ok) \(.says) / \(.remedy)"'; }
# shellcheck disable=SC2016,SC2086
hold none sh -c 'for m in "$@"; do umount "$m"; done' sh $v1_mount $v2_mount
like "neither is mounted: doctor says so" "$(row)" "null none (*neither*mounted here)*/*mount -t cgroup2*"
is "neither is mounted: a container runs" "$(here "$vitrine" run demo echo yes)" yes
if [ -n "$v2_mount" ]; then
        like "neither is mounted: the remedy works" "$(here mount -t cgroup2 cgroup2 /sys/fs/cgroup; row)" "true *(cgroup v2*"
        # As on a unified machine: inside, the container's own cgroup is the root of what is mounted there.
        is "v2 alone: inside it sees its own cgroup" "$(here "$vitrine" run demo cat /sys/fs/cgroup/cgroup.procs)" 1
        # shellcheck disable=SC2086
        is "v2 alone: it is fenced" "$(verdicts --cap-add SYS_ADMIN)" "$denied"
        # In the first cgroup namespace a mount's options are the whole machine's.
        options() { here awk '$5 == "/sys/fs/cgroup" { said = $NF } END { print said }' /proc/self/mountinfo; }
        here mount -o remount,nsdelegate /sys/fs/cgroup
        before=$(options)
        case $before in
        *nsdelegate*)
                cp "$top_builddir/tests/kernel/tries" "$work/"
                for how in "" "$work/tries without mount_setattr"; do
                        # shellcheck disable=SC2016,SC2086
                        is "v2 alone: --cgroupns host, $how: the machine's hierarchy is seen, and not written" \
                                "$(here $how "$vitrine" run --cgroupns host demo sh -c 'ls -d /sys/fs/cgroup/*/ >/dev/null && mkdir /sys/fs/cgroup/x 2>&1 | sed "s/.*: //"; mount | grep -c " on /sys/fs/cgroup type cgroup2 (ro,nosuid,nodev"')" \
                                "Read-only file system
1"
                        is "v2 alone: --cgroupns host, $how: the machine's options stay" "$(options)" "$before"
                done
                ;;
        *) skip "v2 alone: --cgroupns host and the machine's options" "this is not the machine's first cgroup namespace" ;;
        esac
fi
if [ -n "$v1_mount$v2_mount" ]; then
        # shellcheck disable=SC2016,SC2086
        hold read-only sh -c 'for m in "$@"; do mount -o remount,bind,ro "$m"; done' sh $v1_mount $v2_mount
        like "read-only: doctor says so" "$(row)" "null none (*Read-only*)*/*machine itself*"
        is "read-only: a container runs" "$(here "$vitrine" run demo echo yes)" yes
        # shellcheck disable=SC2016
        hold covered sh -c 'for m in $1; do mount -t tmpfs none "$m"; done; mkdir -p $2' sh "$v1_mount $v2_mount" "$folders"
        like "covered: doctor says so" "$(row)" "null none (*covers*)*"
        # shellcheck disable=SC2086
        is "covered: a container runs, and nothing is made there" "$(here "$vitrine" run demo echo yes; here find $folders -mindepth 1)" yes
else
        skip "read-only, covered" "neither the devices controller nor cgroup2 is mounted"
fi

holder=$$
like "without root: doctor says so" "$(as_user "$vitrine" doctor --json | jq -r '.rows[] | select(.id == "devices") | "\(.ok) \(.says)"')" "null without root*"
like "without root: explain says so" "$(as_user "$vitrine" explain docker run ubuntu)" "*no device cgroup*"
is "as root: explain does not" "$("$vitrine" explain docker run ubuntu | grep -c 'device cgroup')" 0
finish
