# SPDX-License-Identifier: MIT
# On a machine whose mounts are shared, as systemd makes them all: what is mounted inside stays inside.
. "$top_srcdir/tests/lib/tap.sh"

if ! is_root; then
        skip "shared mounts" "needs root"
        finish
fi

# Such a machine, in a mount namespace of this test's own.
# shellcheck disable=SC2016
unshare -m sh -c 'mount --make-rshared / && : >"$1/ready" && exec sleep 100000' sh "$work" </dev/null >/dev/null 2>&1 &
holder=$!
trap 'kill -9 $holder; [ -z "$range_holder" ] || kill -9 "$range_holder" 2>/dev/null; rm -rf "$work"' EXIT
until [ -e "$work/ready" ]; do
        kill -0 $holder 2>/dev/null || exit 99
        sleep 0.02
done
here() { nsenter --mount="/proc/$holder/ns/mnt" "$@"; }
mounts() { here cut -d ' ' -f 4,5 /proc/self/mountinfo | grep -v " $work" | sort; }

is "(the mounts are shared)" "$(here grep -cE '^[0-9]+ [0-9]+ [^ ]+ [^ ]+ / .* shared:' /proc/self/mountinfo)" 1
before=$(mounts)
for mode in root user remap; do
        case $mode in
        root) run() { here "$vitrine" run "$@" 2>"$work/err" </dev/null; } ;;
        user) run() { here setpriv --reuid=$other --regid=$other --clear-groups "$vitrine" run "$@" 2>"$work/err" </dev/null; } ;;
        remap) run() { here "$vitrine" run --userns remap "$@" 2>"$work/err" </dev/null; } ;;
        esac
        is "$mode: no mount inside is tied to one of the machine's" "$(run demo grep -E 'shared:|master:' /proc/self/mountinfo; echo $?)" 1
        is "$mode: nor with the machine's PIDs and network" \
                "$(run --pid host --network host demo grep -E 'shared:|master:' /proc/self/mountinfo; echo $?)" 1
        # shellcheck disable=SC2016
        is "$mode: with SYS_ADMIN what is laid over a device inside is" \
                "$(run --cap-add SYS_ADMIN demo sh -c 'mount --bind /etc/hostname /dev/full && mount -t tmpfs none /tmp && grep -c " /dev/full " /proc/self/mountinfo')" 2
        is "$mode: and on the machine is not" "$(mounts)" "$before"
        while [ "$(mounts)" != "$before" ] && here umount /dev/full 2>/dev/null; do :; done
done

# An image on an overlay of an overlay, over which the kernel lays no third one: it is the root itself, read-only.
make_image "$work/image"
mkdir "$work/image/proc" "$work/image/sys" "$work/image/dev" "$work/two"
# shellcheck disable=SC2016
here sh -c 'mount -t tmpfs none "$1/two" && cd "$1/two" && mkdir a b c u v w x &&
        mount -t overlay -o "lowerdir=$1/image,upperdir=u,workdir=w" overlay a &&
        mount -t overlay -o "lowerdir=a,upperdir=v,workdir=x" overlay b' sh "$work" || exit 99
below() { here grep -c " $work/two/b/" /proc/self/mountinfo; }
for flags in "" "--userns remap"; do
        # shellcheck disable=SC2086
        is "${flags:-root}: an image that is its own root: its mounts are tied to none of the machine's" \
                "$(here "$vitrine" run $flags --cap-add SYS_ADMIN "dir:$work/two/b" sh -c 'grep -E "shared:|master:" /proc/self/mountinfo; mount -t tmpfs none /etc && echo laid' 2>"$work/err" </dev/null; below)" \
                "laid
0"
        while here sh -c 'umount -l "$1/two/b/proc" "$1/two/b/sys" "$1/two/b/dev" "$1/two/b/etc"' sh "$work" 2>/dev/null; do :; done
done
finish
