# SPDX-License-Identifier: MIT
# `vitrine run`: what comes out, exit codes, signals, the words of refusals.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"
mkdir "$work/closed"
printf 'no program\n' >"$image/bin/text"
chmod 755 "$image/bin/text"

first() { head -n 1 "$work/err"; }

for mode in $(modes_and_remap); do
        run() { as_mode "$mode" "$vitrine" run "$@" 2>"$work/err" </dev/null; }

        is "$mode: ps -e shows one process" "$(run ubuntu ps -e -o pid= | tr -d ' \n')" 1
        is "$mode: and it is ps" "$(run ubuntu ps -e -o comm= | tr -d ' \n')" ps
        run ubuntu nosuchcmd; is "$mode: not found is 127" $? 127
        is "$mode: and says so" "$(first)" "vitrine: run nosuchcmd: not found in the container's PATH"
        run ubuntu /etc; is "$mode: a folder is 126" $? 126
        run "dir:$image" text; is "$mode: a wrong format is 126" $? 126
        run ubuntu sh -c 'exit 7'; is "$mode: the command's own exit" $? 7
        run -p 80:80 ubuntu true; is "$mode: a port is refused with 125" $? 125
        like "$mode: with a reason" "$(first)" 'vitrine: -p*: ?*'
        like "$mode: and what to do" "$(sed -n 2p "$work/err")" 'hint: ?*'
        run "dir:$image"; is "$mode: no command is 125" $? 125
        run; is "$mode: no image is 125" $? 125
        run dir:/nosuch true; is "$mode: no such folder is 125" $? 125
        run --cap-add KILLL ubuntu true; like "$mode: a near miss is offered" "$(sed -n 2p "$work/err")" '*KILL*'
        is "$mode: standard output" "$(run ubuntu echo a b)" "a b"
        run ubuntu echo a >/dev/full; is "$mode: output for which there is no room is 125" $? 125
        is "$mode: and is said to be lost" "$(first)" "vitrine: pass the command's output on: No space left on device"
        is "$mode: a reader that has gone is no failure" "$(run ubuntu seq 100000 | head -n 1; grep -c ^vitrine "$work/err")" "1
0"
        # dd leaves the flag on the pipe that it shares.
        is "$mode: an output that does not wait loses nothing" "$( (dd if=/dev/null oflag=nonblock 2>/dev/null
                run ubuntu head -c 300000 /dev/zero; echo $? >"$work/status") | (sleep 1; wc -c); cat "$work/status")" "300000
0"
        is "$mode: standard error is apart" "$(run ubuntu sh -c 'echo x >&2')$(first)" x
        is "$mode: without -i there is no input" "$(echo hello | as_mode "$mode" "$vitrine" run ubuntu cat)" ""
        is "$mode: with -i there is" "$(echo hello | as_mode "$mode" "$vitrine" run -i ubuntu cat)" hello
        is "$mode: a megabyte through pipes" "$(head -c 1000000 /dev/zero | as_mode "$mode" "$vitrine" run -i ubuntu cat | wc -c)" 1000000
        is "$mode: a reader that goes away" "$(as_mode "$mode" timeout 20 "$vitrine" run ubuntu yes | head -n 1)" y
        is "$mode: hostname" "$(run -h glass ubuntu cat /proc/sys/kernel/hostname)" glass
        is "$mode: hostname is the id" "$(run ubuntu sh -c 'cat /proc/sys/kernel/hostname' | grep -cE '^[0-9a-f]{12}$')" 1
        # As asked of Docker 20.10 and Podman 4.3: the name is the machine's, the variable docker's own.
        is "$mode: with --uts host the name is the machine's" "$(run --uts host ubuntu cat /proc/sys/kernel/hostname)" "$(cat /proc/sys/kernel/hostname)"
        is "$mode: and HOSTNAME the id" "$(run --uts host ubuntu printenv HOSTNAME | grep -cE '^[0-9a-f]{12}$')" 1
        is "$mode: but for podman the machine's" "$(run --engine podman --uts host ubuntu printenv HOSTNAME)" "$(cat /proc/sys/kernel/hostname)"
        is "$mode: as with --network host" "$(run --uts host --network host ubuntu printenv HOSTNAME)" "$(cat /proc/sys/kernel/hostname)"
        is "$mode: working directory" "$(run -w /new/dir ubuntu pwd)" /new/dir
        run -w relative ubuntu pwd; is "$mode: a relative one is 125" $? 125
        run -w /etc/passwd ubuntu pwd; is "$mode: a file as one is 125" $? 125
        is "$mode: environment" "$(run -e A=1 -e B=2 ubuntu sh -c 'echo $A $B $HOME')" "1 2 /root"
        is "$mode: uid 1000 inside" "$(run --user 1000 ubuntu id -u)" 1000
        is "$mode: its home" "$(run --user 1000 ubuntu sh -c 'cd; pwd')" /home/student
        is "$mode: entrypoint" "$(run --entrypoint echo ubuntu z)" z
        run --read-only ubuntu touch /tmp/x; is "$mode: read-only covers /tmp" $? 1
        is "$mode: but not /dev/shm" "$(run --read-only ubuntu sh -c 'echo x >/dev/shm/f && echo ok')" ok
        is "$mode: a command writes /dev/stdout" "$(run --user 1000 ubuntu sh -c 'echo x >/dev/stdout')" x
        is "$mode: PID 1 does not get its own KILL" "$(run ubuntu sh -c 'kill -9 $$; echo alive')" alive
        is "$mode: whether another user may ping" "$(run -u 1000 --cap-drop ALL ubuntu cat /proc/sys/net/ipv4/ping_group_range | tr '\t' ' ')" \
                "$(if [ "$mode" = root ]; then echo 0 2147483647; else echo 65534 65534; fi)"
        is "$mode: a low port is free" "$(run --cap-drop ALL ubuntu cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" 0
        is "$mode: lo is up" "$(run ubuntu cat /sys/class/net/lo/operstate)" unknown
        is "$mode: seccomp filters" "$(run ubuntu sed -n 's/^Seccomp:\t//p' /proc/self/status)" 2
        is "$mode: unconfined does not" "$(run --security-opt seccomp=unconfined ubuntu sed -n 's/^Seccomp:\t//p' /proc/self/status)" 0
        run ubuntu setarch -R true; is "$mode: personality is filtered" $? 1
        run --security-opt seccomp=unconfined ubuntu setarch -R true; is "$mode: and is not without" $? 0
        run --security-opt seccomp=/nosuch ubuntu true; is "$mode: a missing profile is 125" $? 125

        : >"$work/out"
        ( exec_mode "$mode" "$vitrine" run ubuntu sh -c 'trap "echo got; exit 3" TERM; echo ready; while :; do sleep 0.05; done' >"$work/out" 2>&1 ) &
        pid=$!
        i=0
        while ! grep -q ready "$work/out" && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
        kill -TERM $pid
        wait $pid
        is "$mode: TERM is forwarded" "$? $(tail -n 1 "$work/out")" "3 got"

        : >"$work/out"
        ( exec_mode "$mode" "$vitrine" run ubuntu sh -c 'echo ready; exec sleep 1000' >"$work/out" 2>&1 ) &
        pid=$!
        i=0
        while ! grep -q ready "$work/out" && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
        kill -INT $pid
        sleep 0.3
        kill -INT $pid
        wait $pid
        is "$mode: the second INT within two seconds kills" $? 137
done
finish
