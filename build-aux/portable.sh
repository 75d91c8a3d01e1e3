#!/bin/sh
# SPDX-License-Identifier: MIT
# portable.sh SOURCE OUT PACKAGE: from a distribution's tree, OUT: one folder with the programs, what they read, and the
# libraries that they want beside libc, in lib/; and OUT.tar.gz. Run it from anywhere: OUT/vitrine.
set -eu
source=$1 out=$(pwd)/$2 package=$3

(cd "$source" && ./configure -q --enable-portable --prefix=/ && make -s -j"$(nproc)" && make -s install DESTDIR="$(pwd)/stage") >&2
rm -rf "$out"
mkdir -p "$out/lib"
cp -R "$source/stage/bin/." "$source/stage/libexec/$package/." "$source/stage/share/$package/." "$out/"
rm -f "$out/apparmor" # of a path that is nobody's
cp -R "$source/stage/share/man/man1/." "$source/LICENSE" "$source/README.md" "$out/"

# libc is the machine's own, as its loader is: an older one may not do, a newer one does.
for file in "$out"/*; do
        [ -f "$file" ] && [ -x "$file" ] && ldd "$file"
done | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
        case ${library##*/} in
        libc.so.*|libm.so.*|libdl.so.*|librt.so.*|libpthread.so.*|libresolv.so.*) ;;
        *) cp -L "$library" "$out/lib/" ;;
        esac
done
strip "$out"/vitrine* 2>/dev/null || :
tar -C "${out%/*}" -czf "$out.tar.gz" "${out##*/}"
echo "$2 and $2.tar.gz: copy either to another machine, and run vitrine in it"
