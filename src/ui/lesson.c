/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/own.h"
#include "base/text.h"
#include "ui/lesson_foot.h"
#include "ui/parts.h"

enum {
        HEAD_ROWS = 14, /* from this height on the step's name has lines of its own */
        AIRY_ROWS = 32, /* and an empty one above */
        TEXT_PART = 3,  /* of the height that the text keeps, whatever stands below it */
};

/* The text: what leads up to the present moment, and from focus on what is to be read now. */
struct page {
        const struct pen *pen;
        const struct lesson_view *view;
        struct rect rect;
        int x, y, width, height; /* inside the borders */
        struct prose head, text, foot;
        size_t focus;
        bool named;   /* the step's name has lines of its own, else it stands in the title */
        bool gap;     /* an empty line between text and foot */
        bool beside;  /* the capabilities stand beside it */
        bool scrolls; /* there is more text than room */
};

/* The step's name and which one it is. */
static void add_name(const struct page *page, struct prose *ret)
{
        const struct lesson_view *view = page->view;
        const struct lesson_step *step = lesson_at(view);

        prose_wrap(ret, page->pen, step ? step->name : "The end", page->width, "", ROLE_TITLE, ATTR_BOLD);
        if (step)
                prose_add_take(ret,
                               xasprintf("step %zu of %zu%s", view->step + 1, view->lesson->n_steps,
                                         view->skipped ? ", skipped" : ""),
                               ROLE_NOTE, 0);
        prose_blank(ret);
}

/* Stays in its place, unless the lesson's own first words are to be read before it. */
static void make_head(struct page *page)
{
        if (!page->named)
                return;
        if (page->height >= AIRY_ROWS)
                prose_add_take(&page->head, xstrdup(""), ROLE_TEXT, 0);
        if (page->view->step > 0)
                add_name(page, &page->head);
}

/* Behind the last step: what can be told now, the last words of the lesson. */
static void make_outro(struct page *page)
{
        const struct lesson *lesson = page->view->lesson;
        const struct lesson_blocks *after =
                lesson->n_steps ? &lesson->steps[lesson->n_steps - 1].after : NULL;

        if (after && after->n)
                prose_blocks(&page->text, page->pen,
                             &(struct lesson_blocks){ .v = &after->v[after->n - 1], .n = 1 }, page->width);
}

/* What the lesson is about, and the line that it begins with. */
static void make_intro(struct page *page)
{
        const struct lesson *lesson = page->view->lesson;
        own_free char *start = prose_safe(page->pen, lesson->start, strlen(lesson->start));

        prose_blocks(&page->text, page->pen, &lesson->intro, page->width);
        prose_blank(&page->text);
        prose_wrap(&page->text, page->pen, start, page->width, "   ", ROLE_HELD, ATTR_BOLD);
        page->text.v[page->text.n - 1].ticks = false;
        prose_blank(&page->text);
}

/* An ending that nobody has seen is not told as if it had come. */
static void add_unseen(struct page *page)
{
        const struct lesson_view *view = page->view;
        const char *words = *view->cannot ? "Not done here. Where it can be done, it ends like this:"
                                          : "Skipped, and not seen. It ends like this:";

        if (view->done || lesson_all_seen(view))
                return;
        prose_wrap(&page->text, page->pen, words, page->width, "", ROLE_NOTE, ATTR_ITALIC);
        prose_blank(&page->text);
}

static void make_text(struct page *page)
{
        const struct lesson_view *view = page->view;
        const struct lesson_step *step = lesson_at(view);

        if (!step) {
                make_outro(page);
                return;
        }
        if (view->step == 0) {
                make_intro(page);
                page->focus = page->text.n;
                if (page->named)
                        add_name(page, &page->text);
        }
        prose_blocks(&page->text, page->pen, &step->before, page->width);
        if (!lesson_is_over(view) || !step->after.n)
                return;
        prose_blank(&page->text);
        page->focus = page->text.n;
        add_unseen(page);
        prose_blocks(&page->text, page->pen, &step->after, page->width);
}

/* Lines that are left for the text. */
static int room_of(const struct page *page)
{
        return page->height - (int)page->head.n - (int)page->foot.n - (page->gap ? 1 : 0);
}

static bool try_foot(struct page *page, unsigned given, int lines)
{
        prose_finish(&page->foot);
        lesson_foot(page->pen, page->width, given, &page->foot);
        page->gap = false;
        page->gap = page->foot.n > 0 && room_of(page) > lines;
        return room_of(page) >= lines;
}

/* The least brief foot beside which there are so many lines of the text, that gives up nothing behind most;
 * false when there is none. */
