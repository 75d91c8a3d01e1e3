/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/flags.h"

#include <stdio.h>
#include <string.h>

#include "spec/wrap.h"

enum { HELP_INDENT = 34, HELP_WIDTH = 100 };

static void add_flag(struct str *help, const struct flag *flag)
{
        char head[80], letter[8] = "    ";

        if (!flag->take)
                return;
        if (flag->letter)
                snprintf(letter, sizeof(letter), "-%c, ", flag->letter);
        snprintf(head, sizeof(head), "  %s--%s%s%s", letter, flag->name, flag->meta ? " " : "",
                 flag->meta ? flag->meta : "");
        wrap_add(help, head, HELP_INDENT, HELP_WIDTH, flag->text);
}

char *spec_flags_help(bool views)
{
        struct str help = { 0 };

        str_add(&help, "Flags, as docker run takes them:\n");
        for (unsigned i = 0; i < run_flags_n; i++)
                add_flag(&help, &run_flags[i]);
        str_add(&help, views ? "\nFlags of the view:\n" : "\nAnd of vitrine's own:\n");
        for (unsigned i = 0; i < view_flags_n; i++)
                if (views || strcmp(view_flags_table[i].name, "engine") == 0)
                        add_flag(&help, &view_flags_table[i]);
        if (!views)
                add_flag(&help, &trace_flag);
        str_add_c(&help, '\n');
        wrap_add(&help, "", 0, HELP_WIDTH,
                 "Every other flag of docker run is refused by name, with the reason and with what to do "
                 "instead. Flags end at the image's name; what stands behind it is the command's.");
        return str_take(&help);
}
