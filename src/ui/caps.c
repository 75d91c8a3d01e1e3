/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/facts.h"
#include "ui/parts.h"

enum {
        DIGIT_X = 1,
        BITS_X = 3,
        CELLS_X = 8,
        CELL_MOST = 20,
        WHOLE_WIDTH = 80,
        MARKED = ATTR_BOLD | ATTR_UNDERLINE
};

struct caps_view {
        const struct pen *pen;
        const struct rect *rect;
        const struct view *view;
        struct powers now, before;
        bool marks; /* there is a before */
        int cell_w;
};

/* The lesson beside it may have the arrows meanwhile. */
static bool caps_has_focus(const struct view *view)
{
        return view->focus == PANE_CAPS && !(view->lesson && view->lesson->focus);
}

/* The last digits of both masks, from the one that changed on: "…fb → …db"; NULL unless it is one bit. */
static char *change_text(const struct caps_view *caps)
{
        uint64_t changed = caps->before.held ^ caps->now.held;
        const char *cut = caps->pen->glyphs->cut;
        char from[17], to[17];
        unsigned bit = 0, digits;

        if (!caps->marks || caps_count(changed) != 1)
                return NULL;
        while (changed >> bit != 1)
                bit++;
        digits = bit / 4 + 1 < 2 ? 2 : bit / 4 + 1;
        caps_hex(caps->before.held, from);
        caps_hex(caps->now.held, to);
        return xasprintf("%c%s: %s%s %s %s%s", caps->now.held & changed ? '+' : '-', facts_cap_name(bit), cut,
                         from + 16 - digits, caps->pen->glyphs->to, cut, to + 16 - digits);
}

/* The first pair of a left and a right half that fits, each between spaces, a dash between them and one at
 * the end. What the right half says is given up last. */
static void put_title(const struct caps_view *caps, const struct strv *left, const struct strv *right)
{
        const char *head = left->v[left->n - 1], *tail = right->v[right->n - 1];
        int room = caps->rect->w - 2 - 6;
        bool found = false;

        for (size_t i = 0; i < right->n && !found; i++)
                for (size_t k = 0; k < left->n && !found; k++) {
                        if (text_width(left->v[k]) + text_width(right->v[i]) > room)
                                continue;
                        head = left->v[k];
                        tail = right->v[i];
                        found = true;
                }
        pen_box_text(caps->pen, caps->rect, false, false, head, ROLE_TITLE);
        pen_box_text(caps->pen, caps->rect, false, true, tail, ROLE_TITLE);
}

static void draw_title(const struct caps_view *caps)
{
        const struct powers *now = &caps->now;
        const char *mark = caps->pen->glyphs->allowed;
        own_free char *change = change_text(caps);
        struct strv left = { 0 }, right = { 0 };
        char hex[17];

        caps_hex(now->held, hex);
        if (now->root) {
                if (change)
                        strv_add_take(&left, xasprintf("CAPABILITIES  root in %d pieces: %u held  %s", CAPS_N,
                                                       caps_count(now->held), change));
                strv_add_take(&left, xasprintf("CAPABILITIES  root in %d pieces: %u held", CAPS_N,
                                               caps_count(now->held)));
                strv_add_take(&left, xasprintf("CAPABILITIES  %u held", caps_count(now->held)));
                strv_add_take(&right, xasprintf("effective %s", hex));
        } else {
                strv_add_take(&left,
                              xasprintf("CAPABILITIES  %u held: effective %s", caps_count(now->held), hex));
                strv_add_take(&left, xasprintf("CAPABILITIES  %u held: %s", caps_count(now->held), hex));
                strv_add_take(&left, xasprintf("%u held: %s", caps_count(now->held), hex));
                strv_add_take(&right, xasprintf("%u %s: bounding %08llx", caps_count(now->allowed), mark,
                                                (unsigned long long)now->bounding));
                strv_add_take(&right, xasprintf("bounding %08llx", (unsigned long long)now->bounding));
        }
        put_title(caps, &left, &right);
        strv_finish(&left);
        strv_finish(&right);
}

