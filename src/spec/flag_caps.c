/* SPDX-License-Identifier: MIT */
/* From the names of capabilities on a line to masks. */
#include "config.h"

#include "spec/flags.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool resolve_name(struct flag_parse *p, const char *name, bool add)
{
        struct cap_request *caps = &p->spec.caps;
        bool podman = p->spec.engine == ENGINE_PODMAN;
        char upper[64], step[128];
        int bit = caps_find(name);
        const char *near;

        if (strcasecmp(name, "ALL") == 0) {
                *(add ? &caps->add_all : &caps->drop_all) = true;
                return true;
        }
        if (bit >= 0) {
                *(add ? &caps->add : &caps->drop) |= caps_bit((unsigned)bit);
                return true;
        }
        snprintf(upper, sizeof(upper), "%s%.50s", strncasecmp(name, "CAP_", 4) == 0 ? "" : "CAP_", name);
        for (char *c = upper; *c; c++)
                *c = (char)toupper((unsigned char)*c);
        snprintf(step, sizeof(step), "--cap-%s %.80s", add ? "add" : "drop", name);
        fault_why(p->fault, step, podman ? "\"%s\": unknown capability" : "unknown capability: \"%s\"",
                  upper);
        near = caps_near(name);
        if (strchr(name, ','))
                return fault_hint(p->fault,
                                  "docker takes one name a flag: repeat --cap-%s (podman takes a list)",
                                  add ? "add" : "drop");
        if (near)
                return fault_hint(p->fault, "did you mean %s?", near);
        return fault_hint(p->fault, "names as in capabilities(7), with or without CAP_, or ALL");
}

static bool resolve_list(struct flag_parse *p, const struct strv *names, bool add)
{
        for (size_t i = 0; i < names->n; i++) {
                char *copy = xstrdup(names->v[i]), *rest = copy, *name;
                bool ok = true;

                if (!caps_rules(p->spec.engine)->comma_lists)
                        ok = resolve_name(p, copy, add);
                else
                        while (ok && (name = strsep(&rest, ",")) != NULL)
                                ok = !*name || resolve_name(p, name, add);
                free(copy);
                if (!ok)
                        return false;
        }
        return true;
}

bool flags_resolve_caps(struct flag_parse *parse)
{
        return resolve_list(parse, &parse->cap_add, true) && resolve_list(parse, &parse->cap_drop, false);
}
