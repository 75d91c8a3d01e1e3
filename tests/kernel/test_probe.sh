# SPDX-License-Identifier: MIT
# What `vitrine probe` says, compared with what was measured once of this kernel (probes.tsv): without a capability, with
# each alone, with all, as another user, in a user namespace with one id.
. "$top_srcdir/tests/lib/tap.sh"
cp "$top_builddir/vitrine-probe" "$work/" || exit 99
plain=$(if is_root; then echo root user; else echo user; fi) # with a range: below
table=$top_srcdir/tests/kernel/probes.tsv

# What this machine has.
has=
[ -e /proc/modules ] && has="$has modules"
[ -e /sys/power/wakeup_count ] && has="$has suspend"
bounding=$(sed -n 's/^CapBnd:\t//p' /proc/self/status)

# probe MODE FLAGS…: the answer lies in $work/json
probe() {
        mode=$1
        shift
        as_mode "$mode" "$vitrine" probe --json "$@" >"$work/json" 2>"$work/err" </dev/null
}
verdicts() { jq -r '.probes[] | [.cap, .verdict, .through // ""] | join(" ")' "$work/json"; }
json() { jq -r "$1" "$work/json"; }

# expect COLUMN: what the table says for those that are held, the kernel's word for it; "CAPABILITY verdict through" a line.
expect() {
        json '.probes[] | select(.held) | .cap' | awk -F'\t' -v column="$1" -v has="$has" '
                FILENAME == "-" { held[$1] = 1; next }
                /^#/ { next }
                {
                        word = column == "root" ? $4 : $5
                        if (split(word, parts, ":") == 2) word = index(has, parts[2]) ? parts[1] : "cannot ask"
                        if (word == "allowed" && !held[$2]) word = "denied"
                        other = ""
                        if (word == "denied" && !held[$2] && $6 != "" && held[$6] && (column == "root" || $2 == "DAC_READ_SEARCH")) {
                                word = "through"
                                other = $6
                        }
                        print $2 " " word " " other
                }' - "$table"
}
check() {
        expect "$2" >"$work/expected"
        is "$1" "$(verdicts | diff "$work/expected" - | sed -n '/^[<>]/p')" ""
}

for mode in $plain; do
        column=$([ "$mode" = root ] && echo root || echo one-id)
        probe "$mode"
        is "$mode: exits 0" $? 0
        is "$mode: one row a capability, by bit" "$(json '[.probes[] | "\(.bit)\t\(.cap)"] | join("\n")')" "$(sed '/^#/d' "$table" | cut -f 1,2)"
        is "$mode: schema and mask" "$(json '"\(.schema) \(.effective)"')" "1 00000000a80425fb"
        is "$mode: 14 held" "$(json '[.probes[] | select(.held)] | length')" 14
        is "$mode: every row is whole" "$(json '[.probes[] | select(has("call") and has("errno") and has("reason") and has("verdict"))] | length')" 41
        is "$mode: who cannot be asked says why" "$(json '[.probes[] | select(.verdict == "cannot ask" and .reason == "")] | length')" 0
        check "$mode: the usual container" $column
        probe "$mode" --cap-drop ALL
        is "$mode: nothing is held" "$(json .effective)" 0000000000000000
        check "$mode: --cap-drop ALL" $column
        is "$mode: what a refusal says" "$(json '.probes[] | select(.verdict == "denied") | "\(.cap) \(.errno)"' | sed 's/^PERFMON EPERM$/PERFMON EACCES/')" \
                "$(json '.probes[] | select(.verdict == "denied") | .cap' | awk -F'\t' 'FILENAME == "-" { denied[$1] = 1; next } denied[$2] { print $2 " " $3 }' - "$table" |
                        if [ "$mode" = root ]; then cat; else sed 's/^AUDIT_WRITE EPERM/AUDIT_WRITE ECONNREFUSED/'; fi)"
        probe "$mode" --privileged
        check "$mode: --privileged" $column
        is "$mode: the machine's own bounding set, or all of a user namespace" "$(json .effective)" \
                "$([ "$mode" = root ] && echo "$bounding" || echo 000001ffffffffff)"
        probe "$mode" --cap-add ALL --security-opt seccomp=unconfined
        check "$mode: all, without a filter" $column
        probe "$mode" --user 1000
        is "$mode: user 1000 holds nothing" "$(json .effective)" 0000000000000000
        check "$mode: user 1000" $column
        probe "$mode" --user 65534 --read-only --security-opt no-new-privileges
        check "$mode: user 65534, read-only, no new privileges" $column
        probe "$mode" --engine podman --user 1000 --cap-add NET_ADMIN
        check "$mode: podman's ambient capability" $column
        is "$mode: NET_ADMIN is allowed to user 1000 there" "$(json '.probes[12].verdict')" allowed

        as_mode "$mode" "$vitrine" probe --privileged >"$work/text" 2>&1
        is "$mode: the table fits 80 columns" "$(awk 'length > 80' "$work/text")" ""
        is "$mode: the table has every capability" "$(awk '$2 ~ /^[0-9]+$/ { print $2 "\t" $1 }' "$work/text" | head -41)" "$(sed '/^#/d' "$table" | cut -f 1,2)"
        probe "$mode" --user nosuch
        is "$mode: a refusal is 125" $? 125
        is "$mode: and an object" "$(json '.error | has("step")')" true
