# SPDX-License-Identifier: MIT
# /demo/raise, the demo root's set-user-ID program: it raises inside, as root, and nowhere else.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"
cp "$top_builddir/vitrine-raise" "$work/" || exit 99

said() { mode=$1; shift; as_mode "$mode" "$vitrine" run "$@" 2>&1; echo "exit $?"; }

zero=0000000000000000
for mode in $(modes_and_remap); do
        like "$mode: root is root without it" "$(said "$mode" ubuntu /demo/raise)" "uid 0 euid 0 effective 00000000a80425fb
exit 0"
        if [ "$mode" != user ]; then
                is "$mode: user 1000 becomes root with what the ceiling allows" "$(said "$mode" --user 1000 ubuntu /demo/raise)" \
                        "uid 1000 euid 0 effective 00000000a80425fb
exit 0"
                is "$mode: arguments and environment change nothing" \
                        "$(said "$mode" --user 1000 -e LD_PRELOAD=/nowhere.so ubuntu /demo/raise --help x)" \
                        "uid 1000 euid 0 effective 00000000a80425fb
exit 0"
                is "$mode: an empty ceiling leaves a root without power" \
                        "$(said "$mode" --user 1000 --cap-drop ALL ubuntu /demo/raise)" "uid 1000 euid 0 effective $zero
exit 0"
                is "$mode: it belongs to root and has the bit" \
                        "$(as_mode "$mode" "$vitrine" run ubuntu stat -c '%u %g %a' /demo/raise)" "0 0 4755"
        else
                is "$mode: with one id there is nobody to become" "$(said "$mode" --user 1000 ubuntu /demo/raise)" \
                        "uid 1000 euid 1000 effective $zero
exit 1"
        fi
        is "$mode: no-new-privileges keeps it down" \
                "$(said "$mode" --user 1000 --security-opt no-new-privileges ubuntu /demo/raise)" "uid 1000 euid 1000 effective $zero
exit 1"
        is "$mode: its file system is closed, and honours the bit" \
                "$(as_mode "$mode" "$vitrine" run ubuntu grep ' /demo ' /proc/self/mounts |
                        awk '{ n = split($4, o, ","); for (i = 1; i <= n; i++) if (o[i] ~ /^(ro|rw|nodev|nosuid)$/) print o[i] }' | sort | xargs)" \
                "nodev ro"
        for to in /demo/raise /demo/new; do
                like "$mode: root cannot write $to" "$(said "$mode" ubuntu sh -c "echo x >$to")" '*Read-only*exit [12]'
        done
done

if is_root; then
        "$vitrine" run --user 1000 ubuntu sleep 100 >/dev/null 2>&1 &
        pid=$!
        init=
        i=0
        while [ -z "$init" ] && [ $i -lt 500 ]; do
                init=$(pgrep -P "$(pgrep -P $pid -f vitrine-keeper || echo 0)" -x sleep)
                i=$((i + 1))
                sleep 0.01
        done
        is "from outside, through /proc, the bit counts for nothing" \
                "$(setpriv --reuid=1000 --regid=1000 --clear-groups "/proc/$init/root/demo/raise" 2>&1)" "uid 1000 euid 1000 effective $zero"
        kill -9 $pid # init has no handler: a forwarded TERM would not end it
        wait $pid 2>/dev/null
        make_image "$work/image"
        like "an image of one's own has none" "$(said root "dir:$work/image" ls /demo)" '*No such file*'
fi
rm "$work/vitrine-raise"
is "without the program the demo root does without" "$("$vitrine" run ubuntu sh -c 'test -e /demo || echo none')" none
finish
