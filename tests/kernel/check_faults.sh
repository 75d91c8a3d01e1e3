# SPDX-License-Identifier: MIT
# Every system call of vitrine's programs made to fail in turn. SCENARIOS="run build" and MODES="root user" try these alone,
# dense=40 up to forty calls of one name in a process, spread over all of them; FAULTS_LOG (a path that is not below /tmp,
# /run or /dev/shm) keeps what came of each.
# shellcheck shell=bash disable=SC2154
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$top_srcdir/tests/kernel/faults.sh"
for mode in $(modes_and_remap); do
        for scenario in ${SCENARIOS:-run pty pid exec snapshot probe build use images rmi learn check play trace look tui attach}; do
                [ "$scenario$mode" = traceroot ] || [ "$scenario" != trace ] || continue
                case $scenario$mode in buildre* | imagesre* | rmire* | learnre* | playre* | checkre*) continue ;; esac # no flag of theirs
                sweep "$scenario"
        done
done
faults_finish
