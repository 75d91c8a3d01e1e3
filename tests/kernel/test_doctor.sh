# SPDX-License-Identifier: MIT
# `vitrine doctor`: what this kernel can be made to refuse is said with a remedy, and is not said when it is not refused.
. "$top_srcdir/tests/lib/tap.sh"

# doctor [COMMAND…]: the JSON in $work/out, begun by a command; prints the exit status.
doctor() {
        "$@" "$vitrine" doctor --json >"$work/out" 2>"$work/err"
        echo $?
}
row() { jq -c --arg id "$1" '.rows[] | select(.id == $id) | .ok' "$work/out"; }
says() { jq -r --arg id "$1" '.rows[] | select(.id == $id) | .says' "$work/out"; }
remedy() { jq -r --arg id "$1" '.rows[] | select(.id == $id) | .remedy' "$work/out"; }
refused() { # NAME STATUS ID HINT: a row that says no, with its remedy, and the trial's row after it
        is "$1: exits" "$2" 1
        is "$1: $3 says no" "$(row "$3")" false
        like "$1: what to do" "$(remedy "$3")" "$4"
        is "$1: tried and refused" "$(row launch)" false
        like "$1: and what to do then" "$(remedy launch)" '?*'
}

mode_of() { "$@" "$vitrine" explain --json docker run demo true | jq -r .mode; }
notes_of() { "$@" "$vitrine" explain --json docker run demo true | jq -r '.notes[]'; }
maps_of() { "$@" "$vitrine" run demo cat /proc/self/uid_map 2>&1 | grep -c .; }

# Without root: a range of ids, what stands in its way, and that the remedy is one.
if [ -n "$range_holder" ]; then
        in_range() { nsenter --mount="/proc/$range_holder/ns/mnt" "$@"; }
        as_ranger() { as_mode range "$@"; }
        is "range: a launch is possible, and the ids are there" "$(doctor as_ranger; row ids)" "0
true"
        like "range: how many" "$(says ids)" "*$((range_ids + 1)) ids*"

        for table in subuid subgid; do
                : >"$work/etc/$table"
                is "no line in $table: it launches" "$(doctor as_ranger; row ids)" "0
null"
                like "no line in $table: says so" "$(says ids)" "*one id*/etc/$table has no line for you*"
                like "no line in $table: what to do" "$(remedy ids)" "echo ranger:*:65536 | sudo tee -a*/etc/$table"
                is "no line in $table: explain says one id" "$(mode_of as_ranger)" one-id
                like "no line in $table: and why" "$(notes_of as_ranger)" "*One id alone*/etc/$table has no line for you*"
                is "no line in $table: and so it is" "$(maps_of as_ranger)" 1
                in_range sh -c "$(remedy ids | sed 's/sudo //')" >/dev/null
                is "no line in $table: the remedy works" "$(doctor as_ranger; row ids) $(mode_of as_ranger) $(maps_of as_ranger)" "0
true range 2"
                echo "$ranger:$range_first:$range_ids" >"$work/etc/$table"
        done

        nnp="as_ranger setpriv --no-new-privs"
        is "no-new-privileges: it launches" "$(doctor $nnp; row ids) $(mode_of $nnp) $(maps_of $nnp)" "0
null one-id 1"
        like "no-new-privileges: says so" "$(says ids)" '*no-new-privileges*'
        # What only the program itself can know: this group is not the user's own.
        stranger="in_range setpriv --reuid=$ranger --regid=54321 --clear-groups"
        is "refused by newuidmap: it launches" "$(doctor $stranger; row ids) $(mode_of $stranger) $(maps_of $stranger)" "0
null one-id 1"
        like "refused by newuidmap: in its words" "$(says ids)" '*new[ug]idmap: ?*'
        like "refused by newuidmap: explain too" "$(notes_of $stranger)" '*One id alone*new[ug]idmap: ?*'
        is "refused by newuidmap: snapshot says what it got" "$($stranger "$vitrine" snapshot --json demo | jq -c '[.mode, .userns.uid_map[0][1]]')" "[\"one-id\",$ranger]"
        in_range mount --bind /dev/null /usr/bin/newuidmap
        is "no newuidmap: it launches" "$(doctor as_ranger; row ids) $(mode_of as_ranger) $(maps_of as_ranger)" "0
