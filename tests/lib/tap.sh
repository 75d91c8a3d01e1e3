# SPDX-License-Identifier: MIT
# Functions for tests in shell that speak TAP. Sourced, after which the test calls cases and ends with `finish`.
# shellcheck shell=sh

tap_n=0
tap_bad=0

# Where vitrine and its helper programs lie for everybody to execute; the image of the oracle beside them.
work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-test.XXXXXX") || exit 99
chmod 755 "$work"
range_holder=
# bash runs it in a subshell too that a signal ends before it has become a command.
trap '[ "${BASHPID-$$}" != $$ ] || { rm -rf "$work"; [ -z "$range_holder" ] || kill -9 "$range_holder" 2>/dev/null; }' EXIT
for program in vitrine vitrine-keeper vitrine-eye vitrine-log; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
vitrine=$work/vitrine
other=65533
ranger=65532 # who has a range of ids: in range mode, and nowhere on the machine
range_first=2000000
range_ids=65536

is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as an ordinary user: another one when the test runs as root, else this one.
as_user() {
        if is_root; then
                setpriv --reuid=$other --regid=$other --clear-groups "$@"
        else
                "$@"
        fi
}

# A mount namespace in which /etc names a user with subordinate ids; the machine's own /etc stays as it is. Held by a
# process, so that all commands of a test stand in the same one.
range_begin() {
        [ -z "$range_holder" ] || return 0
        mkdir "$work/etc"
        { cat /etc/passwd; echo "ranger:x:$ranger:$ranger::/nonexistent:/bin/sh"; } >"$work/etc/passwd"
        echo "$ranger:$range_first:$range_ids" >"$work/etc/subuid"
        cp "$work/etc/subuid" "$work/etc/subgid"
        unshare -m sh -c 'for f in passwd subuid subgid; do mount --bind "$1/$f" /etc/$f || exit 1; done
                : >"$1/ready"; exec sleep 100000' sh "$work/etc" </dev/null >/dev/null 2>&1 &
        range_holder=$!
        until [ -e "$work/etc/ready" ]; do
                kill -0 $range_holder 2>/dev/null || exit 99
                sleep 0.02
        done
}

# `vitrine COMMAND …` with --userns remap among the flags.
cat >"$work/remapped" <<'EOF_REMAPPED'
#!/bin/sh
n=$#
seen=
while [ $n -gt 0 ]; do
        word=$1
        shift
        n=$((n - 1))
        set -- "$@" "$word"
        case $seen$word in run | snapshot | probe) set -- "$@" --userns remap; seen=x ;; exec | doctor) seen=x ;; esac
done
exec "$(dirname "$0")/vitrine" "$@"
EOF_REMAPPED
chmod 755 "$work/remapped"

# In place of this (sub)shell: `( exec_mode user COMMAND ) &` makes $! the command itself. The same words for all modes:
# root, user (one id), range (subordinate ids), remap (root, with --userns remap wherever a word is "$vitrine").
exec_mode() {
        mode=$1
        shift
        if [ "$mode" = remap ]; then
                n=$#
                while [ $n -gt 0 ]; do
                        word=$1
                        shift
                        n=$((n - 1))
                        [ "$word" != "$vitrine" ] || word=$work/remapped
                        set -- "$@" "$word"
                done
                exec "$@"
        elif [ "$mode" = range ] && is_root; then
                exec nsenter --mount="/proc/$range_holder/ns/mnt" setpriv --reuid=$ranger --regid=$ranger --clear-groups "$@"
        elif [ "$mode" = user ] && is_root; then
                exec setpriv --reuid=$other --regid=$other --clear-groups "$@"
        else
                exec "$@"
        fi
}

as_mode() { ( exec_mode "$@" ); }

# give MODE PATH…: makes it the property of who the mode's commands run as.
give() {
        case $1 in
        user) owner=$other ;;
        range) owner=$ranger ;;
        *) owner=0 ;;
        esac
        shift
        ! is_root || chown -Rh $owner:$owner "$@"
}

# Whether a range can be mapped: what is missing is in $no_range.
can_range() {
        no_range=
        command -v newuidmap >/dev/null && command -v newgidmap >/dev/null || no_range="newuidmap is missing (package uidmap)"
        [ -z "$no_range" ]
}

# The modes that this run can try, as words for a `for`. Without root it is whatever this user has. MODES="range remap"
# in the environment tries these alone.
modes() {
        if [ -n "${MODES-}" ]; then
                echo "$MODES"
        elif is_root; then
                echo root user
                if can_range; then echo range; fi
        elif [ "$("$vitrine" explain --json docker run demo true 2>/dev/null | jq -r .mode)" = range ]; then
                echo range
        else
                echo user
        fi
}
modes_and_remap() { modes; [ -n "${MODES-}" ] || ! is_root || echo remap; }

ok() {
        tap_n=$((tap_n + 1))
        echo "ok $tap_n - $1"
}

not_ok() {
        tap_n=$((tap_n + 1))
        tap_bad=1
        echo "not ok $tap_n - $1"
        shift
        for line in "$@"; do printf '%s\n' "$line" | sed 's/^/# /'; done
}

skip() {
        tap_n=$((tap_n + 1))
        echo "ok $tap_n - $1 # SKIP $2"
}

# Whether a process has ended. One that PID 1 has not yet waited for has.
is_gone() {
        case $(ps -o stat= -p "$1" 2>/dev/null) in
        '' | Z*) return 0 ;;
        *) return 1 ;;
        esac
}

# is NAME GOT WANTED
is() {
        if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got:    $2" "wanted: $3"; fi
}

# like NAME GOT PATTERN: a shell pattern
like() {
        # shellcheck disable=SC2254
        case $2 in
        $3) ok "$1" ;;
        *) not_ok "$1" "got:    $2" "wanted: $3" ;;
        esac
}

# A root file system: the oracle's /etc with a static busybox.
make_image() {
        mkdir -p "$1/bin" "$1/root" "$1/tmp"
        chmod 1777 "$1/tmp"
        cp -R "$top_srcdir/tests/oracle/image/etc" "$1/"
        chmod -R u+w "$1/etc"
        cp "$(command -v busybox)" "$1/bin/busybox"
        for tool in sh cat id ls sleep mount touch env echo mknod grep stat hostname kill head true chmod cp pwd; do
                ln -s busybox "$1/bin/$tool"
        done
}

if is_root && can_range; then
        range_begin
elif is_root; then
        skip "range mode" "$no_range"
fi

finish() {
        echo "1..$tap_n"
        exit $tap_bad
}
