#!/bin/sh
# SPDX-License-Identifier: MIT
# apparmor.sh profile PROGRAM: prints the AppArmor profile for the program at that path.
# apparmor.sh offer PROGRAM [ROOT]: where AppArmor takes the powers of a new user namespace away (Ubuntu 24.04 does so), says
# what would be installed, asks, and installs it with sudo; else nothing. ROOT stands for / (a recorded tree, in tests).
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
say() { printf 'bootstrap: %s\n' "$*"; }

# One name for each path, so that two builds on one machine have a profile each.
name_of() { echo "vitrine.$(printf '%s' "$1" | cksum | cut -d ' ' -f 1)"; }

# In a profile ?, *, [, ], {, }, and ^ mean something, and @{ begins a variable.
quoted() { printf '%s' "$1" | sed 's/[][?*{}^]/\\&/g; s/.*/"&"/'; }

profile() {
        case $1 in
        *[\\\"]* | *'
'*) return 1 ;; # what a profile cannot name for sure
        /*) ;;
        *) return 1 ;;
        esac
        path=$(quoted "$1" | sed 's/[\\&|]/\\&/g')
        sed "s|@NAME@|$(name_of "$1")|; s|@PATH@|$path|" "$here/assets/apparmor.in"
}

offer() {
        program=$1 root=${2-}
        restricts=$(cat "$root/proc/sys/kernel/apparmor_restrict_unprivileged_userns" 2>/dev/null) || return 0
        [ "$restricts" = 1 ] || return 0
        text=$(profile "$program") || return 0
        file=$root/etc/apparmor.d/$(name_of "$program")
        if [ "$text" = "$(cat "$file" 2>/dev/null)" ]; then
                say "AppArmor lets this build keep the powers of its user namespaces ($file; should it not:"
                say "sudo apparmor_parser -r $file)"
                return 0
        fi
        say "AppArmor takes the powers of new user namespaces away on this machine, so that without root vitrine cannot launch a"
        say "container. A profile for this build alone would let it:"
        printf '%s\n' "$text" | sed -n '/^profile/,$s/^/    /p'
        say "With sudo it would be written to $file and loaded. Whoever can write $program can then use it as"
        say "well. To take it back: sudo apparmor_parser -R $file && sudo rm $file"
        if [ ! -t 0 ]; then
                say "nobody is there to be asked: nothing is installed. ./bootstrap in a terminal asks; sudo ./vitrine works without"
                return 0
        fi
        printf 'bootstrap: Install it? [y/N] '
        read -r answer || answer=
        case $answer in
        y | Y | yes) ;;
        *)
                say "nothing is installed; sudo ./vitrine works without"
                return 0
                ;;
        esac
        if printf '%s\n' "$text" | sudo tee "$file" >/dev/null && sudo apparmor_parser -r "$file"; then
                say "installed and loaded: $file"
        else
                say "that did not work; sudo ./vitrine works without"
        fi
}

case ${1-} in
profile) profile "$2" ;;
offer) offer "$2" "${3-}" ;;
*)
        sed -n '3,5s/^# //p' "$0" >&2
        exit 2
        ;;
esac
