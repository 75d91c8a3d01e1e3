/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/facts.h"
#include "ui/parts.h"

enum { NAME_LEAST = 4, COLS_KIND = 80 /* below, the line has no room for the kind of number */ };

/* The name of the user of a process on one side, or "" where there is none or it is the number. */
static char *name_of(const struct pen *pen, const struct row *rows, size_t n, pid_t pid, uint32_t uid)
{
        char number[16];

        snprintf(number, sizeof(number), "%u", uid);
        for (size_t i = 0; i < n; i++)
                if (rows[i].proc->pid == pid && rows[i].proc->uid == uid && strcmp(rows[i].user, number) != 0)
                        return pen_safe(pen, rows[i].user);
        return xstrdup("");
}

/* Which ids there are inside, where they are not the machine's. */
static const char *ids_word(const struct snapshot *now)
{
        if (now->remap)
                return "ids remapped";
        return now->mode == MODE_ONE_ID ? "one id" : "a range of ids";
}

static void add_ids(struct strv *words, const char *where, uint32_t uid, const char *name, int width,
                    const struct pen *pen)
{
        own_free char *cut = text_cut(name, width, pen->glyphs->cut);
        const char *kind = pen->grid->cols < COLS_KIND ? "" : "uid ";

        strv_add_take(words, xasprintf("%s: %s%u%s%s", where, kind, uid, *cut ? " " : "", cut));
}

/* Namespaces that are shared and usually are not: the users' and the clock's are the machine's by default. */
static void add_shared(struct strv *words, const struct snapshot *now)
{
        struct str text = { 0 };

        for (unsigned i = 0; i < NS_T_N; i++)
                if (i != NS_T_USER && i != NS_T_TIME && snapshot_shares(now, i))
                        str_add_f(&text, "%s%s", text.len ? " " : "shares: ", ns_type_names[i]);
        if (text.len)
                strv_add_take(words, str_take(&text));
        str_finish(&text);
}

/* Words in the order of their worth, for the line: the last ones go first. */
static void make_words(const struct pen *pen, const struct layout *layout, int name_width, struct strv *words)
{
        const struct snapshot *now = pen->view->now;
        uint32_t in = now->init_inside.uid[1], outside = now->init_outside.uid[1];
        own_free char *inside_name = name_of(pen, now->container, now->n_container, now->init_container, in);
        own_free char *outside_name = name_of(pen, now->host, now->n_host, now->init_host, outside);

        add_ids(words, "in here", in, inside_name, name_width, pen);
        add_ids(words, "on the machine", outside, outside_name, name_width, pen);
        if (!layout->box) {
                add_shared(words, now);
                if (now->init_inside.no_new_privs)
                        strv_add(words, "no-new-privs");
                if (now->init_inside.seccomp == 0)
                        strv_add(words, "no seccomp");
        }
        strv_add(words, snapshot_user_relation(now));
        if (now->mode != MODE_ROOT)
                strv_add(words, ids_word(now));
}

/* Writes words with three spaces between them, as many as there is room for; the first two always.
 * Returns the columns used. */
static int put_words(const struct pen *pen, int x, int y, int width, const struct strv *words)
{
        struct str text = { 0 };
        int used;

        for (size_t i = 0; i < words->n; i++) {
                int more = (text.len ? 3 : 0) + text_width(words->v[i]);

                if (i >= 2 && text_width(str_text(&text)) + more > width)
                        break;
                str_add_f(&text, "%s%s", text.len ? "   " : "", words->v[i]);
        }
        used = pen_put(pen, x, y, width, str_text(&text), ROLE_TEXT, 0);
        str_finish(&text);
        return used;
}

static int width_of(const struct strv *words, size_t n)
{
        int width = 0;

        for (size_t i = 0; i < n && i < words->n; i++)
                width += (i ? 3 : 0) + text_width(words->v[i]);
        return width;
}

/* A user's name in the container, or the number where there is none. */
static char *inside_name(const struct pen *pen, const struct snapshot *snapshot)
{
        uint32_t uid = snapshot->init_inside.uid[1];
        own_free char *name =
                name_of(pen, snapshot->container, snapshot->n_container, snapshot->init_container, uid);

        return *name ? take_ptr(name) : xasprintf("%u", uid);
}