null one-id 1"
        like "no newuidmap: says so" "$(says ids)" '*newuidmap*'
        in_range umount /usr/bin/newuidmap
fi

for mode in $(modes); do
        is "$mode: a launch is possible" "$(doctor as_mode "$mode")" 0
        is "$mode: nothing on standard error" "$(cat "$work/err")" ""
        is "$mode: the trial says so" "$(row launch)" true
        is "$mode: a container ran" "$(row container)" true
        is "$mode: no row is there twice" "$(jq -r '.rows[].id' "$work/out" | sort | uniq -d)" ""
        is "$mode: every row says something" "$(jq -r '.rows[] | select(.says == "") | .id' "$work/out")" ""
        is "$mode: every no has a remedy" "$(jq -r '.rows[] | select(.ok == false and .remedy == "") | .id' "$work/out")" ""
        is "$mode: the kernel's release" "$(jq -r '"\(.schema) \(.kernel.release)"' "$work/out")" "1 $(uname -r)"
        as_mode "$mode" "$vitrine" doctor >"$work/text"
        is "$mode: text exits as JSON does" $? 0
        is "$mode: text has a line for each row" "$(grep -cE '^(yes|no|note) ' "$work/text")" "$(jq '.rows | length' "$work/out")"
        is "$mode: text fits 100 columns" "$(awk 'length > 100' "$work/text")" ""
        like "$mode: text ends with the sum" "$(tail -n 1 "$work/text")" 'vitrine can launch*'
        is "$mode: nothing is mounted afterwards" "$(grep -c "$work" /proc/self/mountinfo)" 0
done

is "user namespaces: yes" "$(doctor as_user; row max-user-namespaces)" "0
true"
code=$(unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh \
        setpriv --bounding-set=-all --inh-caps=-all "$vitrine" doctor --json >"$work/out"; echo $?)
refused "max_user_namespaces 0" "$code" max-user-namespaces '*sysctl user.max_user_namespaces=*'
like "max_user_namespaces 0: the trial's own words" "$(says launch)" "create the container's namespaces*"

# A part of /proc covered, as in a container.
if is_root; then private="unshare -m"; else private="unshare -Urm"; fi
plain="$(if is_root; then echo "setpriv --reuid=$other --regid=$other --clear-groups"; fi)"
code=$($private sh -c "mount -t tmpfs none /proc/acpi 2>/dev/null || mount -t tmpfs none /proc/fs; exec $plain '$vitrine' doctor --json" >"$work/out"; echo $?)
if is_root; then
        refused "covered /proc" "$code" proc '*machine itself*'
        is "covered /proc: uncovered again" "$(doctor as_user; row proc)" "0
true"
        unshare -m sh -c "mount -t tmpfs none /proc/fs; exec '$vitrine' doctor --json" >"$work/out"
        is "covered /proc: real root may" "$? $(row proc) $(row launch)" "0 null true"
else
        is "covered /proc, in one's own namespace" "$(row proc | grep -c true)" 0
fi

# In a chroot whose root is no mount, and in the same once it is one.
in_chroot() { # FIRST COMMAND…: FIRST is run with the folder
        unshare -m sh -c '
                root=$1 first=$2
                shift 2
                $first "$root" "$root"
                for top in usr proc dev sys tmp; do mkdir -p "$root/$top" && mount --rbind "/$top" "$root/$top" || exit 99; done
                for link in bin lib lib64 sbin; do
                        if [ -L "/$link" ]; then cp -P "/$link" "$root/"
                        elif [ -d "/$link" ]; then mkdir -p "$root/$link" && mount --rbind "/$link" "$root/$link"; fi
                done
                exec chroot "$root" "$@"' sh "$(mktemp -d "$work/root.XXXXXX")" "$@"
}
if is_root; then
        in_chroot : "$vitrine" doctor --json >"$work/out"
        refused "chroot" $? chroot '*mount --bind DIR DIR*'
        like "chroot: the trial says what to do, too" "$(remedy launch)" '*mount --bind DIR DIR*'
        in_chroot "mount --bind" "$vitrine" doctor --json >"$work/out"
        is "chroot: the remedy works" "$? $(row chroot) $(row launch) $(row container)" "0 true true true"

        has=$(doctor >/dev/null; says capabilities)
        is "capabilities: KILL is not missed" "$(printf '%s\n' "$has" | grep -cw KILL)" 0
        is "capabilities: a launch is possible without" "$(doctor setpriv --bounding-set=-kill)" 0
        is "capabilities: and the row says no" "$(row capabilities)" false
        like "capabilities: it is named" "$(says capabilities)" '*lacks*KILL*'
        like "capabilities: what to do" "$(remedy capabilities)" '?*'
        is "capabilities: a new user namespace has them all" "$(as_user setpriv --bounding-set=-all true 2>/dev/null; doctor as_user; row capabilities)" "0
