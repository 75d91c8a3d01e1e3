/* SPDX-License-Identifier: MIT */
/* Runs at build time: the built-in profile's filters for the bounding sets that are met most, as a C table.
 * Building one takes libseccomp some 15 ms, which every key press would wait for. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "cage/seccomp.h"
#include "caps/caps.h"

static uint64_t relevant_caps(void)
{
        uint64_t mask = 0;

        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                char name[64];

                snprintf(name, sizeof(name), "\"CAP_%s\"", caps_info(bit)->name);
                if (seccomp_profile_names(cage_profile, name))
                        mask |= caps_bit(bit);
        }
        return mask;
}

static void print_variant(uint64_t bounding, unsigned at)
{
        unsigned char *filter;
        struct fault fault;
        uint32_t n;

        if (!seccomp_build("built in", cage_profile, cage_profile_size, bounding, &filter, &n, &fault)) {
                fprintf(stderr, "%s: %s\n", fault.step, fault.why);
                exit(1);
        }
        printf("static const unsigned char f%u[] = {\n", at);
        for (uint32_t i = 0; i < n * 8; i++)
                printf("%u,%s", filter[i], i % 32 == 31 ? "\n" : "");
        printf("};\n");
        free(filter);
}

int main(void)
{
        uint64_t relevant = relevant_caps(), base = caps_rules(ENGINE_DOCKER)->base & relevant;
        uint64_t variants[CAPS_N + 3];
        unsigned n = 0;

        variants[n++] = base;
        variants[n++] = 0;
        variants[n++] = relevant;
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (relevant & ~base & caps_bit(bit))
                        variants[n++] = base | caps_bit(bit);
        printf("/* Made by filter-gen from assets/seccomp.json. */\n#include \"cage/filter.h\"\n\n");
        for (unsigned i = 0; i < n; i++)
                print_variant(variants[i], i);
        printf("const uint64_t filter_relevant = UINT64_C(%llu);\n", (unsigned long long)relevant);
        printf("const struct filter filter_table[] = {\n");
        for (unsigned i = 0; i < n; i++)
                printf("{ UINT64_C(%llu), f%u, sizeof(f%u) / 8 },\n", (unsigned long long)variants[i], i, i);
        printf("};\nconst unsigned filter_table_n = %u;\n", n);
        return 0;
}
