# SPDX-License-Identifier: MIT
# What `vitrine snapshot --json` says, compared with /proc read from outside while the container runs. The container's own
# command holds it there: it reads a FIFO's end through its standard input.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"

# root's line, else what nobody gives out
remap_first=$(awk -F : '$1 == "root" || $1 == "0" { print $2; exit }' /etc/subuid 2>/dev/null)
remap_first=${remap_first:-1879048192}

json() { jq -r "$1" "$work/json"; }

for mode in $(modes_and_remap); do
        snap() { as_mode "$mode" "$vitrine" snapshot --json "$@" >"$work/json" 2>"$work/err" </dev/null; }

        case $mode in
        root) mode_name=root outside=0 at_1000=1000 ;;
        user) mode_name=one-id outside=$(as_mode user id -u) at_1000=$outside ;;
        range)
                mode_name=range outside=$(as_mode range id -u)
                at_1000=$(($(awk -F : -v u="$(as_mode range id -u)" -v n="$(as_mode range id -un)" '$1 == u || $1 == n { print $2; exit }' \
                        "$(if is_root; then echo "$work/etc/subuid"; else echo /etc/subuid; fi)") + 999)) ;;
        remap) mode_name=range outside=$remap_first at_1000=$((remap_first + 1000)) ;;
        esac
        snap ubuntu sleep 3600
        is "$mode: exits 0" $? 0
        is "$mode: schema" "$(json .schema)" 1
        is "$mode: kernel" "$(json .kernel.release)" "$(uname -r)"
        is "$mode: mode" "$(json .mode)" "$mode_name"
        is "$mode: one process inside, PID 1" "$(json '[.container[].pid] | tostring')" "[1]"
        is "$mode: it is sleep" "$(json '.container[0].comm')" sleep
        is "$mode: the tie goes both ways" "$(json '. as $s | [.host[] | select(.container_pid == 1) | .pid] == [$s.init.pid_host] and $s.container[0].host_pid == $s.init.pid_host')" true
        is "$mode: the machine has more" "$(json '(.host | length) > 3')" true
        is "$mode: uid inside" "$(json .init.uid.container)" 0
        is "$mode: uid outside" "$(json .init.uid.host)" "$outside"
        is "$mode: the map is the kernel's" "$(json '[.userns.uid_map[0][1], .userns.gid_map[0][0]] | tostring')" "[$outside,0]"
        is "$mode: mask" "$(json .init.caps.effective)" 00000000a80425fb
        is "$mode: 14 names" "$(json '.init.caps.effective_names | length')" 14
        is "$mode: eight namespaces" "$(json '.namespaces | length')" 8
        is "$mode: own pid namespace" "$(json '.namespaces[] | select(.type == "pid") | .shared')" false
        is "$mode: the host's own, as read here" "$(json '.namespaces[] | select(.type == "pid") | "pid:[\(.host)]"')" "$(readlink /proc/self/ns/pid)"
        is "$mode: user namespace shared only as root" "$(json '.namespaces[] | select(.type == "user") | .shared')" "$([ "$mode" = root ] && echo true || echo false)"
        is "$mode: time namespace is the host's" "$(json '.namespaces[] | select(.type == "time") | .shared')" true
        is "$mode: image and root" "$(json '.spec.image + " " + .spec.root')" "ubuntu demo"
        is "$mode: seccomp" "$(json .init.seccomp)" 2
        is "$mode: PID 1 of the machine is there" "$(json '.host[] | select(.pid == 1) | .comm')" "$(cat /proc/1/comm)"

        snap --user 1000 --cap-drop KILL --security-opt no-new-privileges ubuntu
        is "$mode: user 1000" "$(json '[.init.uid.container, .init.caps.effective, .init.caps.bounding, .init.no_new_privs] | map(tostring) | join(" ")')" \
                "1000 0000000000000000 00000000a80425db true"
        is "$mode: user 1000 on the machine" "$(json .init.uid.host)" "$at_1000"
        is "$mode: the docker line" "$(json .equivalent.docker)" "docker run --user=1000 --cap-drop=KILL --security-opt=no-new-privileges ubuntu"
        snap --pid host ubuntu sleep 3600
        is "$mode: --pid host shares it" "$(json '.namespaces[] | select(.type == "pid") | .shared')" true
        is "$mode: two equal numbers" "$(json '.init.pid_host == .init.pid_container and .init.pid_host > 1')" true
        snap --user nosuch ubuntu
        is "$mode: a refusal is 125" $? 125
        is "$mode: and an object" "$(json '.schema, (.error | has("step") and has("path") and has("errno") and has("hint"))' | tr '\n' ' ')" "1 true "

        # It ends before the eyes have seen it, as a rule; what was not seen is not said to run.
        as_mode "$mode" timeout 8 "$vitrine" snapshot --json ubuntu true >"$work/ended" 2>/dev/null
        case "$? $(jq -r '.error.step // (.init.pid_host > 1)' "$work/ended")" in
        '125 look at the container' | '0 true') ok "$mode: one that ended is seen, or said to have ended" ;;
        *) not_ok "$mode: one that ended is seen, or said to have ended" "$(cut -c 1-300 "$work/ended")" ;;
        esac
        "$vitrine" explain docker run ubuntu >/dev/full 2>"$work/err"
        is "$mode: what could not be printed is said" "$? $(cat "$work/err")" "125 vitrine: write to standard output: No space left on device"

        # Until its exec it is the keeper's child: the machine's side does not show it as it was then.
        seen=
        for i in $(seq 40); do
                snap ubuntu sleep 3600
                seen="$seen$(json '.host[] | select(.container_pid == 1) | .comm') "
        done
        is "$mode: both sides are of the command" "$(echo "$seen" | tr ' ' '\n' | sort | uniq -c | tr -s ' \n' ' ')" " 1 40 sleep "

        # One whose name is another each time is of no interest to that.
        begin=$(date +%s%N)
        # shellcheck disable=SC2016
        snap ubuntu sh -c 'while :; do i=$((i + 1)); echo $i >/proc/self/comm; done'
        is "$mode: a name that changes all the time is not waited for" "$((($(date +%s%N) - begin) / 1000000000 < 8))" 1

        # A container that runs, beside /proc read from outside.
        ( exec_mode "$mode" "$vitrine" run --cap-drop KILL "dir:$image" sleep 300 ) &
        pid=$!
        init=
        i=0
        while [ -z "$init" ] && [ $i -lt 100 ]; do
                sleep 0.05
                init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper || echo 0)" -x sleep)
                i=$((i + 1))
        done
        is "$mode: the kernel says the mask" "$(sed -n 's/^CapEff:\t//p' "/proc/$init/status")" 00000000a80425db
        is "$mode: and two numbers" "$(sed -n 's/^NSpid:\t//p' "/proc/$init/status")" "$init	1"
        kill -9 $pid
        wait $pid 2>/dev/null
done
finish
