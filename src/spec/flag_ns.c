/* SPDX-License-Identifier: MIT */
/* From the words of the namespaces' flags to choices. */
#include "config.h"

#include "spec/flags.h"

#include <stdlib.h>
#include <string.h>

static const char *const none_words[] = { "", NULL };
static const char *const private_words[] = { "", "private", NULL };
static const char *const ipc_words[] = { "", "private", "shareable", "none", NULL };
static const char *const docker_networks[] = { "bridge", "default", NULL };
static const char *const podman_networks[] = { "", "private", "bridge", "default", NULL };

/* The words that mean a namespace of its own, and what docker calls the flag when it refuses another. */
static const struct {
        const char *const *own[ENGINE_N];
        const char *docker_mode;
} rules[NS_FLAG_N] = {
        [NS_FLAG_PID] = { { none_words, private_words }, "PID" },
        [NS_FLAG_NETWORK] = { { docker_networks, podman_networks }, NULL },
        [NS_FLAG_UTS] = { { none_words, private_words }, "UTS" },
        [NS_FLAG_IPC] = { { ipc_words, ipc_words }, "IPC" },
        [NS_FLAG_CGROUPNS] = { { private_words, private_words }, "CGROUP" },
        [NS_FLAG_USERNS] = { { none_words, none_words }, "USER" },
};

bool flags_keep_ns(struct flag_parse *p, enum ns_flag flag, const char *shown, const char *value)
{
        struct ns_said *said = &p->ns[flag];

        free(said->shown);
        free(said->value);
        said->shown = xstrdup(shown);
        said->value = xstrdup(value);
        return true;
}

void flags_finish_ns(struct flag_parse *p)
{
        for (int i = 0; i < NS_FLAG_N; i++) {
                free(p->ns[i].shown);
                free(p->ns[i].value);
                p->ns[i] = (struct ns_said){ 0 };
        }
}

static enum ns_choice *choice_of(struct spec *spec, enum ns_flag flag)
{
        enum ns_choice *const choices[NS_FLAG_N] = {
                [NS_FLAG_PID] = &spec->pid,           [NS_FLAG_NETWORK] = &spec->network,
                [NS_FLAG_UTS] = &spec->uts,           [NS_FLAG_IPC] = &spec->ipc,
                [NS_FLAG_CGROUPNS] = &spec->cgroupns, [NS_FLAG_USERNS] = &spec->userns,
        };

        return choices[flag];
}

static bool is_own(enum engine engine, enum ns_flag flag, const char *value)
{
        for (const char *const *own = rules[flag].own[engine]; *own; own++)
                if (strcmp(*own, value) == 0)
                        return true;
        return false;
}

/* What podman takes and vitrine has not; in front of a colon where options follow. */
static bool podman_takes(enum ns_flag flag, const char *value)
{
        static const char *const modes[] = { "auto", "keep-id", "nomap", "private" };
        size_t n = strcspn(value, ":");

        if (n == 2 && strncmp(value, "ns", n) == 0)
                return true;
        for (size_t i = 0; flag == NS_FLAG_USERNS && i < sizeof(modes) / sizeof(modes[0]); i++)
                if (strlen(modes[i]) == n && strncmp(modes[i], value, n) == 0)
                        return true;
        return false;
}

static void say_why(struct flag_parse *p, enum ns_flag flag, const struct ns_said *said)
{
        const bool podman = p->spec.engine == ENGINE_PODMAN;

        if (flag == NS_FLAG_NETWORK && !*said->value)
                fault_why(p->fault, said->shown, "no name set for network");
        else if (flag == NS_FLAG_NETWORK)
                fault_why(p->fault, said->shown, "vitrine sets up no networks of its own");
        else if (podman && podman_takes(flag, said->value))
                fault_why(p->fault, said->shown, "podman takes it, and vitrine has no such namespace");
        else if (podman)
                fault_why(p->fault, said->shown, "unrecognized namespace mode %.100s passed", said->value);
        else if (flag == NS_FLAG_IPC)
                fault_why(p->fault, said->shown, "Invalid IPC mode: %.150s", said->value);
        else
                fault_why(p->fault, said->shown, "invalid %s mode", rules[flag].docker_mode);
}

static bool refuse(struct flag_parse *p, enum ns_flag flag, const struct ns_said *said)
{
        if (strncmp(said->value, "container:", 10) == 0) {
                fault_why(p->fault, said->shown,
                          "vitrine shows one container: there is no other to share with");
                return fault_hint(p->fault, "share the machine's: host");
        }
        say_why(p, flag, said);
        if (flag == NS_FLAG_USERNS)
                return fault_hint(p->fault, "host: the machine's users; remap, as root: others; without root "
                                            "they are mapped anyway");
        if (p->spec.engine != ENGINE_PODMAN && is_own(ENGINE_PODMAN, flag, said->value))
                return fault_hint(p->fault, "podman takes it; for docker leave it away: the container has "
                                            "its own anyway");
        return fault_hint(p->fault, "host shares the machine's; without the flag the container has its own");
}

static bool resolve(struct flag_parse *p, enum ns_flag flag)
{
        const struct ns_said *said = &p->ns[flag];
        enum ns_choice *choice = choice_of(&p->spec, flag);

        if (!said->value)
                return true;
        if (strcmp(said->value, "host") == 0)
                *choice = NS_HOST;
        else if (flag == NS_FLAG_NETWORK && strcmp(said->value, "none") == 0)
                *choice = NS_NONE;
        else if (flag == NS_FLAG_USERNS && strcmp(said->value, "remap") == 0)
                *choice = NS_REMAP;
        else if (is_own(p->spec.engine, flag, said->value))
                *choice = NS_OWN;
        else
                return refuse(p, flag, said);
        return true;
}

bool flags_resolve_ns(struct flag_parse *p)
{
        for (enum ns_flag flag = 0; flag < NS_FLAG_N; flag++)
                if (!resolve(p, flag))
                        return false;
        return true;
}
