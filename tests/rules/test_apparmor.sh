# SPDX-License-Identifier: MIT
# What ./bootstrap offers where AppArmor takes the powers of user namespaces away, on recorded trees: it asks there alone,
# says what it will do, and does that. sudo and apparmor_parser are stand-ins here, which write down what they were told.
# shellcheck shell=sh
script=$top_srcdir/build-aux/apparmor.sh
n=0
bad=0
work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-test.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
say() { # NAME WHAT-IS-WRONG
        n=$((n + 1))
        if [ -z "$2" ]; then
                echo "ok $n - $1"
        else
                echo "not ok $n - $1"
                printf '%s\n' "$2" | sed 's/^/# /'
                bad=1
        fi
}
is() { say "$1" "$([ "$2" = "$3" ] || printf 'got:    %s\nwanted: %s' "$2" "$3")"; }
like() {
        # shellcheck disable=SC2254
        case $2 in
        $3) say "$1" "" ;;
        *) say "$1" "$(printf 'got:    %s\nwanted: %s' "$2" "$3")" ;;
        esac
}

mkdir "$work/bin"
printf '#!/bin/sh\necho "sudo $*" >>"%s/told"\n[ ! -e "%s/deny" ] && exec "$@"\n' "$work" "$work" >"$work/bin/sudo"
printf '#!/bin/sh\nexit 0\n' >"$work/bin/apparmor_parser"
chmod 755 "$work/bin/sudo" "$work/bin/apparmor_parser"
PATH=$work/bin:$PATH
export PATH

tree() { # NAME VALUE: a tree with that value of the sysctl; "": it has none
        root=$work/$1
        mkdir -p "$root/proc/sys/kernel" "$root/etc/apparmor.d"
        [ -z "$2" ] || echo "$2" >"$root/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
        : >"$work/told"
}
program="/home/al ice/vitrine [1]/vitrine"
installed() { ls "$root/etc/apparmor.d"; }
# On a terminal, with what is typed there.
offer() { printf '%s\n' "$1" | script -qec "'$script' offer '$program' '$root'" /dev/null 2>&1; }
alone() { "$script" offer "$program" "$root" </dev/null 2>&1; }

for value in "" 0; do
        tree "off$value" "$value"
        is "restriction '$value': nothing is said, asked or done" "$(offer y | grep -c bootstrap) $(alone)$(installed)$(cat "$work/told")" "0 "
done

tree on 1
out=$(alone)
like "nobody to be asked: says what would be done" "$out" '*without root vitrine cannot launch*userns,*written to '"$root"'/etc/apparmor.d/vitrine.*and loaded*apparmor_parser -R*nothing is installed*'
is "nobody to be asked: nothing is done" "$(installed)$(cat "$work/told")" ""
for answer in n "" no x; do
        out=$(offer "$answer")
        like "answer '$answer': asked" "$out" '*Install it? \[y/N\]*nothing is installed*'
        is "answer '$answer': nothing is done" "$(installed)$(cat "$work/told")" ""
done

out=$(offer y)
like "y: says so" "$out" '*installed and loaded*'
file=$root/etc/apparmor.d/$(installed)
is "y: the file and its loading are all" "$(cat "$work/told")" "sudo tee $file
sudo apparmor_parser -r $file"
is "y: the profile is of this path" "$(grep '^profile' "$file")" "profile $(installed) \"/home/al ice/vitrine \\[1\\]/vitrine\" flags=(unconfined) {"
: >"$work/told"
like "once more: it is there, and nobody is asked" "$(offer n)" '*lets this build keep*'
is "once more: nothing is done" "$(cat "$work/told")" ""
echo "# changed" >>"$file"
like "another text there: asked again" "$(offer n)" '*Install it?*'

tree denied 1
: >"$work/deny"
like "sudo refuses: said, and no failure of the build" "$(offer y; echo "$?")" '*did not work; sudo ./vitrine works without*0'
rm "$work/deny"

is "two builds have two names" "$("$script" profile /a/vitrine | sed -n 's/^profile \([^ ]*\).*/\1/p' | grep -c "$("$script" profile /b/vitrine | sed -n 's/^profile \([^ ]*\).*/\1/p')")" 0
for path in '/a"b' '/a\b' a/b; do
        is "a path that no profile can name has none: $path" "$("$script" profile "$path" || echo none)" none
done
is "a path with a line's end has none" "$("$script" profile "/a
b" || echo none)" none
like "bootstrap offers it for the program that it builds, to others than root" "$(cat "$top_srcdir/bootstrap")" \
        '*"$(id -u)" = 0 \] || build-aux/apparmor.sh offer "$(pwd -P)/vitrine"*'

# The real one. One of version 3 knows no userns yet: all the rest of it is checked then.
skip() {
        n=$((n + 1))
        echo "ok $n - $1 # SKIP $2"
}
parser=${APPARMOR_PARSER:-$(PATH=${PATH#*:}:/usr/sbin:/sbin command -v apparmor_parser)}
parses() { "$parser" -Q -K -T "$1" >"$work/err" 2>&1; }
if [ -n "$parser" ]; then
        echo 'abi <abi/4.0>,' >"$work/abi"
        known=p
        parses "$work/abi" || known='/^abi/d; /userns,/d; p'
        for path in /home/a/vitrine "$program" '/home/@{x}/^ab?*&|/vitrine' "/home/\$x'#y,z/é"; do
                "$script" profile "$path" | sed -n "$known" >"$work/profile"
                is "its syntax: $path" "$(parses "$work/profile" || cat "$work/err")" ""
        done
        sed '$d' "$work/profile" >"$work/broken"
        is "a broken one is found" "$(parses "$work/broken" || echo found)" found
        [ "$known" = p ] || skip "its abi and its rule userns" "apparmor_parser 4 is missing (package apparmor, of Debian 13 or Ubuntu 24.04)"
else
        skip "its syntax" "apparmor_parser is missing (package apparmor)"
fi
echo "1..$n"
exit $bad
