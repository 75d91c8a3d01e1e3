# SPDX-License-Identifier: MIT
# `vitrine exec`: docker exec's rules, who is let in, and that nothing of vitrine's stays inside.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"
echo 'many:x:77:77::/:/bin/sh' >>"$image/etc/passwd"
for i in $(seq 64); do echo "g$i:x:$((3000 + i)):many"; done >>"$image/etc/group"
for tool in sed sort tr uniq; do ln -s busybox "$image/bin/$tool"; done
cp "$top_builddir/tests/kernel/knock" "$top_builddir/tests/kernel/impostor" "$work/" || exit 99
glass=glass$$ # a name that nobody else has taken
default=00000000a80425fb
zero=0000000000000000

# begin MODE FLAGS…: a container named $glass; sets $pid and $init.
begin() {
        mode=$1
        shift
        ( exec_mode "$mode" "$vitrine" run --name $glass "$@" sleep 300 </dev/null ) &
        pid=$!
        init=
        i=0
        while [ -z "$init" ] && [ $i -lt 100 ]; do
                sleep 0.05
                init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper || echo 0)" -x sleep)
                i=$((i + 1))
        done
}

end() {
        kill -9 $pid
        wait $pid 2>/dev/null
        i=0
        while ! is_gone "$init" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
}

caps='sed -n s/^Cap[PEB][rfn][mfd]:.//p /proc/self/status'

for mode in $(modes_and_remap); do
        exec_in() { as_mode "$mode" "$vitrine" exec "$@" 2>"$work/err"; }

        umask 077
        begin "$mode" "dir:$image"
        umask 022
        is "$mode: root has the bounding set" "$(exec_in $glass $caps | tr '\n' ' ')" "$default $default $default "
        is "$mode: by PID" "$(exec_in "$init" echo here)" here
        is "$mode: by the beginning of the id" "$(exec_in "$(exec_in $glass hostname | cut -c1-6)" echo here)" here
        is "$mode: nothing of vitrine's is inside" "$(exec_in $glass sh -c 'cat /proc/[0-9]*/comm /proc/[0-9]*/cmdline | grep -c "[v]itrine"')" 0
        is "$mode: working directory and environment" "$(exec_in -w /tmp -e A=1 $glass sh -c 'pwd; echo $A $HOME')" "/tmp