/* The user of before the last change, where the line has room for that. */
static void put_change(const struct pen *pen, int x, int y, int width)
{
        const struct snapshot *now = pen->view->now, *before = pen->view->before;
        own_free char *from = NULL, *to = NULL, *text = NULL;

        if (!before || !before->init_seen || before->init_inside.uid[1] == now->init_inside.uid[1])
                return;
        from = inside_name(pen, before);
        to = inside_name(pen, now);
        text = xasprintf("%s %s %s", from, pen->glyphs->to, to);
        if (text_width(text) <= width)
                pen_put(pen, x, y, width, text, ROLE_CHANGED, ATTR_BOLD | ATTR_UNDERLINE);
}

static void put_line(const struct pen *pen, const struct layout *layout, int x, int y, int width)
{
        const struct snapshot *now = pen->view->now;
        struct strv words = { 0 };
        int name_width = width, used;

        if (!now || !now->init_seen) {
                pen_put(pen, x, y, width, facts_absence(pen->view), ROLE_NOTE, 0);
                return;
        }
        make_words(pen, layout, name_width, &words);
        /* Both numbers stand whole: names shrink before them. */
        while (width_of(&words, 2) > width && name_width > NAME_LEAST) {
                strv_finish(&words);
                name_width = name_width > width / 2 ? width / 2 : name_width - 1;
                make_words(pen, layout, name_width, &words);
        }
        used = put_words(pen, x, y, width, &words);
        put_change(pen, x + used + 3, y, width - used - 3);
        strv_finish(&words);
}

static const char *seccomp_word(int seccomp)
{
        switch (seccomp) {
        case 0:
                return "no seccomp";
        case 1:
                return "strict seccomp";
        case 2:
                return "seccomp filter";
        default:
                return "seccomp not told";
        }
}

static void put_groups(const struct pen *pen, int x, int y, int width)
{
        const struct status *in = &pen->view->now->init_inside, *outside = &pen->view->now->init_outside;
        struct strv words = { 0 };

        strv_add_take(&words, xasprintf("in here: gid %u", in->gid[1]));
        strv_add_take(&words, xasprintf("on the machine: gid %u", outside->gid[1]));
        strv_add_take(&words, xasprintf("no-new-privs %s", in->no_new_privs ? "on" : "off"));
        strv_add(&words, seccomp_word(in->seccomp));
        put_words(pen, x, y, width, &words);
        strv_finish(&words);
}

static void put_namespaces(const struct pen *pen, int x, int y, int width)
{
        const struct snapshot *now = pen->view->now;
        struct str own = { 0 }, shared = { 0 }, unknown = { 0 };
        struct strv words = { 0 };

        for (unsigned i = 0; i < NS_T_N; i++) {
                bool known = now->ns.container[i] != 0 && now->ns.host[i] != 0;
                struct str *list = !known ? &unknown : snapshot_shares(now, i) ? &shared : &own;

                str_add_f(list, " %s", ns_type_names[i]);
        }
        strv_add_take(&words, xasprintf("own:%s", own.len ? str_text(&own) : " none"));
        if (shared.len)
                strv_add_take(&words, xasprintf("shared with the machine:%s", str_text(&shared)));
        if (unknown.len)
                strv_add_take(&words, xasprintf("not readable:%s", str_text(&unknown)));
        put_words(pen, x, y, width, &words);
        strv_finish(&words);
        str_finish(&own);
        str_finish(&shared);
        str_finish(&unknown);
}

void part_user(const struct pen *pen, const struct layout *layout)
{
        const struct rect *rect = &layout->user;
        int x = rect->x + 2, width = rect->w - 4;

        if (!layout->box) {
                x = rect->x + 1 + pen_put(pen, rect->x + 1, rect->y, 6, "USER  ", ROLE_HEAD, 0);
                put_line(pen, layout, x, rect->y, rect->w - x);
                return;
        }
        pen_box(pen, rect, pen->view->focus == PANE_NS);
        pen_box_text(pen, rect, false, false, "USER AND NAMESPACES", ROLE_TITLE);
        put_line(pen, layout, x + 5, rect->y + 1, width - 5);
        pen_put(pen, x, rect->y + 1, 5, "user", ROLE_HEAD, 0);
        if (!pen->view->now || !pen->view->now->init_seen)
                return;
        pen_put(pen, x, rect->y + 2, 5, "group", ROLE_HEAD, 0);
        put_groups(pen, x + 6, rect->y + 2, width - 6);
        if (layout->list)
                part_ns_list(pen, &(struct rect){ x, rect->y + 3, width, rect->h - 4 });
        else if (pen->view->focus == PANE_NS)
                part_ns_line(pen, x, rect->y + 3, width);
        else
                put_namespaces(pen, x, rect->y + 3, width);
        if (pen->view->focus == PANE_NS)
                part_ns_border(pen, rect, !layout->list);
}
