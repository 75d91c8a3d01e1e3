# SPDX-License-Identifier: MIT
# What the kernel gives a container in each mode, row by row: ids, groups, mounts that it refuses without root, and a dir:
# image as its users have it.
. "$top_srcdir/tests/lib/tap.sh"

# The ids of the machine for 0 and 1000 inside, by the kernel's map, read from outside.
outside() { awk -v id="$1" 'id >= $1 && id < $1 + $3 { print $2 + id - $1 }' "$work/map"; }

begin() { # FLAGS…: sets $pid and $init, and copies the map
        ( exec_mode "$mode" "$vitrine" run "$@" sleep 300 </dev/null >"$work/out" 2>&1 ) &
        pid=$!
        init=
        i=0
        while [ -z "$init" ] && [ $i -lt 200 ]; do
                sleep 0.05
                init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper || echo 0)" -x sleep)
                i=$((i + 1))
        done
        cat "/proc/$init/uid_map" >"$work/map"
}
end() {
        kill -9 $pid
        wait $pid 2>/dev/null
        i=0
        while ! is_gone "$init" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
}

for mode in $(modes_and_remap); do
        run() { as_mode "$mode" "$vitrine" run "$@" 2>"$work/err" </dev/null; }
        case $mode in
        user) all= groups="" setgroups=deny tty=0 chown=refused ;;
        *) all=1 groups="1000 2000 " setgroups=allow tty=5 chown=given ;;
        esac
        case $mode in root) own_ns="" ;; *) own_ns=1 ;; esac

        [ -z "$all" ] || is "$mode: supplementary groups are set" \
                "$(run --user 1000 --group-add 2000 demo sed -n 's/^Groups:\t//p' /proc/self/status)" "$groups"
        is "$mode: setgroups" "$(run demo cat /proc/self/setgroups)" "$setgroups"
        is "$mode: a file can be another user's" "$(run demo sh -c 'touch /tmp/f; chown 1000:1000 /tmp/f 2>/dev/null && echo given || echo refused')" $chown
        is "$mode: terminals have a group where there is one" "$(run -t demo stat -c %g /dev/pts/0 | tr -d '\r')" "$tty"
        [ -z "$all" ] || is "$mode: the student's home is the student's" "$(run demo stat -c '%u %g' /home/student)" "1000 1000"
        is "$mode: root's own is root's" "$(run demo stat -c '%u %g %u %g' / /tmp /etc/passwd /root | sort -u)" "0 0 0 0"

        is "$mode: the machine's network has the machine's /sys, read-only" \
                "$(run --network host demo sh -c 'ls /sys/class/net | sort | xargs; touch /sys/x 2>/dev/null || echo closed')" "$(ls /sys/class/net | sort | xargs)
closed"
        is "$mode: the machine's IPC has its message queues where they may be mounted" \
                "$(run --ipc host demo sh -c 'grep -c " /dev/mqueue " /proc/self/mounts')" "$([ -n "$own_ns" ] && echo 0 || echo 1)"
        is "$mode: an own IPC has its own" "$(run demo sh -c 'grep -c " /dev/mqueue " /proc/self/mounts')" 1
        is "$mode: the machine's PIDs are the machine's /proc" "$(run --pid host demo cat "/proc/$$/comm")" "$(cat /proc/$$/comm)"
        is "$mode: a user namespace of its own" \
                "$([ "$(run demo readlink /proc/self/ns/user)" = "$(readlink /proc/self/ns/user)" ] || echo 1)" "$own_ns"

        for user in 0 1000; do
                begin --user $user demo
                is "$mode: uid $user on the machine is what the map says" "$(awk '$1 == "Uid:" { print $2 }' "/proc/$init/status")" "$(outside $user)"
                end
        done
        [ "$mode" = root ] || like "$mode: root inside is not the machine's" "$(outside 0)$(outside 1000)" '[1-9]*'
        if [ "$mode" = range ]; then
                is "$mode: root inside is who started it" "$(outside 0)" "$(as_mode range id -u)"
                is "$mode: 1000 is who is asked for" "$(as_mode "$mode" "$vitrine" run --user 70000 demo true 2>&1 | head -n 1)" \
                        "vitrine: --user 70000: uid 70000 is not in the user namespace: it has the ids 0 to $range_ids"
                is "$mode: exec as another user" "$(begin --name matrix demo; as_mode range "$vitrine" exec -u student matrix id -u; end)" 1000
        fi

        # The image is its user's own; as root it is root's, also where root inside is somebody else.
        image=$work/image-$mode
        make_image "$image"
        give "$mode" "$image"
        before=$(find "$image" -ls | sort | cksum)
        out=$(run "dir:$image" sh -c 'echo x >/etc/passwd && rm /bin/id && chmod 700 /root && stat -c "%u %g" /etc /bin/busybox | sort -u')
        if [ "$mode" = remap ] && as_mode remap "$vitrine" snapshot "dir:$image" sleep 9 | grep -q 'owners have no id'; then
                is "$mode: an image whose owners are nobody stays as it is" "$out" ""
        else
                is "$mode: an image can be changed inside" "$out" "0 0"
        fi
        is "$mode: and is not changed outside" "$(find "$image" -ls | sort | cksum)" "$before"
        if [ "$mode" = remap ]; then
                chmod 700 "$work/image-$mode"
                chmod 700 "$work"
                is "$mode: an image that is closed to others" "$(run "dir:$image" cat /etc/hostname | wc -l)" 0
                like "$mode: is opened by the machine's root" "$(run "dir:$image" sh -c 'echo in; ls /')" 'in*bin*etc*'
                chmod 755 "$work"
        fi
done

if is_root; then
        # A file system that cannot show other owners: the image is taken as it is, and that is said.
        mkdir "$work/plain"
        make_image "$work/image-plain"
        # shellcheck disable=SC2016
        out=$(unshare -m sh -c 'mount -t ramfs none "$2" && chmod 755 "$2" && cp -R "$3" "$2/image" && chmod 755 "$2/image" &&
                "$1" run --userns remap "dir:$2/image" sh -c "id -u; touch /etc/passwd; stat -c %u /etc" 2>/dev/null
                "$1" snapshot --userns remap "dir:$2/image" sleep 9 | grep "^note:"' sh "$vitrine" "$work/plain" "$work/image-plain")
        like "an image that cannot be shown otherwise: said" "$out" "0
65534
note: *owners have no id in here*"
        # In a user namespace without those ids there is no other root to be.
        unshare -U --map-users=0:0:65536 --map-groups=0:0:65536 true 2>/dev/null &&
                like "a user namespace that has not got the ids: refused" \
                        "$(unshare -U --map-users=0:0:65536 --map-groups=0:0:65536 --setuid 0 --setgid 0 "$vitrine" run --userns remap demo true 2>&1)" \
                        'vitrine: --userns remap: the user namespace around vitrine has not got the ids*hint: *'
        is "root's own line in /etc/subuid" "$(unshare -m sh -c 'echo root:3000000:70000 >"$2/sub" && mount --bind "$2/sub" /etc/subuid && mount --bind "$2/sub" /etc/subgid &&
                "$1" run --userns remap demo cat /proc/self/uid_map | xargs' sh "$vitrine" "$work")" "0 3000000 70000"
        is "a line that would give root itself away is none" "$(unshare -m sh -c 'echo root:0:70000 >"$2/sub" && mount --bind "$2/sub" /etc/subuid && mount --bind "$2/sub" /etc/subgid &&
                "$1" run --userns remap demo cat /proc/self/uid_map | xargs' sh "$vitrine" "$work")" "0 1879048192 65536"
fi
finish
