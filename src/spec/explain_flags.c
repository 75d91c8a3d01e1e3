/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/explain_flags.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/wrap.h"

enum { INDENT = 28 };

struct flags_text {
        const struct spec *spec;
        const struct resolved *resolved;
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

static const char privileged_has_all[] = "No effect: --privileged gives every capability.";

/* Whether what is added by name, or by ALL, is the user's own and not the bounding set's alone. */
static bool adds_power(const struct flags_text *t)
{
        return t->resolved->uid == 0 || caps_rules(t->spec->engine)->other_user_ambient;
}

/* What an add of one capability comes to on this line, in the notes' words where that is nothing. */
static char *add_says(const struct flags_text *t, unsigned bit)
{
        const struct cap_request *caps = &t->spec->caps;
        const struct cap_rules *rules = caps_rules(t->spec->engine);
        const uint64_t one = caps_bit(bit);
        bool given = !caps->drop_all && (rules->base & ~caps->drop & one);

        if (caps->privileged)
                return xstrdup(privileged_has_all);
        if (caps->add_all)
                return xstrdup(caps->drop & one ? "No effect: beside --cap-add=ALL the drop wins."
                                                : "No effect: --cap-add=ALL gives it already.");
        /* Where an add is ambient, another user has of the default set what is named alone. */
        if (given && !(t->resolved->uid && rules->other_user_ambient))
                return xasprintf("No effect: %s gives it to every container.", rules->name);
        if (t->resolved->missing & one)
                return xstrdup("Asked for, and not given on this machine.");
        if (!adds_power(t))
                return xasprintf("No power for uid %u: the bounding set alone has it.", t->resolved->uid);
        return xasprintf("Adds a power: %s.", caps_info(bit)->clause);
}

static char *drop_says(const struct flags_text *t, unsigned bit)
{
        const struct cap_request *caps = &t->spec->caps;
        const struct cap_rules *rules = caps_rules(t->spec->engine);
        const uint64_t one = caps_bit(bit);

        if (caps->privileged)
                return xstrdup(privileged_has_all);
        if (!caps->add_all && (caps->add & one))
                return xasprintf("No effect: %s keeps what is added.", rules->name);
        if (!caps->add_all && caps->drop_all)
                return xstrdup("No effect: --cap-drop=ALL takes it away already.");
        if (!caps->add_all && !(rules->base & one))
                return xasprintf("No effect: %s gives it to no container unless it is added.", rules->name);
        if (t->resolved->uid && !(caps->add_all && adds_power(t)))
                return xasprintf("Takes nothing from uid %u, who does not hold it anyway: only the bounding "
                                 "set changes.",
                                 t->resolved->uid);
        return xasprintf("Takes a power away: %s.", caps_info(bit)->clause);
}

static void add_caps(struct flags_text *t, const char *flag, uint64_t mask,
                     char *(*says)(const struct flags_text *, unsigned))
{
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                own_free char *text = mask & caps_bit(bit) ? says(t, bit) : NULL;

                if (text)
                        add(t, flag, caps_info(bit)->name, text);
        }
}

static void add_every(struct flags_text *t)
{
        own_free char *bounding = xasprintf("No power for uid %u: the bounding set alone has every "
                                            "capability, but for those dropped by name.",
                                            t->resolved->uid);

        add_if(t, t->spec->caps.add_all, "--cap-add=ALL",
               t->spec->caps.privileged ? privileged_has_all
               : adds_power(t)          ? "Every capability that there is, but for those dropped by name."
                                        : bounding);
}

static void drop_every(struct flags_text *t)
{
        const struct cap_request *caps = &t->spec->caps;

        add_if(t, caps->drop_all, "--cap-drop=ALL",
               caps->privileged   ? privileged_has_all
               : caps->add_all    ? "No effect: beside --cap-add=ALL only a drop by name counts."
               : t->resolved->uid ? "The bounding set has no capability but those added by name."
                                  : "No capability but those added by name.");
}

static void add_privileged(struct flags_text *t)
{
        uint32_t uid = t->resolved->uid;
        own_free char *whose = uid ? xasprintf(" in the bounding set, none for uid %u", uid) : xstrdup("");
        own_free char *text = xasprintf("Every capability%s, nothing of /proc and /sys masked, no filter of "
                                        "system calls. vitrine gives no devices of the machine all the same.",
                                        whose);

        add_if(t, t->spec->caps.privileged, "--privileged", text);
}

static void add_seccomp(struct flags_text *t)
{
        const char *seccomp = t->spec->seccomp;

        if (!*seccomp)
                return;
        add(t, "--security-opt=seccomp=", seccomp,
            t->spec->caps.privileged             ? "No effect: with --privileged there is no filter."
            : strcmp(seccomp, "unconfined") == 0 ? "No filter of system calls."
                                                 : "The filter of system calls is this file's.");
}

static void add_powers(struct flags_text *t)
{
        const struct spec *spec = t->spec;
        own_free char *ids =
                xasprintf("The command runs as uid %u, gid %u.", t->resolved->uid, t->resolved->gid);

        if (*spec->user)
                add(t, "--user=", spec->user, ids);
        for (size_t i = 0; i < spec->group_add.n; i++)
                add(t, "--group-add=", spec->group_add.v[i], "One more supplementary group.");
        add_every(t);
        add_caps(t, "--cap-add=", spec->caps.add, add_says);
        drop_every(t);
        add_caps(t, "--cap-drop=", spec->caps.drop, drop_says);
        add_privileged(t);
        add_if(t, spec->no_new_privileges, "--security-opt=no-new-privileges",
               "No program gets more than the command begins with: set-user-ID bits and file capabilities "
               "are "
               "ignored. It takes nothing away.");
        add_seccomp(t);
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
        struct flags_text t = { .spec = spec, .resolved = resolved, .out = out, .width = width };

        add_powers(&t);
        add_namespaces(&t, spec);
        add_rest(&t, spec);
}
