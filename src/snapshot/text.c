/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/snapshot.h"

#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "snapshot/marks.h"

enum { USER_MAX = 12, USER_MIN = 4, NAME_SHORT = 16 };

static const struct marks marks_utf8 = { false, "►", "●", "○", "·", "…" };
static const struct marks marks_ascii = { true, ">", "*", "o", "-", "~" };

void text_add_cell(struct str *out, const char *text, int width, bool pad, const struct marks *marks)
{
        own_free char *safe = text_escape(text, strlen(text), marks->ascii);
        own_free char *cut = text_cut(safe, width, marks->cut);
        int used = text_width(cut);

        str_add(out, cut);
        if (pad && used < width)
                str_add_f(out, "%*s", width - used, "");
}

static int digits_of(pid_t pid)
{
        return snprintf(NULL, 0, "%d", pid);
}

static int max_int(int a, int b)
{
        return a > b ? a : b;
}

/* The columns of one side's table. */
struct columns {
        int pid, user;
};

static struct columns measure(const struct row *rows, size_t n, const struct marks *marks)
{
        struct columns columns = { .pid = 5, .user = USER_MIN };

        for (size_t i = 0; i < n; i++) {
                own_free char *user = text_escape(rows[i].user, strlen(rows[i].user), marks->ascii);

                columns.pid = max_int(columns.pid, digits_of(rows[i].proc->pid));
                columns.pid = max_int(columns.pid, digits_of(rows[i].proc->ppid));
                columns.user = max_int(columns.user, text_width(user));
        }
        if (columns.user > USER_MAX)
                columns.user = USER_MAX;
        return columns;
}

/* Arguments are shown of the container's processes alone: those of others are nobody's business. */
static const char *command_of(const struct row *row)
{
        return row->tied && *row->proc->cmdline ? row->proc->cmdline : row->proc->comm;
}

static void add_row(struct str *out, const struct row *row, const char *other_side, struct columns columns,
                    const struct marks *marks)
{
        int left = TEXT_COLS - (2 + columns.pid + 1 + columns.pid + 1 + columns.user + 1);
        const char *dead = row->proc->state == 'Z' ? " (zombie)" : "";
        char tail[64];

        if (row->tied)
                snprintf(tail, sizeof(tail), "%s   = %d %s", dead, row->tied, other_side);
        else
                snprintf(tail, sizeof(tail), "%s", dead);
        str_add_f(out, "%s %*d %*d ", row->tied ? marks->tied : " ", columns.pid, row->proc->pid, columns.pid,
                  row->proc->ppid);
        text_add_cell(out, row->user, columns.user, true, marks);
        str_add_c(out, ' ');
        text_add_cell(out, command_of(row), left - (int)strlen(tail), false, marks);
        str_add_f(out, "%s\n", tail);
}

static void add_rows(struct str *out, const struct proc_table *table, const struct row *rows, size_t n,
                     const char *other_side, const struct marks *marks)
{
        struct columns columns = measure(rows, n, marks);

        if (table->trouble) {
                str_add(out, "not readable: ");
                text_add_cell(out, table->trouble, TEXT_COLS - 14, false, marks);
                str_add_c(out, '\n');
        }
        if (n == 0)
                return;
        str_add_f(out, "  %*s %*s %-*s COMMAND\n", columns.pid, "PID", columns.pid, "PPID", columns.user,
                  "USER");
        for (size_t i = 0; i < n; i++)
                add_row(out, &rows[i], other_side, columns, marks);
}

static const char *plural(size_t n)
{
        return n == 1 ? "process" : "processes";
}

static void add_sides(struct str *out, const struct snapshot *snapshot, const struct marks *marks)
{
        size_t host = snapshot->n_host, container = snapshot->n_container;

        str_add_f(out, "HOST  this machine: %zu %s\n", host, plural(host));
        add_rows(out, &snapshot->host_table, snapshot->host, host, "in the container", marks);
        str_add_f(out, "\nCONTAINER  sees %zu %s\n", container, plural(container));
        add_rows(out, &snapshot->container_table, snapshot->container, container, "on the machine", marks);
        if (!snapshot->init_seen)
                return;
        if (snapshot->init_host == snapshot->init_container) {
                /* Two lists of the same processes, read one after the other, differ by those that came. */
                str_add(out, "one process, one number (PID): the container uses the machine's PIDs\n");
                return;
        }
        if (container > 1)
                str_add_f(out, "%zu processes, two numbers (PIDs) each\n", container);
        else
                str_add_f(out, "one process, two numbers (PIDs): %d on the machine, %d in here\n",
                          snapshot->init_host, snapshot->init_container);
        if (host > container)
                str_add_f(out, "the other %zu %s invisible here\n", host - container,
                          host - container == 1 ? "is" : "are");
}

/* The user of a process on one side, NULL where there is no name. */
static const char *name_of(const struct row *rows, size_t n, pid_t pid, uint32_t uid)
{
        char number[16];

        snprintf(number, sizeof(number), "%u", uid);
        for (size_t i = 0; i < n; i++)
                if (rows[i].proc->pid == pid)
                        return rows[i].proc->uid == uid && strcmp(rows[i].user, number) != 0 ? rows[i].user
                                                                                             : NULL;
        return NULL;
}

static void add_user(struct str *out, const char *where, uint32_t uid, const char *name, int width,
                     const struct marks *marks)
{
        str_add_f(out, "%s: uid %u", where, uid);
        if (!name)
                return;
        str_add_c(out, ' ');
        text_add_cell(out, name, width, false, marks);
}

