/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/own.h"
#include "base/text.h"
#include "cage/others.h"
#include "base/called.h"
#include "cmd/own_flags.h"
#include "cmd/printed.h"
#include "stage/attach.h"

enum { LOOK_MS = 10000, COLUMNS_N = 6, ID_WIDTH = 12, CELL_WIDTH = 40 };

struct words {
        const char *who; /* NULL: none */
        struct view_flags views;
        bool records; /* the line says so, not $VITRINE_FLAGS alone */
        bool help;
};

/* The flags first: they may stand before and after the word, and the run flags' parser checks their values.
 */
static bool take_flags(const struct strv *flags, struct words *ret, struct fault *fault)
{
        enum engine engine = ENGINE_DOCKER;
        struct spec spec;

        if (!command_own_flags(&engine, &ret->views, fault) ||
            !spec_parse_as(engine, (int)flags->n, flags->v, &spec, &ret->views, &ret->help, fault))
                return false;
        spec_finish(&spec);
        return true;
}

static bool take_words(int argc, char **argv, struct words *ret, struct fault *fault)
{
        struct own_words words = { .command = command_find("attach"), .argc = argc, .argv = argv };
        struct strv flags = { 0 };
        const struct flag *flag;
        const char *value;
        bool ok = true;
        int got;

        while (ok && (got = own_words_next(&words, &flag, &value, fault)) != 0) {
                ret->records = ret->records || (got > 0 && flag && strcmp(flag->name, "record") == 0);
                if (got < 0)
                        ok = false;
                else if (flag)
                        strv_add_take(&flags, xasprintf("--%s=%s", flag->name, value));
                else if (ret->who)
                        ok = fault_why(fault, value, "attach takes one PID or name");
                else
                        ret->who = value;
        }
        ok = ok && take_flags(&flags, ret, fault);
        strv_finish(&flags);
        if (ok && !ret->help && ret->records && *ret->views.record && (!ret->who || ret->views.json))
                return command_refuse_record(fault);
        return ok;
}

static jv set(jv object, const char *key, jv value)
{
        return jv_object_set(object, jv_string(key), value);
}

/* What others chose to be called holds any byte; JSON gets what may be shown. */
static jv text_json(const char *text)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        return jv_string(safe);
}

static jv known_json(const char *text)
{
        return text && *text ? text_json(text) : jv_null();
}

static const char *id_of(const struct other *other)
{
        return *other->id ? other->id : other->guess.id;
}

static const char *engine_of(const struct other *other)
{
        return *other->id ? "vitrine" : other->guess.engine;
}

static jv lines_json(const char *text)
{
        jv array = jv_array();

        while (*text) {
                size_t n = strcspn(text, "\n");
                own_free char *safe = text_escape(text, n, false);

                array = jv_array_append(array, jv_string(safe));
                text += n + (text[n] == '\n');
        }
        return array;
}

static jv other_json(const struct other *other)
{
        bool readable = other->pidns != 0;
        jv object = set(jv_object(), "pid", jv_number(other->init));

        object = set(object, "processes", readable ? jv_number(other->processes) : jv_null());
        object = set(object, "comm", text_json(other->comm));
        object = set(object, "command", text_json(other->cmdline));
        object = set(object, "uid", jv_number(other->uid));
        object = set(object, "pid_namespace", readable ? jv_number((double)other->pidns) : jv_null());
        object = set(object, "engine", known_json(engine_of(other)));
        object = set(object, "id", known_json(id_of(other)));
        object = set(object, "name", known_json(other->name));
        object = set(object, "cgroup", lines_json(other->cgroup));
        return set(object, "readable", jv_bool(readable));
}

static jv list_json(const struct others *list)
{
        jv array = jv_array(), object = set(jv_object(), "schema", jv_number(1));

        for (size_t i = 0; i < list->n; i++)
                array = jv_array_append(array, other_json(&list->v[i]));
        object = set(object, "containers", array);
        object = set(object, "unreadable", jv_number((double)list->unreadable));
        return set(object, "hidden", jv_bool(list->hidden));
}

