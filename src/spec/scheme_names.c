/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/scheme_names.h"

#include <string.h>

#include "caps/near.h"

static const char *const names[SCHEME_N] = {
        [SCHEME_DEFAULT] = "default",
        [SCHEME_LIGHT] = "light",
        [SCHEME_HIGH_CONTRAST] = "high-contrast",
        [SCHEME_MONO] = "mono",
        [SCHEME_OKABE_ITO] = "okabe-ito",
};

const char *scheme_name(enum scheme scheme)
{
        return names[scheme < SCHEME_N ? scheme : SCHEME_DEFAULT];
}

enum scheme scheme_find(const char *name)
{
        int i = 0;

        while (i < SCHEME_N && strcmp(names[i], name) != 0)
                i++;
        return (enum scheme)i;
}

const char *scheme_near(const char *name)
{
        const char *nearest = NULL;
        unsigned best = 3;

        for (int i = 0; i < SCHEME_N; i++) {
                unsigned distance = near_distance(name, names[i]);

                if (distance >= best || distance >= strlen(name))
                        continue;
                best = distance;
                nearest = names[i];
        }
        return nearest;
}
