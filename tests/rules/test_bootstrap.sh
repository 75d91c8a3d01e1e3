# SPDX-License-Identifier: MIT
# What ./bootstrap does where something is missing, in a tree of stand-ins: a distribution whose packages are lines of a file, and
# tools that write down that they were called.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL CONFIGURE_FLAGS

tree=$work/tree
mkdir -p "$tree/build-aux" "$work/bin"
cp "$top_srcdir/bootstrap" "$tree/" && chmod 755 "$tree/bootstrap"
for tool in sh cat cksum dirname env grep tail; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
program() { # NAME: what it does is read
        { echo '#!/bin/sh'; cat; } >"$work/bin/$1" && chmod 755 "$work/bin/$1"
}
program dpkg-query <<END
for package in "\$@"; do :; done
grep -qx "\$package" "$work/there" && echo "install ok installed"
END
program apt-get <<END
case \$1 in update) exit 0 ;; esac
while [ \$# -gt 0 ] && [ "\$1" != --no-install-recommends ]; do shift; done
shift
for package in "\$@"; do ! grep -qx "\$package" "$work/unknown" || exit 100; done
for package in "\$@"; do echo "\$package" >>"$work/there"; done
END
program pkg-config <<END
grep -qx libcmocka-dev "$work/there" && echo 1.1.7
END
echo 'echo 1' | program nproc
printf 'cat "%s/uid"\n' "$work" | program id
printf 'echo "$0 $*" >>"%s/told"\n' "$work" >"$work/tell"
for tool in autoreconf make; do program $tool <"$work/tell"; done
program configure <"$work/tell" && mv "$work/bin/configure" "$tree/configure"
program apparmor <"$work/tell" && mv "$work/bin/apparmor" "$tree/build-aux/apparmor.sh"

all=$(sed -n "/^[a-z_]*packages='/,/'\$/p" "$top_srcdir/bootstrap" | sed "s/.*='//; s/'//" | tr -s ' ' '\n' | grep .)
is "the packages are known" "$(($(echo "$all" | wc -l) > 20))" 1
without() { # PACKAGE…: the machine lacks these
        echo "$all" >"$work/there"
        : >"$work/unknown"
        : >"$work/told"
        for lacking in "$@"; do sed -i "/^$lacking\$/d" "$work/there"; done
}
run() { # UID
        echo "$1" >"$work/uid"
        : >"$tree/Makefile"
        out=$(PATH=$work/bin "$tree/bootstrap" 2>&1)
        out="$out exit $?"
        made=$(grep -c '/make .*all' "$work/told")
}

without
run 1000
is "all is there: it builds" "$made ${out##* exit }" "1 0"
for package in busybox-static jq valgrind libcmocka-dev uidmap; do
        without $package
        run 1000
        is "no sudo, and no $package: it builds" "$made ${out##* exit }" "1 0"
        like "and says what is missing" "$out" "*there is no sudo: $package *the build goes on*apt-get install $package *"
done
for package in gcc libjq-dev libvterm-dev; do
        without $package jq
        run 1000
        is "no sudo, and no $package: it ends" "$made ${out##* exit }" "0 1"
        like "and says what is missing" "$out" "*there is no sudo: $package jq *hint: as root: apt-get install $package jq *"
done

without gcc jq
run 0
is "as root all is got" "$made $(grep -cx -e gcc -e jq "$work/there") ${out##* exit }" "1 2 0"
without gcc jq
echo jq >"$work/unknown"
run 0
is "a test's tool that cannot be got does not keep the build from what it needs" \
        "$made $(grep -cx gcc "$work/there") ${out##* exit }" "1 1 0"
like "and is named" "$out" "*apt-get could not get them*: jq *"
without gcc
echo gcc >"$work/unknown"
run 0
is "what the build needs and cannot be got ends it" "$made ${out##* exit }" "0 1"
like "and is named" "$out" "*missing, and apt-get could not get them*: gcc *"

without
run 1000
: >"$work/told"
run 1000
is "configured once" "$(grep -c configure "$work/told")" 0
without libcmocka-dev
run 1000
is "but again when there is another cmocka" "$(grep -c configure "$work/told")" 1
finish
