/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/cage.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/machine_range.h"

/* What an image's files and users take for granted. */
enum { LEAST_IDS = 65536 };

/* What this process itself holds: as real root nothing beyond it can be given. */
static uint64_t own_bounding(void)
{
        cap_t caps = cap_get_proc();
        uint64_t mask = 0;

        for (cap_value_t bit = 0; bit < cap_max_bits() && bit < 64; bit++) {
                cap_flag_value_t permitted = CAP_CLEAR;

                if (caps)
                        cap_get_flag(caps, bit, CAP_PERMITTED, &permitted);
                if (permitted == CAP_SET && cap_get_bound(bit) == 1)
                        mask |= UINT64_C(1) << bit;
        }
        cap_free(caps);
        return mask;
}

/* Root of a user namespace around vitrine is root enough only where ids and groups can be changed there. */
static bool can_change_ids(void)
{
        own_free char *setgroups = NULL, *map = NULL;
        unsigned long inside, outside, count;

        if (!io_read_file(AT_FDCWD, "/proc/self/setgroups", 64, &setgroups, NULL) ||
            !io_read_file(AT_FDCWD, "/proc/self/uid_map", 65536, &map, NULL))
                return true; /* without user namespaces, or without /proc, there is the machine's root alone
                              */
        return strncmp(setgroups, "deny", 4) != 0 &&
               sscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 && inside == 0 &&
               count >= LEAST_IDS;
}

/* Root that is none (without SYS_ADMIN, or in a user namespace of few ids) has one id: its range would begin
 * with the machine's root. */
static bool choose_mode(const struct spec *spec, bool real_root, struct machine *machine, struct fault *fault)
{
        static const char half[] = "root without what it takes to launch as root";
        struct fault unknown = { 0 };

        if (real_root && spec->userns == NS_REMAP) {
                machine->mode = MODE_RANGE;
                return machine_find_remap(machine, fault);
        }
        if (real_root)
                machine->mode = MODE_ROOT;
        else if (machine->uid != 0 && machine_find_range(machine, &unknown))
                machine->mode = MODE_RANGE;
        else
                machine->mode = MODE_ONE_ID;
        if (*unknown.step && fault)
                *fault = unknown;
        if (*unknown.step)
                return false;
        if (machine->mode == MODE_ONE_ID && machine->uid == 0)
                memcpy(machine->one_id_why, half, sizeof(half));
        return true;
}

void cage_forgo_range(struct machine *machine, const char *why)
{
        machine->mode = MODE_ONE_ID;
        machine->uids = machine->gids = (struct id_runs){ 0 };
        snprintf(machine->one_id_why, sizeof(machine->one_id_why), "%s", why);
        /* A program's own words, on their way to a screen. */
        for (char *at = machine->one_id_why; *at; at++)
                if (*at < ' ' || *at > '~')
                        *at = '?';
}

void cage_try_machine(struct machine *machine)
{
        if (machine->mode == MODE_RANGE && machine->uid != 0 && !machine_try_range(machine)) {
                own_free char *why = xstrdup(machine->one_id_why);

                cage_forgo_range(machine, why);
        }
}

bool cage_machine(const struct spec *spec, struct machine *ret, struct fault *fault)
{
        struct machine machine = { .uid = geteuid(), .gid = getegid() };
        int n = cap_max_bits();
        uint64_t own = own_bounding();

        machine.known = n >= CAPS_N ? CAPS_ALL : (UINT64_C(1) << n) - 1;
        if (!choose_mode(spec, machine.uid == 0 && (own & caps_bit(CAP_SYS_ADMIN)) && can_change_ids(),
                         &machine, fault))
                return false;
        machine.grantable = machine.mode == MODE_ROOT ? own : machine.known;
        if (machine.mode != MODE_ROOT && spec->userns == NS_HOST) {
                fault_why(fault, "--userns host",
                          "without root a container needs a user namespace of its own");
                return fault_hint(fault, "leave --userns away, or: sudo vitrine ...");
        }
        *ret = machine;
        return true;
}
