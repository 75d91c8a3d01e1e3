/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/spec.h"

#include <stdlib.h>
#include <string.h>

#include "spec/users.h"

/* Whether the request holds the bit. Where an engine refuses a capability that is added and dropped, as
 * docker has it: a key must lead out of such a line. */
static bool holds(const struct spec *spec, const struct cap_request *request, unsigned bit)
{
        struct cap_rules rules = *caps_rules(spec->engine);
        uint64_t wanted = 0;
        int clash;

        rules.add_wins = true;
        caps_wanted(&rules, request, CAPS_ALL, &wanted, &clash);
        return wanted & caps_bit(bit);
}

bool spec_holds_cap(const struct spec *spec, unsigned bit)
{
        return bit < CAPS_N && holds(spec, &spec->caps, bit);
}

bool spec_toggle_cap(struct spec *spec, unsigned bit)
{
        struct cap_request request = spec->caps;
        bool held;

        if (bit >= CAPS_N || request.privileged)
                return false;
        held = holds(spec, &request, bit);
        request.add &= ~caps_bit(bit);
        request.drop &= ~caps_bit(bit);
        /* Taking back what the line said of it may be enough; else it takes one flag. */
        if (holds(spec, &request, bit) == held)
                *(held ? &request.drop : &request.add) |= caps_bit(bit);
        spec->caps = request;
        return true;
}

static void set_user(struct spec *spec, const char *user)
{
        free(spec->user);
        spec->user = xstrdup(user);
}

void spec_next_user(struct spec *spec, const char *image_user)
{
        const char *image = image_user ? image_user : "";
        bool image_is_root = users_is_root(image), image_is_1000 = strcmp(image, "1000") == 0;
        const char *now = *spec->user ? spec->user : image;

        if (users_is_root(now))
                set_user(spec, image_is_1000 ? "" : "1000");
        else if (strcmp(now, "1000") == 0 && !image_is_root && !image_is_1000)
                set_user(spec, "");
        else
                set_user(spec, image_is_root ? "" : "0");
}
