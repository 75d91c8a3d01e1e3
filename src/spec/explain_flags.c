/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/explain_flags.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/wrap.h"

enum { INDENT = 28 };

struct flags_text {
        struct str *out;
        int width;
};

/* flag is "  --user=" and the like; value follows it. */
static void add(struct flags_text *t, const char *flag, const char *value, const char *text)
{
        own_free char *head = xasprintf("  %s%s", flag, value);

        wrap_add(t->out, head, INDENT, t->width, text);
}

static void add_if(struct flags_text *t, bool said, const char *flag, const char *text)
{
        if (said)
                add(t, flag, "", text);
}

static void add_caps(struct flags_text *t, const char *flag, const char *verb, uint64_t mask)
{
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                own_free char *text = NULL;

                if (!(mask & caps_bit(bit)))
                        continue;
                text = xasprintf("%s: %s.", verb, caps_info(bit)->clause);
                add(t, flag, caps_info(bit)->name, text);
        }
}

static void add_powers(struct flags_text *t, const struct spec *spec, const struct resolved *resolved)
{
        own_free char *ids = xasprintf("The command runs as uid %u, gid %u.", resolved->uid, resolved->gid);

        if (*spec->user)
                add(t, "--user=", spec->user, ids);
        for (size_t i = 0; i < spec->group_add.n; i++)
                add(t, "--group-add=", spec->group_add.v[i], "One more supplementary group.");
        add_if(t, spec->caps.add_all, "--cap-add=ALL",
               "Every capability that there is, but for those dropped by name.");
        add_caps(t, "--cap-add=", "Adds a power", spec->caps.add);
        add_if(t, spec->caps.drop_all, "--cap-drop=ALL", "No capability but those added by name.");
        add_caps(t, "--cap-drop=", "Takes a power away", spec->caps.drop);
        add_if(t, spec->caps.privileged, "--privileged",
               "Every capability, nothing of /proc and /sys masked, no filter of system calls. vitrine gives "
               "no "
               "devices of the machine all the same.");
        add_if(t, spec->no_new_privileges, "--security-opt=no-new-privileges",
               "No program gets more than the command begins with: set-user-ID bits and file capabilities "
               "are "
               "ignored. It takes nothing away.");
        if (!*spec->seccomp)
                return;
        add(t, "--security-opt=seccomp=", spec->seccomp,
            strcmp(spec->seccomp, "unconfined") == 0 ? "No filter of system calls."
                                                     : "The filter of system calls is this file's.");
}

static void add_namespaces(struct flags_text *t, const struct spec *spec)
{
        add_if(t, spec->pid == NS_HOST, "--pid=host",
               "The machine's PID namespace: every process of the machine is seen, under the machine's own "
               "numbers.");
        add_if(t, spec->network == NS_HOST, "--network=host",
               "The machine's network: its interfaces, its addresses, its ports.");
        add_if(t, spec->network == NS_NONE, "--network=none", "A network of its own with lo alone.");
        add_if(t, spec->uts == NS_HOST, "--uts=host", "The machine's host name.");
        add_if(t, spec->ipc == NS_HOST, "--ipc=host", "The machine's System V IPC and message queues.");
        add_if(t, spec->cgroupns == NS_HOST, "--cgroupns=host",
               "The machine's cgroup tree, seen from its root.");
        add_if(t, spec->userns == NS_HOST, "--userns=host",
               "No user namespace: a uid inside is the same uid on the machine.");
        add_if(t, spec->userns == NS_REMAP, "--userns=remap",
               "A user namespace: root inside is an ordinary, unused uid on the machine. vitrine's own word: "
               "for Docker it is the daemon's option userns-remap, for Podman --userns=auto.");
}

static void add_env(struct flags_text *t, const struct spec *spec)
{
        for (size_t i = 0; i < spec->env.n; i++)
                add(t, "--env=", spec->env.v[i],
                    strchr(spec->env.v[i], '=')
                            ? "Sets a variable of the environment."
                            : "Hands the caller's variable on. Where he has none, it takes "
                              "the image's away.");
}

static void add_rest(struct flags_text *t, const struct spec *spec)
{
        if (*spec->hostname)
                add(t, "--hostname=", spec->hostname, "The host name inside.");
        add_if(t, spec->read_only, "--read-only",
               "The root file system cannot be written; /dev/shm still can.");
        add_env(t, spec);
        if (*spec->workdir)
                add(t, "--workdir=", spec->workdir,
                    "The command starts in this directory; a missing one is made.");
        if (*spec->entrypoint)
                add(t, "--entrypoint=", spec->entrypoint,
                    "Runs in place of the image's entry point. The image's command does not count then.");
        else
                add_if(t, spec->has_entrypoint, "--entrypoint=''",
                       "Takes the image's entry point away, and its command with it.");
        add_if(t, spec->interactive, "-i", "Standard input stays open.");
        add_if(t, spec->tty, "-t", "A terminal for the command, and TERM=xterm.");
        add_if(t, spec->rm, "--rm", "Nothing is kept when the command ends.");
        if (*spec->name)
                add(t, "--name=", spec->name, "What the container is called.");
}

void explain_flags(const struct spec *spec, const struct resolved *resolved, int width, struct str *out)
{
        struct flags_text t = { .out = out, .width = width };

        add_powers(&t, spec, resolved);
        add_namespaces(&t, spec);
        add_rest(&t, spec);
}
