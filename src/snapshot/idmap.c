/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "snapshot/number.h"
#include "snapshot/snapshot.h"

/* A map of 340 lines is possible since 4.15; one that is longer than the table is refused, never shortened:
 * half of a map would name wrong users. */
static bool parse_extent(const char *at, const char *end, struct id_map *map)
{
        uint64_t inside, outside, count;

        if (map->n == ID_MAP_MAX || !number_take(&at, end, 10, UINT32_MAX, &inside) ||
            !number_take(&at, end, 10, UINT32_MAX, &outside) ||
            !number_take(&at, end, 10, UINT32_MAX, &count) || number_more(&at, end))
                return false;
        if (count == 0 || inside + count > UINT64_C(1) << 32 || outside + count > UINT64_C(1) << 32)
                return false;
        map->v[map->n].inside = (uint32_t)inside;
        map->v[map->n].outside = (uint32_t)outside;
        map->v[map->n].count = (uint32_t)count;
        map->n++;
        return true;
}

bool id_map_parse(const char *text, struct id_map *ret)
{
        struct id_map map = { 0 };

        while (*text) {
                const char *end = strchr(text, '\n');

                if (!end || !parse_extent(text, end, &map))
                        return false;
                text = end + 1;
        }
        *ret = map;
        return true;
}
