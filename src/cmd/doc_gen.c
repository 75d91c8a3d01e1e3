/* SPDX-License-Identifier: MIT */
/* A program of the build: prints a template with its marked lines (`@man_keys@` alone on a line) made from
 * the tables. */
#include "config.h"

#include "cmd/doc_gen.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"

enum { TEMPLATE_MAX = 1 << 20 };

static const struct {
        const char *name;
        doc_part *part;
} parts[] = {
        { "@man_title@", man_title },
        { "@man_commands@", man_commands },
        { "@man_run_flags@", man_run_flags },
        { "@man_view_flags@", man_view_flags },
        { "@man_refused_flags@", man_refused_flags },
        { "@man_keys@", man_keys },
        { "@man_capabilities@", man_capabilities },
        { "@man_exit_status@", man_exit_status },
        { "@bash_commands@", bash_commands },
        { "@bash_flags@", bash_flags },
        { "@bash_values@", bash_values },
        { "@zsh_tables@", zsh_tables },
        { "@fish_completions@", fish_completions },
};

static bool add_part(struct str *out, const char *name)
{
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                if (strcmp(parts[i].name, name) != 0)
                        continue;
                parts[i].part(out);
                return true;
        }
        return false;
}

/* Writes the page into out; *ret_bad is the line that names no part. */
static bool fill(char *template, struct str *out, const char **ret_bad)
{
        char *line, *rest = template;

        while ((line = strsep(&rest, "\n")) != NULL) {
                if (line[0] == '@' && line[1] && line[strlen(line) - 1] == '@') {
                        if (!add_part(out, line)) {
                                *ret_bad = line;
                                return false;
                        }
                } else if (rest || *line) {
                        str_add_f(out, "%s\n", line);
                }
        }
        return true;
}

int main(int argc, char **argv)
{
        own_free char *template = NULL;
        struct str out = { 0 };
        const char *bad = "";
        size_t n;
        bool ok;

        if (argc != 2 || !io_read_file(AT_FDCWD, argv[1], TEMPLATE_MAX, &template, &n)) {
                fprintf(stderr, "usage: doc-gen TEMPLATE\n");
                return 1;
        }
        ok = fill(template, &out, &bad);
        if (!ok)
                fprintf(stderr, "doc-gen: %s: no such part: %s\n", argv[1], bad);
        else if (fputs(str_text(&out), stdout) < 0 || fflush(stdout) != 0)
                ok = false;
        str_finish(&out);
        return ok ? 0 : 1;
}