/* The mark of what the kernel said; a letter where it is no yes and no no. */
static const char *verdict_mark(const struct glyphs *glyphs, enum probe_verdict verdict)
{
        switch (verdict) {
        case VERDICT_ALLOWED:
                return glyphs->passed;
        case VERDICT_DENIED:
                return glyphs->refused;
        case VERDICT_OPEN:
                return "=";
        case VERDICT_FILTERED:
                return "F";
        case VERDICT_THROUGH:
                return "~";
        case VERDICT_CANNOT:
        case VERDICT_N:
                break;
        }
        return "?";
}

static void draw_verdicts_legend(const struct caps_view *caps, int y)
{
        const struct rect *rect = caps->rect;
        struct str text = { 0 };

        str_add(&text, "the kernel: ");
        for (int i = 0; i < VERDICT_N; i++)
                str_add_f(&text, "%s%s %s", i ? "  " : "",
                          verdict_mark(caps->pen->glyphs, (enum probe_verdict)i),
                          probe_verdict_name((enum probe_verdict)i));
        pen_put(caps->pen, rect->x + 2, y, rect->w - 3, str_text(&text), ROLE_TEXT, 0);
        str_finish(&text);
}

static void draw_legend(const struct caps_view *caps, int y)
{
        const struct glyphs *glyphs = caps->pen->glyphs;
        const struct rect *rect = caps->rect;
        int x = rect->x + 2, end = rect->x + rect->w - 1;

        x += pen_put(caps->pen, x, y, end - x, "effective, read down; 1 = held  ", ROLE_TEXT, 0);
        x += pen_put_f(caps->pen, x, y, end - x, ROLE_HELD, 0, "%s held   ", glyphs->held);
        x += pen_put_f(caps->pen, x, y, end - x, ROLE_ALLOWED, 0, "%s allowed, not held   ", glyphs->allowed);
        pen_put_f(caps->pen, x, y, end - x, ROLE_NOT, 0, "%s not allowed", glyphs->not_allowed);
}

/* The cell's mark and name. Case, mark and role say the same thing. */
static char *cell_text(const struct caps_view *caps, unsigned bit, enum role *role)
{
        const struct glyphs *glyphs = caps->pen->glyphs;
        const struct probe_result *verdicts = caps->view->verdicts;
        const bool held = (caps->now.held & caps_bit(bit)) != 0;
        const char *mark = glyphs->not_allowed;

        *role = ROLE_NOT;
        if (held) {
                *role = ROLE_HELD;
                mark = glyphs->held;
        } else if (caps->view->machine_missing & caps_bit(bit)) {
                *role = ROLE_WARNING;
                mark = "!";
        } else if (caps->now.allowed & caps_bit(bit)) {
                *role = ROLE_ALLOWED;
                mark = glyphs->allowed;
        }
        if (verdicts)
                mark = verdict_mark(glyphs, verdicts[bit].verdict);
        return xasprintf("%s%s", mark, held ? caps_info(bit)->name : caps_info(bit)->lower);
}

static bool has_changed(const struct caps_view *caps, uint64_t mask)
{
        return caps->marks && ((caps->before.held ^ caps->now.held) & mask ||
                               (caps->before.allowed ^ caps->now.allowed) & mask);
}

static void draw_cell(const struct caps_view *caps, unsigned bit, int x, int y)
{
        const struct pen *pen = caps->pen;
        bool selected = caps->view->cap == bit, changed = has_changed(caps, caps_bit(bit));
        int end = caps->rect->x + caps->rect->w - 1, width = caps->cell_w - 1, used;
        enum role role;
        own_free char *text = cell_text(caps, bit, &role);
        uint8_t attr = (uint8_t)((changed ? MARKED : 0) | (selected && !caps->view->mono ? ATTR_REVERSE : 0));

        /* The last column has what is left; a name alone in its row, as bit 40, may begin further left. */
        if (bit % 4 == 0)
                width = end - x - 1;
        if (bit == CAPS_N - 1 && text_width(text) > width) {
                x = end - 1 - text_width(text);
                width = text_width(text);
                if (x < caps->rect->x + 1 + CELLS_X) {
                        x = caps->rect->x + 1 + CELLS_X;
                        width = end - x - 1;
                }
        }
        used = pen_put(pen, x, y, width, text, changed ? ROLE_CHANGED : role, attr);
        if (!selected)
                return;
        if (caps->view->mono || caps->view->ascii) {
                pen_put(pen, x - 1, y, 1, "[", role, 0);
                pen_put(pen, x + used, y, 1, "]", role, 0);
        }
        if (caps_has_focus(caps->view)) {
                pen->grid->cursor_x = x;
                pen->grid->cursor_y = y;
        }
}

