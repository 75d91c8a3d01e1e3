/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/own.h"
#include "base/text.h"
#include "cmd/own_flags.h"
#include "cmd/printed.h"
#include "image/store.h"

enum { COLUMNS_N = 5, CELL_WIDTH = 40 };

static bool take_words(int argc, char **argv, bool *ret_json, bool *ret_help, struct fault *fault)
{
        struct own_words words = { .command = command_find("images"), .argc = argc, .argv = argv };
        struct view_flags views = { 0 };
        const struct flag *flag;
        enum engine engine;
        const char *value;
        int got;

        while ((got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (!flag)
                        return fault_why(fault, value, "images takes --json and --help alone");
                *(strcmp(flag->name, "json") == 0 ? ret_json : ret_help) = true;
        }
        if (got < 0 || !command_own_flags(&engine, &views, fault))
                return false;
        *ret_json = *ret_json || views.json;
        return true;
}

static char *command_cell(const struct built *built)
{
        const struct strv *parts[] = { &built->config.entrypoint, &built->config.cmd };
        struct str text = { 0 };
        char *ret;

        for (size_t i = 0; i < 2; i++)
                for (size_t j = 0; j < parts[i]->n; j++)
                        str_add_f(&text, "%s%s", text.len ? " " : "", parts[i]->v[j]);
        if (built->default_cmd)
                str_add(&text, "(a shell)");
        ret = table_cell(text.len ? str_text(&text) : "-", CELL_WIDTH);
        str_finish(&text);
        return ret;
}

static char *created_cell(int64_t created)
{
        char text[32] = "-";
        time_t seconds = (time_t)created;
        struct tm tm;

        if (localtime_r(&seconds, &tm))
                strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
        return xstrdup(text);
}

static void add_row(struct strv *cells, const struct built *built)
{
        own_free char *root = *built->root ? xasprintf("dir:%s", built->root) : xstrdup("demo");

        strv_add_take(cells, table_cell(built->name, CELL_WIDTH));
        strv_add_take(cells, table_cell(root, CELL_WIDTH));
        strv_add_take(cells, table_cell(*built->config.user ? built->config.user : "root", CELL_WIDTH));
        strv_add_take(cells, command_cell(built));
        strv_add_take(cells, created_cell(built->created));
}

static void print_table(const struct store_list *list)
{
        static const char *const heads[COLUMNS_N] = { "NAME", "ROOT", "USER", "COMMAND", "CREATED" };
        struct strv cells = { 0 };

        for (size_t i = 0; i < COLUMNS_N; i++)
                strv_add(&cells, heads[i]);
        for (size_t i = 0; i < list->n; i++)
                add_row(&cells, &list->images[i]);
        table_print(&cells, COLUMNS_N);
        strv_finish(&cells);
}

static jv list_json(const struct store_list *list)
{
        jv images = jv_array(), broken = jv_array(), object = jv_object();
        char line[700];

        for (size_t i = 0; i < list->n; i++)
                images = jv_array_append(images, built_json(&list->images[i]));
        for (size_t i = 0; i < list->n_broken; i++) {
                fault_line(&list->broken[i], line, sizeof(line));
                broken = jv_array_append(broken, jv_string(line));
        }
        object = jv_object_set(object, jv_string("schema"), jv_number(1));
        object = jv_object_set(object, jv_string("images"), images);
        return jv_object_set(object, jv_string("broken"), broken);
}

int cmd_images(int argc, char **argv)
{
        struct store_list list = { 0 };
        struct fault fault = { 0 };
        bool json = false, help = false;
        own_free char *folder = NULL;
        int exit_code = 0;

        if (!take_words(argc, argv, &json, &help, &fault))
                return fault_print(&fault, json);
        if (help) {
                command_help(command_find("images"));
                return 0;
        }
        if (!store_folder(&folder, &fault) || !store_list(folder, &list, &fault))
                return fault_print(&fault, json);
        if (json)
                json_print(list_json(&list));
        else
                print_table(&list);
        /* The whole list first: one that is broken hides none of the others. */
        printed_flush();
        for (size_t i = 0; i < list.n_broken; i++)
                exit_code = fault_print(&list.broken[i], false);
        store_list_finish(&list);
        if (!printed_end(&fault))
                exit_code = fault_print(&fault, false);
        return exit_code;
}
