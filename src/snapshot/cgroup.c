/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/cgroup.h"

#include <stddef.h>
#include <string.h>

enum { HEX_ID = 64 };

/* How the engines call the groups of their containers: a name with a beginning and an end around the id, or
 * an id alone below a parent of a name. hex: 64 digits; else a name. Seen with Docker 20.10, Podman 4.3,
 * containerd 1.6, CRI-O 1.24, LXC 5 and systemd 252, with both cgroup drivers. */
static const struct {
        const char *engine, *parent, *begin, *end;
        bool hex;
} rules[] = {
        { "docker", NULL, "docker-", ".scope", true },
        { "docker", "docker", "", "", true },
        { "podman", NULL, "libpod-", ".scope", true },
        { "podman", "libpod_parent", "libpod-", "", true },
        { "containerd", NULL, "cri-containerd-", ".scope", true },
        { "containerd", NULL, "nerdctl-", ".scope", true },
        { "cri-o", NULL, "crio-", ".scope", true },
        { "cri-o", NULL, "crio-", "", true },
        { "lxc", NULL, "lxc.payload.", "", false },
        { "lxc", "lxc", "", "", false },
        { "systemd-nspawn", NULL, "systemd-nspawn@", ".service", false },
        { "systemd-nspawn", "machine.slice", "machine-", ".scope", false },
};

/* One name of a path. */
struct part {
        const char *at;
        size_t n;
};

static bool part_is(const struct part *part, const char *word)
{
        return part->at && strlen(word) == part->n && memcmp(part->at, word, part->n) == 0;
}

static bool is_hex_id(const struct part *part)
{
        return part->n == HEX_ID && strspn(part->at, "0123456789abcdef") >= HEX_ID;
}

/* A pod's containers bear their ids alone with the cgroupfs driver; which engine's cannot be told. */
static bool is_pod(const struct part *parent)
{
        return parent->at && parent->n > 3 && memcmp(parent->at, "pod", 3) == 0;
}

static void take_id(const char *engine, const struct part *id, struct cgroup_guess *ret)
{
        size_t n = id->n < CGROUP_ID_SIZE - 1 ? id->n : CGROUP_ID_SIZE - 1;

        ret->engine = engine;
        memcpy(ret->id, id->at, n);
        ret->id[n] = '\0';
}

static void try_part(const struct part *parent, const struct part *part, struct cgroup_guess *ret)
{
        for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
                size_t begin = strlen(rules[i].begin), end = strlen(rules[i].end);
                struct part id = { part->at + begin, part->n - begin - end };

                if ((rules[i].parent && !part_is(parent, rules[i].parent)) || part->n <= begin + end ||
                    memcmp(part->at, rules[i].begin, begin) != 0 ||
                    memcmp(part->at + part->n - end, rules[i].end, end) != 0 ||
                    (rules[i].hex && !is_hex_id(&id)))
                        continue;
                take_id(rules[i].engine, &id, ret);
                return;
        }
        if (is_pod(parent) && is_hex_id(part))
                take_id("kubernetes", part, ret);
}

static void try_path(const char *at, const char *end, struct cgroup_guess *ret)
{
        struct part parent = { NULL, 0 };

        while (at < end) {
                const char *slash = memchr(at, '/', (size_t)(end - at));
                struct part part = { at, (size_t)((slash ? slash : end) - at) };

                if (part.n > 0) {
                        try_part(&parent, &part, ret);
                        parent = part;
                }
                at += part.n + 1;
        }
}

void cgroup_guess(const char *text, struct cgroup_guess *ret)
{
        struct cgroup_guess guess = { .engine = NULL };

        /* "4:memory:/docker/ID", one line a hierarchy: a newline in a name is written as \012. */
        while (*text) {
                size_t n = strcspn(text, "\n");
                const char *colon = memchr(text, ':', n), *end = text + n;

                colon = colon ? memchr(colon + 1, ':', (size_t)(end - colon - 1)) : NULL;
                if (colon)
                        try_path(colon + 1, end, &guess);
                text = *end ? end + 1 : end;
        }
        *ret = guess;
}
