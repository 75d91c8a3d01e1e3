# SPDX-License-Identifier: MIT
# What a cage cannot do, tried from inside as uid 0 with Docker's default capabilities.
. "$top_srcdir/tests/lib/tap.sh"

# Prints every regular file below /proc and /sys, outside the processes, that opens for writing; then a line that shows that
# the walk was made and that a writable file would have been told.
walk='
try() { ( : >>"$1" ) 2>/dev/null && echo "writable: $1"; }
find /proc /sys \( -path "/proc/[0-9]*" -o -path /proc/self -o -path /proc/thread-self \) -prune -o -type f -print 2>/dev/null |
        { n=0; while read -r f; do try "$f"; n=$((n + 1)); done; [ $n -gt 500 ] && echo walked; }
touch /tmp/w; try /tmp/w'

for mode in $(modes_and_remap); do
        # The image is its user's own: with one id mapped, an overlay copies nothing up that is somebody else's.
        image=$work/image-$mode
        make_image "$image"
        for tool in find sed dd; do ln -s busybox "$image/bin/$tool"; done
        give "$mode" "$image"

        run() { as_mode "$mode" "$vitrine" run "$@" 2>"$work/err" </dev/null; }
        wanted='walked
writable: /tmp/w'
        is "$mode: nothing under /proc and /sys opens for writing (demo)" "$(run demo sh -c "$walk")" "$wanted"
        is "$mode: nothing under /proc and /sys opens for writing (dir)" "$(run "dir:$image" sh -c "$walk")" "$wanted"
        is "$mode: nor with the machine's PIDs" "$(run --pid host demo sh -c "$walk")" "$wanted"

        # A device node that is made, wherever it can be made, does not open. 1:3 is /dev/null: harmless if it did.
        nodes='for d in /tmp /dev /dev/shm /root /; do
                rm -f $d/node 2>/dev/null
                mknod $d/node c 1 3 2>/dev/null && made=$((made + 1))
                [ -e $d/node ] && dd if=$d/node of=/tmp/o count=1 2>/dev/null && echo "opened $d/node"
        done; echo "made ${made:-0}"'
        if [ "$mode" = root ]; then made=5; else made=0; fi
        is "$mode: a device node that is made does not open (demo)" "$(run demo sh -c "$nodes")" "made $made"
        is "$mode: a device node that is made does not open (dir)" "$(run "dir:$image" sh -c "$nodes")" "made $made"

        # The device nodes are the machine's own: their mode and owner are not the cage's to change.
        before=$(stat -c '%n %a %u %g %Z' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty)
        run demo sh -c 'chmod 666 /dev/null; chown 0 /dev/zero; chmod 600 /dev/full; chgrp 0 /dev/tty; echo x >/dev/null' 2>/dev/null
        is "$mode: a device can be written" $? 0
        is "$mode: but its node not changed" "$(stat -c '%n %a %u %g %Z' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty)" "$before"

        # Every mount that can be written is nodev, but for the bound device nodes and the kernel's own terminals.
        is "$mode: every writable mount is nodev" \
                "$(run demo sh -c 'while read -r _ where type options _; do
                        case $where,$options in
                        /dev/pts,*) ;;
                        *,ro*|*,*nodev*) ;;
                        *) echo "$where $options" ;;
                        esac
                done </proc/self/mounts')" ""
        before=$(find "$image" -ls | sort | cksum)
        run "dir:$image" sh -c 'echo x >/etc/passwd; rm -f /bin/id; touch /new; chmod 000 /etc/group' >/dev/null
        is "$mode: a dir: image is never written" "$(find "$image" -ls | sort | cksum)" "$before"
        run demo sh -c 'touch /usr/vitrine-test /usr/bin/vitrine-test' 2>/dev/null
        is "$mode: nor the machine's /usr" "$(ls /usr/vitrine-test /usr/bin/vitrine-test 2>/dev/null)" ""

        out=0
        for fd in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                for tail in "" /.. /../..; do
                        if run -w "/proc/self/fd/$fd$tail" demo sh -c 'pwd; ls -a' >"$work/out"; then
                                case $(head -n 1 "$work/out") in /proc/*) ;; *) out=1 ;; esac
                                grep -qx "$(basename "$work")" "$work/out" && out=1
                        fi
                done
        done
        is "$mode: -w /proc/self/fd/N does not lead out" $out 0
        is "$mode: no descriptor but the three comes in" "$(run demo sh -c 'ls /proc/self/fd' | tr '\n' ' ')" "0 1 2 3 "
        is "$mode: the session's keys stay outside" "$(run demo cat /proc/keys)" ""

        # What enters is a sealed copy: not even the machine's root, with the descriptor at hand, can rewrite it.
        ( exec_mode "$mode" "$vitrine" run demo sleep 300 ) &
        pid=$!
        keeper=
        i=0
        while [ -z "$keeper" ] && [ $i -lt 100 ]; do
                sleep 0.05
                keeper=$(pgrep -P $pid -f vitrine-keeper) || i=$((i + 1))
        done
        if is_root; then
                exec 9<"/proc/$keeper/exe"
                like "$mode: the keeper runs out of a memfd" "$(readlink "/proc/$keeper/exe")" '/memfd:*'
                kill -9 $pid
                wait $pid 2>/dev/null
                sleep 0.3
                ( : >/proc/self/fd/9 ) 2>/dev/null
                is "$mode: whose content cannot be changed" "$(head -c 4 /proc/self/fd/9 | tail -c 3)" ELF
                exec 9<&-
        else
                skip "$mode: the keeper runs out of a memfd" "only root reads another's /proc/PID/exe"
                kill -9 $pid
                wait $pid 2>/dev/null
        fi
        i=0
        while ! is_gone "$keeper" && [ $i -lt 100 ]; do
                sleep 0.05
                i=$((i + 1))
        done
        [ -n "$keeper" ] && is_gone "$keeper"
        is "$mode: and the keeper has gone with vitrine" $? 0
done
finish
