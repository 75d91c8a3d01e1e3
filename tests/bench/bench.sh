# SPDX-License-Identifier: MIT
# `make bench`: vitrine beside its peers in one run, as medians and ratios. A goal that is missed says "no" and fails nothing;
# a peer that is missing says which package has it. Nothing else should run on the machine meanwhile.
# $ROUNDS launches of each (60), $SECONDS_EACH of watching (20), $CROWD idle processes (5000), $COPIES at once (30).
# shellcheck shell=sh
# shellcheck source=tests/lib/tap.sh
. "$top_srcdir/tests/lib/tap.sh"
rounds=${ROUNDS:-60} seconds=${SECONDS_EACH:-20} crowd=${CROWD:-5000} copies=${COPIES:-30}
LC_ALL=C.UTF-8
export LC_ALL

for program in bench_launch bench_crowd bench_cpu bench_keys; do
        [ -x "$top_builddir/tests/bench/$program" ] && cp "$top_builddir/tests/bench/$program" "$work/"
done

missing() { printf '%-48s %s\n' "  $1" "not here: install $2"; }
has() { command -v "$1" >/dev/null; }

# bwrap's arguments for the mounts that vitrine's own cage has now, so that both do the same work.
same_mounts() { # mode
        as_mode "$1" "$vitrine" run demo cat /proc/self/mountinfo </dev/null | awk '
                $5 == "/" || $5 == "/proc" || $5 == "/dev" || $5 ~ /^\/dev\/(null|zero|full|u?random|tty|pts|shm)$/ { next }
                $5 == "/sys/fs/cgroup" { next }
                $5 == "/dev/mqueue" { print "--mqueue", $5; next }
                $5 == "/sys/firmware" || $5 ~ /^\/sys\/devices\// { print "--tmpfs", $5; next }
                { print "--ro-bind", $5, $5 }'
}

usual_mounts() {
        printf '%s\n' --ro-bind /usr /usr
        [ -e /etc/ld.so.cache ] && printf '%s\n' --ro-bind /etc/ld.so.cache /etc/ld.so.cache
}

links() {
        for name in bin lib lib32 lib64 libx32 sbin; do
                if [ -L "/$name" ]; then echo "--symlink $(readlink "/$name") /$name"
                elif [ -d "/$name" ]; then echo "--ro-bind /$name /$name"; fi
        done
}

make_bundle() {
        mkdir -p "$work/bundle/rootfs/bin"
        cp "$(command -v busybox)" "$work/bundle/rootfs/bin/busybox" && ln -s busybox "$work/bundle/rootfs/bin/true" &&
                (cd "$work/bundle" && runc spec) &&
                sed -i 's/"terminal": true/"terminal": false/; s/^\([[:space:]]*\)"sh"$/\1"true"/' "$work/bundle/config.json" &&
                runc --root "$work/runc" run -b "$work/bundle" vitrine-bench </dev/null
}

launch() { # mode
        echo "launch as $1: \`run demo true\`, $rounds rounds in turn, medians"
        # shellcheck disable=SC2046
        set -- "$1" "vitrine run demo true," "$vitrine" run demo true
        if has bwrap; then
                common="--proc /proc --dev /dev --tmpfs /tmp --unshare-all --hostname glass $(links)"
                # shellcheck disable=SC2046,SC2086
                set -- "$@" --- "bwrap --proc --dev --unshare-all,1" bwrap $(usual_mounts) $common true \
                        --- "bwrap with every mount of vitrine's,1" bwrap $common $(same_mounts "$1") true
        else
                missing bwrap bubblewrap
        fi
        user=
        [ "$1" = root ] || user="-U --map-root-user"
        # shellcheck disable=SC2086
        if has unshare; then set -- "$@" --- "unshare -fmpuin --mount-proc," unshare $user -fmpuin --mount-proc true
        else missing unshare util-linux; fi
        if [ "$1" = root ]; then
                if ! has runc; then missing runc runc
                elif ! has busybox; then missing "runc's bundle" busybox-static
                elif make_bundle >"$work/bundle.log" 2>&1; then
                        set -- "$@" --- "runc run,0.25" runc --root "$work/runc" run -b "$work/bundle" vitrine-bench
                else
                        printf '%-48s %s\n' "  runc run" "does not run here: $(tail -n 1 "$work/bundle.log")"
                fi
        fi
        mode=$1
        shift
        as_mode "$mode" "$work/bench_launch" "$rounds" 3 "$@"
}

keys() { # mode
        if [ ! -x "$work/bench_keys" ]; then missing "keys and frames" libvterm-dev; return; fi
        if [ "$1" = user ] && is_root; then "$work/bench_keys" "$vitrine" "$other"; else "$work/bench_keys" "$vitrine"; fi
}

idle() { # mode
        if [ "$1" = user ] && is_root; then
                set -- "vitrine without root," "$(command -v setpriv)" "--reuid=$other" "--regid=$other" --clear-groups "$vitrine"
        else
                set -- "vitrine," "$vitrine"
        fi
        if has htop; then set -- "$@" --- "htop -d 10,$goal" "$(command -v htop)" -d 10; else missing htop htop; fi
        if has top; then set -- "$@" --- "top -d 1," "$(command -v top)" -d 1; else missing top procps; fi
        SETTLE=${IDLE_SETTLE:-15} "$work/bench_cpu" "$seconds" "$@"
}

# Many learners on one server, each with a terminal of his own.
copies() {
        set -- "$other" "$vitrine"
        is_root || set -- "" "$vitrine"
        SETTLE=${COPIES_SETTLE:-40} "$work/bench_cpu" "$seconds" "$copies copies of vitrine without root,60%" "$(command -v sh)" -c '
                i=0
                while [ $i -lt $1 ]; do
                        i=$((i + 1))
                        setpriv --pdeathsig TERM script -qec "stty rows 24 cols 80; exec ${2:+setpriv --reuid=$2 --regid=$2 --clear-groups} $3" /dev/null </dev/null >/dev/null 2>&1 &
                done
                wait' sh "$copies" "$@"
}

processes() { set -- /proc/[0-9]*; echo $#; }

# What is measured among many processes, in a shell of its own below the crowd's program.
if [ "${BENCH_PART:-}" = crowd ]; then
        for mode in $(modes); do
                echo "keys as $mode, $(processes) processes"
                keys "$mode"
        done
        echo "idle, $(processes) processes, $seconds s"
        goal=0.20 idle root
        if is_root; then goal=0.20 idle user; fi
        echo "$copies at once, $(processes) processes, $seconds s"
        copies
        exit 0
fi

printf '%-48s %-32s %-28s %s\n' "what" "figure" "goal" "met"
for mode in $(modes); do launch "$mode"; done
for mode in $(modes); do
        echo "keys as $mode, $(processes) processes"
        keys "$mode"
done
echo "idle, $(processes) processes, $seconds s"
goal='' idle root
BENCH_PART=crowd "$work/bench_crowd" "$crowd" sh "$top_srcdir/tests/bench/bench.sh"
exit 0
