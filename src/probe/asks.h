/* SPDX-License-Identifier: MIT */
/* The questions themselves: two small functions a capability, run in a child that is the caller. System calls
 * go through syscall(2)'s raw form: what the C library makes of set*id, setgroups, settimeofday and reboot is
 * another thing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "probe/fixtures.h"
#include "probe/judge.h"

/* What a row's preparation leaves for its question. */
struct ask {
        const struct fixtures *fixtures;
        int fd;     /* the child's own; closed by its end */
        int *queue; /* where the runner finds a message queue that it is to remove, -1: none */
        void *page; /* one page of memory */
        char path[64];
};

/* As the caller, with all capabilities and without a filter: makes what the question needs. */
typedef struct probe_answer ask_prepare(struct ask *ask);
/* With the run's own capabilities and filter. */
typedef struct probe_answer ask_question(struct ask *ask);

struct ask_row {
        ask_prepare
                *prepare; /* NULL: nothing is needed; its answer is ANSWER_RESULT and 0 when all is there */
        ask_question *question; /* NULL: there is no probe */
};

/* The functions of a bit below CAPS_N. */
const struct ask_row *ask_row(unsigned bit);

/* asks_files.c: files and their owners */
ask_prepare prepare_memfd, prepare_mode_0, prepare_foreign_file, prepare_foreign_group, prepare_file_flags,
        prepare_page_file, prepare_other;
ask_question ask_chown, ask_dac_override, ask_dac_read_search, ask_fowner, ask_fsetid, ask_linux_immutable,
        ask_mknod, ask_lease, ask_setfcap, ask_checkpoint_restore;

/* asks_process.c: the process itself, and others */
ask_prepare prepare_bystander, prepare_no_memlock, prepare_nice_19, prepare_limit_0, prepare_session,
        prepare_loginuid;
ask_question ask_kill, ask_setgid, ask_setuid, ask_setpcap, ask_ipc_lock, ask_sys_rawio, ask_sys_chroot,
        ask_sys_ptrace, ask_sys_nice, ask_sys_resource, ask_sys_tty_config, ask_audit_control;

/* asks_system.c: the machine, its network and its log */
ask_prepare prepare_queue, prepare_wakeup;
ask_question ask_net_bind_service, ask_net_admin, ask_net_raw, ask_ipc_owner, ask_sys_module, ask_sys_pacct,
        ask_sys_admin, ask_sys_boot, ask_sys_time, ask_audit_write, ask_syslog, ask_wake_alarm,
        ask_block_suspend, ask_audit_read, ask_perfmon, ask_bpf;

/* What a call's return value says. */
struct probe_answer answer_of(long returned);
/* That something before the question failed, by errno. */
struct probe_answer answer_unprepared(void);
/* That all is there. */
struct probe_answer answer_ready(void);