/* An id as engines shorten it; a name whole. */
static char *id_cell(const struct other *other)
{
        const char *id = id_of(other);
        bool is_hex = strlen(id) > ID_WIDTH && strspn(id, "0123456789abcdef") == strlen(id);
        own_free char *short_id = xstrndup(id, is_hex ? (size_t)ID_WIDTH : strlen(id));

        return table_cell(*other->name ? other->name : *id ? short_id : "-", CELL_WIDTH);
}

static void add_row(struct strv *cells, const struct other *other)
{
        bool readable = other->pidns != 0;

        strv_add_take(cells, xasprintf("%d", (int)other->init));
        strv_add_take(cells, readable ? xasprintf("%u", other->processes) : xstrdup("?"));
        strv_add_take(cells, xasprintf("%u", other->uid));
        strv_add_take(cells, xstrdup(engine_of(other) ? engine_of(other) : "-"));
        strv_add_take(cells, id_cell(other));
        strv_add_take(cells, table_cell(*other->cmdline ? other->cmdline : other->comm, CELL_WIDTH));
}

static void print_table(const struct others *list)
{
        static const char *const heads[COLUMNS_N] = { "PID",    "PROCESSES",  "UID",
                                                      "ENGINE", "NAME OR ID", "COMMAND" };
        struct strv cells = { 0 };

        for (size_t i = 0; i < COLUMNS_N; i++)
                strv_add(&cells, heads[i]);
        for (size_t i = 0; i < list->n; i++)
                add_row(&cells, &list->v[i]);
        table_print(&cells, COLUMNS_N);
        strv_finish(&cells);
}

static void print_list(const struct others *list)
{
        own_free char *sudo = called_in("sudo vitrine attach");

        if (list->n > 0)
                print_table(list);
        else
                puts("no process that can be seen has a PID namespace of its own");
        if (list->unreadable > 0)
                printf("%zu of them %s another user's and may not be looked into (?): %s\n", list->unreadable,
                       list->unreadable == 1 ? "is" : "are", sudo);
        if (list->hidden)
                printf("/proc hides other users' processes here: there may be more (%s)\n", sudo);
}

static bool list(bool json, struct fault *fault)
{
        struct others found;

        if (!others_list(&found, fault))
                return false;
        if (json)
                json_print(list_json(&found));
        else
                print_list(&found);
        others_finish(&found);
        return printed_end(fault);
}

static bool print_snapshot(struct attach *attach, struct fault *fault)
{
        struct attached who = attach_who(attach);
        struct utsname uts = { 0 };
        struct snapshot snapshot;
        struct snapshot_extra extra;
        bool ok;

        if (!attach_look(attach, LOOK_MS, &snapshot, fault))
                return false;
        uname(&uts);
        extra = (struct snapshot_extra){ .spec = &attach->launch.spec,
                                         .root = "",
                                         .command = &attach->launch.resolved.argv,
                                         .kernel_release = uts.release,
                                         .state = "running" };
        ok = json_print(derive_json(&snapshot, &extra, &who)) || printed_end(fault);
        snapshot_finish(&snapshot);
        return ok;
}

static bool look(pid_t pid, const struct words *words, struct fault *fault)
{
        struct attach attach;
        bool ok;

        if (!attach_open(pid, &attach, fault))
                return false;
        ok = words->views.json ? print_snapshot(&attach, fault)
                               : tui_show_attached(&attach, &words->views, fault);
        attach_close(&attach);
        return ok;
}

int cmd_attach(int argc, char **argv)
{
        struct words words = { .who = NULL };
        struct fault fault = { 0 };
        pid_t pid;
        bool ok;

        signal(SIGPIPE, SIG_IGN);
        if (!take_words(argc, argv, &words, &fault))
                return fault_print(&fault, words.views.json);
        if (words.help) {
                command_help(command_find("attach"));
                return 0;
        }
        if (words.who)
                ok = others_find(words.who, &pid, &fault) && look(pid, &words, &fault);
        else
                ok = list(words.views.json, &fault);
        return ok ? 0 : fault_print(&fault, words.views.json);
}