static void draw_digit(const struct caps_view *caps, int digit, int y)
{
        const struct pen *pen = caps->pen;
        int x = caps->rect->x + 1;
        unsigned value = (unsigned)(caps->now.held >> (4 * digit)) & 0xf;
        unsigned changed = (unsigned)((caps->before.held ^ caps->now.held) >> (4 * digit)) & 0xf;

        if (!caps->marks)
                changed = 0;
        pen_put_f(pen, x + DIGIT_X, y, 1, changed ? ROLE_CHANGED : ROLE_HEAD, changed ? MARKED : 0, "%x",
                  value);
        for (int i = 0; i < 4; i++) {
                unsigned bit = (unsigned)(4 * digit + 3 - i), one = 1u << (3 - i);

                pen_put(pen, x + BITS_X + i, y, 1, value & one ? "1" : "0",
                        changed & one ? ROLE_CHANGED : ROLE_TEXT, changed & one ? MARKED : 0);
                if (bit < CAPS_N)
                        draw_cell(caps, bit, x + CELLS_X + i * caps->cell_w, y);
        }
}

/* The top row has three cells without a capability: what holds for the whole pane is said there. */
static void draw_remark(const struct caps_view *caps, int y)
{
        const struct snapshot *now = caps->view->now;
        struct strv texts = { 0 };
        struct str names = { 0 };
        int x = caps->rect->x + 1 + CELLS_X, width = 0;
        struct cell *cell;

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (caps->view->machine_missing & caps_bit(bit))
                        str_add_f(&names, "%s%s", names.len ? ", " : "", facts_cap_name(bit));
        if (names.len) {
                strv_add_take(&texts,
                              xasprintf("! this machine's own bounding set lacks %s", str_text(&names)));
                strv_add_take(&texts,
                              xasprintf("this machine's own bounding set lacks %s", str_text(&names)));
                strv_add_take(&texts, xasprintf("this machine's bounding set lacks %s", str_text(&names)));
                strv_add_take(&texts, xasprintf("this machine lacks %s", str_text(&names)));
        } else if (caps->now.held && facts_own_userns(now)) {
                strv_add(&texts, "over what its own user namespace owns, no more");
                strv_add(&texts, "over its user namespace alone");
        }
        /* Up to the first character of the row's one name, or the bracket before it. */
        while ((cell = grid_at(caps->pen->grid, x + width, y)) && cell->c == ' ')
                width++;
        if (texts.n)
                pen_put(caps->pen, x, y, width - 2, pen_first_fit(&texts, width - 2), ROLE_NOTE, ATTR_ITALIC);
        strv_finish(&texts);
        str_finish(&names);
}

/* What space would do with a capability. */
static const char *space_text(const struct view *view, unsigned bit, const struct powers *now)
{
        const struct cap_request *request = &view->spec->caps;
        uint64_t wanted = now->bounding;
        bool dropped =
                request->drop & caps_bit(bit) || (request->drop_all && view->rules->base & caps_bit(bit));
        int clash;

        if (view->attached)
                return "only looked at";
        if (view->machine_missing & caps_bit(bit))
                return "this machine lacks it";
        if (request->privileged)
                return now->held & caps_bit(bit) ? "--privileged holds it" : "--privileged: no change";
        caps_wanted(view->rules, request, CAPS_ALL, &wanted, &clash);
        if (wanted & caps_bit(bit))
                return "space: drop it";
        return dropped ? "space: allow it again" : "space: add it";
}

static void draw_explanation(const struct caps_view *caps)
{
        unsigned bit = caps->view->cap < CAPS_N ? caps->view->cap : 0;
        const struct cap_info *info = caps_info(bit);
        own_free char *head = xasprintf("%s (bit %u) ", info->name, bit);
        const struct probe_result *verdict = caps->view->verdicts ? &caps->view->verdicts[bit] : NULL;
        own_free char *tail = verdict ? xasprintf("   %s   i: why", probe_verdict_name(verdict->verdict))
                                      : xasprintf("   %s", space_text(caps->view, bit, &caps->now));
        int room = pen_box_room(caps->rect) - text_width(head) - text_width(tail);
        own_free char *clause = text_cut(info->clause, room, caps->pen->glyphs->cut);
        own_free char *text = xasprintf("%s%s%s", head, clause, tail);

        pen_box_text(caps->pen, caps->rect, true, false, text, ROLE_TITLE);
}

