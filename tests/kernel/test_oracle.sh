# SPDX-License-Identifier: MIT
# Every row that was read off Docker 20.10, by a real launch and by `vitrine explain`.
. "$top_srcdir/tests/lib/tap.sh"
image=$work/image
make_image "$image"
full=$(sed -n 's/^CapBnd:\t//p' /proc/self/status)

# What vitrine gives where Docker 20.10 failed on a machine that lacks a capability, or did not know one.
exception() {
        case $1 in
        '--cap-add ALL' | '--cap-add ALL --cap-drop ALL' | --privileged | --privileged=true | '--privileged --cap-drop KILL' | '--privileged --cap-add MAC_ADMIN')
                echo "$full root" ;;
        '--cap-add ALL --cap-drop KILL') echo "$(printf %016x $((0x$full & ~0x20))) root" ;;
        '--user 1000 --cap-add ALL') echo "$full user" ;;
        '--cap-add BPF') echo "00000080a80425fb root" ;;
        '--cap-add PERFMON') echo "00000040a80425fb root" ;;
        '--cap-add CHECKPOINT_RESTORE') echo "00000100a80425fb root" ;;
        esac
}

# "uid gid groups inh prm eff bnd amb nnp" of a status text
status_row() {
        awk -v groups="$1" '
                $1 == "Uid:" { uid = $2 } $1 == "Gid:" { gid = $2 }
                $1 == "Groups:" { g = ""; for (i = 2; i <= NF; i++) g = g (i > 2 ? " " : "") $i }
                $1 == "CapInh:" { inh = $2 } $1 == "CapPrm:" { prm = $2 } $1 == "CapEff:" { eff = $2 }
                $1 == "CapBnd:" { bnd = $2 } $1 == "CapAmb:" { amb = $2 } $1 == "NoNewPrivs:" { nnp = $2 }
                END { print uid "|" gid "|" (groups ? g : "-") "|" inh "|" prm "|" eff "|" bnd "|" amb "|" nnp }'
}

json_row() {
        jq -r --arg groups "$1" '.predicted | [.uid.container, .gid.container,
                (if $groups == "1" then (.groups | map(tostring) | join(" ")) else "-" end),
                .caps.inheritable, .caps.permitted, .caps.effective, .caps.bounding, .caps.ambient,
                (if .no_new_privs then 1 else 0 end)] | map(tostring) | join("|")'
}

check_row() { # mode flags exit wanted-row groups
        eval "set -- \"\$1\" \"\$2\" \"\$3\" \"\$4\" \"\$5\" $2"
        mode=$1 flags=$2 exit=$3 wanted=$4 groups=$5
        shift 5
        out=$(as_mode "$mode" "$vitrine" run "$@" "dir:$image" cat /proc/self/status 2>"$work/run.err")
        status=$?
        explained=$(as_mode "$mode" "$vitrine" explain --json docker run "$@" "dir:$image" cat /proc/self/status 2>"$work/explain.err")
        explain_status=$?
        name="$mode: docker run $flags"
        if [ "$exit" != 0 ]; then
                is "$name: run exits" "$status" "$exit"
                is "$name: explain exits" "$explain_status" "$exit"
                is "$name: both say the same" "$(head -n 1 "$work/run.err")" "$(head -n 1 "$work/explain.err")"
                like "$name: says what failed and why" "$(head -n 1 "$work/run.err")" 'vitrine: ?*: ?*'
                return
        fi
        if [ "$status" != 0 ]; then
                not_ok "$name: run" "exit $status" "$(cat "$work/run.err")"
        else
                is "$name: run" "$(printf '%s\n' "$out" | status_row "$groups")" "$wanted"
        fi
        is "$name: explain" "$(printf '%s\n' "$explained" | json_row "$groups")" "$wanted"
}

zero=0000000000000000
rows() {
        tail -n +2 "$top_srcdir/tests/oracle/docker.tsv" | tr '\t' '\001'
        printf '%s\n' '--privileged --user 1000' | tr '\t' '\001' | sed "s/\$/`printf '\001'`X/"
}

for mode in $(modes_and_remap); do
        if [ "$mode" = root ]; then all=$full; else all=000001ffffffffff; fi
        rows | while IFS="$(printf '\001')" read -r flags exit uid gid groups inh prm eff bnd amb nnp _; do
                if [ "$exit" = X ]; then
                        set -- 0 1000 1000 "1000 2001" $zero $zero $zero "$all" $zero 0
                elif [ -n "$(exception "$flags")" ]; then
                        saved=$full
                        full=$all
                        set -- $(exception "$flags")
                        full=$saved
                        if [ "$2" = root ]; then
                                set -- 0 0 0 0 $zero "$1" "$1" "$1" $zero 0
                        else
                                set -- 0 1000 1000 "1000 2001" $zero $zero $zero "$1" $zero 0
                        fi
                else
                        set -- "$exit" "$uid" "$gid" "$groups" "$inh" "$prm" "$eff" "$bnd" "$amb" "$nnp"
                fi
                [ "$mode" = user ] && set -- "$1" "$2" "$3" - "$5" "$6" "$7" "$8" "$9" "${10}"
                if [ "$flags" = "--userns host" ]; then
                        case $mode in
                        remap) continue ;; # the line itself says otherwise, and wins
                        user | range) set -- 125 - ;;
                        esac
                fi
                exit=$1
                shift
                echo "$mode	$exit	$(IFS='|'; echo "$*")	$flags"
        done
done >"$work/rows"

while IFS="$(printf '\t')" read -r mode exit wanted flags; do
        [ "$mode" = user ] && groups= || groups=1
        check_row "$mode" "$flags" "$exit" "$wanted" "$groups"
done <"$work/rows"
finish
