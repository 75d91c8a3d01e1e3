/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "stage/action.h"
#include "stage/stage_state.h"

static int clamp(int value, int least, int most)
{
        return value < least ? least : value > most ? most : value;
}

void stage_scroll(struct stage *stage, enum pane pane, int by)
{
        int least = stage->reach.scroll[pane].least, most = stage->reach.scroll[pane].most;

        stage->scroll[pane] = clamp(clamp(stage->scroll[pane], least, most) + by, least, most);
}

static void scroll_pane(struct stage *stage, enum action_id id)
{
        int by = id == ACT_UP ? -1 : id == ACT_DOWN ? 1 : id == ACT_PAGE_UP ? -stage->page : 0;

        stage->picked[stage->focus] = 0;
        stage_scroll(stage, stage->focus, id == ACT_PAGE_DOWN ? stage->page : by);
}

static void move_cap(struct stage *stage, enum action_id id)
{
        int bit = (int)stage->cap;

        /* The leftmost name of a row is its highest bit, the top row the highest digit. */
        bit += id == ACT_LEFT ? 1 : id == ACT_RIGHT ? -1 : id == ACT_UP ? 4 : id == ACT_DOWN ? -4 : 0;
        if (id == ACT_PAGE_UP)
                bit = CAPS_N - 1;
        if (id == ACT_PAGE_DOWN)
                bit = bit % 4;
        if (bit >= 0 && bit < CAPS_N)
                stage->cap = (unsigned)bit;
        else if (bit >= CAPS_N && id == ACT_UP)
                stage->cap = CAPS_N - 1;
}

static void move(struct stage *stage, enum action_id id)
{
        if (stage->focus == PANE_CAPS)
                move_cap(stage, id);
        else if (stage->focus == PANE_NS || id == ACT_LEFT || id == ACT_RIGHT)
                stage_pick(stage, id);
        else
                scroll_pane(stage, id);
}

void stage_say_privileged(struct stage *stage)
{
        stage_say(stage, "--privileged holds every capability: a drop or an add changes nothing (p ends it)");
}

static void toggle(struct stage *stage, unsigned bit)
{
        struct spec spec;

        stage->cap = bit;
        spec_copy(&spec, stage_spec(stage));
        if (spec_toggle_cap(&spec, bit))
                stage_change(stage, &spec, PENDING_CHANGE);
        else
                stage_say_privileged(stage);
        spec_finish(&spec);
}

static void change_user(struct stage *stage)
{
        struct spec spec;

        spec_copy(&spec, stage_spec(stage));
        spec_next_user(&spec, stage->launched ? stage->launch.image.config.user : "");
        stage_change(stage, &spec, PENDING_CHANGE);
        spec_finish(&spec);
}

static void flip(struct stage *stage, enum action_id id)
{
        struct spec spec;

        spec_copy(&spec, stage_spec(stage));
        if (id == ACT_PRIVILEGED)
                spec.caps.privileged = !spec.caps.privileged;
        else
                spec.no_new_privileges = !spec.no_new_privileges;
        stage_change(stage, &spec, PENDING_CHANGE);
        spec_finish(&spec);
}

static void undo(struct stage *stage, bool back)
{
        const struct spec *there = back ? history_before(&stage->history) : history_after(&stage->history);
        struct spec spec;

        if (!there) {
                stage_say(stage, back ? "nothing to undo" : "nothing to redo");
                return;
        }
        spec_copy(&spec, there);
        stage_change(stage, &spec, back ? PENDING_BACK : PENDING_FORTH);
        spec_finish(&spec);
}

static void restart(struct stage *stage)
{
        bool same = stage->state == RUN_ENDED || spec_equal(stage_spec(stage), &stage->first);
        struct spec spec;

        spec_copy(&spec, same ? stage_spec(stage) : &stage->first);
        /* The same again is no change of the spec: the history stays. */
        stage_change(stage, &spec, same ? PENDING_NONE : PENDING_CHANGE);
        spec_finish(&spec);
}

static void toggle_selected(struct stage *stage)
{
        if (stage->focus == PANE_CAPS)
                toggle(stage, stage->cap);
        else if (stage->focus == PANE_NS)
                stage_toggle_ns(stage);
        else
                stage_say(stage, "space adds or drops the selected capability: Tab goes to its pane");
}

