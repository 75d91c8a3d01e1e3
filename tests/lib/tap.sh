# SPDX-License-Identifier: MIT
# Functions for tests in shell that speak TAP. Sourced, after which the test calls cases and ends with `finish`.
# shellcheck shell=sh

tap_n=0
tap_bad=0

# Where vitrine and its helper programs lie for everybody to execute; the image of the oracle beside them.
work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-test.XXXXXX") || exit 99
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
for program in vitrine vitrine-keeper vitrine-eye; do
        cp "$top_builddir/$program" "$work/" || exit 99
done
vitrine=$work/vitrine
other=65533

is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as an ordinary user: another one when the test runs as root, else this one.
as_user() {
        if is_root; then
                setpriv --reuid=$other --regid=$other --clear-groups "$@"
        else
                "$@"
        fi
}

# The same words for both modes: as_mode root COMMAND, as_mode user COMMAND.
as_mode() {
        mode=$1
        shift
        if [ "$mode" = user ]; then as_user "$@"; else "$@"; fi
}

# In place of this (sub)shell: `( exec_mode user COMMAND ) &` makes $! the command itself.
exec_mode() {
        mode=$1
        shift
        if [ "$mode" = user ] && is_root; then
                exec setpriv --reuid=$other --regid=$other --clear-groups "$@"
        else
                exec "$@"
        fi
}

# The modes that this run can try.
modes() { if is_root; then echo root user; else echo user; fi; }

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

finish() {
        echo "1..$tap_n"
        exit $tap_bad
}
