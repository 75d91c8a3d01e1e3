/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/lesson_foot.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/result.h"

enum {
        SHORT_LINES = 3,
        BROKEN_LINES = 3, /* that one line of output takes at most */
};

struct foot {
        const struct pen *pen;
        const struct lesson_view *view;
        const struct lesson_step *step;
        int width;
        unsigned given; /* what is given up: FOOT_… */
        struct prose *ret;
};

const struct lesson_step *lesson_at(const struct lesson_view *view)
{
        return view->step < view->lesson->n_steps ? &view->lesson->steps[view->step] : NULL;
}

static const char *tick_of(const struct pen *pen, enum tick tick)
{
        switch (tick) {
        case TICK_DONE:
                return pen->glyphs->tick;
        case TICK_ERROR:
                return "!";
        case TICK_OPEN:
                break;
        }
        return pen->glyphs->allowed;
}

static size_t count_checks(const struct lesson_step *step)
{
        return step->n_checks < LESSON_CHECKS_MOST ? step->n_checks : LESSON_CHECKS_MOST;
}

static size_t count_ticks(const struct lesson_view *view, enum tick tick)
{
        const struct lesson_step *step = lesson_at(view);
        size_t n = 0;

        for (size_t i = 0; step && view->ticks && i < count_checks(step); i++)
                n += view->ticks[i] == tick;
        return n;
}

static bool all_seen(const struct lesson_view *view, const struct lesson_step *step)
{
        return view->ticks && count_ticks(view, TICK_DONE) == count_checks(step);
}

bool lesson_is_over(const struct lesson_view *view)
{
        return view->done || view->skipped || *view->cannot || !lesson_at(view);
}

bool lesson_all_seen(const struct lesson_view *view)
{
        const struct lesson_step *step = lesson_at(view);

        return step && all_seen(view, step);
}

/* A question is open: once all was seen. */
static bool is_asking(const struct lesson_view *view)
{
        const struct lesson_step *step = lesson_at(view);

        return step && !view->done && !view->busy && !*view->cannot && view->asked < step->n_asks &&
               all_seen(view, step);
}

char *lesson_marks(const struct pen *pen)
{
        const struct lesson_view *view = pen->view->lesson;
        const struct lesson_step *step = lesson_at(view);
        struct str marks = { 0 };

        for (size_t i = 0; step && view->ticks && i < count_checks(step); i++)
                str_add_f(&marks, "%s%s", i ? " " : "", tick_of(pen, view->ticks[i]));
        return str_take(&marks);
}

static void gap(const struct foot *foot)
{
        if (!(foot->given & FOOT_CLOSE))
                prose_blank(foot->ret);
}

/* In one line where there is no room for more. */
static void add(const struct foot *foot, const char *head, const char *text, enum role role, uint8_t attr,
                bool whole)
{
        size_t first = foot->ret->n;

        prose_wrap(foot->ret, foot->pen, text, foot->width, head, role, attr);
        if (whole || !(foot->given & FOOT_LINES) || foot->ret->n <= first + 1)
                return;
        while (foot->ret->n > first)
                free(foot->ret->v[--foot->ret->n].text);
        own_free char *safe = prose_safe(foot->pen, text, strlen(text));
        own_free char *line = xasprintf("%s%s", head, safe);

        prose_add_take(foot->ret, text_cut(line, foot->width, foot->pen->glyphs->cut), role, attr);
}

/* The lines that are to be typed, each after the key that asks for it. What a key does by itself stands in
 * the text. */
static void add_lines(const struct foot *foot)
{
        const struct lesson_step *step = foot->step;
        size_t first = foot->ret->n;

        if (*foot->view->cannot || (foot->given & FOOT_NEW && all_seen(foot->view, step)))
                return;
        for (size_t i = 0; i < step->n_dos; i++) {
                const struct lesson_do *what = &step->dos[i];

                if (what->kind != DO_RUN && what->kind != DO_BUILD && what->kind != DO_EXEC)
                        continue;
                if (first == foot->ret->n && !(foot->given & FOOT_KEYS) &&
                    foot->pen->view->play.state == PLAY_NOT)
                        add(foot, "", "The key on the left, then Enter:", ROLE_NOTE, ATTR_ITALIC, false);
                add(foot, what->kind == DO_EXEC ? "!  " : "c  ", what->line, ROLE_HELD, ATTR_BOLD, false);
                foot->ret->v[foot->ret->n - 1].ticks = false;
        }
}

