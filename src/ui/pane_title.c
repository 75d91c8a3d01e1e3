/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/panes.h"

enum {
        AGE_SIZE = 32,
        MINUTE_S = 60,
        HOUR_S = 3600,
        MINUTES_FROM_S = 120,
        HOURS_FROM_S = 7200,
        CORNER = 6,
        FILTER_MOST = 20, /* columns of it in a title */
        COUNT_MOST = 5    /* digits of a count of processes */
};

static const char *noun(size_t n)
{
        return n == 1 ? "process" : "processes";
}

static void age_words(uint64_t age_s, char buf[static AGE_SIZE])
{
        if (age_s < MINUTES_FROM_S)
                snprintf(buf, AGE_SIZE, "%" PRIu64 " s", age_s);
        else if (age_s < HOURS_FROM_S)
                snprintf(buf, AGE_SIZE, "%" PRIu64 " min", age_s / MINUTE_S);
        else
                snprintf(buf, AGE_SIZE, "%" PRIu64 " h", age_s / HOUR_S);
}

/* ", 12 s old", or "" for a pane that is live. */
static void age_suffix(const struct side_view *side, char buf[static AGE_SIZE])
{
        uint64_t age_s = side->pen->view->age_s[side->host ? PANE_HOST : PANE_CONTAINER];
        char words[AGE_SIZE];

        buf[0] = '\0';
        if (!age_s)
                return;
        age_words(age_s, words);
        snprintf(buf, AGE_SIZE, ", %.20s old", words);
}

const char *side_filter(const struct side_view *side)
{
        const char *filter = side->pen->view->filter[side->host ? PANE_HOST : PANE_CONTAINER];

        return filter ? filter : "";
}

/* What a filter leaves, the texts of a title by length. */
static void add_filter_titles(const struct side_view *side, size_t shown, struct strv *titles)
{
        const struct snapshot *now = side->pen->view->now;
        const char *name = side->host ? "HOST" : "CONTAINER";
        size_t n = proc_table_count(side->host ? &now->host_table : &now->container_table);
        own_free char *safe = pen_safe(side->pen, side_filter(side));
        own_free char *filter = text_cut(safe, FILTER_MOST, side->pen->glyphs->cut);
        char age[AGE_SIZE];

        age_suffix(side, age);
        strv_add_take(titles, xasprintf("%s  /%s: %zu of %zu %s%s", name, filter, shown, n, noun(n), age));
        strv_add_take(titles, xasprintf("%s  /%s: %zu of %zu%s", name, filter, shown, n, age));
        strv_add_take(titles, xasprintf("%s  /%s%s", name, filter, age));
}

/* What a host is called, the longest first; a container is not called a machine. */
static void host_words(const struct view *view, const char *ret[static 2])
{
        ret[0] = view->host_kind ? view->host_kind : "machine";
        ret[1] = strcmp(ret[0], "virtual machine") == 0 ? "machine" : NULL;
}

/* Columns that a count leaves of those that it may take, where all screens are to fit alike. */
static int spare_columns(const struct view *view, size_t n)
{
        int digits = snprintf(NULL, 0, "%zu", n);

        return view->pinned && digits < COUNT_MOST ? COUNT_MOST - digits : 0;
}

static void add_line_titles(const struct side_view *side, size_t shown, const char *age, struct strv *titles)
{
        size_t n = proc_table_count(&side->pen->view->now->host_table);
        const struct view *view = side->pen->view;
        const int spare = spare_columns(view, n), both = spare + spare_columns(view, n - shown);
        const char *words[2];

        host_words(view, words);
        for (int i = 0; i < 2 && words[i]; i++)
                strv_add_take(titles, xasprintf("HOST  this %s: %zu %s, %zu not shown%s%*s", words[i], n,
                                                noun(n), n - shown, age, both, ""));
        for (int i = 0; i < 2 && words[i]; i++)
                strv_add_take(titles, xasprintf("HOST  %zu of this %s's %zu %s%s%*s", shown, words[i], n,
                                                noun(n), age, spare, ""));
        strv_add_take(titles, xasprintf("HOST  %zu of %zu %s%s%*s", shown, n, noun(n), age, spare, ""));
        strv_add_take(titles, xasprintf("HOST  %zu of %zu%s%*s", shown, n, age, spare, ""));
}

