/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "cmd/printed.h"
#include "spec/explain.h"
#include "stage/launch.h"

/* What was typed: the line, and explain's own flags before it. */
struct typed {
        struct strv flags, line;
        bool json, help;
};

static void typed_finish(struct typed *typed)
{
        strv_finish(&typed->flags);
        strv_finish(&typed->line);
}

/* Takes flags of explain's own off the front; returns how many words they are. */
static int take_flags(int argc, char *const *argv, struct typed *typed)
{
        const struct flag *flag;
        int i = 0;

        for (; i < argc; i++) {
                if (strcmp(argv[i], "--help") == 0) {
                        typed->help = true;
                        continue;
                }
                flag = command_view_flag(argv[i]);
                if (!flag)
                        break;
                typed->json = typed->json || strcmp(argv[i], "--json") == 0;
                strv_add(&typed->flags, argv[i]);
                if (flag->kind == FLAG_VALUE && !strchr(argv[i], '=') && i + 1 < argc)
                        strv_add(&typed->flags, argv[++i]);
        }
        return i;
}

/* Whether all of them are flags of explain's own. */
static bool are_flags(int argc, char *const *argv)
{
        struct typed none = { 0 };
        bool are = take_flags(argc, argv, &none) == argc;

        typed_finish(&none);
        return are;
}

/* The line may be one quoted argument, before or behind explain's own flags, or a pasted one that the shell
 * has split. */
static bool take_words(int argc, char **argv, struct typed *typed, struct fault *fault)
{
        struct strv split = { 0 };
        int i = take_flags(argc, argv, typed);

        if (i < argc && strpbrk(argv[i], " \t\n") && are_flags(argc - i - 1, argv + i + 1)) {
                take_flags(argc - i - 1, argv + i + 1, typed);
                if (!spec_check_signs(argv[i], fault) || !spec_split_line(argv[i], &split, fault))
                        return false;
                argc = (int)split.n;
                argv = split.v;
                i = take_flags(argc, argv, typed);
        }
        for (; i < argc; i++)
                strv_add(&typed->line, argv[i]);
        strv_finish(&split);
        return true;
}

/* Of the engine what stands last counts: $VITRINE_FLAGS, the word in front of the line, --engine. explain's
 * own flags may also stand among the line's; after the image they are the command's. */
static bool parse_words(struct typed *typed, struct spec *spec, struct fault *fault)
{
        enum engine engine = ENGINE_DOCKER;
        struct view_flags views = { 0 };
        int skip;

        if (!command_own_flags(&engine, &views, fault))
                return false;
        typed->json = typed->json || views.json;
        *views.record = '\0';
        skip = spec_line_prefix(&typed->line, &engine, fault);
        if (skip < 0)
                return false;
        /* The line of a subcommand, without a program's name before it. Alone it is an image's name. */
        if (skip == 0 && typed->line.n > 1 && strcmp(typed->line.v[0], "run") == 0)
                skip = 1;
        for (size_t i = (size_t)skip; i < typed->line.n; i++)
                strv_add(&typed->flags, typed->line.v[i]);
        if (!spec_parse_as(engine, (int)typed->flags.n, typed->flags.v, spec, &views, &typed->help, fault))
                return false;
        typed->json = typed->json || views.json;
        if (typed->help || !*views.record)
                return true;
        spec_finish(spec);
        return command_refuse_record(fault);
}

static bool explain(const struct spec *spec, bool json, struct fault *fault)
{
        struct launch launch = { 0 };
        own_free char *text = NULL;

        /* The digits stand for the id that a launch would draw. */
        if (!launch_foresee(spec, "0123456789ab", &launch, fault))
                return false;
        if (json) {
                json_print(explain_json(spec, image_root_name(&launch.image), &launch.machine,
                                        &launch.resolved));
        } else {
                text = explain_text(spec, launch.image.missing, &launch.machine, &launch.resolved);
                fputs(text, stdout);
                printed_note();
        }
        launch_finish(&launch);
        return true;
}

int cmd_explain(int argc, char **argv)
{
        struct typed typed = { 0 };
        struct fault fault = { 0 };
        struct spec spec;
        int exit_code = 0;
        bool ok = take_words(argc, argv, &typed, &fault);

        if (ok && typed.help) {
                command_help(command_find("explain"));
                typed_finish(&typed);
                return 0;
        }
        ok = ok && parse_words(&typed, &spec, &fault);
        typed_finish(&typed);
        if (!ok)
                return fault_print(&fault, typed.json);
        if (typed.help)
                command_help(command_find("explain"));
        else if (!*spec.image)
                ok = fault_why(&fault, "explain", "the line names no image");
        else
                ok = explain(&spec, typed.json, &fault);
        if (!ok)
                exit_code = fault_print(&fault, typed.json);
        spec_finish(&spec);
        return exit_code;
}