/* The uppermost digit that is shown, counted from the top. */
static int first_digit(const struct view *view, const struct layout *layout)
{
        int n = layout->cap_rows;
        int selected = CAP_DIGITS - 1 - (int)(view->cap < CAPS_N ? view->cap : 0) / 4;
        int first = selected - n / 2;

        if (first > CAP_DIGITS - n)
                first = CAP_DIGITS - n;
        return first < 0 ? 0 : first;
}

static int cell_width(const struct layout *layout)
{
        int width = (layout->caps.w - CELLS_X - (layout->caps.w >= WHOLE_WIDTH ? 0 : 2)) / 4;

        return width < CELL_MOST ? width : CELL_MOST;
}

static void draw_digits(const struct caps_view *caps, const struct layout *layout)
{
        int y = caps->rect->y + 1, first = first_digit(caps->view, layout);

        if (layout->legend && caps->view->verdicts)
                draw_verdicts_legend(caps, y++);
        else if (layout->legend)
                draw_legend(caps, y++);
        for (int i = 0; i < layout->cap_rows && first + i < CAP_DIGITS; i++)
                draw_digit(caps, CAP_DIGITS - 1 - first - i, y + i);
        if (first == 0)
                draw_remark(caps, y);
}

/* Where the name begins that is alone in its row: further left than its cell where it is too long for that.
 */
static int lone_cell_x(const struct layout *layout)
{
        int cell = layout->caps.x + 1 + CELLS_X + 3 * cell_width(layout);
        int name = layout->caps.x + layout->caps.w - 2 - (int)strlen(caps_info(CAPS_N - 1)->name) - 1;

        return name < cell ? name : cell;
}

int part_caps_hit(const struct pen *pen, const struct layout *layout, int x, int y)
{
        int line = y - layout->caps.y - 1 - (layout->legend ? 1 : 0), from = x - layout->caps.x - 1;
        int digit = CAP_DIGITS - 1 - first_digit(pen->view, layout) - line, column;

        if (line < 0 || line >= layout->cap_rows || digit < 0)
                return -1;
        if (digit == CAP_DIGITS - 1 && from >= CELLS_X)
                return x >= lone_cell_x(layout) && x < layout->caps.x + layout->caps.w - 1 ? CAPS_N - 1 : -1;
        if (from >= BITS_X && from < BITS_X + 4)
                column = from - BITS_X;
        else if (from >= CELLS_X && x < layout->caps.x + layout->caps.w - 1)
                column = (from - CELLS_X) / cell_width(layout);
        else
                return -1;
        if (column > 3)
                column = 3; /* it has what is left */
        return 4 * digit + 3 - column < CAPS_N ? 4 * digit + 3 - column : -1;
}

void part_caps(const struct pen *pen, const struct layout *layout)
{
        const struct rect *rect = &layout->caps;
        const struct status *init = facts_init(pen->view->now), *old = facts_init(pen->view->before);
        struct caps_view caps = { .pen = pen, .rect = rect, .view = pen->view };

        pen_box(pen, rect, caps_has_focus(pen->view));
        if (!init) {
                pen_box_text(pen, rect, false, false, "CAPABILITIES", ROLE_TITLE);
                pen_put(pen, rect->x + 2, rect->y + 1, rect->w - 3, facts_absence(pen->view), ROLE_NOTE, 0);
                pen->grid->cursor_x = caps_has_focus(pen->view) ? rect->x + 1 : pen->grid->cursor_x;
                pen->grid->cursor_y = caps_has_focus(pen->view) ? rect->y + 1 : pen->grid->cursor_y;
                return;
        }
        caps.now = facts_powers(pen->view->now, init);
        if (old) {
                caps.before = facts_powers(pen->view->before, old);
                caps.marks = true;
        }
        caps.cell_w = cell_width(layout);
        draw_title(&caps);
        if (layout->caps_title)
                return;
        draw_digits(&caps, layout);
        draw_explanation(&caps);
}
