/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/info.h"

static const struct info table[INFO_CAP] = {
        [INFO_PID] = { "PID", "column",
                       "A process's number. Each PID namespace counts for itself: one and the same process "
                       "has a number on the machine and another one in the container, where the first is "
                       "1." },
        [INFO_PPID] = { "PPID", "column",
                        "The number of the parent: the process that started this one, or that took it over "
                        "when the parent ended. 0: there is none, or none that can be seen from here." },
        [INFO_USER] = { "USER", "column",
                        "The user's name. What counts for the kernel is the number; names are local, and "
                        "each "
                        "side looks the number up in a list of its own, so one number may have two names." },
        [INFO_COMMAND] = { "COMMAND", "column",
                           "What the process runs, as it says itself: a program may write here what it "
                           "likes. "
                           "Of the machine's other processes the names alone are shown, until H asks for "
                           "all." },
        [INFO_UID] = { "uid", "id",
                       "The number by which the kernel knows a user; permissions go by it. Without a user "
                       "namespace of its own uid 0 in a container is uid 0 of the machine: the same root." },
        [INFO_GID] = { "gid", "id",
                       "The number of a process's group: a file grants rights to a group, too. A process has "
                       "one such group, and may have supplementary ones beside it." },
        [INFO_DIGIT] = { "the digits", "capabilities",
                         "A set of capabilities is one number, in which bit n stands for capability n. Each "
                         "row is one hexadecimal digit of it, that is four bits: read the digits down." },
        [INFO_EFFECTIVE] = { "effective", "capabilities",
                             "The set that the kernel asks when a process wants to do something: what it may "
                             "do now, here called held. In /proc/PID/status it is CapEff." },
        [INFO_BOUNDING] = { "bounding", "capabilities",
                            "The limit on what a process and its children can gain by running a program, "
                            "even "
                            "a set-user-ID one (CapBnd). --cap-drop takes out of it, and nothing puts it "
                            "back." },
        [INFO_NS + NS_T_PID] = { "pid", "namespace",
                                 "Numbers processes anew, from 1: those inside do not see the ones outside. "
                                 "When its PID 1 ends, the kernel ends all the others in it." },
        [INFO_NS +
                NS_T_USER] = { "user", "namespace",
                               "Has user ids of its own, mapped to others outside. Who is root in one has "
                               "capabilities only over what belongs to it: outside it is an ordinary user." },
        [INFO_NS + NS_T_MNT] = { "mnt", "namespace",
                                 "Has its own list of mounts, so that the tree of files can be another one "
                                 "than the machine's. This is what an image becomes visible in." },
        [INFO_NS + NS_T_UTS] = { "uts", "namespace",
                                 "Has its own host name and NIS domain name, no more. The letters come from "
                                 "the name of the structure that uname(2) fills in (UNIX Time-sharing "
                                 "System)." },
        [INFO_NS +
                NS_T_IPC] = { "ipc", "namespace",
                              "Has its own System V queues, semaphores and shared memory, and its own POSIX "
                              "message queues: those of another namespace cannot be reached." },
        [INFO_NS +
                NS_T_NET] = { "net", "namespace",
                              "Has its own interfaces, addresses, routes, firewall and ports. An own one of "
                              "vitrine's holds lo alone, without Docker's bridge." },
        [INFO_NS +
                NS_T_CGROUP] = { "cgroup", "namespace",
                                 "Hides where in the machine's tree of control groups the container stands: "
                                 "it reads / for its own. It limits nothing itself." },
        [INFO_NS +
                NS_T_TIME] = { "time", "namespace",
                               "Has offsets of its own for the clocks that count since the start (monotonic "
                               "and boot time); the date is common to all. Docker makes none." },
};

struct info info_of(unsigned topic)
{
        if (topic < INFO_CAP)
                return table[topic];
        return (struct info){ caps_info(topic - INFO_CAP)->name, "capability",
                              caps_info(topic - INFO_CAP)->sentence };
}
