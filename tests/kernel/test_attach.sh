# SPDX-License-Identifier: MIT
# `vitrine attach`: what it says of containers that others started, compared with /proc read from outside; and that nothing
# of them is changed, and nothing of vitrine's stays inside.
. "$top_srcdir/tests/lib/tap.sh"
ended=
t=$((100000 + $$)) # seconds to sleep, by which its processes are found

json() { jq -rc "$1" "$work/json"; }

# NSpid, the numbers of a process from this PID namespace inwards.
nspid() { sed -n 's/^NSpid:\t//p' "/proc/$1/status" | tr '\t' ' '; }
pidns() { readlink "/proc/$1/ns/pid" | tr -dc '0-9'; }

# The only process below PID whose command line is exactly this; waits for it.
await() { # PID COMMAND
        i=0
        found=
        while [ -z "$found" ] && [ $i -lt 200 ]; do
                found=$(pgrep -f -x "$2" | while read -r p; do [ "$p" != "$1" ] && echo "$p"; done | head -n 1)
                [ -z "$found" ] && sleep 0.05
                i=$((i + 1))
        done
        echo "$found"
}

# Whoever is in the PID namespace of INIT or in one below, from the status files alone: those that have a number at its
# level, and are in it themselves or descend from its init. As "outside=inside", sorted.
members() { # INIT
        ns=$(pidns "$1")
        # (awk ends at a file that has gone meanwhile.)
        cat /proc/[0-9]*/status 2>/dev/null | awk -v level="$(nspid "$1" | wc -w)" -v init="$1" '
                /^Pid:/ { pid = $2 }
                /^PPid:/ { parent[pid] = $2 }
                /^NSpid:/ && NF > level { inside[pid] = $(level + 1); deeper[pid] = NF > level + 1 }
                END { for (p in inside) {
                        for (at = p; deeper[p] && at > 1 && at != init; ) at = parent[at]
                        if (!deeper[p] || at == init) print p, deeper[p], inside[p]
                } }' | while read -r p below n; do
                if [ "$below" = 1 ] || [ "$(pidns "$p" 2>/dev/null)" = "$ns" ]; then echo "$p=$n"; fi
        done | sort -n
}

# All that a look could change of a target.
state() { # INIT
        for type in pid user mnt uts ipc net cgroup time; do readlink "/proc/$1/ns/$type"; done
        wc -l <"/proc/$1/mountinfo"
        cat "/proc/$1/mountinfo"
        members "$1"
        sed -n '/^Cap\|^Uid\|^Gid\|^Seccomp\|^TracerPid/p' "/proc/$1/status"
}

# compare NAME MODE PID INIT: a look by MODE at PID shows INIT's container as /proc has it, and leaves it so.
compare() {
        name=$1
        state "$4" >"$work/before"
        as_mode "$2" "$vitrine" attach "$3" --json >"$work/json" 2>"$work/err"
        is "$name: exits 0" "$? $(cat "$work/err")" "0 "
        state "$4" >"$work/after"
        is "$name: nothing of it has changed" "$(diff "$work/before" "$work/after")" ""
        is "$name: nothing of vitrine's is inside" "$(members "$4" | while IFS='=' read -r p _; do cat "/proc/$p/comm"; done | grep -c vitrine)" 0
        is "$name: init" "$(json '[.init.pid_host, .init.pid_container]')" "[$4,1]"
        is "$name: the host's rows are tied as NSpid says" "$(json '.host[] | select(.container_pid) | "\(.pid)=\(.container_pid)"' | sort -n)" "$(members "$4")"
        is "$name: the container's rows are tied to them" "$(json '.container[] | "\(.host_pid)=\(.pid)"' | sort -n)" "$(members "$4")"
        is "$name: the namespace is init's" "$(json '.namespaces[] | select(.type == "pid") | .container')" "$(pidns "$4")"
        is "$name: the masks are the kernel's" "$(json '.init.caps | .effective + " " + .bounding')" \
                "$(sed -n 's/^CapEff:\t//p' "/proc/$4/status") $(sed -n 's/^CapBnd:\t//p' "/proc/$4/status")"
        is "$name: the user on the machine" "$(json .init.uid.host)" "$(awk '/^Uid:/ { print $3 }' "/proc/$4/status")"
        is "$name: seccomp and no-new-privs" "$(json '[.init.seccomp, .init.no_new_privs]')" \
                "[$(awk '/^Seccomp:/ { print $2 }' "/proc/$4/status"),$(awk '/^NoNewPrivs:/ { print $2 == 1 ? "true" : "false" }' "/proc/$4/status")]"
        is "$name: what cannot be known is null" "$(json '[.equivalent, .spec.image, .spec.root, .spec.env, .spec.hostname, .spec.tty] | unique')" "[null]"
        is "$name: networks are compared" "$(json .spec.network)" \
                "$([ "$(readlink /proc/self/ns/net)" = "$(readlink "/proc/$4/ns/net")" ] && echo host || echo private)"
}