true"
else
        skip "chroot, capabilities" "needs root"
fi

# Inside a container of vitrine's own: a filter around, parts of /proc covered.
inside() { # FLAGS…
        # shellcheck disable=SC2016
        tar -C "$work" -c vitrine vitrine-keeper vitrine-eye |
                "$vitrine" run -i "$@" demo sh -c 'mkdir /tmp/v && cd /tmp/v && tar --no-same-owner -x && exec ./vitrine doctor --json' >"$work/out" 2>"$work/err"
        echo $?
}
code=$(inside)
refused "in a container" "$code" seccomp '*--privileged*'
is "in a container: says so" "$(jq -r .host "$work/out")" container
is "in a container: /proc is covered" "$(row proc)" false
code=$(inside --security-opt seccomp=unconfined)
refused "in a container without a filter" "$code" proc '*machine itself*'
is "in a container without a filter: seccomp says yes" "$(row seccomp)" true

LC_ALL=C "$vitrine" doctor --json >"$work/out"
is "no UTF-8: no reason not to launch" $? 0
is "no UTF-8: says no" "$(row locale)" false
like "no UTF-8: what to do" "$(remedy locale)" '*C.UTF-8*'
LC_ALL=C.UTF-8 "$vitrine" doctor --json >"$work/out"
is "UTF-8: says yes" "$(row locale)" true

for term in dumb "" nosuchterminal; do
        is "TERM=$term: says no" "$(doctor env TERM=$term; row terminal)" "0
false"
        like "TERM=$term: what to do" "$(remedy terminal)" '*TERM=*'
done
is "TERM=xterm: says yes" "$(doctor env TERM=xterm; row terminal)" "0
true"

mkdir "$work/alone" && cp "$work/vitrine" "$work/alone/"
"$work/alone/vitrine" doctor --json >"$work/out"
code=$?
if [ "$(row vitrine-keeper)" = true ]; then
        skip "programs are missing" "vitrine is installed"
else
        is "programs are missing: exits" $code 1
        is "programs are missing: named" "$(row vitrine-keeper) $(row vitrine-eye)" "false false"
        like "programs are missing: what to do" "$(remedy vitrine-keeper)" '*make install*'
fi

"$vitrine" doctor --nosuch >"$work/out" 2>"$work/err"
is "an unknown word: exits" $? 125
like "an unknown word: named" "$(cat "$work/err")" 'vitrine: --nosuch: *'
"$vitrine" doctor >/dev/full 2>"$work/err"
is "a full disk: exits" $? 125

# $VITRINE_FLAGS: view flags before the line's.
own() { # FLAGS COMMAND…
        flags=$1
        shift
        VITRINE_FLAGS=$flags "$vitrine" "$@" >"$work/out" 2>"$work/err"
}
own '--json --host "full"' doctor
is "own flags: --json" "$? $(jq .schema "$work/out")" "0 1"
own '--engine podman' run --cap-add KILL --cap-drop KILL demo true
is "own flags: podman's rules" "$?" 125
own '--engine podman' run --engine docker --cap-add KILL --cap-drop KILL demo true
is "own flags: the line's come after them" "$?" 0
own '--engine=podman --ascii' run demo true
is "own flags: those of other commands do no harm" "$? $(cat "$work/err")" "0 "
for flags in '--user 1000' 'demo' '--' '--nosuch' '-i' '--host' '--host many' '--ascii=maybe' "--host 'full" '--help'; do
        own "$flags" run demo true
        is "own flags: $flags is refused" "$?" 125
        like "own flags: $flags: by the variable's name" "$(head -n 1 "$work/err")" 'vitrine: VITRINE_FLAGS*'
done
finish
