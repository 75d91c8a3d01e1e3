/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "cage/remedy.h"
#include "cmd/printed.h"
#include "spec/explain.h"

int fault_print(const struct fault *fault, bool json)
{
        char line[700];
        own_free char *safe = NULL, *safe_hint = NULL, *remedy = remedy_of(fault);

        fault_line(fault, line, sizeof(line));
        safe = text_escape(line, strlen(line), false);
        safe_hint = text_escape(remedy, strlen(remedy), false);
        fprintf(stderr, "vitrine: %s\n", safe);
        if (*safe_hint)
                fprintf(stderr, "hint: %s\n", safe_hint);
        if (json)
                json_print(fault_json(fault, remedy));
        return fault->exit_code ? fault->exit_code : EXIT_VITRINE;
}

bool json_print(jv value)
{
        jv text = jv_dump_string(value, 0);

        printf("%s\n", jv_string_value(text));
        printed_note();
        jv_free(text);
        return printed_flush();
}

char *table_cell(const char *text, int width)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        return text_cut(safe, width, "~");
}

void table_print(const struct strv *cells, size_t columns)
{
        own_free int *width = xcalloc(columns, sizeof(*width));

        for (size_t i = 0; i < cells->n; i++)
                if (text_width(cells->v[i]) > width[i % columns])
                        width[i % columns] = text_width(cells->v[i]);
        for (size_t i = 0; i < cells->n; i++) {
                bool last = i % columns == columns - 1;

                printf("%s%*s", cells->v[i], last ? 0 : width[i % columns] - text_width(cells->v[i]) + 2, "");
                if (last)
                        putchar('\n');
                printed_note();
        }
}