1 /root"
        path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        # As docker 20.10 has it: what a name alone means depends on the caller.
        is "$mode: a name alone is the caller's variable" \
                "$(export FOO=1; exec_in -e FOO=9 -e FOO $glass sh -c 'echo "$FOO $PATH"')" "1 $path"
        is "$mode: his PATH too, where it is named" "$(PATH=$PATH:/of/caller; exec_in -e PATH $glass /bin/sh -c 'echo "$PATH"')" \
                "$PATH:/of/caller"
        is "$mode: a name that he has not takes away what the container has" \
                "$(unset HOSTNAME FOO; exec_in -e HOSTNAME -e FOO $glass env | grep -c -e HOSTNAME -e FOO)" 0
        is "$mode: and not what the line says" "$(unset FOO; exec_in -e FOO=2 -e FOO $glass sh -c 'echo "$FOO"')" 2
        is "$mode: without HOME it is the user's" "$(unset HOME; exec_in -e HOME $glass sh -c 'echo "$HOME"') $(exec_in -e HOME= $glass sh -c 'echo "$HOME"')" \
                "/root /root"
        is "$mode: an engine's mask for what it makes" "$(exec_in $glass sh -c umask)" 0022
        exec_in $glass sh -c 'exit 7'; is "$mode: its own exit" $? 7
        exec_in $glass sh -c 'kill -TERM $$'; is "$mode: death by a signal" $? 143
        exec_in $glass nosuch; is "$mode: not found is 127" $? 127
        exec_in $glass /etc; is "$mode: a folder is 126" $? 126
        exec_in -u nosuch $glass true; is "$mode: an unknown user is 125" $? 125
        exec_in -u many $glass true; is "$mode: somebody of too many groups is 125" $? 125
        [ "$mode" = user ] || is "$mode: and loses none of them unsaid" "$(sed -n 1p "$work/err")" "vitrine: --user many: more than 64 groups"
        kill -STOP "$(pgrep -P $pid -f vitrine-keeper)"
        exec_in $glass true; is "$mode: one whose keeper does not answer is not called missing" "$? $(sed -n 1p "$work/err")" \
                "125 vitrine: ask the containers' keepers: Connection timed out"
        kill -CONT "$(pgrep -P $pid -f vitrine-keeper)"
        exec_in nosuch true; is "$mode: no such container is 125" $? 125
        like "$mode: and those that there are" "$(sed -n 2p "$work/err")" '*glass*'
        exec_in --cap-add KILL $glass true; is "$mode: a flag of run alone is 125" $? 125
        exec_in --engine podman $glass true; is "$mode: so is --engine" $? 125
        is "$mode: but \$VITRINE_FLAGS may name one" "$(export VITRINE_FLAGS='--engine podman'; exec_in $glass echo here)" here
        exec_in $glass; is "$mode: no command is 125" $? 125
        is "$mode: with -i there is input" "$(echo hello | exec_in -i $glass cat)" hello
        is "$mode: without -i there is none" "$(echo hello | exec_in $glass cat)" ""
        is "$mode: -t gives a terminal" "$(exec_in -t $glass sh -c 'test -t 0 && test -t 1 && echo $TERM' | tr -d '\r')" xterm
        exec_in $glass sh -c 'sleep 100 & echo on' >"$work/out"
        is "$mode: it ends with its own process" "$? $(cat "$work/out")" "0 on"
        exec_in $glass sh -c 'kill -9 1; kill -TERM 1'
        is_gone "$init"; is "$mode: PID 1 is not ended from inside" $? 1
        as_mode "$mode" "$vitrine" run --name $glass demo true 2>"$work/err"
        is "$mode: a second container of the name is 125" "$? $(sed -n 1p "$work/err")" \
                "125 vitrine: --name $glass: a container of yours that runs has this name"
        id=$(exec_in $glass hostname)
        uid=$(as_mode "$mode" id -u)
        is "$mode: who knocks from outside is answered" "$(as_mode "$mode" "$work/knock" "vitrine/$uid/$id")" answered
        end
        is "$mode: the socket has gone with the container" "$(as_mode "$mode" "$work/knock" "vitrine/$uid/$id")" "nobody there"

        # With the machine's network the socket is in reach, and as root the uid is the same: from inside nobody is answered.
        ( exec_mode "$mode" "$vitrine" run -i --network host --pid host --name $glass demo sh -c 'cat >/tmp/knock; touch /tmp/'$glass'; chmod 755 /tmp/knock; while read -r s </tmp/name 2>/dev/null || sleep 0.1; do [ -n "$s" ] && break; done; /tmp/knock "$s"; unshare -m /tmp/knock "$s" 2>/dev/null || echo "turned away"' <"$work/knock" >"$work/out" 2>"$work/err" ) &
        pid=$!
        i=0
        while ! exec_in $glass test -x /tmp/knock && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
        # Its own socket, among those of other containers.
        id=
        for candidate in $(awk '/@vitrine\/'"$uid"'\/[0-9a-f]*$/ { sub(".*/", "", $8); print $8 }' /proc/net/unix); do
                exec_in "$candidate" test -e "/tmp/$glass" 2>/dev/null && id=$candidate
        done
        is "$mode: (it is answered from outside)" "$(as_mode "$mode" "$work/knock" "vitrine/$uid/$id")" answered
        exec_in $glass sh -c "echo vitrine/$uid/$id >/tmp/name"
        wait $pid
        is "$mode: who knocks from inside is turned away" "$(sort -u "$work/out")" "turned away"

        # And who listens there in a keeper's place is handed nothing.
        ( exec_mode "$mode" "$vitrine" run -i --network host --name $glass demo sh -c "cat >/tmp/impostor; chmod 755 /tmp/impostor; exec /tmp/impostor $uid" <"$work/impostor" >"$work/out" 2>"$work/err" ) &
        pid=$!
        i=0
        while ! grep -q listening "$work/out" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
        exec_in 0123456789ab true
        is "$mode: an impostor's container is not there" "$? $(sed -n 's/.*: no container/no container/p' "$work/err")" \
                "125 no container of yours that runs has this name, id or PID"
        exec_in $glass true
        is "$mode: and hides nobody's" "$? $(cat "$work/out")" "0 listening"
        kill -9 $pid
        wait $pid 2>/dev/null
done

# A name that no container has, and yet is taken: as root by another user.
: >"$work/held"
( exec_mode user "$work/impostor" "$(id -u)" "name:$glass" >"$work/held" ) &
pid=$!
i=0
while ! grep -q listening "$work/held" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
"$vitrine" run --name $glass demo true 2>"$work/err"
is "a name that is somebody else's is not called a container's" "$? $(sed -n 1p "$work/err")" \
        "125 vitrine: --name $glass: another process of this machine holds this name, and no container of yours that answers has it"
kill -9 $pid
wait $pid 2>/dev/null

# Thousands of names that are somebody else's: to look through them takes no time to speak of.
begin "$(modes | cut -d ' ' -f 1)" demo
mkfifo "$work/hold"
( exec_mode user "$work/impostor" "$(as_mode "$mode" id -u)" crowd 40000 <"$work/hold" >"$work/held" ) &
crowd=$!
exec 8>"$work/hold"
i=0
while ! grep -q taken "$work/held" && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
if grep -q taken "$work/held"; then
        # Seconds of the processor: others may have it meanwhile.
        took=$( (as_mode "$mode" "$vitrine" exec $glass echo here >"$work/out"; times) | tail -n 1 | sed 's/^\([0-9]*\)m\([0-9]*\).*/\1 \2/')
        is "among thousands of names that others hold a container is found" "$(cat "$work/out") $took" "here 0 0"
