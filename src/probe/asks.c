/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/asks.h"

#include <errno.h>

static const struct ask_row rows[CAPS_N] = {
        [0] = { prepare_other, ask_chown },
        [1] = { prepare_mode_0, ask_dac_override },
        [2] = { prepare_mode_0, ask_dac_read_search },
        [3] = { prepare_foreign_file, ask_fowner },
        [4] = { prepare_foreign_group, ask_fsetid },
        [5] = { prepare_other, ask_kill },
        [6] = { NULL, ask_setgid },
        [7] = { prepare_other, ask_setuid },
        [8] = { NULL, ask_setpcap },
        [9] = { prepare_file_flags, ask_linux_immutable },
        [10] = { NULL, ask_net_bind_service },
        [12] = { NULL, ask_net_admin },
        [13] = { NULL, ask_net_raw },
        [14] = { prepare_no_memlock, ask_ipc_lock },
        [15] = { prepare_queue, ask_ipc_owner },
        [16] = { NULL, ask_sys_module },
        [17] = { NULL, ask_sys_rawio },
        [18] = { NULL, ask_sys_chroot },
        [19] = { prepare_bystander, ask_sys_ptrace },
        [20] = { NULL, ask_sys_pacct },
        [21] = { NULL, ask_sys_admin },
        [22] = { NULL, ask_sys_boot },
        [23] = { prepare_nice_19, ask_sys_nice },
        [24] = { prepare_limit_0, ask_sys_resource },
        [25] = { NULL, ask_sys_time },
        [26] = { prepare_session, ask_sys_tty_config },
        [27] = { NULL, ask_mknod },
        [28] = { prepare_foreign_file, ask_lease },
        [29] = { NULL, ask_audit_write },
        [30] = { prepare_loginuid, ask_audit_control },
        [31] = { prepare_memfd, ask_setfcap },
        [34] = { NULL, ask_syslog },
        [35] = { NULL, ask_wake_alarm },
        [36] = { prepare_wakeup, ask_block_suspend },
        [37] = { NULL, ask_audit_read },
        [38] = { NULL, ask_perfmon },
        [39] = { NULL, ask_bpf },
        [40] = { prepare_page_file, ask_checkpoint_restore },
};

const struct ask_row *ask_row(unsigned bit)
{
        return &rows[bit];
}

struct probe_answer answer_of(long returned)
{
        return (struct probe_answer){ .kind = ANSWER_RESULT, .err = returned < 0 ? errno : 0 };
}

struct probe_answer answer_unprepared(void)
{
        return (struct probe_answer){ .kind = ANSWER_UNPREPARED, .err = errno };
}

struct probe_answer answer_ready(void)
{
        return (struct probe_answer){ .kind = ANSWER_RESULT, .err = 0 };
}
