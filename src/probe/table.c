/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stddef.h>

#include "probe/judge.h"

/* By bit. mfd is a file of the caller's own in memory, other another user's id; F, G, O and N are told in
 * text.c. A call that is refused comes back before anything is done; what follows the check fails or does
 * nothing. */
static const struct probe_row table[CAPS_N] = {
        [0] = { .call = "fchown(mfd, other, -1)", .refused = { EPERM } },
        [1] = { .call = "open(mfd of mode 0, O_WRONLY)", .refused = { EACCES } },
        [2] = { .call = "open(mfd of mode 0, O_RDONLY)", .refused = { EACCES } },
        [3] = { .call = "fchmod(F, 0600)", .refused = { EPERM } },
        [4] = { .call = "fchmod(G, 02755)", .silent = "no error: the set-group-ID bit is taken off" },
        [5] = { .call = "kill(O, 0)", .refused = { EPERM } },
        [6] = { .call = "setgroups(0, NULL)",
                .refused = { EPERM },
                .denied = "setgroups is denied where one id is mapped" },
        [7] = { .call = "setresuid(other, other, other)", .refused = { EPERM } },
        [8] = { .call = "prctl(PR_CAPBSET_DROP, 63)", .refused = { EPERM } },
        [9] = { .call = "ioctl(mfd, FS_IOC_SETFLAGS)", .refused = { EPERM }, .initial = true },
        [10] = { .call = "bind(TCP socket, 0.0.0.0:1)",
                 .refused = { EACCES },
                 .open = "everybody may: net.ipv4.ip_unprivileged_port_start" },
        [11] = { .call = "", .none = "no code in the kernel asks for it" },
        [12] = { .call = "RTM_SETLINK of interface 0", .refused = { EPERM } },
        [13] = { .call = "socket(AF_INET, SOCK_RAW)", .refused = { EPERM } },
        [14] = { .call = "mlock(one page)", .refused = { EPERM }, .initial = true },
        [15] = { .call = "msgctl(queue of mode 0)", .refused = { EACCES } },
        [16] = { .call = "init_module(NULL, 0, \"\")", .refused = { EPERM }, .initial = true },
        [17] = { .call = "mmap(0, page, MAP_FIXED)",
                 .refused = { EPERM, EACCES },
                 .initial = true,
                 .open = "everybody may: vm.mmap_min_addr is 0" },
        [18] = { .call = "chroot(\"/\")", .refused = { EPERM } },
        [19] = { .call = "get_robust_list(N)", .refused = { EPERM } },
        [20] = { .call = "acct(\"/\")", .refused = { EPERM }, .initial = true },
        [21] = { .call = "sethostname(\"\", -1)", .refused = { EPERM } },
        [22] = { .call = "reboot(0, 0, 0, NULL)", .refused = { EPERM } },
        [23] = { .call = "setpriority(19 to 18)", .refused = { EACCES }, .initial = true },
        [24] = { .call = "setrlimit(hard 0 to 1)", .refused = { EPERM }, .initial = true },
        [25] = { .call = "settimeofday(NULL, NULL)", .refused = { EPERM }, .initial = true },
        [26] = { .call = "vhangup()", .refused = { EPERM }, .initial = true },
        [27] = { .call = "mknod(null, S_IFCHR, 1:3)", .refused = { EPERM }, .initial = true },
        [28] = { .call = "fcntl(F, F_SETLEASE, F_RDLCK)", .refused = { EACCES }, .initial = true },
        [29] = { .call = "AUDIT_USER, empty", .refused = { EPERM, ECONNREFUSED }, .initial = true },
        [30] = { .call = "write(loginuid), again", .refused = { EPERM }, .initial = true },
        [31] = { .call = "fsetxattr(security.capability)", .refused = { EPERM } },
        [32] = { .call = "", .none = "only the module Smack asks for it" },
        [33] = { .call = "",
                 .none = "asked by a module for mandatory access rules alone; a call that reaches it "
                         "changes them" },
        [34] = { .call = "syslog(9)", .refused = { EPERM }, .initial = true },
        [35] = { .call = "timerfd_create(REALTIME_ALARM)", .refused = { EPERM }, .initial = true },
        [36] = { .call = "epoll_ctl(ADD, EPOLLWAKEUP)",
                 .initial = true,
                 .silent = "no error: the flag is taken off" },
        [37] = { .call = "bind(NETLINK_AUDIT, group 1)", .refused = { EPERM }, .initial = true },
        [38] = { .call = "perf_event_open(every process)",
                 .refused = { EACCES, EPERM },
                 .initial = true,
                 .open = "everybody may: kernel.perf_event_paranoid" },
        [39] = { .call = "bpf(BPF_BTF_LOAD, zeros)", .refused = { EPERM }, .initial = true },
        [40] = { .call = "open(map_files/A-B, O_PATH)", .refused = { EPERM }, .initial = true },
};

const struct probe_row *probe_row(unsigned bit)
{
        return &table[bit];
}
