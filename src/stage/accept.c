/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/accept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cage/remedy.h"
#include "stage/player.h"
#include "stage/stage_state.h"

/* Where the words go that say why a text is not taken. */
struct refusal {
        char *text;
        size_t size;
};

static bool refuse(const struct refusal *refusal, const char *why)
{
        snprintf(refusal->text, refusal->size, "%s", why);
        return false;
}

static bool refuse_fault(const struct refusal *refusal, const struct fault *fault)
{
        remedy_line(fault, refusal->text, refusal->size);
        return false;
}

/* Launches it as a key would: the same questions, the same history. What failed is said where the text still
 * stands. */
static bool change(struct stage *stage, const struct spec *spec, const struct refusal *refusal)
{
        unsigned launches = stage->launches;
        bool same = spec_equal(spec, stage_spec(stage));

        stage_change(stage, spec, same ? PENDING_NONE : PENDING_CHANGE);
        if (stage->dialog_text || stage->launches != launches)
                return true;
        refuse(refusal, stage->trouble);
        stage->trouble[0] = '\0';
        return false;
}

static char *trimmed(const char *text)
{
        size_t n;

        text += strspn(text, " ");
        for (n = strlen(text); n > 0 && text[n - 1] == ' ';)
                n--;
        return xstrndup(text, n);
}

/* Podman gives a user other than root, the image's own too, what is added by name, even where it is allowed
 * already. */
static bool name_counts(const struct spec *spec, uint32_t uid, unsigned bit)
{
        return caps_rules(spec->engine)->other_user_ambient && uid != 0 && !(spec->caps.add & caps_bit(bit));
}

static void set_caps(struct spec *spec, const struct cap_request *named, bool add, uint32_t uid)
{
        uint64_t mask = add ? named->add : named->drop;

        if (named->add_all || named->drop_all)
                spec->caps = (struct cap_request){ .add_all = add, .drop_all = !add };
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                if (!(mask & caps_bit(bit)))
                        continue;
                if (spec_holds_cap(spec, bit) != add)
                        spec_toggle_cap(spec, bit);
                else if (add && name_counts(spec, uid, bit))
                        spec->caps.add |= caps_bit(bit);
        }
}

static bool holds_all(const struct spec *spec, bool wanted)
{
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (spec_holds_cap(spec, bit) != wanted)
                        return false;
        return true;
}

/* The names are read by the command line's own parser, and refused in its words. */
static bool accept_caps(struct stage *stage, const char *text, bool add, const struct refusal *refusal)
{
        own_free char *name = trimmed(text);
        char flag[] = "--cap-drop";
        char *words[] = { flag, name };
        struct fault fault = { 0 };
        struct spec named, spec;
        bool all, ok;

        if (!*name)
                return refuse(refusal, "a capability's name as in capabilities(7), or ALL");
        snprintf(flag, sizeof(flag), "--cap-%s", add ? "add" : "drop");
        if (!spec_parse_as(stage_spec(stage)->engine, 2, words, &named, NULL, NULL, &fault))
                return refuse_fault(refusal, &fault);
        all = named.caps.add_all || named.caps.drop_all;
        spec_copy(&spec, stage_spec(stage));
        /* The shortest line: ALL says nothing where nothing is missing. */
        if (!all || !holds_all(&spec, add))
                set_caps(&spec, &named.caps, add, stage->launch.resolved.uid);
        if (spec_equal(&spec, stage_spec(stage))) {
                snprintf(refusal->text, refusal->size, "%s %s already: %s it changes nothing", name,
                         add ? "is allowed" : "is not allowed", add ? "adding" : "dropping");
                ok = false;
        } else {
                ok = change(stage, &spec, refusal);
        }
        for (unsigned bit = CAPS_N; ok && bit-- > 0;)
                if ((named.caps.add | named.caps.drop) & caps_bit(bit))
                        stage->cap = bit;
        spec_finish(&spec);
        spec_finish(&named);
        return ok;
}

static bool accept_user(struct stage *stage, const char *text, const struct refusal *refusal)
{
        struct spec spec;
        bool ok;

        spec_copy(&spec, stage_spec(stage));
        free(spec.user);
        spec.user = trimmed(text);
        if (stage->state != RUN_ENDED && spec_equal(&spec, stage_spec(stage)))
                ok = refuse(refusal, *spec.user ? "it runs as that user already"
                                                : "it runs as the image's own user already");
        else
                ok = change(stage, &spec, refusal);
        spec_finish(&spec);
        return ok;
}

/* Reads a line as `vitrine explain` does. */
static bool read_line(const struct stage *stage, const char *text, struct spec *ret, struct fault *fault)
{
        enum engine engine = ENGINE_DOCKER;
        const char *lesson = player_line(stage);
        struct strv words = { 0 };
        bool help = false, ok = false;
        int skip;

        /* A lesson's own line is what its author wrote, in which nothing is expanded. */
        if (!(lesson && strcmp(lesson, text) == 0) && !spec_check_signs(text, fault))
                return false;
        if (!spec_split_line(text, &words, fault))
                return false;
        skip = spec_line_prefix(&words, &engine, fault);
        /* A line that names no engine is for the present one. */
        if (skip == 0)
                engine = stage_spec(stage)->engine;
        /* The line of a subcommand, without a program's name before it. Alone it is an image's name. */
        if (skip == 0 && words.n > 1 && strcmp(words.v[0], "run") == 0)
                skip = 1;
        if (skip >= 0)
                ok = spec_parse_as(engine, (int)words.n - skip, words.v + skip, ret, NULL, &help, fault);
        strv_finish(&words);
        if (ok && (help || !*ret->image)) {
                spec_finish(ret);
                if (help)
                        fault_why(fault, "--help", "`vitrine run --help` lists the flags");
                else
                        fault_why(fault, "run", "the line names no image");
                return fault_hint(fault, "docker run [FLAGS] IMAGE [COMMAND]");
        }
        return ok;
}

static bool accept_line(struct stage *stage, const char *text, const struct refusal *refusal)
{
        struct fault fault = { 0 };
        struct spec spec;
        bool ok;

        if (stage_is_build(text))
                return stage_build(stage, text, &fault) || refuse_fault(refusal, &fault);
        if (!read_line(stage, text, &spec, &fault))
                return refuse_fault(refusal, &fault);
        stage_keep_open(stage, &spec);
        stage->loses_unasked = player_expects(stage, &spec);
        ok = change(stage, &spec, refusal);
        stage->loses_unasked = false;
        spec_finish(&spec);
        return ok;
}

static bool accept_exec(struct stage *stage, const char *text, const struct refusal *refusal)
{
        struct fault fault = { 0 };

        return stage_run_inside(stage, text, &fault) || refuse_fault(refusal, &fault);
}

static bool accept_filter(struct stage *stage, const char *text)
{
        char **filter = &stage->filter[stage->asking.pane];

        free(*filter);
        *filter = xstrdup(text);
        return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): refuse writes to it */
bool accept_text(struct stage *stage, const char *text, char *error, size_t size)
{
        const struct refusal refusal = { error, size };

        switch (stage->asking.what) {
        case ASK_ADD:
        case ASK_DROP:
                return accept_caps(stage, text, stage->asking.what == ASK_ADD, &refusal);
        case ASK_USER:
                return accept_user(stage, text, &refusal);
        case ASK_LINE:
                return accept_line(stage, text, &refusal);
        case ASK_ANSWER:
                player_answer(stage, text);
                return true;
        case ASK_EXEC:
                return accept_exec(stage, text, &refusal);
        case ASK_FILTER:
                return accept_filter(stage, text);
        }
        return true;
}
