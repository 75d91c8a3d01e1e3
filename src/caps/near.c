/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "caps/near.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "caps/caps.h"

enum { NEAR_MAX = 40 };

unsigned near_distance(const char *a, const char *b)
{
        size_t na = strlen(a), nb = strlen(b);
        unsigned row[NEAR_MAX + 1];

        if (na > NEAR_MAX || nb > NEAR_MAX)
                return NEAR_MAX;
        for (unsigned j = 0; j <= nb; j++)
                row[j] = j;
        for (unsigned i = 1; i <= na; i++) {
                unsigned diagonal = row[0];

                row[0] = i;
                for (unsigned j = 1; j <= nb; j++) {
                        int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
                        unsigned best = diagonal + (ca != cb);

                        diagonal = row[j];
                        if (row[j] + 1 < best)
                                best = row[j] + 1;
                        if (row[j - 1] + 1 < best)
                                best = row[j - 1] + 1;
                        row[j] = best;
                }
        }
        return row[nb];
}

const char *caps_near(const char *name)
{
        const char *bare = strncasecmp(name, "CAP_", 4) == 0 ? name + 4 : name;
        const char *best = NULL;
        unsigned least = 3;

        for (unsigned i = 0; i < CAPS_N; i++) {
                unsigned distance = near_distance(bare, caps_info(i)->name);

                if (distance < least && distance < strlen(bare)) {
                        least = distance;
                        best = caps_info(i)->name;
                }
        }
        return best;
}