# in_list MODE INIT FILTER
in_list() { as_mode "$1" "$vitrine" attach --json | jq -rc --argjson p "$2" ".containers[] | select(.pid == \$p) | $3"; }

end() { # PIDS…
        kill -9 "$@" 2>/dev/null
        for p in "$@"; do wait "$p" 2>/dev/null; done
        ended=yes
}

# Nothing is launched here: which ids it has is the container's own matter.
for how in root user; do
        is_root || [ "$how" = user ] || continue
        # By hand, with two processes inside; without root in a user namespace.
        flags=-fp
        [ "$how" = user ] && flags=-Urfp
        ( exec_mode "$how" unshare $flags --mount-proc --kill-child sh -c "sleep ${t}1 & exec sleep ${t}2" ) &
        hand=$!
        init=$(await 0 "sleep ${t}2")
        inner=$(await 0 "sleep ${t}1")
        compare "$how, by hand" "$how" "$init" "$init"
        compare "$how, by any process of it" "$how" "$inner" "$init"
        is "$how: its own id inside" "$(json .init.uid.container)" 0
        is "$how: the mode" "$(json .mode)" "$([ "$how" = root ] && echo root || echo one-id)"
        is "$how: no filter is seccomp=unconfined" "$(json .spec.seccomp)" unconfined
        is "$how: the list has it" "$(in_list "$how" "$init" '[.processes, .command, .uid, .pid_namespace, .readable]')" \
                "[2,\"sleep ${t}2\",$(awk '/^Uid:/ { print $3 }' "/proc/$init/status"),$(pidns "$init"),true]"
        like "$how: the list in words" "$(as_mode "$how" "$vitrine" attach)" "*$init *2 *sleep ${t}2*"
        is "$how: a container once" "$(as_mode "$how" "$vitrine" attach --json | jq '[.containers[].pid] | length == (unique | length)')" true
        if is_root && [ "$how" = user ]; then
                compare "root, at a user's" root "$init" "$init"
        fi
        if is_root && [ "$how" = root ]; then
                as_user "$vitrine" attach "$init" --json >"$work/json" 2>"$work/err"
                is "a user, at root's: refused" $? 125
                like "the reason" "$(sed -n 1p "$work/err")" "*another user's process may not be read*"
                is "the hint" "$(sed -n 2p "$work/err")" "hint: sudo $vitrine attach $init"
                is "the same in JSON" "$(json .error.hint)" "sudo $vitrine attach $init"
                is "a user's list has it as not readable" "$(in_list user "$init" '[.readable, .processes, .pid_namespace, .command]')" "[false,null,null,\"sleep ${t}2\"]"
                like "and says so" "$(as_user "$vitrine" attach)" "*may not be looked into (?): sudo $vitrine attach*"
        fi
        end $hand
        i=0
        while ! is_gone "$init" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
        as_mode "$how" "$vitrine" attach "$init" --json >"$work/json" 2>"$work/err"
        is "$how: one that has gone is refused" "$? $(grep -cE 'no such process|has ended' "$work/err")" "125 1"

        # A name that is none for a terminal: in the list, and in the object.
        evil=$(printf 'a\033]0;x\007b')
        cp "$(command -v sleep)" "$work/$evil"
        ( exec_mode "$how" unshare $flags --kill-child "$work/$evil" ${t}3 ) &
        hand=$!
        init=$(await 0 ".*\]0;x.* ${t}3")
        i=0
        while [ "$(nspid "$init" | wc -w)" != 2 ] && [ $i -lt 100 ]; do sleep 0.05; init=$(pgrep -P $hand | head -n 1); i=$((i + 1)); done
        is "$how: a name's bytes are escaped in words" "$(as_mode "$how" "$vitrine" attach | tr -d '\n' | tr -dc '\033\007' | wc -c)" 0
        is "$how: and in JSON" "$(in_list "$how" "$init" .comm)" 'a\x1b]0;x\x07b'
        end $hand

        # A PID namespace in a PID namespace: each is a container, and the outer one counts both.
        ( exec_mode "$how" unshare $flags --mount-proc --kill-child sh -c "unshare -fp --kill-child sh -c 'sleep ${t}4 & exec sleep ${t}5' & exec sleep ${t}6" ) &
        hand=$!
        outer=$(await 0 "sleep ${t}6")
        inner=$(await 0 "sleep ${t}5")
        await 0 "sleep ${t}4" >/dev/null
        is "$how: (three numbers)" "$(nspid "$inner" | wc -w)" 3
        compare "$how, the outer of two" "$how" "$outer" "$outer"
        compare "$how, the inner of two" "$how" "$inner" "$inner"
        is "$how: the outer one counts what is below it" "$(in_list "$how" "$outer" .processes)" "$(members "$outer" | wc -l)"
        is "$how: the inner one its own" "$(in_list "$how" "$inner" .processes)" 2
        end $hand

        # One of vitrine's own, by name, id, PID.
        ( exec_mode "$how" "$vitrine" run --name "pane-$$" --user 1000 --cap-drop KILL --security-opt no-new-privileges demo sleep ${t}7 </dev/null ) &
        cage=$!
        init=$(await 0 "sleep ${t}7")
        compare "$how, vitrine's own" "$how" "pane-$$" "$init"
        is "$how: it is known by its name" "$(json '[.attached.pid, .attached.engine, .attached.name, .spec.name]')" "[$init,\"vitrine\",\"pane-$$\",\"pane-$$\"]"
        is "$how: the user and the caps are derived" "$(json '[.spec.user, .spec.cap_add, .spec.cap_drop, .spec.no_new_privileges, .spec.seccomp]')" \
                "[\"1000:$(json .init.gid.container)\",[],[\"KILL\"],true,\"\"]"
        is "$how: by the beginning of its id" "$(as_mode "$how" "$vitrine" attach "$(json .attached.id | cut -c1-6)" --json | jq .init.pid_host)" "$init"
        is "$how: in the list" "$(in_list "$how" "$init" '[.engine, .name]')" "[\"vitrine\",\"pane-$$\"]"
        is_gone "$init"; is "$how: it goes on" $? 1
        end $cage

        ( exec_mode "$how" "$vitrine" run --name "long-$$" demo sh -c "sleep ${t}9; :" x "$(printf '%06000d' 0)" last </dev/null ) &
        cage=$!
        await 0 "sleep ${t}9" >/dev/null
        as_mode "$how" "$vitrine" attach "long-$$" --json >"$work/json" 2>"$work/err"
        is "$how: a long command is told whole" "$(json '.spec.command | [length, (.[4] | length), .[5]]')" '[6,6000,"last"]'
        end $cage

        # What is refused.
        for word in nosuch 0 -1 1x 99999999999999999999 ''; do
                as_mode "$how" "$vitrine" attach --json -- "$word" >"$work/json" 2>"$work/err"
                is "$how: '$word' is refused" "$? $(json '.error | has("hint")')" "125 true"
        done
        as_mode "$how" sh -c '"$0" attach --json $$; exit $?' "$vitrine" >"$work/json" 2>"$work/err"
        is "$how: what shares the machine's PIDs is refused" $? 125
        like "$how: with the reason" "$(cat "$work/err")" "*no PID namespace of its own*hint: vitrine attach lists*"
        ( exec_mode "$how" "$vitrine" run --pid host --name "shares-$$" demo sleep ${t}8 </dev/null ) &
        cage=$!
        await 0 "sleep ${t}8" >/dev/null
        as_mode "$how" "$vitrine" attach "shares-$$" --json >"$work/json" 2>"$work/err"
        like "$how: also by its name" "$? $(cat "$work/err")" "125 *no PID namespace of its own*hint: vitrine attach lists*"
        end $cage
        as_mode "$how" "$vitrine" attach 1 2 2>"$work/err"; is "$how: two words are refused" $? 125
        as_mode "$how" "$vitrine" attach --cap-add KILL 1 2>"$work/err"; is "$how: a run flag is unknown" "$? $(grep -c 'unknown flag' "$work/err")" "125 1"
