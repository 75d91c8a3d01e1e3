#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the README's recording and picture anew: build-aux/pictures.sh [BUILD_DIR], as root. All of it runs in
# a PID namespace of its own, so that no process of the machine is in it.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(readlink -f /bin/sh)" "$work/init"
cat >"$work/make" <<'END'
for i in 1 2 3 4 5 6 7 8; do sleep 600 & done
"$build/vitrine" play 1 --record "$work/demo.cast" --size 80x24
# The scene that vitrine begins with is on a terminal: script(1) is one.
(sleep 4; printf q; sleep 1; printf y) |
        TERM=xterm-256color LC_ALL=C.UTF-8 script -qec "stty cols 80 rows 24; $build/vitrine --record $work/scene.cast" "$work/log" >/dev/null
END
build=$build work=$work LC_ALL=C.UTF-8 unshare --pid --fork --mount-proc "$work/init" "$work/make"
# What the kernel's builder has added to its release is no part of the lesson.
suffix=$(uname -r | sed 's/^[0-9.]*//')
blanks=$(printf '%s' "$suffix" | sed 's/./ /g')
[ -z "$suffix" ] || sed -i "s/$suffix/$blanks/g" "$work/demo.cast"
cp "$work/demo.cast" "$work/demo.vtt" "$here/assets/"
python3 "$here/build-aux/cast-svg.py" "$work/scene.cast" --at second:2 >"$here/assets/first-scene.svg"
