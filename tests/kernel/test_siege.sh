# SPDX-License-Identifier: MIT
# What an attacker inside tried, and what must not come of it.
. "$top_srcdir/tests/lib/tap.sh"
cp "$top_builddir/tests/kernel/tries" "$work/" || exit 99
mark=3600.$$
walk='
try() { ( : >>"$1" ) 2>/dev/null && echo "writable: $1"; }
find /proc /sys \( -path "/proc/[0-9]*" -o -path /proc/self -o -path /proc/thread-self \) -prune -o -type f -print 2>/dev/null |
        { n=0; while read -r f; do try "$f"; n=$((n + 1)); done; [ $n -gt 500 ] && echo walked; }'

gone() { # what: no process with this in its command line is left
        i=0
        while pgrep -f "$1" >/dev/null && [ $i -lt 100 ]; do
                sleep 0.05
                i=$((i + 1))
        done
        pgrep -f "$1"
        pkill -9 -f "$1"
}

all_gone() { for one in "$@"; do is_gone "$one" || return 1; done; }

for mode in $(modes_and_remap); do
        run() { as_mode "$mode" "$vitrine" run "$@" 2>"$work/err" </dev/null; }
        image=$work/place-$mode/image
        mkdir -p "$image"
        make_image "$image"
        ln -s busybox "$image/bin/find"
        chmod 777 "$work/place-$mode"
        give "$mode" "$image"

        # The image's link, or the line's own path, leads through a descriptor to the machine: nothing is made there.
        for fd in 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26; do
                ln -sfn "/proc/self/fd/$fd/.." "$image/app"
                give "$mode" "$image/app"
                run -w /app/made "dir:$image" true
                run -w "/proc/self/fd/$fd/made" "dir:$image" true
                run -w "/proc/self/fd/$fd/made" demo true
        done
        is "$mode: no working directory is made on the machine" "$(find "$work/place-$mode" -name made)" ""
        ( exec_mode "$mode" sleep "$mark" ) &
        outside=$!
        run --pid host -w "/proc/$outside/root$work/place-$mode/made" demo true
        is "$mode: nor through another process's root" "$(find "$work/place-$mode" -name made)" ""
        kill -9 $outside
        wait $outside 2>/dev/null

        before=$(stat -c '%a %u %g %Z' /dev/null)
        run demo sh -c 'for n in 0 1 2; do chmod 600 /proc/self/fd/$n; chown 1000 /dev/fd/$n; done'
        as_mode "$mode" "$vitrine" snapshot demo sh -c 'chmod 600 /proc/self/fd/1 /dev/stdin; sleep 5' >/dev/null 2>&1
        is "$mode: the machine's /dev/null stays as it is" "$(stat -c '%a %u %g %Z' /dev/null)" "$before"

        for family in 38 40; do
                is "$mode: socket family $family is refused" \
                        "$(as_mode "$mode" "$vitrine" run -i demo sh -c "cat >/tmp/t; chmod 755 /tmp/t; /tmp/t socket $family" <"$work/tries")" EPERM
        done
        is "$mode: others are not" \
                "$(as_mode "$mode" "$vitrine" run -i demo sh -c "cat >/tmp/t; chmod 755 /tmp/t; /tmp/t socket 1; /tmp/t socket 2" <"$work/tries" | tr '\n' ' ')" "open open "

        # As on a kernel before 5.12.
        is "$mode: without mount_setattr nothing under /proc and /sys opens for writing" \
                "$(as_mode "$mode" "$work/tries" without mount_setattr "$vitrine" run demo sh -c "$walk" 2>&1)" walked
        is "$mode: nor with the machine's network" \
                "$(as_mode "$mode" "$work/tries" without mount_setattr "$vitrine" run --network host demo sh -c "$walk" 2>&1)" walked
        is "$mode: without clone3 it runs" "$(as_mode "$mode" "$work/tries" without clone3 "$vitrine" run demo echo in 2>&1)" in

        # With the machine's PIDs the cage reaches its keeper, unless the keeper has an id that the cage has not.
        attack="sleep $mark & setsid sleep $mark & kill -9 \$PPID || exit 7; sleep $mark"
        run --pid host demo sh -c "$attack"
        killed=$?
        if [ "$mode" = remap ]; then is "$mode: a keeper out of reach" $killed 7; else is "$mode: a keeper killed from inside" $killed 125; fi
        is "$mode: leaves nothing" "$(gone "^sleep $mark")" ""
        # What is handed over is so in an instant that can be missed: many times.
        i=0
        while [ "$mode" != remap ] && [ $i -lt 40 ]; do
                run --pid host demo sh -c "$attack"
                i=$((i + 1))
        done
        is "$mode: nor does one in many" "$(gone "^sleep $mark")" ""
        ( exec_mode "$mode" "$vitrine" run --pid host demo sh -c "setsid sleep $mark & kill -STOP \$PPID; sleep $mark" </dev/null >/dev/null 2>&1 ) &
        pid=$!
        i=0
        while ! pgrep -f "^sleep $mark" >/dev/null && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
        sleep 0.2
        kill -9 $pid
        wait $pid 2>/dev/null
        is "$mode: one that was stopped wakes when vitrine dies, and leaves nothing" "$(gone "^sleep $mark")" ""

        # Who ends the eye's listening, stopped: the eye's death wakes him.
        ( exec_mode "$mode" env TERM=xterm script -qec "stty rows 24 cols 80; exec $vitrine" /dev/null </dev/null >/dev/null 2>&1 ) &
        pid=$!
        i=0
        guard=
        while [ -z "$guard" ] && [ $i -lt 200 ]; do
                sleep 0.05
                i=$((i + 1))
                for screen in $(pgrep -x vitrine); do
                        case " $pid $(pgrep -P $pid | tr '\n' ' ') " in *" $(awk '{ print $4 }' "/proc/$screen/stat" 2>/dev/null) "*) ;; *) continue ;; esac
                        for eye in $(pgrep -P "$screen" -f '^vitrine-eye'); do guard="$guard $(pgrep -P "$eye" -x 'vitrine events')"; done
                        break
                done
                guard=$(echo $guard)
        done
        if [ -n "$guard" ]; then
                # shellcheck disable=SC2086
                kill -STOP $guard
                kill -9 "$screen"
                i=0
                while ! all_gone $guard && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
                all_gone $guard
                is "$mode: so does who listens to the kernel's events" $? 0
        else
                kill "$screen"
                skip "$mode: who listens to the kernel's events" "no process events are to be had here"
        fi
        wait $pid 2>/dev/null

        # A reader that does not read.
        mkfifo "$work/stalled-$mode"
        exec 8<>"$work/stalled-$mode"
        ( exec_mode "$mode" "$vitrine" run demo yes "$mark" </dev/null >"$work/stalled-$mode" 2>/dev/null ) &
        pid=$!
        sleep 0.5
        kill -INT $pid
        sleep 0.2
        kill -INT $pid
        sleep 0.2
        kill -TERM $pid
        i=0
        while ! is_gone $pid && [ $i -lt 60 ]; do sleep 0.05; i=$((i + 1)); done
        is_gone $pid
        is "$mode: signals end vitrine though nobody reads its output" $? 0
        kill -9 $pid 2>/dev/null
        exec 8<&-
        wait $pid 2>/dev/null

        # One who is told of a byte, and from whom it is then taken: he does not wait for another one.
        ( exec_mode "$mode" "$vitrine" run -i demo sh -c 'cat >/tmp/t; chmod 755 /tmp/t; exec /tmp/t steal' <"$work/tries" >/dev/null 2>"$work/stolen" ) &
        pid=$!
        i=0
        size=0
        while { [ $size = 0 ] || [ $size != "$(stat -c %s "$work/stolen")" ]; } && [ $i -lt 40 ]; do
                size=$(stat -c %s "$work/stolen")
                sleep 0.5
                i=$((i + 1))
        done
        kill -INT $pid
        sleep 0.2
        kill -INT $pid
        i=0
        while ! is_gone $pid && [ $i -lt 60 ]; do sleep 0.05; i=$((i + 1)); done
        is_gone $pid
        is "$mode: so they do when its output is taken back from inside" $? 0
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
done