else
        skip "thousands of names that others hold" "so many sockets cannot be had here"
fi
exec 8>&-
wait $crowd
end

if is_root; then
        mode=root
        exec_in() { "$vitrine" exec "$@" 2>"$work/err"; }
        # Until its exec a newcomer is the keeper's copy, and whoever holds SYS_PTRACE inside reads its memory.
        export GLASS_SECRET=$glass
        begin root "dir:$image"
        keeper=$(pgrep -P $pid -f vitrine-keeper)
        is "the caller's environment is vitrine's" "$(grep -c "GLASS_SECRET=$glass" "/proc/$pid/environ")" 1
        is "and not the keeper's" "$(grep -c "$glass" "/proc/$keeper/environ")" 0
        unset GLASS_SECRET
        end
        begin root --user 1000 "dir:$image"
        is "user 1000's container: exec is 1000 as well" "$(exec_in $glass id)" "uid=1000(student) gid=1000(student) groups=1000(student),2001(staff2)"
        is "user 1000's container: without power" "$(exec_in $glass $caps | tr '\n' ' ')" "$zero $zero $default "
        is "user 1000's container: -u 0 regains it" "$(exec_in -u 0 $glass $caps | tr '\n' ' ')" "$default $default $default "
        is "user 1000's container: HOME of exec's user" "$(exec_in -u 0 $glass sh -c 'echo $HOME')" /root
        end
        begin root --user 1000 -e HOME=/x "dir:$image"
        is "a HOME that was asked for stays" "$(exec_in -u 0 $glass sh -c 'echo $HOME')" /x
        end
        begin root --user 1000 --security-opt no-new-privileges "dir:$image"
        is "no-new-privileges: -u 0 regains nothing" "$(exec_in -u 0 $glass $caps | tr '\n' ' ')" "$zero $zero $default "
        end
        begin root --security-opt no-new-privileges "dir:$image"
        is "no-new-privileges: root's container keeps its set" "$(exec_in $glass $caps | tr '\n' ' ')" "$default $default $default "
        is "no-new-privileges: and the bit" "$(exec_in $glass sed -n 's/^NoNewPrivs:\t//p' /proc/self/status)" 1
        end
        begin root "dir:$image"
        is "another user has no power" "$(exec_in -u student $glass $caps | tr '\n' ' ')" "$zero $zero $default "
        is "another user has his groups" "$(exec_in -u 1001 $glass id)" "uid=1001(multi) gid=1001(multi) groups=1001(multi),2000(extra),2001(staff2)"
        end
        begin root --group-add 4444 "dir:$image"
        is "groups that were added are exec's too" "$(exec_in $glass sed -n 's/^Groups:\t//p' /proc/self/status)" "0 4444 "
        is "another user's as well (docker 20.10)" "$(exec_in -u 1001 $glass sed -n 's/^Groups:\t//p' /proc/self/status)" "1001 2000 2001 4444 "
        end
        begin root --engine podman --group-add 4444 "dir:$image"
        is "with podman's rules another user has his own alone" "$(exec_in -u 1001 $glass sed -n 's/^Groups:\t//p' /proc/self/status)" "1001 2000 2001 "
        end
        begin root "dir:$image"
        exec_in -u 1000 $glass kill -0 1
        is "another user may not signal root's PID 1" $? 1
        is "seccomp filters" "$(exec_in $glass sed -n 's/^Seccomp:\t//p' /proc/self/status)" 2
        is "another user of the machine is not let in" "$(as_user "$vitrine" exec $glass echo in 2>/dev/null)" ""
        end

        # Numbers come round: the next command has the number of one that could not be run.
        if [ -e /proc/sys/kernel/ns_last_pid ]; then
                # shellcheck disable=SC2016
                timeout 60 unshare -pf --mount-proc sh -c '"$0" run --name "$1" demo sleep 300 &
                        until "$0" exec "$1" true 2>/dev/null; do :; done
                        while read -r command; do
                                echo 20000 >/proc/sys/kernel/ns_last_pid
                                "$0" exec "$1" $command 2>/dev/null
                                echo $? "$(cat /proc/sys/kernel/ns_last_pid)"
                        done' "$vitrine" $glass >"$work/out" 2>"$work/err" <<'END'
nosuch
ls /nosuch
END
                number=$(sed -n 's/^127 //p' "$work/out")
                "$vitrine" run demo true # takes the cgroup away: keeper and vitrine have died together
                is "whoever ended before under a command's number is not taken for it" "$(cat "$work/out")" "127 $number
2 $number"
        else
                skip "numbers that come round" "this kernel has no ns_last_pid"
        fi
fi
finish
