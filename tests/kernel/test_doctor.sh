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
maps_of() { "$@" "$vitrine" run demo cat /proc/self/uid_map 2>"$work/said" | grep -c .; }

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
        like "refused by newuidmap: run says so beside its output" "$(cat "$work/said")" 'vitrine: one id alone is mapped: new[ug]idmap: ?*'
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
# In a user namespace its root sets the limit, and takes it back.
limited() { # LIMIT: doctor where that is the last that was written
        # shellcheck disable=SC2016
        unshare -U --map-user=$other --map-group=$other --keep-caps sh -c 'for n in 0 $1; do echo $n >/proc/sys/user/max_user_namespaces || exit 99; done; shift; exec "$@"' sh "$1" \
                setpriv --bounding-set=-all --ambient-caps=-all --inh-caps=-all "$vitrine" doctor --json >"$work/out"
        echo $?
}
code=$(limited 0)
refused "max_user_namespaces 0" "$code" max-user-namespaces '*sysctl user.max_user_namespaces=10000*'
like "max_user_namespaces 0: the trial's own words" "$(says launch)" "create the container's namespaces*"
is "max_user_namespaces 0: the remedy works" "$(limited 10000) $(row max-user-namespaces) $(row launch) $(row container)" "0 true true true"

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

# The same of /sys; processes hidden; what only other machines say, laid over /proc/sys/kernel.
altered() { # SCRIPT COMMAND…: doctor, begun by the command, in a mount namespace that the script has changed
        # shellcheck disable=SC2016
        unshare -m sh -c 'eval "$1" || exit 99; shift; exec "$@"' sh "$1" ${2:+"$2"} "$vitrine" doctor --json >"$work/out"
        echo $?
}
if is_root; then
        cat >"$work/plainly" <<EOF_PLAINLY
#!/bin/sh
exec setpriv --reuid=$other --regid=$other --clear-groups "\$@"
EOF_PLAINLY
        chmod 755 "$work/plainly"
        code=$(altered 'mount -t tmpfs none /sys/kernel/mm' "$work/plainly")
        refused "covered /sys" "$code" sys '*machine itself*'
        is "covered /sys: uncovered again" "$(doctor as_user; row sys)" "0
true"
        is "covered /sys: real root may" "$(altered 'mount -t tmpfs none /sys/kernel/mm') $(row sys) $(row launch)" "0 null true"

        code=$(altered 'mount -t proc -o hidepid=2 proc /proc' "$work/plainly")
        is "hidepid: it launches all the same" "$code $(row launch) $(row hidepid)" "0 true null"
        like "hidepid: says so" "$(says hidepid)" '*hides the processes of others*'
        like "hidepid: what to do" "$(remedy hidepid)" "sudo $vitrine*"
        is "hidepid: root sees all" "$(altered 'mount -t proc -o hidepid=2 proc /proc') $(row hidepid) $(remedy hidepid)" "0 null "
        is "hidepid: and so it is" "$(unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc; exec "$@"' sh "$vitrine" snapshot --json demo | jq '[.host[] | select(.pid == '$$')] | length')" 1
        is "hidepid: without it all are in sight" "$(doctor as_user; row hidepid)" "0