/* What changes the container at once. */
static void act_change(struct stage *stage, enum action_id id)
{
        if (id == ACT_TOGGLE)
                toggle_selected(stage);
        else if (id == ACT_KILL)
                toggle(stage, (unsigned)caps_find("KILL"));
        else if (id == ACT_MAC_ADMIN)
                toggle(stage, (unsigned)caps_find("MAC_ADMIN"));
        else if (id == ACT_USER)
                change_user(stage);
        else if (id == ACT_UNDO)
                undo(stage, true);
        else if (id == ACT_REDO)
                undo(stage, false);
        else if (id == ACT_RESTART)
                restart(stage);
        else
                flip(stage, id);
}

/* What asks for a text first. */
static void act_ask(struct stage *stage, enum action_id id)
{
        if (id == ACT_ADD)
                stage_ask(stage, ASK_ADD);
        else if (id == ACT_DROP)
                stage_ask(stage, ASK_DROP);
        else if (id == ACT_TYPE_USER)
                stage_ask(stage, ASK_USER);
        else if (id == ACT_TYPE_LINE)
                stage_ask(stage, ASK_LINE);
        else if (id == ACT_EXEC)
                stage_ask(stage, ASK_EXEC);
        else
                stage_ask(stage, ASK_FILTER);
}

/* What stays on the screen. */
static void act_screen(struct stage *stage, enum action_id id)
{
        if (id == ACT_NEXT_PANE)
                stage->focus = stage->focus < PANE_CAPS ? (enum pane)(stage->focus + 1) : PANE_HOST;
        else if (id == ACT_COPY)
                stage->copy = true;
        else if (id == ACT_HELP || id == ACT_EQUIVALENT) {
                stage->help = id == ACT_HELP;
                stage->equivalent = id == ACT_EQUIVALENT;
                stage->help_scroll = 0;
        } else if (id == ACT_FOLLOW) {
                memset(stage->picked, 0, sizeof(stage->picked));
                memset(stage->scroll, 0, sizeof(stage->scroll));
        } else if (id == ACT_SHELL)
                stage_open_shell(stage);
        else
                stage_act_view(stage, id);
}

/* Those of a lesson or a demo are the player's while one is open. */
static void act_lesson(struct stage *stage, enum action_id id)
{
        if (id == ACT_LESSONS)
                lessons_open(stage);
        else if (id == ACT_RECORD)
                stage->wants_record = true;
        else if (id == ACT_HAND_BACK)
                stage_say(stage, "no demo plays: vitrine play");
        else
                stage_say(stage, "no lesson is open: l lists them");
}

static void act(struct stage *stage, enum action_id id)
{
        switch (id) {
        case ACT_LEFT:
        case ACT_RIGHT:
        case ACT_UP:
        case ACT_DOWN:
        case ACT_PAGE_DOWN:
        case ACT_PAGE_UP:
                move(stage, id);
                break;
        case ACT_TOGGLE:
        case ACT_KILL:
        case ACT_MAC_ADMIN:
        case ACT_USER:
        case ACT_PRIVILEGED:
        case ACT_NO_NEW_PRIVS:
        case ACT_UNDO:
        case ACT_REDO:
        case ACT_RESTART:
                act_change(stage, id);
                break;
        case ACT_ADD:
        case ACT_DROP:
        case ACT_TYPE_USER:
        case ACT_TYPE_LINE:
        case ACT_EXEC:
        case ACT_FILTER:
                act_ask(stage, id);
                break;
        case ACT_NEXT_PANE:
        case ACT_COPY:
        case ACT_EQUIVALENT:
        case ACT_SHELL:
        case ACT_HELP:
        case ACT_FOLLOW:
        case ACT_NAMESPACES:
        case ACT_INFO:
        case ACT_HOST_MODE:
        case ACT_TREE:
        case ACT_BIG:
                act_screen(stage, id);
                break;
        case ACT_SUSPEND: /* in every mode: stage_press */
        case ACT_REDRAW:
                break;
        case ACT_QUIT:
                stage_leave(stage);
                break;
        case ACT_PROBE:
                stage_press_probe(stage);
                break;
        case ACT_LESSONS:
        case ACT_RECORD:
        case ACT_HAND_BACK:
        case ACT_HINT:
        case ACT_ANSWER:
        case ACT_SKIP:
                act_lesson(stage, id);
                break;
        }
}