static char *check_words(const struct foot *foot)
{
        size_t n = count_checks(foot->step), done = count_ticks(foot->view, TICK_DONE);

        if (done == n && *foot->step->say)
                return xstrdup(foot->step->say);
        if (done == n)
                return xstrdup("seen: the kernel shows it");
        if (foot->view->skipped)
                return xstrdup("skipped: not seen yet");
        if (n == 1 || done == 0)
                return xstrdup("not seen yet");
        return xasprintf("%zu of %zu seen so far", done, n);
}

/* A check is an expression for a machine. What the learner is told is whether it was seen; the caption,
 * which says what there is to see, once it was. */
static void add_checks(const struct foot *foot)
{
        const struct lesson_view *view = foot->view;
        own_free char *marks = lesson_marks(foot->pen);
        own_free char *head = xasprintf("%s  ", marks), *words = NULL;
        bool all = all_seen(view, foot->step);

        if (view->busy) {
                add(foot, "", "the container is being made as this step needs it", ROLE_NOTE, ATTR_ITALIC,
                    false);
                return;
        }
        if (*view->cannot) {
                add(foot, "! ", view->cannot, ROLE_WARNING, 0, true);
                if (!(foot->given & FOOT_LINES) && foot->pen->view->play.state == PLAY_NOT)
                        add(foot, "  ", "PgDn goes past this step", ROLE_NOTE, ATTR_ITALIC, false);
                return;
        }
        if (*view->error)
                add(foot, "! ", view->error, ROLE_WARNING, 0, false);
        if (!*marks || (foot->given & FOOT_LINES && !all))
                return;
        words = check_words(foot);
        add(foot, head, words, all ? ROLE_HELD : ROLE_ALLOWED, 0, false);
}

/* One question after the other, once all was seen. */
static void add_asks(const struct foot *foot)
{
        const struct lesson_view *view = foot->view;
        own_free char *done = xasprintf("%s  ", foot->pen->glyphs->tick);

        if (*view->cannot || view->busy || !all_seen(view, foot->step))
                return;
        for (size_t i = 0; i < foot->step->n_asks && i <= view->asked; i++) {
                bool open = i == view->asked;

                if (open || !(foot->given & FOOT_LINES))
                        add(foot, open ? "?  " : done, foot->step->asks[i].question,
                            open ? ROLE_FOCUS : ROLE_HELD, open ? ATTR_BOLD : 0, open);
                if (open && *view->wrong) {
                        own_free char *text = xasprintf("%s: no. Look once more.", view->wrong);

                        add(foot, "!  ", text, ROLE_WARNING, 0, false);
                }
        }
}

/* A step of keys alone says in its text which; where that has no room, it is said here. */
static bool is_keys(const struct lesson_step *step)
{
        for (size_t i = 0; i < step->n_dos; i++)
                if (step->dos[i].kind != DO_KEY && step->dos[i].kind != DO_PROBE)
                        return false;
        return step->n_dos > 0;
}

static void add_help(const struct foot *foot)
{
        const struct lesson_view *view = foot->view;
        /* The step's own hint is about what has been done already. */
        const char *hint = is_asking(view)     ? "read it off the screen as it is now"
                           : *foot->step->hint ? foot->step->hint
                                               : "look where the text says";

        if (view->done || *view->cannot)
                return;
        if (!view->help && *view->todo && foot->given & FOOT_LEAST && is_keys(foot->step))
                add(foot, "now: ", view->todo, ROLE_NOTE, ATTR_BOLD, false);
        if (!view->help)
                return;
        add(foot, "hint: ", hint, ROLE_NOTE, 0, true);
        if (view->help > 1 && *view->todo)
                add(foot, "now: ", view->todo, ROLE_NOTE, ATTR_BOLD, true);
}