done

# A filter of one's own: what it refuses is filtered, not denied; whom it kills too.
cat >"$work/filter.json" <<'EOF'
{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
  { "names": ["chroot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 },
  { "names": ["fsetxattr"], "action": "SCMP_ACT_KILL_PROCESS" },
  { "names": ["kill"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 } ] }
EOF
chmod 644 "$work/filter.json"
for mode in $plain; do
        probe "$mode" --security-opt "seccomp=$work/filter.json"
        is "$mode: a filter's ENOSYS is no old kernel" "$(json '.probes[18] | "\(.verdict) \(.errno)"')" "filtered ENOSYS"
        like "$mode: who is killed for the call is filtered" "$(json '.probes[31] | "\(.verdict) \(.reason)"')" "filtered *kills*"
        is "$mode: nothing else is" "$(json '[.probes[] | select(.verdict == "filtered") | .cap] | join(" ")')" \
                "$([ "$mode" = root ] && echo "KILL SYS_CHROOT SETFCAP" || echo "SYS_CHROOT SETFCAP")"
done

if is_root; then
        for cap in $(sed '/^#/d' "$table" | cut -f 2); do
                probe root --cap-drop ALL --cap-add "$cap"
                check "root: $cap alone" root
        done
        # With 65536 ids there is another one: what takes a second id can be asked.
        for mode in $(modes) remap; do
                case $mode in range | remap) ;; *) continue ;; esac
                probe "$mode" --privileged
                expect one-id | sed -E 's/^(CHOWN|FOWNER|FSETID|KILL|SETGID|SETUID) (cannot ask|denied)/\1 allowed/; s/^LEASE cannot ask/LEASE denied/' >"$work/expected"
                is "$mode: 65536 ids" "$(verdicts | diff "$work/expected" - | sed -n '/^[<>]/p')" ""
        done
        probe root --network host
        is "root: the machine's low ports" "$(json '.probes[10].verdict')" "$([ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -le 1 ] && echo open || echo allowed)"
else
        skip "root: each capability alone" "needs root"
fi
# It ends before it is asked, as a rule: at one moment or another.
for mode in $(modes); do
        for i in $(seq 20); do
                as_mode "$mode" "$vitrine" probe demo true 2>&1 >/dev/null | grep -v 'one id alone is mapped'
        done | sort -u >"$work/said"
        case $(cat "$work/said") in
        '' | 'hint: a command that lasts can be looked at: sleep 3600
vitrine: look at the container: it ended before it was seen') ok "$mode: one that ended is asked, or said to have ended" ;;
        *) not_ok "$mode: one that ended is asked, or said to have ended" "$(cat "$work/said")" ;;
        esac
done
finish
