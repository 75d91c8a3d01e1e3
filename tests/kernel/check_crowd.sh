# SPDX-License-Identifier: MIT
# Among thousands of processes, and where the kernel tells nobody what happens (a network namespace of its own has no process
# events): what begins in the container has its number on the machine soon all the same.
# Not part of `make check`, where other tests that run meanwhile would have to wait: `make soak` runs it.
if [ "$(id -u)" = 0 ] && [ -z "${VITRINE_TEST_ALONE-}" ]; then
        VITRINE_TEST_ALONE=1 exec unshare -n "${BASH:-sh}" "$0"
fi
. "$top_srcdir/tests/lib/tap.sh"
crowd=5000
cp -R "$top_srcdir/lessons" "$top_builddir/vitrine-check" "$work/"
most=$(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null | grep -v max | head -n 1)
if [ "${most:-100000}" -lt $((crowd * 2)) ] || ! "$top_builddir/tests/bench/bench_crowd" $crowd true >"$work/out" 2>&1; then
        skip "what is new among $crowd" "so many processes cannot be started here: $(head -n 1 "$work/out" 2>/dev/null)"
        finish
fi
"$top_builddir/tests/bench/bench_crowd" $crowd sleep 1000 &
pid=$!
i=0
while [ "$(ls -d /proc/[0-9]* | wc -l)" -lt $crowd ] && [ $i -lt 200 ]; do sleep 0.1; i=$((i + 1)); done
for mode in $(modes); do
        as_mode "$mode" "$work/vitrine" play --check 1 >"$work/out" 2>&1
        is "$mode: what is new among $crowd is tied while a learner waits" "$?$(grep '^not ok' "$work/out")" 0
done
kill $pid
wait $pid
finish