/* Keys while the help is open: it scrolls, and any other key of its own closes it. */
static void press_in_help(struct stage *stage, const char *key)
{
        const struct action *action = action_of_key(key);
        int by = 0;

        if (action && action->id == ACT_UP)
                by = -1;
        else if (action && action->id == ACT_DOWN)
                by = 1;
        else if (action && action->id == ACT_PAGE_UP)
                by = -stage->page;
        else if (action && (action->id == ACT_PAGE_DOWN || action->id == ACT_TOGGLE))
                by = stage->page;
        else
                stage->help = stage->equivalent = false;
        stage->help_scroll = clamp(stage->help_scroll + by, 0, stage->reach.help);
}

void stage_scroll_dialog(struct stage *stage, int by)
{
        stage->dirty = true;
        stage->dialog_scroll = clamp(stage->dialog_scroll + by, 0, stage->reach.dialog);
}

/* The text scrolls as the help does. A presenter's page key says yes to no more than was read. */
static void press_in_dialog(struct stage *stage, const char *key)
{
        const struct action *action = action_of_key(key);
        bool read = stage->dialog_scroll >= stage->reach.dialog;

        if (strcmp(key, "y") == 0 || (action && action->id == ACT_PAGE_DOWN && player_asks(stage) && read))
                stage_answer(stage, true);
        else if (strcmp(key, "r") == 0)
                stage_answer_remapped(stage);
        else if (strcmp(key, "n") == 0 || strcmp(key, "Esc") == 0)
                stage_answer(stage, false);
        else if (action && (action->id == ACT_UP || action->id == ACT_DOWN))
                stage_scroll_dialog(stage, action->id == ACT_UP ? -1 : 1);
        else if (action && (action->id == ACT_PAGE_UP || action->id == ACT_PAGE_DOWN))
                stage_scroll_dialog(stage, action->id == ACT_PAGE_UP ? -stage->page : stage->page);
}

void stage_press(struct stage *stage, const char *key)
{
        const struct action *action = action_of_key(key);
        bool interrupt = strcmp(key, "C-c") == 0;

        stage->moved_ms = time_now_ms();
        if (demo_press(stage, key) || stage_press_in_shell(stage, key))
                return;
        /* Wherever the viewer is, he finds it so again. */
        if (action && action->id == ACT_SUSPEND) {
                stage->suspend = true;
                return;
        }
        if (action && action->id == ACT_REDRAW) {
                stage->redraw = true;
                return;
        }
        stage->dirty = true;
        stage->trouble[0] = '\0';
        stage_note_key(stage, key);
        if (interrupt && stage->asked_quit) {
                stage->quit = true;
                return;
        }
        if (interrupt && stage_interrupt_run(stage))
                return;
        stage->asked_quit = interrupt;
        if (interrupt) {
                stage_say(stage, "Ctrl-C again ends vitrine%s (so does q)",
                          stage->attach ? "" : " and the container");
                return;
        }
        if (stage->dialog_text) {
                press_in_dialog(stage, key);
                return;
        }
        if (prompt_is_open(&stage->asking.edit)) {
                stage_ask_press(stage, key);
                return;
        }
        if (stage->help || stage->equivalent) {
                press_in_help(stage, key);
                return;
        }
        if (stage->lessons.open) {
                lessons_press(stage, key);
                return;
        }
        if (stage_press_in_view(stage, key) || player_press(stage, key))
                return;
        if (!runs_busy(&stage->runs))
                stage->show_result = false;
        if (action)
                stage->shows_change = false;
        if (action && !stage_attach_refuses(stage, action))
                act(stage, action->id);
        else if (!action && strcmp(key, "Esc") != 0) /* which closes what is open, and nothing else */
                stage_say(stage, "%s is no key of this screen: ? lists them", key);
}