static void add_host_titles(const struct side_view *side, size_t shown, struct strv *titles)
{
        const struct view *view = side->pen->view;
        const char *names = view->host_mode == HOST_NAMES ? ", without arguments" : "";
        const char *flat = view->flat ? ", by PID" : "", *words[2];
        size_t n = proc_table_count(&view->now->host_table);
        char age[AGE_SIZE];

        age_suffix(side, age);
        if (view->host_mode == HOST_LINE && shown < n) {
                add_line_titles(side, shown, age, titles);
                return;
        }
        host_words(view, words);
        for (int i = 0; i < 2 && words[i]; i++) {
                own_free char *head = xasprintf("HOST  this %s: %zu %s", words[i], n, noun(n));

                strv_add_take(titles, xasprintf("%s%s%s%s", head, names, flat, age));
                strv_add_take(titles, xasprintf("%s%s%s", head, flat, age));
                strv_add_take(titles, xasprintf("%s%s", head, age));
        }
        strv_add_take(titles, xasprintf("HOST  %zu %s%s", n, noun(n), age));
        strv_add_take(titles, xasprintf("HOST%s", age));
}

static void add_ended_titles(const struct side_view *side, struct strv *titles)
{
        const struct view *view = side->pen->view;
        size_t n = proc_table_count(&view->now->container_table);
        char words[AGE_SIZE];

        age_words(view->age_s[PANE_CONTAINER], words);
        if (view->age_s[PANE_CONTAINER])
                strv_add_take(titles,
                              xasprintf("CONTAINER  ended %.20s ago: it saw %zu %s", words, n, noun(n)));
        strv_add_take(titles, xasprintf("CONTAINER  ended: it saw %zu %s", n, noun(n)));
        strv_add(titles, "CONTAINER  ended");
}

static void add_container_titles(const struct side_view *side, size_t shown, struct strv *titles)
{
        const struct view *view = side->pen->view;
        const char *flat = view->flat ? ", by PID" : "";
        size_t n = proc_table_count(&view->now->container_table);
        char age[AGE_SIZE];

        if (view->state == RUN_ENDED) {
                add_ended_titles(side, titles);
                return;
        }
        age_suffix(side, age);
        if (shown < n)
                strv_add_take(titles, xasprintf("CONTAINER  sees %zu %s, %zu not shown%s", n, noun(n),
                                                n - shown, age));
        strv_add_take(titles, xasprintf("CONTAINER  sees %zu %s%s%s", n, noun(n), flat, age));
        strv_add_take(titles, xasprintf("CONTAINER  sees %zu %s%s", n, noun(n), age));
        strv_add_take(titles, xasprintf("CONTAINER  %zu %s%s", n, noun(n), age));
        strv_add_take(titles, xasprintf("CONTAINER%s", age));
}

void side_draw_title(const struct side_view *side, size_t shown)
{
        const struct view *view = side->pen->view;
        struct strv titles = { 0 };
        const char *title;

        if (*side_filter(side))
                add_filter_titles(side, shown, &titles);
        else if (side->host)
                add_host_titles(side, shown, &titles);
        else
                add_container_titles(side, shown, &titles);
        title = pen_first_fit(&titles, pen_box_room(&side->rect));
        /* Inside and outside there is one kernel: it is named on the outside, where there is room beside. */
        if (side->host && view->kernel &&
            text_width(title) + text_width(view->kernel) + CORNER <= side->rect.w - 2)
                pen_box_text(side->pen, &side->rect, false, true, view->kernel, ROLE_TITLE);
        pen_box_text(side->pen, &side->rect, false, false, title, ROLE_TITLE);
        strv_finish(&titles);
}
