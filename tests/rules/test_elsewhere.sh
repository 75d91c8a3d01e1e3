# SPDX-License-Identifier: MIT
# In a build folder that is not the source's, what vitrine reads from beside itself is there too, and goes with make clean.
# shellcheck shell=sh disable=SC2154
. "$top_srcdir/tests/lib/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL

is "this build's lessons lie beside its programs" "$(ls "$top_builddir"/lessons/*.md | wc -l)" "$(ls "$top_srcdir"/lessons/*.md | wc -l)"
is "and the parts of a page" "$(test -r "$top_builddir/assets/page.html" && echo there)" there

# The rules alone, as a build folder of its own would carry them out.
mkdir "$work/elsewhere" && cd "$work/elsewhere" || exit 99
rules() { # SOURCE TARGET
        make -s -f "$top_builddir/Makefile" srcdir="$1" top_srcdir="$1" VPATH="$1" "$2" 2>&1
}
rules "$top_srcdir" all-local >"$work/out"
is "elsewhere they are" "$(ls lessons/README.md assets/page.html)" "assets/page.html
lessons/README.md"
rules "$top_srcdir" all-local >"$work/out"
is "once more nothing happens" "$? $(ls lessons/lessons assets/assets 2>/dev/null)" "0 "
rm lessons && ln -s /nowhere lessons
rules "$top_srcdir" all-local >"$work/out"
is "a source folder that was moved is found again" "$(ls lessons/README.md)" lessons/README.md
rules "$top_srcdir" mostlyclean-local >"$work/out"
is "make clean takes the links away" "$(ls -d lessons assets 2>/dev/null)" ""

mkdir lessons assets
for target in all-local mostlyclean-local; do rules . $target >"$work/out"; done
is "in the source's own folder nothing is touched" "$(ls -d lessons assets)" "assets
lessons"
finish
