/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/dialog.h"

enum { CLAUSES_MOST = 3 /* capabilities that are told what they do */ };

static uint64_t giving(const struct spec *spec)
{
        uint64_t mask = 0;

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (caps_info(bit)->gives_host_away)
                        mask |= caps_bit(bit);
        if (spec->pid == NS_HOST)
                mask |= caps_bit((unsigned)caps_find("SYS_PTRACE"));
        return mask;
}

static enum signals signals_of(const struct spec *spec, const struct machine *machine)
{
        if (spec->pid != NS_HOST)
                return SIGNALS_NONE_SEEN;
        return machine->mode == MODE_ROOT ? SIGNALS_ALL
               : machine_remaps(machine)  ? SIGNALS_REMAPPED
                                          : SIGNALS_YOURS;
}

struct dangers dangers_of(const struct spec *spec, const struct machine *machine)
{
        struct dangers dangers = { .pid_host = signals_of(spec, machine) };
        uint64_t wanted = 0;
        int clash;

        if (machine->mode != MODE_ROOT)
                return dangers;
        dangers.privileged = spec->caps.privileged;
        if (caps_wanted(caps_rules(spec->engine), &spec->caps, machine->known, &wanted, &clash) &&
            !dangers.privileged)
                dangers.caps = wanted & machine->grantable & giving(spec);
        return dangers;
}

struct dangers dangers_beyond(struct dangers a, struct dangers b)
{
        return (struct dangers){ .privileged = a.privileged && !b.privileged,
                                 .pid_host = a.pid_host > b.pid_host ? a.pid_host : SIGNALS_NONE_SEEN,
                                 .caps = a.caps & ~b.caps };
}

bool dangers_any(struct dangers dangers)
{
        return dangers.privileged || dangers.pid_host != SIGNALS_NONE_SEEN || dangers.caps;
}

bool dangers_can_remap(struct dangers dangers, const struct machine *machine)
{
        return machine->mode == MODE_ROOT && (dangers.privileged || dangers.caps);
}

const char *dangers_title(struct dangers dangers)
{
        if (dangers.privileged)
                return "Privileged?";
        if (dangers.caps)
                return "Give the machine away?";
        return "Share the machine's processes?";
}

/* What all of them give is said once, and where they are many their names alone: what is asked about has room
 * on the smallest screen. */
static void add_caps(struct str *text, uint64_t caps)
{
        unsigned n = caps_count(caps), said = 0;

        if (!n)
                return;
        str_add_f(text, "As the machine's real root, what runs inside could take the machine over with %s",
                  n > 1 ? "each of these: " : "");
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                if (!(caps & caps_bit(bit)))
                        continue;
                str_add_f(text, "%s%s", said++ ? ", " : "", caps_info(bit)->name);
                if (n <= CLAUSES_MOST)
                        str_add_f(text, " (%s)", caps_info(bit)->clause);
        }
        str_add(text, ". ");
}

char *dangers_text(struct dangers dangers, const struct machine *machine)
{
        struct str text = { 0 };

        if (dangers.privileged)
                str_add(&text, "--privileged as the machine's real root: every capability and no masks. What "
                               "runs inside "
                               "could load kernel modules, set the clock, mount the machine's disks. ");
        add_caps(&text, dangers.caps);
        if (dangers.pid_host)
                str_add_f(&text,
                          "--pid=host: what runs inside sees every process of this machine, and may signal "
                          "%s. ",
                          dangers.pid_host == SIGNALS_ALL        ? "all of them"
                          : dangers.pid_host == SIGNALS_REMAPPED ? "those of all --userns=remap containers"
                                                                 : "those that are yours");
        /* Real root ends its cgroup whole, where the kernel can. */
        if (dangers.pid_host == SIGNALS_YOURS)
                str_add(&text, "What forks on and on in there may outlive it. ");
        if (dangers_can_remap(dangers, machine))
                str_add(&text, "With --userns=remap (r) root in there is nobody on the machine. ");
        str_add(&text, "Launch it?");
        return str_take(&text);
}
