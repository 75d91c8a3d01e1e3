/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/equivalent.h"

#include "spec/users.h"

static unsigned flags_of(const struct cap_request *request)
{
        return caps_count(request->add) + caps_count(request->drop) + request->add_all + request->drop_all;
}

/* The request with the fewest flags that gives this bounding set. */
static struct cap_request request_for(const struct cap_rules *rules, uint64_t wanted)
{
        const struct cap_request ways[] = {
                { .add = wanted & ~rules->base, .drop = rules->base & ~wanted },
                { .add_all = true, .drop = CAPS_ALL & ~wanted },
                { .drop_all = true, .add = wanted },
        };
        struct cap_request best = ways[0];

        for (size_t i = 1; i < sizeof(ways) / sizeof(ways[0]); i++)
                if (flags_of(&ways[i]) < flags_of(&best))
                        best = ways[i];
        return best;
}

struct cap_request equivalent_caps(const struct spec *spec, enum engine engine, uint32_t uid)
{
        const struct cap_rules *rules = caps_rules(engine);
        bool ambient = rules->other_user_ambient && (uid || !users_is_root(spec->user));
        uint64_t wanted, theirs;
        int clash;

        if (engine == spec->engine || spec->caps.privileged ||
            !caps_wanted(caps_rules(spec->engine), &spec->caps, CAPS_ALL, &wanted, &clash))
                return spec->caps;
        if (ambient)
                wanted &= rules->base;
        else if (caps_wanted(rules, &spec->caps, CAPS_ALL, &theirs, &clash) && theirs == wanted)
                return spec->caps;
        if (ambient && wanted == 0)
                return (struct cap_request){ .drop_all = true };
        if (ambient)
                return (struct cap_request){ .drop = rules->base & ~wanted };
        return request_for(rules, wanted);
}

char *equivalent_line(const struct spec *spec, enum engine engine, uint32_t uid)
{
        struct spec other = *spec;

        other.caps = equivalent_caps(spec, engine, uid);
        return spec_line(&other, caps_rules(engine)->engine);
}
