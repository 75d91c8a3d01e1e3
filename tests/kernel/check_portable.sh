# SPDX-License-Identifier: MIT
# The folder of `make portable`, moved to a home directory: nothing but libc is the system's, as far as the kernel has mapped it,
# and the container knows nothing of it. Not part of `make check`: it is built once more.
# shellcheck shell=sh
# shellcheck source=tests/lib/tap.sh
. "$top_srcdir/tests/lib/tap.sh"
home=$work/home
mkdir "$home" && cp -R "$top_builddir/$1" "$home/there" && chmod -R a+rX "$home"
there=$home/there
# What of a process is mapped from files outside the folder, but libc with its own modules, and what libproc2 opens where it is.
foreign() { awk '$6 ~ /^\// { print $6 }' "/proc/$1/maps" | grep -vE "^$there/|/(libc|libm|ld-linux[^/]*|libnss_[^/]*)\\.so|/libnuma\\.so|^/memfd:|/locale/|/gconv" | sort -u; }

# The program below script's process, and an eye of its own.
found() {
        for child in $1 $(pgrep -P "$1"); do
                program=$(pgrep -P "$child" -x vitrine | head -n 1)
                [ -z "$program" ] || eye=$(pgrep -P "$program" -f '^vitrine-eye' | head -n 1)
                [ -z "$eye" ] || return 0
        done
        return 1
}

# Programs that run as a copy without a name: by what the kernel has mapped, in a folder whose path a list would split too.
for name in 'a:b' 'a;b'; do
        cp -R "$there" "$home/$name"
        "$home/$name/vitrine" run --name portable demo sleep 1000 &
        pid=$!
        keeper=
        i=0
        while [ $i -lt 100 ]; do
                keeper=$(pgrep -P $pid -f '^vitrine.keeper') && pgrep -P "$keeper" -x sleep >"$work/slept" && break
                sleep 0.1
                i=$((i + 1))
        done
        ! is_root || like "in a folder $name: (the keeper is there)" "$(cat "/proc/$keeper/maps")" "*/memfd:vitrine-keeper*"
        ! is_root || is "in a folder $name: the keeper wants nothing of the system's but libc" "$(foreign "$keeper")" ""
        kill -9 $pid
        wait $pid 2>/dev/null
        rm -r "$home/$name"
done

for mode in $(modes); do
        is "$mode: it runs a command" "$(as_mode "$mode" env -i "HOME=$home" "$there/vitrine" run demo echo here)" here
        is "$mode: its folder is not in the container's environment" \
                "$(as_mode "$mode" env -i "HOME=$home" "$there/vitrine" run demo env | grep -c -e LD_ -e "$home")" 0
        is "$mode: it asks the kernel" "$(as_mode "$mode" env -i "HOME=$home" "$there/vitrine" probe --json demo | jq '.probes | length')" 41
        like "$mode: it looks from both sides" "$(as_mode "$mode" env -i "HOME=$home" "$there/vitrine" snapshot demo sleep 60)" "*= 1 in the container*"
        as_mode "$mode" env -i "HOME=$home" "XDG_STATE_HOME=$home/state" "$there/vitrine" play --check 1 >"$work/play" 2>&1
        is "$mode: its lessons are there" "$?$(grep '^not ok' "$work/play")" 0
        ( exec_mode "$mode" env -i "HOME=$home" TERM=xterm script -qec "$there/vitrine" /dev/null </dev/null >/dev/null 2>&1 ) &
        pid=$!
        program= eye=
        i=0
        while ! found "$pid" && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
        if is_root; then
                is "$mode: the program's libraries are its own" "$(foreign "$program")" ""
                is "$mode: those of what looks are" "$(foreign "$eye")" ""
                like "$mode: (they are there)" "$(cat "/proc/$eye/maps")" "*$there/lib/libproc2*"
        else
                is "$mode: the program's libraries are its own" "$(foreign "$program")" ""
        fi
        kill "$program"
        wait $pid
done
finish
