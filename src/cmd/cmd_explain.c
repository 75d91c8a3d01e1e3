/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "spec/explain.h"
#include "stage/launch.h"

/* The words of the line: what was typed may be one quoted argument, or a pasted line that the shell has
 * split. */
static bool take_words(int argc, char **argv, struct strv *ret, bool *ret_json, bool *ret_help,
                       struct fault *fault)
{
        int i = 0;

        for (; i < argc; i++) {
                if (strcmp(argv[i], "--json") == 0)
                        *ret_json = true;
                else if (strcmp(argv[i], "--help") == 0)
                        *ret_help = true;
                else
                        break;
        }
        if (argc - i == 1 && strpbrk(argv[i], " \t\n"))
                return spec_split_line(argv[i], ret, fault);
        for (; i < argc; i++)
                strv_add(ret, argv[i]);
        return true;
}

/* explain's own --json may also stand among the line's flags; after the image it is the command's. */
static bool parse_words(struct strv *words, struct spec *spec, bool *json, bool *ret_help,
                        struct fault *fault)
{
        enum engine engine = ENGINE_DOCKER;
        struct view_flags views = { 0 };
        int skip = spec_line_prefix(words, &engine, fault);

        if (skip < 0)
                return false;
        if (!spec_parse_as(engine, (int)words->n - skip, words->v ? words->v + skip : NULL, spec, &views,
                           ret_help, fault))
                return false;
        *json = *json || views.json;
        return true;
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
        }
        launch_finish(&launch);
        return true;
}

int cmd_explain(int argc, char **argv)
{
        struct strv words = { 0 };
        struct fault fault = { 0 };
        bool json = false, help = false, ok;
        struct spec spec;
        int exit_code = 0;

        ok = take_words(argc, argv, &words, &json, &help, &fault);
        if (ok && help) {
                command_help(command_find("explain"));
                strv_finish(&words);
                return 0;
        }
        ok = ok && parse_words(&words, &spec, &json, &help, &fault);
        strv_finish(&words);
        if (!ok)
                return fault_print(&fault, json);
        if (help)
                command_help(command_find("explain"));
        else if (!*spec.image)
                ok = fault_why(&fault, "explain", "the line names no image");
        else
                ok = explain(&spec, json, &fault);
        if (!ok)
                exit_code = fault_print(&fault, json);
        spec_finish(&spec);
        return exit_code;
}