static bool make_foot(struct page *page, int lines, unsigned most)
{
        static const unsigned back[] = { FOOT_LINES, FOOT_LEAST, FOOT_BRIEF, FOOT_KEYS,
                                         FOOT_SHORT, FOOT_NEW,   FOOT_CLOSE };
        unsigned given = 0;

        for (unsigned next = 1; !try_foot(page, given, lines); next <<= 1) {
                if (next > most)
                        return false;
                given |= next;
        }
        /* What was given up in vain: the rows are there without it. */
        for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
                if (given & back[i] && try_foot(page, given & ~back[i], lines))
                        given &= ~back[i];
        try_foot(page, given, lines);
        return true;
}

/* The foot gives way to the text that is to be read now, as far as it can without losing what to do; to what
 * was read before only its empty lines. */
static void fit_foot(struct page *page)
{
        int total = (int)page->text.n, focus = (int)page->focus, least = page->height / TEXT_PART;
        int lines = page->view->fresh && focus ? focus : total - focus;

        if (make_foot(page, total, FOOT_CLOSE) || make_foot(page, lines, FOOT_LEAST))
                return;
        if (least < 1)
                least = 1;
        make_foot(page, smaller(lines, least), FOOT_LEAST);
        while (page->foot.n && room_of(page) < least)
                free(page->foot.v[--page->foot.n].text);
}

/* The text's line at the top while nothing is scrolled: all of the text where it fits, else what is to be
 * read now, and before it whole blocks as there is room. */
static int first_line(const struct page *page, int room)
{
        int total = (int)page->text.n, focus = (int)page->focus, top = total - room;

        if (top <= 0)
                return 0;
        if (top >= focus)
                return focus;
        while (top < focus && !page->text.v[top].begins)
                top++;
        return top;
}

static void draw_lines(const struct page *page, const struct prose *prose, int first, int n, int y)
{
        for (int i = 0; i < n && first + i < (int)prose->n; i++)
                prose_draw(page->pen, &prose->v[first + i], page->x, y + i, page->width);
}

/* Says that there is more, in the border beside it. */
static void draw_more(const struct page *page, int y, bool up)
{
        const struct glyphs *glyphs = page->pen->glyphs;

        pen_put(page->pen, page->rect.x + page->rect.w - 1, y, 1, up ? glyphs->up : glyphs->down, ROLE_FOCUS,
                ATTR_BOLD);
}

/* Where the lesson's first words have no room in front of its first step, their first paragraph stays: the
 * question that the lesson answers. Returns its lines, 0: there is no room for it either. */
static int hook_lines(const struct page *page, int room, int top)
{
        int n = 1, total = (int)page->text.n, focus = (int)page->focus;

        if (page->view->step > 0 || page->view->scroll || top == 0 || lesson_is_over(page->view))
                return 0;
        while (n < focus && *page->text.v[n].text)
                n++;
        return n + 1 + total - focus <= room ? n : 0;
}

static void draw_text(struct page *page)
{
        struct reach *reach = page->pen->view->reach;
        int room = room_of(page), begin = first_line(page, room), total = (int)page->text.n;
        int anchor = page->view->fresh ? 0 : begin;
        int end = total - room > anchor ? total - room : anchor;
        int top = anchor + page->view->scroll, y = page->y + (int)page->head.n, shown, hook;

        if (reach) {
                reach->lesson.least = -anchor;
                reach->lesson.most = end - anchor;
                reach->lesson.page = room;
                reach->lesson.begin = begin - anchor;
        }
        page->scrolls = end > 0;
        top = top > end ? end : top;
        top = top < 0 ? 0 : top;
        hook = hook_lines(page, room, top);
        draw_lines(page, &page->head, 0, (int)page->head.n, page->y);
        if (hook) {
                draw_lines(page, &page->text, 0, hook, y);
                pen_put_f(page->pen, page->x, y + hook, page->width, ROLE_NOTE, ATTR_ITALIC,
                          "%s scroll up for more", page->pen->glyphs->cut);
                y += hook + 1;
                room -= hook + 1;
                top = first_line(page, room);
        }
        shown = smaller(room, total - top);
        draw_lines(page, &page->text, top, shown, y);
        if (top > 0)
                draw_more(page, y - (hook ? 1 : 0), true);
        if (top + shown < total)
                draw_more(page, y + shown - 1, false);
        draw_lines(page, &page->foot, 0, (int)page->foot.n, y + shown + (page->gap ? 1 : 0));
        if (page->gap && top + shown < total)
                pen_put(page->pen, page->x, y + shown, page->width, "more below", ROLE_NOTE, ATTR_ITALIC);
}

/* "LESSON 6 of 12"; the same without a number for a lesson of one's own. */
static char *number_text(const struct lesson_view *view)
{
        if (!view->number)
                return xstrdup("LESSON");
        return xasprintf("LESSON %u of %u", view->number, view->count);
}