done

# An engine's: a bundle of runc's, in a control group that is called as docker calls its own.
if ! command -v runc >/dev/null; then
        skip "a container of runc's" "runc is not installed"
elif is_root; then
        id=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
        mkdir -p "$work/bundle"
        make_image "$work/bundle/rootfs"
        ( cd "$work/bundle" && runc spec && jq '.process.args = ["sleep", "'"${t}8"'"] | .process.terminal = false | del(.linux.resources) |
                .linux.cgroupsPath = "/docker/'"$id"'"' config.json >c && mv c config.json )
        ( cd "$work/bundle" && exec runc --root "$work/runc" run "vitrine-test-$$" </dev/null >"$work/runc.out" 2>&1 ) &
        engine=$!
        init=$(await 0 "sleep ${t}8")
        if [ -z "$init" ]; then
                not_ok "runc starts its container" "$(cat "$work/runc.out")"
        else
                compare "runc" root "$init" "$init"
                is "runc: its namespaces" "$(json '[.namespaces[] | select(.shared == false) | .type] | sort')" \
                        "$(for type in pid user mnt uts ipc net cgroup time; do [ "$(readlink "/proc/self/ns/$type")" = "$(readlink "/proc/$init/ns/$type")" ] || echo $type; done | sort | jq -Rc . | jq -sc .)"
                is "runc: three capabilities of its default, as a line would say it" "$(json '.spec.cap_add + .spec.cap_drop | sort')" \
                        '["CHOWN","DAC_OVERRIDE","FOWNER","FSETID","MKNOD","NET_RAW","SETFCAP","SETGID","SETPCAP","SETUID","SYS_CHROOT"]'
                if grep -q "docker/$id" "/proc/$init/cgroup"; then
                        is "runc: the control group's words are a guess" "$(in_list root "$init" '[.engine, .id]')" "[\"docker\",\"$id\"]"
                        is "runc: by the beginning of that id" "$("$vitrine" attach "$(echo "$id" | cut -c1-12)" --json | jq .init.pid_host)" "$init"
                else
                        skip "runc: the control group's words are a guess" "runc made no control group here"
                fi
                runc --root "$work/runc" kill "vitrine-test-$$" KILL 2>/dev/null || kill -9 "$init"
        fi
        wait $engine 2>/dev/null
        runc --root "$work/runc" delete -f "vitrine-test-$$" 2>/dev/null
fi

is "no reader is left" "$(pgrep -f "^$work/vitrine" | wc -l)" 0
[ -n "$ended" ] || exit 99
finish