static void add_user_line(struct str *out, const struct snapshot *snapshot, int width,
                          const struct marks *marks)
{
        uint32_t in = snapshot->init_inside.uid[1], outside = snapshot->init_outside.uid[1];

        add_user(out, "USER  in here", in,
                 name_of(snapshot->container, snapshot->n_container, snapshot->init_container, in), width,
                 marks);
        add_user(out, "   on the machine", outside,
                 name_of(snapshot->host, snapshot->n_host, snapshot->init_host, outside), width, marks);
}

static void add_users(struct str *out, const struct snapshot *snapshot, const struct marks *marks)
{
        const char *relation = snapshot_user_relation(snapshot);
        struct str line = { 0 };

        add_user_line(&line, snapshot, TEXT_COLS, marks);
        if (text_width(str_text(&line)) > TEXT_COLS) {
                str_finish(&line);
                add_user_line(&line, snapshot, NAME_SHORT, marks);
        }
        if (text_width(str_text(&line)) + 3 + (int)strlen(relation) <= TEXT_COLS)
                str_add_f(&line, "   %s", relation);
        str_add_f(out, "%s\n", str_text(&line));
        str_finish(&line);
}

static void add_groups(struct str *out, const struct snapshot *snapshot, const struct marks *marks)
{
        const struct status *init = &snapshot->init_inside;
        struct str line = { 0 };

        str_add_f(&line, "GROUP in here: gid %u   on the machine: gid %u", init->gid[1],
                  snapshot->init_outside.gid[1]);
        if (init->n_groups > 0)
                str_add(&line, "   groups");
        for (unsigned i = 0; i < init->n_groups; i++)
                str_add_f(&line, " %u", init->groups[i]);
        text_add_cell(out, str_text(&line), TEXT_COLS, false, marks);
        str_add_c(out, '\n');
        str_finish(&line);
}

/* Whether a namespace is the cage's own, the machine's, or not known. */
enum share { SHARE_OWN, SHARE_HOST, SHARE_UNKNOWN };

static enum share share_of(const struct ns_ids *ns, unsigned type)
{
        if (!ns->container[type] || !ns->host[type])
                return SHARE_UNKNOWN;
        return ns->container[type] == ns->host[type] ? SHARE_HOST : SHARE_OWN;
}

static void add_namespaces(struct str *out, const struct ns_ids *ns)
{
        static const char *const titles[] = { [SHARE_OWN] = "own namespaces:",
                                              [SHARE_HOST] = "shared with the machine:",
                                              [SHARE_UNKNOWN] = "not readable:" };

        for (enum share share = SHARE_OWN; share <= SHARE_UNKNOWN; share++) {
                bool any = false;

                for (unsigned i = 0; i < NS_T_N; i++) {
                        if (share_of(ns, i) != share)
                                continue;
                        if (!any)
                                str_add(out, titles[share]);
                        str_add_f(out, " %s", ns_type_names[i]);
                        any = true;
                }
                if (any)
                        str_add_c(out, '\n');
        }
}

static const char *seccomp_word(int seccomp)
{
        switch (seccomp) {
        case 0:
                return "none";
        case 1:
                return "strict";
        case 2:
                return "filter";
        default:
                return "not told";
        }
}

static const char *mode_words(enum cage_mode mode, bool remap)
{
        switch (mode) {
        case MODE_ROOT:
                return "launched as root";
        case MODE_RANGE:
                return remap ? "launched as root: a user namespace of other ids"
                             : "rootless: a user namespace with a range of ids";
        case MODE_ONE_ID:
                return "rootless: a user namespace with one id";
        }
        return "";
}

static void add_head(struct str *out, const struct snapshot *snapshot, const struct snapshot_extra *extra,
                     const struct marks *marks)
{
        const struct spec *spec = extra->spec;
        const char *engine = spec->userns == NS_REMAP ? "vitrine" : caps_rules(spec->engine)->engine;
        own_free char *line = marks->ascii ? spec_line_ascii(spec, engine) : spec_line(spec, engine);

        /* Whole, however long it is: it is there to be copied. */
        str_add_f(out, "same as: %s\n%s", line, extra->state);
        if (strcmp(extra->state, "exited") == 0)
                str_add_f(out, " (%d)", extra->exit_status);
        str_add_f(out, ", %s\n", mode_words(snapshot->mode, snapshot->remap));
        str_add(out, "one kernel on both sides: Linux ");
        text_add_cell(out, extra->kernel_release, TEXT_COLS - 32, false, marks);
        str_add(out, "\n\n");
}

char *snapshot_text(const struct snapshot *snapshot, const struct snapshot_extra *extra, bool ascii)
{
        const struct marks *marks = ascii ? &marks_ascii : &marks_utf8;
        const struct status *init = &snapshot->init_inside;
        struct str out = { 0 };

        add_head(&out, snapshot, extra, marks);
        add_sides(&out, snapshot, marks);
        str_add_c(&out, '\n');
        if (snapshot->init_seen) {
                add_users(&out, snapshot, marks);
                add_groups(&out, snapshot, marks);
                str_add_f(&out, "no-new-privs %s   seccomp %s\n", init->no_new_privs ? "on" : "off",
                          seccomp_word(init->seccomp));
        } else {
                str_add(&out, "USER  not readable: the container's first process was not seen\n");
        }
        add_namespaces(&out, &snapshot->ns);
        if (init->pid > 0) {
                str_add_c(&out, '\n');
                text_add_caps(&out, snapshot, marks);
        }
        return str_take(&out);
}
