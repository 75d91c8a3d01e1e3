/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "caps/caps.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* By bit. The clauses are for somebody who meets the name for the first time, at most 42 columns. */
static const struct cap_info table[CAPS_N] = {
        [0] = { "CHOWN", "chown", "give files to other users", false,
                "Changes the owner and the group of files to any other. Without it nobody may give a file "
                "away, not even one's own." },
        [1] = { "DAC_OVERRIDE", "dac_override", "ignore file permissions", false,
                "Passes over the permission bits of files and directories: it reads and writes what belongs "
                "to others. Without it root is refused as any other user is." },
        [2] = { "DAC_READ_SEARCH", "dac_read_search", "read any file and directory", true,
                "Reads any file and searches any directory, whatever their permissions say. It also opens "
                "files by a handle, past the container's own root: the escape named shocker did that in "
                "2014." },
        [3] = { "FOWNER", "fowner", "act as the owner of any file", false,
                "Does what otherwise only a file's owner may: changes its permissions and times, deletes in "
                "directories with the sticky bit, such as /tmp." },
        [4] = { "FSETID", "fsetid", "keep set-user-ID bits on changed files", false,
                "Keeps the set-user-ID and set-group-ID bits of a file that is written to; without it the "
                "kernel takes them off, so that a changed program has no power left." },
        [5] = { "KILL", "kill", "signal other users' processes", false,
                "Sends signals to processes of other users. Without it a process may signal only those of "
                "its own user: root without KILL cannot end the sleep of a student." },
        [6] = { "SETGID", "setgid", "become any group", false,
                "Takes on any group, and any list of supplementary groups. Programs that turn into somebody "
                "else (su, login, sshd) need it." },
        [7] = { "SETUID", "setuid", "become any user", false,
                "Becomes any user without a password. Servers that start as root use it to give root up; "
                "whoever else holds it may become uid 0." },
        [8] = { "SETPCAP", "setpcap", "change capability sets", false,
                "Takes capabilities out of the bounding set for good, and adds to the inheritable set what "
                "the bounding set has. It gives nothing that is not in there." },
        [9] = { "LINUX_IMMUTABLE", "linux_immutable", "make files immutable", false,
                "Sets and takes off the marks immutable and append-only (chattr +i, +a). A file with such a "
                "mark cannot be changed, not even by root, until it is taken off." },
        [10] = { "NET_BIND_SERVICE", "net_bind_service", "listen on ports below 1024", false,
                 "Listens on ports below 1024, such as 80 and 443. In a network namespace of its own a "
                 "container needs none: there Docker opens those ports to everybody, and so does vitrine." },
        [11] = { "NET_BROADCAST", "net_broadcast", "nothing: the kernel never asks for it", false,
                 "Was meant for broadcasts and multicasts. Nothing in the kernel asks for it: whether it is "
                 "held makes no difference." },
        [12] = { "NET_ADMIN", "net_admin", "configure the network", false,
                 "Configures the network: interfaces, addresses, routes, the firewall. It reaches as far as "
                 "the container's network: for real root with --network=host that is the machine's." },
        [13] = { "NET_RAW", "net_raw", "send and see raw packets", false,
                 "Sends packets that the program has written itself, and sees those that pass by (raw and "
                 "packet sockets). Sniffers need it, and for a long time ping did." },
        [14] = { "IPC_LOCK", "ipc_lock", "keep memory from being swapped", false,
                 "Keeps memory from being swapped out, beyond the limit that everybody has (mlock), as "
                 "programs do that hold keys; and allocates huge pages." },
        [15] = { "IPC_OWNER", "ipc_owner", "use others' System V IPC", false,
                 "Uses System V message queues, semaphores and shared memory whatever their permissions say. "
                 "Which of them can be reached at all is up to the IPC namespace." },
        [16] = { "SYS_MODULE", "sys_module", "load code into the kernel", true,
                 "Loads kernel modules, code that then runs as the kernel itself: for real root whoever "
                 "holds it owns the machine. In a user namespace of its own it has no effect." },
        [17] = { "SYS_RAWIO", "sys_rawio", "reach hardware ports and memory", true,
                 "Reaches the hardware directly: I/O ports, the machine's memory, commands to disks past the "
                 "file system. For real root that goes round every other rule." },
        [18] = { "SYS_CHROOT", "sys_chroot", "change the root directory", false,
                 "Changes the root directory of a process (chroot). To go into another mount namespace takes "
                 "it as well, beside SYS_ADMIN." },
        [19] = { "SYS_PTRACE", "sys_ptrace", "trace and change other processes", false,
                 "Traces and changes the processes of other users, and reads their memory. It reaches what "
                 "the container sees: for real root with --pid=host that is every process there is." },
        [20] = { "SYS_PACCT", "sys_pacct", "switch process accounting", false,
                 "Switches process accounting on and off (acct): the kernel then writes down every process "
                 "that ends. Few machines use it." },
        [21] = { "SYS_ADMIN", "sys_admin", "mount and hundreds of other things", true,
                 "Mounts file systems, sets the host name, enters namespaces, and has hundreds of uses more: "
                 "the kernel asks for it wherever no other fits. It is nearly all of root by itself." },
        [22] = { "SYS_BOOT", "sys_boot", "reboot the machine", true,
                 "Reboots and halts the machine, and loads another kernel (kexec). From a PID namespace of "
                 "its own a reboot ends that namespace and no more." },
        [23] = { "SYS_NICE", "sys_nice", "raise priorities", false,
                 "Raises priorities and asks for real-time scheduling, for other users' processes too. To "
                 "lower the priority of one's own takes nothing." },
        [24] = { "SYS_RESOURCE", "sys_resource", "go beyond resource limits", false,
                 "Goes beyond resource limits: raises hard limits, uses the disk space that is kept for "
                 "root, passes over quotas. What a control group limits stays limited." },
        [25] = { "SYS_TIME", "sys_time", "set the clock", false,
                 "Sets the date and the time. No namespace has a date of its own: real root sets it for the "
                 "whole machine, and in a user namespace of its own it is refused." },
        [26] = { "SYS_TTY_CONFIG", "sys_tty_config", "hang up terminals", false,
                 "Hangs up terminals (vhangup) and configures virtual consoles. A login uses it, so that "
                 "nobody keeps the terminal of the session before." },
        [27] = { "MKNOD", "mknod", "make device files", false,
                 "Makes device files. To make one is not to open it: Docker's rules for devices stand before "
                 "that, and here every mount that can be written is nodev." },
        [28] = { "LEASE", "lease", "put leases on others' files", false,
                 "Takes leases on files of other users (fcntl, F_SETLEASE): the holder is told before "
                 "somebody else opens the file. File servers use them." },
        [29] = { "AUDIT_WRITE", "audit_write", "write to the audit log", false,
                 "Writes records to the kernel's audit log, as login and sshd do. Docker gives it unasked, "
                 "Podman does not." },
        [30] = { "AUDIT_CONTROL", "audit_control", "configure auditing", false,
                 "Switches auditing on and off and changes its rules: whoever holds it could silence the log "
                 "that tells of an attack." },
        [31] = { "SETFCAP", "setfcap", "give capabilities to files", false,
                 "Writes capabilities onto program files (setcap). What such a file gives stays within the "
                 "bounding set. Since Linux 5.12 it is also asked for when uid 0 is mapped into a user "
                 "namespace." },
        [32] = { "MAC_OVERRIDE", "mac_override", "pass mandatory access rules (Smack)", false,
                 "Passes over the rules of mandatory access control, of the kernel's modules for that Smack "
                 "alone. AppArmor and SELinux do not ask for it, so on most machines it makes no "
                 "difference." },
        [33] = { "MAC_ADMIN", "mac_admin", "change mandatory access rules", false,
                 "Changes the rules of mandatory access control (AppArmor, SELinux, Smack). Nothing else "
                 "asks for it: once such rules are loaded, most machines never ask for it again." },
        [34] = { "SYSLOG", "syslog", "read the kernel's log", false,
                 "Reads and clears the kernel's log where that is restricted, and sees kernel addresses in "
                 "/proc. There is one log for the whole machine and its containers." },
        [35] = { "WAKE_ALARM", "wake_alarm", "set timers that wake the machine", false,
                 "Sets timers that wake the machine out of its sleep (CLOCK_REALTIME_ALARM, "
                 "CLOCK_BOOTTIME_ALARM). A server that never sleeps has no use for it." },
        [36] = { "BLOCK_SUSPEND", "block_suspend", "keep the machine from suspending", false,
                 "Keeps the machine from going to sleep while there is still work (EPOLLWAKEUP). It comes "
                 "from phones; where nothing sleeps it makes no difference." },
        [37] = { "AUDIT_READ", "audit_read", "listen to the audit log", false,
                 "Listens to the kernel's audit log while it is written, over a netlink socket. The log "
                 "tells of the whole machine." },
        [38] = { "PERFMON", "perfmon", "watch the whole machine's performance", true,
                 "Watches the performance of the whole machine with perf, the kernel's too; together with "
                 "BPF it can read the kernel's memory. Since Linux 5.8; SYS_ADMIN includes it." },
        [39] = { "BPF", "bpf", "run programs in the kernel (BPF)", true,
                 "Loads BPF programs: small ones that the kernel itself runs when a packet comes, a call is "
                 "made or something happens. Since Linux 5.8; SYS_ADMIN includes it." },
        [40] = { "CHECKPOINT_RESTORE", "checkpoint_restore", "freeze and restore processes", false,
                 "Helps to freeze processes into files and to wake them again (CRIU): it chooses the PID of "
                 "a new process. Since Linux 5.9; SYS_ADMIN includes it." },
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
