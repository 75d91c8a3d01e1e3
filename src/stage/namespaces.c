/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/namespaces.h"

const struct ns_entry ns_entries[NS_T_N] = {
        { NS_T_PID, "pid", "sees its own processes alone", "sees every process of the machine", "--pid=host",
          NULL },
        { NS_T_NET, "network", "lo alone, without Docker's bridge", "the machine's interfaces, ports",
          "--network=host", NULL },
        { NS_T_UTS, "uts", "a host name of its own", "the machine's host name", "--uts=host", NULL },
        { NS_T_IPC, "ipc", "its own shared memory and queues", "the machine's memory and queues",
          "--ipc=host", NULL },
        { NS_T_CGROUP, "cgroupns", "control groups begin at its own", "sees its place in the machine's",
          "--cgroupns=host", NULL },
        { NS_T_USER, "user", "uids of its own, mapped outside", "the machine's uids: root is root", NULL,
          "without root always its own" },
        { NS_T_MNT, "mnt", "its own tree of files", "the machine's files", NULL,
          "always its own: a container has its own root directory" },
        { NS_T_TIME, "time", "clocks with offsets of its own", "the machine's clocks", NULL,
          "always the machine's: docker run has no flag for it" },
};

/* The spec's field for a namespace; NULL for one that stays as it is. */
static enum ns_choice *choice_of(struct spec *spec, enum ns_type type)
{
        switch (type) {
        case NS_T_PID:
                return &spec->pid;
        case NS_T_NET:
                return &spec->network;
        case NS_T_UTS:
                return &spec->uts;
        case NS_T_IPC:
                return &spec->ipc;
        case NS_T_CGROUP:
                return &spec->cgroupns;
        case NS_T_USER:
        case NS_T_MNT:
        case NS_T_TIME:
        case NS_T_N:
                break;
        }
        return NULL;
}

bool ns_toggle(struct spec *spec, enum ns_type type)
{
        enum ns_choice *choice = choice_of(spec, type);

        /* As real root the machine's is the rule, and an own one what is asked for. */
        if (type == NS_T_USER) {
                spec->userns = spec->userns == NS_REMAP ? NS_OWN : NS_REMAP;
                return true;
        }
        if (!choice)
                return false;
        *choice = *choice == NS_HOST ? NS_OWN : NS_HOST;
        return true;
}
