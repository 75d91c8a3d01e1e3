#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy over src/ with .clang-tidy's checks: check-tidy.sh SRCDIR BUILDDIR. Two files at a time, each by a process of its
# own (in its second file version 14 takes every va_list for uninitialised). Fails when something is found. Where there is no
# clang-tidy 14 (another version has other checks) it says so and passes.
src=$1 build=$2
if ! clang-tidy --version 2>/dev/null | grep -q 'version 14\.'; then
        echo "check-style: no clang-tidy 14 (Debian: clang-tidy); its checks are left out"
        exit 0
fi
cd "$src" || exit 1
# Generated tables say nothing, and take long.
find src -name '*.c' ! -name '*_data.c' | sort |
        BUILD=$build xargs -P2 -n1 sh -c '
                clang-tidy --quiet "$@" -- -std=gnu11 -DHAVE_CONFIG_H -I"$BUILD" -Isrc -DPKGDATADIR=\"/\" -DPKGLIBEXECDIR=\"/\" 2>"$BUILD/tidy.$$"
                status=$?
                # "N warnings generated", of which all may be off, is no news.
                grep -vE "^([0-9]+ warnings? .*generated|Suppressed |Use -header-filter)" "$BUILD/tidy.$$"
                rm -f "$BUILD/tidy.$$"
                exit $status' tidy