static void add_result(const struct foot *foot)
{
        const struct run_entry *entry = foot->pen->view->result;
        int most = foot->given & FOOT_BRIEF ? 1 : foot->given & FOOT_SHORT ? SHORT_LINES : RESULT_LINES;
        int broken = foot->given & FOOT_SHORT ? 1 : BROKEN_LINES;
        bool looked = foot->step && foot->step->look == LESSON_LOOK_RESULT && foot->view->done;
        own_free char *line = NULL, *end = NULL, *head = NULL;
        struct prose output = { 0 };
        enum role role;
        size_t above;

        if (!entry)
                return;
        role = entry->ended && entry->exit ? ROLE_WARNING : ROLE_TITLE;
        above = result_output(foot->pen, entry, foot->width, most, broken, &output);
        line = result_line(foot->pen, entry);
        end = result_end(entry, above);
        head = xasprintf("%s%s%s", line, looked ? "  " : "", looked ? foot->pen->glyphs->look : "");
        gap(foot);
        if (foot->given & FOOT_LEAST) {
                int room = foot->width - text_width(end) - 2;
                own_free char *cut = text_cut(line, room > 0 ? room : 0, foot->pen->glyphs->cut);
                own_free char *both = xasprintf("%s  %s", cut, end);

                prose_add_take(foot->ret, text_cut(both, foot->width, foot->pen->glyphs->cut), role, 0);
                prose_finish(&output);
                return;
        }
        prose_add_take(foot->ret, text_cut(head, foot->width, foot->pen->glyphs->cut),
                       looked ? ROLE_FOCUS : ROLE_TITLE, ATTR_BOLD);
        for (size_t i = 0; i < output.n; i++)
                prose_add_take(foot->ret, xstrdup(output.v[i].text), ROLE_TEXT, 0);
        prose_add_take(foot->ret, text_cut(end, foot->width, foot->pen->glyphs->cut), role, 0);
        prose_finish(&output);
}

void lesson_foot(const struct pen *pen, int width, unsigned given, struct prose *ret)
{
        struct foot foot = { .pen = pen,
                             .view = pen->view->lesson,
                             .step = lesson_at(pen->view->lesson),
                             .width = width,
                             .given = given,
                             .ret = ret };

        if (foot.step && given & FOOT_LEAST) {
                /* What comes last may be cut off. */
                add_checks(&foot);
                add_asks(&foot);
                add_help(&foot);
                if (foot.view->help < 2)
                        add_lines(&foot);
        } else if (foot.step) {
                add_lines(&foot);
                gap(&foot);
                add_checks(&foot);
                add_asks(&foot);
                gap(&foot);
                add_help(&foot);
        }
        add_result(&foot);
        while (ret->n && !*ret->v[ret->n - 1].text)
                free(ret->v[--ret->n].text);
}

static bool goes_on(const struct pen *pen)
{
        const struct lesson_view *view = pen->view->lesson;
        const struct reach *reach = pen->view->reach;

        return reach && reach_goes_on(reach, view->fresh, lesson_is_over(view), view->scroll);
}

/* skip: the key that gives the step up is named, too. */
static void add_keys(const struct pen *pen, const char *const words[static 3], const char *space, bool skip,
                     struct strv *texts)
{
        const struct lesson_view *view = pen->view->lesson;
        const struct lesson_step *step = lesson_at(view);
        bool open = step && !view->done && !*view->cannot;
        struct str text = { 0 };

        if (is_asking(view))
                str_add_f(&text, "Enter:%sanswer%s", words[0], space);
        else if (open && view->help < 2)
                str_add_f(&text, "h:%s%s%s", words[0], view->help ? "what to press" : "hint", space);
        if (step || goes_on(pen))
                str_add_f(&text, "PgDn:%s%s%s", words[0],
                          goes_on(pen) ? "read on"
                          : view->done ? words[1]
                                       : "next",
                          space);
        else
                str_add_f(&text, "l:%s%s%s", words[0], words[2], space);
        if (view->step > 0)
                str_add_f(&text, "PgUp:%sback%s", words[0], space);
        if (open && skip)
                str_add_f(&text, "s:%sskip%s", words[0], space);
        while (text.len && text.s[text.len - 1] == ' ')
                text.s[--text.len] = '\0';
        strv_add_take(texts, str_take(&text));
}

/* Of a demo: those of who watches it; in a recording nobody does. */
static const char *play_keys(const struct play_view *play)
{
        switch (play->state) {
        case PLAY_RUNNING:
                return play->recording ? "" : "space: pause   q: leave";
        case PLAY_PAUSED:
                return "space: go on   PgUp: back   q: leave";
        case PLAY_TAKEN:
                return "F2: hand back   q: leave";
        case PLAY_NOT:
                break;
        }
        return NULL;
}

char *lesson_keys(const struct pen *pen, int width)
{
        static const char *const wide[] = { " ", "next step", "the lessons" };
        static const char *const narrow[] = { "", "next", "lessons" };
        struct strv texts = { 0 };
        char *fit;

        if (play_keys(&pen->view->play))
                return xstrdup(play_keys(&pen->view->play));
        add_keys(pen, wide, "   ", true, &texts);
        add_keys(pen, wide, "  ", true, &texts);
        add_keys(pen, narrow, "  ", true, &texts);
        add_keys(pen, narrow, " ", true, &texts);
        add_keys(pen, narrow, " ", false, &texts);
        fit = xstrdup(pen_first_fit(&texts, width));
        strv_finish(&texts);
        return fit;
}
