/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "caps/caps.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* By bit. The clauses are for somebody who meets the name for the first time, at most 42 columns. */
static const struct cap_info table[CAPS_N] = {
        [0] = { "CHOWN", "chown", "give files to other users", false },
        [1] = { "DAC_OVERRIDE", "dac_override", "ignore file permissions", false },
        [2] = { "DAC_READ_SEARCH", "dac_read_search", "read any file and directory", true },
        [3] = { "FOWNER", "fowner", "act as the owner of any file", false },
        [4] = { "FSETID", "fsetid", "keep set-user-ID bits on changed files", false },
        [5] = { "KILL", "kill", "signal other users' processes", false },
        [6] = { "SETGID", "setgid", "become any group", false },
        [7] = { "SETUID", "setuid", "become any user", false },
        [8] = { "SETPCAP", "setpcap", "change capability sets", false },
        [9] = { "LINUX_IMMUTABLE", "linux_immutable", "make files immutable", false },
        [10] = { "NET_BIND_SERVICE", "net_bind_service", "listen on ports below 1024", false },
        [11] = { "NET_BROADCAST", "net_broadcast", "nothing: the kernel never asks for it", false },
        [12] = { "NET_ADMIN", "net_admin", "configure the network", false },
        [13] = { "NET_RAW", "net_raw", "send and see raw packets", false },
        [14] = { "IPC_LOCK", "ipc_lock", "keep memory from being swapped", false },
        [15] = { "IPC_OWNER", "ipc_owner", "use others' System V IPC", false },
        [16] = { "SYS_MODULE", "sys_module", "load code into the kernel", true },
        [17] = { "SYS_RAWIO", "sys_rawio", "reach hardware ports and memory", true },
        [18] = { "SYS_CHROOT", "sys_chroot", "change the root directory", false },
        [19] = { "SYS_PTRACE", "sys_ptrace", "trace and change other processes", false },
        [20] = { "SYS_PACCT", "sys_pacct", "switch process accounting", false },
        [21] = { "SYS_ADMIN", "sys_admin", "mount and hundreds of other things", true },
        [22] = { "SYS_BOOT", "sys_boot", "reboot the machine", true },
        [23] = { "SYS_NICE", "sys_nice", "raise priorities", false },
        [24] = { "SYS_RESOURCE", "sys_resource", "go beyond resource limits", false },
        [25] = { "SYS_TIME", "sys_time", "set the clock", false },
        [26] = { "SYS_TTY_CONFIG", "sys_tty_config", "hang up terminals", false },
        [27] = { "MKNOD", "mknod", "make device files", false },
        [28] = { "LEASE", "lease", "put leases on others' files", false },
        [29] = { "AUDIT_WRITE", "audit_write", "write to the audit log", false },
        [30] = { "AUDIT_CONTROL", "audit_control", "configure auditing", false },
        [31] = { "SETFCAP", "setfcap", "give capabilities to files", false },
        [32] = { "MAC_OVERRIDE", "mac_override", "pass mandatory access rules (Smack)", false },
        [33] = { "MAC_ADMIN", "mac_admin", "change mandatory access rules", false },
        [34] = { "SYSLOG", "syslog", "read the kernel's log", false },
        [35] = { "WAKE_ALARM", "wake_alarm", "set timers that wake the machine", false },
        [36] = { "BLOCK_SUSPEND", "block_suspend", "keep the machine from suspending", false },
        [37] = { "AUDIT_READ", "audit_read", "listen to the audit log", false },
        [38] = { "PERFMON", "perfmon", "watch the whole machine's performance", true },
        [39] = { "BPF", "bpf", "run programs in the kernel (BPF)", true },
        [40] = { "CHECKPOINT_RESTORE", "checkpoint_restore", "freeze and restore processes", false },
};

static const struct cap_rules rules_table[ENGINE_N] = {
        [ENGINE_DOCKER] = { "docker 20.10", "docker", UINT64_C(0xa80425fb), true, false, false },
        [ENGINE_PODMAN] = { "podman 4.3", "podman", UINT64_C(0x800405fb), false, true, true },
};

const struct cap_info *caps_info(unsigned bit)
{
        return &table[bit];
}

static const char *without_prefix(const char *name)
{
        return strncasecmp(name, "CAP_", 4) == 0 ? name + 4 : name;
}

int caps_find(const char *name)
{
        for (int i = 0; i < CAPS_N; i++)
                if (strcasecmp(table[i].name, without_prefix(name)) == 0)
                        return i;
        return -1;
}

bool caps_is_all(const char *name)
{
        return strcasecmp(without_prefix(name), "ALL") == 0;
}

unsigned caps_count(uint64_t mask)
{
        return (unsigned)__builtin_popcountll(mask);
}

void caps_hex(uint64_t mask, char buf[static 17])
{
        snprintf(buf, 17, "%016llx", (unsigned long long)mask);
}

const struct cap_rules *caps_rules(enum engine engine)
{
        return &rules_table[engine];
}

bool caps_wanted(const struct cap_rules *rules, const struct cap_request *request, uint64_t known,
                 uint64_t *ret, int *ret_clash)
{
        uint64_t both = request->add & request->drop;

        *ret_clash = -1;
        if (request->privileged) {
                *ret = known;
                return true;
        }
        if (!rules->add_wins && (both || (request->add_all && request->drop_all))) {
                *ret_clash = both ? __builtin_ctzll(both) : -1;
                return false;
        }
        if (request->add_all)
                *ret = known & ~request->drop;
        else if (request->drop_all)
                *ret = request->add & known;
        else
                *ret = ((rules->base & ~request->drop) | request->add) & known;
        return true;
}

struct cap_sets caps_apply(const struct cap_rules *rules, const struct cap_request *request, uint64_t wanted,
                           uint64_t grantable, uint32_t uid)
{
        struct cap_sets sets = { .bounding = wanted & grantable };

        if (uid == 0) {
                sets.permitted = sets.effective = sets.bounding;
        } else if (rules->other_user_ambient && !request->privileged) {
                uint64_t named = request->add_all ? sets.bounding : request->add & sets.bounding;

                sets.permitted = sets.effective = sets.inheritable = sets.ambient = named;
        }
        return sets;
}

struct cap_sets caps_exec(uint64_t bounding, bool container_root, uint32_t uid, bool no_new_privileges)
{
        struct cap_sets sets = { .bounding = bounding };

        if (uid == 0 && (container_root || !no_new_privileges))
                sets.permitted = sets.effective = bounding;
        return sets;
}