/* Where the step's name has no line of its own it stands in the title, and the marks of its checks. */
static void draw_title(const struct page *page)
{
        const struct lesson_view *view = page->view;
        const struct lesson_step *step = lesson_at(view);
        const char *name = page->named || !step ? view->lesson->title : step->name;
        own_free char *safe = prose_safe(page->pen, name, strlen(name));
        own_free char *number = number_text(view);
        own_free char *marks = page->named ? xstrdup("") : lesson_marks(page->pen);
        struct strv texts = { 0 };
        struct rect rect = page->rect;

        if (page->named || !step) {
                strv_add_take(&texts, xasprintf("%s  %s", number, safe));
                if (view->number)
                        strv_add_take(&texts, xasprintf("LESSON %u/%u  %s", view->number, view->count, safe));
        } else {
                size_t at = view->step + 1, n = view->lesson->n_steps;

                strv_add_take(&texts, xasprintf("%s  step %zu of %zu: %s", number, at, n, safe));
                strv_add_take(&texts, xasprintf("%s  %zu of %zu: %s", number, at, n, safe));
                strv_add_take(&texts, xasprintf("LESSON %u  %zu/%zu: %s", view->number, at, n, safe));
        }
        rect.w -= pen_box_text(page->pen, &page->rect, false, true, marks, ROLE_TITLE);
        pen_box_text(page->pen, &rect, false, false, pen_first_fit(&texts, pen_box_room(&rect)), ROLE_TITLE);
        strv_finish(&texts);
}

/* In the place of the capability pane, which Tab has brought back: one line that says so. */
static void draw_strip(const struct pen *pen, const struct rect *rect)
{
        static const char key[] = "Tab: the lesson";
        const struct lesson_view *view = pen->view->lesson;
        const struct lesson_step *step = lesson_at(view);
        const char *name = step ? step->name : view->lesson->title;
        own_free char *safe = prose_safe(pen, name, strlen(name));
        own_free char *number = number_text(view);
        own_free char *text = xasprintf("%s  %s", number, safe);
        own_free char *marks = lesson_marks(pen);
        int room = rect->w - 2 - (int)strlen(key) - 2 - text_width(marks) - 2;

        pen_put(pen, rect->x + 1, rect->y, room, text, ROLE_TITLE, 0);
        pen_put(pen, rect->x + 1 + room + 2, rect->y, text_width(marks), marks, ROLE_TITLE, 0);
        pen_put(pen, rect->x + rect->w - 1 - (int)strlen(key), rect->y, (int)strlen(key), key, ROLE_FOCUS, 0);
}

/* The step is about the rows that the lesson stands over. */
static bool covers_rows(const struct page *page)
{
        const struct lesson_step *step = lesson_at(page->view);

        return !page->beside && step && step->look == LESSON_LOOK_CAPS;
}

/* The keys, and where there is more text than room, or the rows are covered, how to come to it. */
static void draw_keys(const struct page *page, const char *keys, bool focus)
{
        bool ascii = page->pen->view->ascii;
        const char *arrows = ascii ? "arrows" : "↑↓";
        own_free char *scroll = covers_rows(page) ? xstrdup("Tab: the rows")
                                                  : xasprintf("%s%s: scroll", focus ? "" : "Tab ", arrows);
        int room = pen_box_room(&page->rect) - text_width(keys) - 3;

        pen_box_text(page->pen, &page->rect, true, false, keys, ROLE_TITLE);
        if ((page->scrolls || covers_rows(page)) && page->pen->view->play.state == PLAY_NOT &&
            text_width(scroll) <= room)
                pen_box_text(page->pen, &page->rect, true, true, scroll, ROLE_NOTE);
}

void part_lesson(const struct pen *pen, const struct layout *layout)
{
        const struct rect *rect = &layout->lesson;
        struct page page = { .pen = pen, .view = pen->view->lesson, .rect = *rect };
        bool focus = false;
        own_free char *keys = NULL;

        if (!rect->w || !page.view)
                return;
        focus = layout->lesson_beside ? page.view->focus : pen->view->focus == PANE_CAPS;
        if (pen->view->reach)
                pen->view->reach->lesson_instead = !layout->lesson_beside;
        if (rect->h == 1) {
                draw_strip(pen, rect);
                return;
        }
        page.beside = layout->lesson_beside;
        page.x = rect->x + 2;
        page.y = rect->y + 1;
        page.width = rect->w - 4;
        page.height = rect->h - 2;
        page.named = page.height >= HEAD_ROWS;
        make_head(&page);
        make_text(&page);
        fit_foot(&page);
        pen_box(pen, rect, focus);
        draw_title(&page);
        draw_text(&page);
        keys = lesson_keys(pen, pen_box_room(rect));
        draw_keys(&page, keys, focus);
        if (focus) {
                pen->grid->cursor_x = page.x;
                pen->grid->cursor_y = page.y;
        }
        prose_finish(&page.head);
        prose_finish(&page.text);
        prose_finish(&page.foot);
}