true"

        # Neither is in this kernel: their files lie on a tmpfs there. What they say is believed where a launch is refused.
        laid='cp /proc/sys/kernel/ostype /proc/sys/kernel/cap_last_cap "$work"/laid && mount -t tmpfs none /proc/sys/kernel && cp "$work"/laid/* /proc/sys/kernel/'
        mkdir "$work/laid"
        export work
        for name in unprivileged_userns_clone apparmor_restrict_unprivileged_userns; do
                case $name in
                unpriv*) id=unprivileged-userns-clone yes=1 no=0 what="sudo $vitrine, or: sudo sysctl kernel.unprivileged_userns_clone=1" ;;
                app*) id=apparmor yes=0 no=1 what='sudo *vitrine' ;;
                esac
                echo $no >"$work/laid/$name"
                code=$(altered "$laid" "$work/plainly")
                refused "$name $no, recorded" "$code" $id "$what"
                is "$name $no, recorded: root launches" "$(altered "$laid") $(row $id) $(row launch)" "0 null true"
                echo $yes >"$work/laid/$name"
                altered "$laid" "$work/plainly" >/dev/null
                is "$name $yes, recorded: says yes" "$(row $id)" true
                rm "$work/laid/$name"
        done
        # In the folder where it was built.
        : >"$work/bootstrap"
        chmod 755 "$work/bootstrap"
        echo 1 >"$work/laid/apparmor_restrict_unprivileged_userns"
        altered "$laid" "$work/plainly" >/dev/null
        like "AppArmor, recorded, in a build: what to do" "$(remedy apparmor)" "./bootstrap *AppArmor profile*sudo $vitrine"
        rm "$work/bootstrap"
        # Installed, and not.
        data=$(grep -aoE "sudo cp '[^']*/apparmor'" "$vitrine" | head -n 1 | cut -d "'" -f 2)
        # Where nothing was ever installed its folder is not there yet: then on the first one above it that is.
        over=${data%/*/*}
        while [ ! -d "$over" ]; do over=${over%/*}; done
        export data over
        altered "$laid && "'mount -t tmpfs none "$over" && mkdir -p "${data%/*}" && : >"$data"' "$work/plainly" >/dev/null
        is "AppArmor, recorded, installed: what to do" "$(remedy apparmor)" \
                "sudo cp '$data' /etc/apparmor.d/vitrine && sudo apparmor_parser -r /etc/apparmor.d/vitrine; at once: sudo $vitrine"
        altered "$laid && "'{ [ ! -e "$data" ] || mount -t tmpfs none "${data%/*}"; }' "$work/plainly" >/dev/null
        is "AppArmor, recorded, a folder from elsewhere: what to do" "$(remedy apparmor)" "sudo $vitrine"
fi

# An older kernel: uname(2) says 2.6 there, while all calls are this one's.
doctor setarch --uname-2.6 >/dev/null
is "an old kernel: launches where it can" "$(row kernel) $(row launch)" "null true"
like "an old kernel: says so" "$(says kernel)" 'Linux 2.6.*5.10 and later*'
tries=$top_builddir/tests/kernel/tries
cp "$tries" "$work/tries"
is "an old kernel that refuses: says no" "$(doctor "$work/tries" contained setarch --uname-2.6) $(row kernel)" "1 false"
like "an old kernel that refuses: what to do" "$(remedy kernel)" 'a newer kernel*'
is "this kernel: says yes" "$(doctor >/dev/null; row kernel)" true

# A filter around vitrine.
for mode in $(modes); do
        in_mode() { as_mode "$mode" "$@"; }
        code=$(doctor in_mode "$work/tries" contained)
        refused "$mode: a filter that hides clone3 and refuses clone" "$code" seccomp '*machine itself*--privileged*'
        like "$mode: a filter: the trial's own words" "$(says launch)" "create the container's namespaces*Operation not permitted"
        is "$mode: a filter: the launch says the same" "$(as_mode "$mode" "$work/tries" contained "$vitrine" run demo true 2>&1 | head -n 1)" \
                "vitrine: $(says launch)"
        is "$mode: a filter that hides clone3 alone: it launches" "$(doctor in_mode "$work/tries" without clone3) $(row seccomp) $(row container)" "0 null true"
        like "$mode: a filter that hides clone3 alone: says so" "$(says seccomp)" '*hides clone3*clone stands in*'
        is "$mode: without a filter: yes" "$(doctor in_mode) $(row seccomp)" "0 true"
done

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
        cp "$work/vitrine-keeper" "$work/vitrine-eye" "$work/alone/"
        "$work/alone/vitrine" doctor --json >"$work/out"
        is "programs are there again: says yes" "$? $(row vitrine-keeper) $(row vitrine-eye)" "0 true true"
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

# explain: flags of its own before the line, and what says the engine last counts.
explained() { jq -r '[.spec.image, .spec.engine, .spec.user, (.spec.cap_add | join(","))] | join(" ")' "$work/out"; }
own '' explain --json --engine podman docker run --user 1000 --cap-add NET_RAW demo true
is "explain: --engine before a docker line" "$? $(explained)" "0 demo podman 1000 NET_RAW"
own '' explain --host=full --json '--engine podman docker run --user 1000 --cap-add NET_RAW demo true'
is "explain: in a quoted line too" "$? $(explained)" "0 demo podman 1000 NET_RAW"
own '' explain --engine docker --json podman run demo true
is "explain: --engine before a podman line" "$? $(explained)" "0 demo docker  "
own '--json --engine podman' explain docker run demo true
is "explain: a line that says docker is docker's" "$? $(explained)" "0 demo docker  "
for line in '--user 1000 demo true' 'vitrine run --user 1000 demo true'; do
        # shellcheck disable=SC2086
        own '--json --engine podman' explain $line
        is "explain: $line says no engine" "$? $(explained)" "0 demo podman 1000 "
done

# What nothing is drawn for is not silently not recorded; elsewhere the flag may stand for the commands that draw.
export XDG_STATE_HOME="$work/state"
for words in "learn --record x.cast" "learn --plain --record x.cast 1" "learn --reset --record x.cast 1" "attach --record=x.cast" \
        "attach --json --record x.cast $$"; do
        # shellcheck disable=SC2086
        own '' $words </dev/null
        is "$words: refused" "$? $(sed -n 1p "$work/err")" "125 vitrine: --record: nothing is drawn here that could be recorded"
done
own '--record x.cast' learn
is "learn: but --record of others does no harm" "$? $(cat "$work/err")" "0 "
own '--record x.cast' attach --json
is "attach: nor here" "$? $(cat "$work/err")" "0 "
for words in "learn --json" "play --json 1"; do
        # shellcheck disable=SC2086
        own '' $words
        is "$words: refused, with the reason" "$? $(cat "$work/err")" "125 vitrine: --json: it prints nothing for programs
hint: vitrine snapshot, probe, attach and explain do"
done
own '--json' learn
is "learn: but --json of others does no harm" "$? $(cat "$work/err")" "0 "

own '' explain --json run --user 1000 demo true
is "explain: a line may begin with run" "$? $(explained)" "0 demo docker 1000 "
own '' explain --json 'run demo true'
is "explain: a quoted one too" "$? $(explained)" "0 demo docker  "
own '' explain --json run
is "explain: alone it is an image's name" "$? $(explained)" "0 run docker  "
own '--record x.cast' explain docker run demo true
is "explain: nor does --record of others do harm" "$? $(cat "$work/err")" "0 "
own '--record x.cast' snapshot demo
is "snapshot: nor there" "$? $(cat "$work/err")" "0 "
own '' explain --engine
like "explain: --engine alone" "$? $(head -n 1 "$work/err")" '125 vitrine: flag needs an argument: --engine'
own '--nosuch' explain docker run demo true
like "explain: own flags: --nosuch" "$? $(head -n 1 "$work/err")" '125 vitrine: VITRINE_FLAGS*'
finish
