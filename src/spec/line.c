/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/spec.h"

#include <string.h>

#include "spec/quote.h"

struct line {
        struct str text;
        bool ascii;
};

static void add_word(struct line *line, const char *word)
{
        str_add_c(&line->text, ' ');
        quote_add(&line->text, word, line->ascii);
}

static void add_value(struct line *line, const char *flag, const char *value)
{
        str_add_f(&line->text, " --%s=", flag);
        quote_add(&line->text, value, line->ascii);
}

static void add_text(struct line *line, const char *flag, const char *value)
{
        if (*value)
                add_value(line, flag, value);
}

static void add_list(struct line *line, const char *flag, const struct strv *list)
{
        for (size_t i = 0; i < list->n; i++)
                add_value(line, flag, list->v[i]);
}

static void add_caps(struct line *line, const char *flag, bool all, uint64_t mask)
{
        if (all)
                add_value(line, flag, "ALL");
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (mask & caps_bit(bit))
                        add_value(line, flag, caps_info(bit)->name);
}

static void add_ns(struct line *line, const char *flag, enum ns_choice choice)
{
        if (choice == NS_HOST || choice == NS_NONE)
                add_value(line, flag, choice == NS_HOST ? "host" : "none");
}

static void add_powers(struct line *line, const struct spec *spec)
{
        add_text(line, "user", spec->user);
        add_list(line, "group-add", &spec->group_add);
        add_caps(line, "cap-add", spec->caps.add_all, spec->caps.add);
        add_caps(line, "cap-drop", spec->caps.drop_all, spec->caps.drop);
        if (spec->caps.privileged)
                str_add(&line->text, " --privileged");
        if (spec->no_new_privileges)
                str_add(&line->text, " --security-opt=no-new-privileges");
        if (*spec->seccomp) {
                str_add(&line->text, " --security-opt=seccomp=");
                quote_add(&line->text, spec->seccomp, line->ascii);
        }
}

static void add_rest(struct line *line, const struct spec *spec)
{
        add_text(line, "hostname", spec->hostname);
        if (spec->read_only)
                str_add(&line->text, " --read-only");
        add_list(line, "env", &spec->env);
        add_text(line, "workdir", spec->workdir);
        if (spec->has_entrypoint)
                add_value(line, "entrypoint", spec->entrypoint);
        if (spec->interactive || spec->tty)
                str_add_f(&line->text, " -%s%s", spec->interactive ? "i" : "", spec->tty ? "t" : "");
        if (spec->rm)
                str_add(&line->text, " --rm");
        add_text(line, "name", spec->name);
}

static void add_command(struct line *line, const struct spec *spec)
{
        if (!*spec->image && !spec->args.n)
                return;
        /* Behind the flags such an image would be taken for one. */
        if (spec->image[0] == '-' && spec->image[1])
                str_add(&line->text, " --");
        add_word(line, spec->image);
        for (size_t i = 0; i < spec->args.n; i++)
                add_word(line, spec->args.v[i]);
}

static char *make_line(const struct spec *spec, const char *command, bool ascii)
{
        bool own = strcmp(command, "vitrine") == 0;
        struct line line = { .ascii = ascii };

        str_add_f(&line.text, "%s run", command);
        if (own && spec->engine != ENGINE_DOCKER)
                add_value(&line, "engine", caps_rules(spec->engine)->engine);
        add_powers(&line, spec);
        add_ns(&line, "pid", spec->pid);
        add_ns(&line, "network", spec->network);
        add_ns(&line, "uts", spec->uts);
        add_ns(&line, "ipc", spec->ipc);
        add_ns(&line, "cgroupns", spec->cgroupns);
        add_ns(&line, "userns", spec->userns);
        /* No engine has a flag for it. */
        if (own && spec->userns == NS_REMAP)
                add_value(&line, "userns", "remap");
        add_rest(&line, spec);
        add_command(&line, spec);
        return str_take(&line.text);
}

char *spec_line(const struct spec *spec, const char *command)
{
        return make_line(spec, command, false);
}

char *spec_line_ascii(const struct spec *spec, const char *command)
{
        return make_line(spec, command, true);
}