if is_root; then
        is "root without SYS_ADMIN: nothing under /proc and /sys opens for writing" \
                "$(setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$vitrine" run demo sh -c "$walk" 2>&1)" walked
        # With SYS_ADMIN a bound folder needs but one remount.
        # shellcheck disable=SC2016
        "$vitrine" run --cap-add SYS_ADMIN --security-opt seccomp=unconfined demo sh -c 'mount -o remount,bind,rw /usr; mount -o remount,rw /usr
                echo x >/usr/'"$mark"'; echo x >/etc/alternatives/'"$mark"'; echo x >/etc/ld.so.cache; id -u' >"$work/out" 2>"$work/err"
        is "root with SYS_ADMIN: the machine's own folders are not written" \
                "$(ls -d "/usr/$mark" "/etc/alternatives/$mark" 2>/dev/null) $(grep -c '^x$' /etc/ld.so.cache) $(cat "$work/out")" " 0 0"
        rm -f "/usr/$mark" "/etc/alternatives/$mark"
        # In a user namespace it is what its user may write: here a folder that is open to everybody.
        # shellcheck disable=SC2016
        open_usr='mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work && mount -t overlay -o lowerdir=/usr,upperdir=/mnt/upper,workdir=/mnt/work overlay /usr &&
                mkdir -m 777 /usr/open || exit 99
                "$@" demo sh -c "mount -o remount,bind,rw /usr; mount -o remount,rw /usr; id -u; echo x >/usr/open/file"; ls /usr/open'
        for how in "setpriv --reuid=$other --regid=$other --clear-groups $vitrine run" "$vitrine run --userns remap"; do
                # shellcheck disable=SC2086
                is "${how##*vitrine }: with SYS_ADMIN nor is what its user may write there" \
                        "$(unshare -m sh -c "$open_usr" sh $how --cap-add SYS_ADMIN --security-opt seccomp=unconfined 2>"$work/err")" 0
        done
        # What is mounted below them is there all the same, each folder of it shielded: the last one hides one of its own.
        # shellcheck disable=SC2016
        is "root with SYS_ADMIN: what is mounted below the machine's folders is seen and not written" \
                "$(unshare -m sh -c 'mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work && mount -t overlay -o lowerdir=/usr,upperdir=/mnt/upper,workdir=/mnt/work overlay /usr &&
                        mkdir -p /usr/open/in && mount -t tmpfs none /usr/open/in && mount -t tmpfs none /usr/open && mkdir /usr/open/in /usr/open/two &&
                        mount -t tmpfs none /usr/open/two && echo one >/usr/open/file && echo two >/usr/open/two/file || exit 99
                        "$1" run --cap-add SYS_ADMIN --security-opt seccomp=unconfined demo sh -c "cat /usr/open/file /usr/open/two/file
                                for m in /usr/open /usr/open/two; do mount -o remount,bind,rw \$m; mount -o remount,rw \$m; echo x >\$m/file; done"
                        cat /usr/open/file /usr/open/two/file' sh "$vitrine" 2>"$work/err" | tr '\n' ' ')" "one two one two "
        # Nor the nodes of its devices, which are bound as well.
        nodes="/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty"
        # shellcheck disable=SC2086
        before=$(stat -c '%n %a %u %g %t:%T %Z' $nodes)
        for flags in "--cap-add SYS_ADMIN --security-opt seccomp=unconfined" --privileged; do
                # shellcheck disable=SC2086
                is "root with $flags: it has every device" \
                        "$("$vitrine" run $flags demo sh -c 'stat -c "%n %a %t:%T" '"$nodes"'; echo x >/dev/null && head -c 1 /dev/urandom | wc -c' 2>"$work/err")" \
                        "$(stat -c '%n %a %t:%T' $nodes; echo 1)"
                # shellcheck disable=SC2086
                "$vitrine" run $flags demo sh -c 'for node; do mount -o remount,bind,rw $node; mount -o remount,rw $node; chmod 666 $node; touch $node; done' sh $nodes 2>"$work/err"
                # shellcheck disable=SC2086
                is "root with $flags: the machine's own are not changed" "$(stat -c '%n %a %u %g %t:%T %Z' $nodes)" "$before"
        done
        keyrings() { awk '$9 ~ /^vitrine/ { print $1 }' /proc/keys | sort; }
        keyrings >"$work/keys"
        ( exec_mode root "$vitrine" run demo sleep 1 ) &
        pid=$!
        sleep 0.5
        is "no session keyring of a name that others could have taken" "$(keyrings | comm -13 "$work/keys" -)" ""
        wait $pid
        # All of --userns remap have the same ids outside: with the machine's PIDs one can stop the next, until that one
        # becomes its user. Among its own PIDs here, for others' containers are on the machine.
        # shellcheck disable=SC2016
        timeout 60 unshare -pf --mount-proc sh -c '"$1" run --userns remap --pid host demo sh -c "echo on; while :; do kill -STOP -1; done" >"$2" 2>/dev/null &
                until grep -qs on "$2"; do sleep 0.05; done
                timeout -s KILL 20 "$1" run --userns remap --user 1000 demo true; echo $?' sh "$vitrine" "$work/on" >"$work/out" 2>"$work/err" </dev/null
        case $(cat "$work/out" "$work/err") in
        0 | "125
vitrine: launch the container: for 8 seconds it could not run the command: another process stops it") ok "a launch that is stopped from another container comes to an end" ;;
        *) not_ok "a launch that is stopped from another container comes to an end" "$(cat "$work/out" "$work/err")" ;;
        esac
        if [ -e /proc/sys/vm/memfd_noexec ]; then
                unshare -pf --mount-proc sh -c 'echo 2 >/proc/sys/vm/memfd_noexec; mount -t tmpfs -o noexec none /dev/shm; "$1" run demo sleep 2 & sleep 0.5
                        for p in /proc/[0-9]*; do case $(cat $p/comm) in "vitrine keeper") readlink $p/exe ;; esac; done; wait' sh "$vitrine" >"$work/out" 2>&1
                like "where neither memfds nor what is in /dev/shm can be executed the keeper is still no file that can be reached" "$(cat "$work/out")" '/*(deleted)'
        else
                skip "where memfds cannot be executed" "this kernel has no vm.memfd_noexec"
        fi
fi
finish
