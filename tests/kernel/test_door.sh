# SPDX-License-Identifier: MIT
# Whoever is inside meets those who enter before they run their command. What he can then make the keeper believe.
. "$top_srcdir/tests/lib/tap.sh"
cp "$top_builddir/tests/kernel/thief" "$top_builddir/tests/kernel/visit" "$work/" || exit 99
glass=door$$
: >"$work/said"

# begin MODE FLAGS -- WORDS: a container named $glass in which the thief waits, told WORDS; what he says is in $work/said.
begin() {
        mode=$1
        shift
        flags=
        while [ "$1" != -- ]; do
                flags="$flags $1"
                shift
        done
        shift
        : >"$work/said"
        # shellcheck disable=SC2086
        ( exec_mode "$mode" "$vitrine" run --name $glass $flags -i demo \
                sh -c "cat >/tmp/t; chmod 755 /tmp/t; exec /tmp/t $*" <"$work/thief" >"$work/said" 2>"$work/err" ) &
        pid=$!
        i=0
        while ! grep -q waits "$work/said" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
}

end() {
        kill -9 $pid
        wait $pid 2>/dev/null
}

visit() { as_mode "$mode" timeout 20 "$work/visit" $glass "$@" 2>&1; }

# caught WORD COMMAND…: until the thief has caught one: that is a matter of microseconds.
caught() {
        word=$1
        shift
        n=0
        : >"$work/visits"
        while ! grep -q "^$word" "$work/said" && [ $n -lt 300 ]; do
                "$@" >>"$work/visits"
                sleep 0.05
                n=$((n + 1))
        done
        if grep -q "^$word" "$work/said"; then echo caught; else echo none; fi
}

for mode in $(modes_and_remap); do
        begin "$mode" -- stop
        is "$mode: a newcomer can be stopped from inside" "$(caught stop visit sleep 5)" caught
        like "$mode: he is woken, and runs" "$(cat "$work/visits")" '*started [1-9]*'
        is "$mode: no other answer comes" "$(grep -cv '^started [1-9]' "$work/visits")" 0
        end
done

for mode in $(modes); do
        # Names that somebody listens on and never answers, with a full queue.
        ( exec_mode "$mode" "$work/visit" --squat 300 ) >"$work/squats" &
        squats=$!
        i=0
        while ! grep -q squats "$work/squats" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
        begin "$mode" -- stop
        is "$mode: among many sockets that do not answer it is found by its name" "$(visit true | cut -d' ' -f1)" started
        began=$(date +%s)
        like "$mode: it is in the list" "$(as_mode "$mode" "$vitrine" attach 2>&1 </dev/null)" "*$glass*"
        [ $(($(date +%s) - began)) -lt 20 ]
        is "$mode: which does not wait for each of them" $? 0
        end
        kill $squats
done

if is_root; then
        sleep 300 &
        victim=$!
        begin root --cap-add SYS_PTRACE -- forge $victim
        is "the thief takes a newcomer's socket" "$(caught forge visit sleep 5)" caught
        is "his word for a process of the machine is not believed" "$(grep -cx "started $victim" "$work/visits")" 0
        kill -0 $victim
        is "that process lives" $? 0
        end
        begin root --cap-add SYS_PTRACE -- word $victim
        init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper)")
        is "he takes the socket of whom attach sends in" "$(caught word "$work/visit" --procfs "$init")" caught
        kill -0 $victim
        is "nor is that process ended by a lie to attach" $? 0
        end
        kill $victim
        begin root --privileged -- context 0
        init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper)")
        is "he gives whom attach sends in another file system" "$(caught context "$work/visit" --procfs "$init")" caught
        is "of which nothing is made" "$(grep -x '.*made' "$work/said")" unmade
        like "and he is told" "$(cat "$work/visits")" "*what came from inside is not the /proc of its PID namespace*"
        end
fi
finish
