/* SPDX-License-Identifier: MIT */
/* What is looked at, and how: the keys that change no container, and the namespaces, which may. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "stage/info.h"
#include "stage/namespaces.h"
#include "stage/stage_state.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60000 };

static unsigned topic_here(const struct stage *stage)
{
        switch (stage->focus) {
        case PANE_HOST:
        case PANE_CONTAINER:
                return INFO_PID + stage->column[stage->focus];
        case PANE_NS:
                return INFO_NS + ns_entries[stage->ns].type;
        case PANE_CAPS:
        case PANE_N:
                break;
        }
        return INFO_CAP + stage->cap;
}

/* The cursor goes along, where there is one in the pane that has the focus. */
static void follow_topic(struct stage *stage)
{
        if (stage->topic >= INFO_CAP && stage->focus == PANE_CAPS)
                stage->cap = stage->topic - INFO_CAP;
        else if (stage->topic < INFO_COLUMNS && stage->focus <= PANE_CONTAINER)
                stage->column[stage->focus] = stage->topic - INFO_PID;
        for (unsigned i = 0; i < NS_T_N; i++)
                if (stage->focus == PANE_NS && stage->topic == INFO_NS + ns_entries[i].type)
                        stage->ns = i;
}

/* Keys while a thing is explained: the arrows go to another one, any other key closes. */
static void press_in_info(struct stage *stage, const char *key)
{
        const struct action *action = action_of_key(key);

        if (action && (action->id == ACT_UP || action->id == ACT_LEFT))
                stage->topic = (stage->topic + INFO_N - 1) % INFO_N;
        else if (action && (action->id == ACT_DOWN || action->id == ACT_RIGHT))
                stage->topic = (stage->topic + 1) % INFO_N;
        else
                stage->info = false;
        if (stage->info)
                follow_topic(stage);
}

static void leave_namespaces(struct stage *stage)
{
        stage->focus = stage->focus_before;
}

bool stage_press_in_view(struct stage *stage, const char *key)
{
        if (stage->info) {
                press_in_info(stage, key);
                return true;
        }
        if (stage->focus != PANE_NS || strcmp(key, "Esc") != 0)
                return false;
        leave_namespaces(stage);
        return true;
}

static void next_host_mode(struct stage *stage)
{
        static const char *const says[] = {
                [HOST_FULL] = "host: every process with its arguments",
                [HOST_NAMES] = "host: names without arguments, but for what is tied",
                [HOST_LINE] = "host: what is tied and its ancestors, the rest as a count",
        };

        stage->host_mode = (enum host_mode)((stage->host_mode + 1) % (HOST_LINE + 1));
        stage_say(stage, "%s", says[stage->host_mode]);
}

void stage_act_view(struct stage *stage, enum action_id id)
{
        if (id == ACT_NAMESPACES && stage->focus == PANE_NS) {
                leave_namespaces(stage);
        } else if (id == ACT_NAMESPACES) {
                stage->focus_before = stage->focus;
                stage->focus = PANE_NS;
        } else if (id == ACT_INFO) {
                stage->info = true;
                stage->topic = topic_here(stage);
        } else if (id == ACT_HOST_MODE) {
                next_host_mode(stage);
        } else if (id == ACT_TREE) {
                stage->flat = !stage->flat;
        } else if (id == ACT_BIG) {
                stage->big = !stage->big;
        }
}

static unsigned step(unsigned at, bool forth, unsigned n)
{
        if (forth)
                return at + 1 < n ? at + 1 : at;
        return at > 0 ? at - 1 : 0;
}

void stage_pick(struct stage *stage, enum action_id id)
{
        bool forth = id == ACT_RIGHT || id == ACT_DOWN || id == ACT_PAGE_DOWN;
        bool whole = id == ACT_PAGE_UP || id == ACT_PAGE_DOWN;
        unsigned *column = &stage->column[stage->focus == PANE_CONTAINER];

        if (stage->focus == PANE_NS) {
                stage->ns = whole ? (forth ? NS_T_N - 1 : 0) : step(stage->ns, forth, NS_T_N);
                return;
        }
        *column = step(*column, forth, INFO_COLUMNS);
        if (!stage->reach.parents && *column == INFO_PPID)
                *column = step(*column, forth, INFO_COLUMNS);
}

void stage_toggle_ns(struct stage *stage)
{
        const struct ns_entry *entry = &ns_entries[stage->ns];
        struct spec spec;

        spec_copy(&spec, stage_spec(stage));
        if (!(entry->type == NS_T_USER && stage_is_rootless(stage)) && ns_toggle(&spec, entry->type))
                stage_change(stage, &spec, PENDING_CHANGE);
        else
                stage_say(stage, "%s: %s", entry->name, entry->why);
        spec_finish(&spec);
}

void stage_note_key(struct stage *stage, const char *key)
{
        snprintf(stage->key, sizeof(stage->key), "%s", key);
        stage->key_ms = time_now_ms();
        if (stage->key_seen)
                stage->key_seen(stage->key_data, key, prompt_is_open(&stage->asking.edit));
}

static bool key_is_shown(const struct stage *stage, uint64_t now)
{
        return stage->show_keys && stage->key[0] && now < stage->key_ms + KEY_SHOWN_MS;
}

/* When the ages on the screen of a container that has ended change next: by seconds, later by minutes.
 * Counted from the end, so that what wakes the loop meanwhile does not put it off. */
static uint64_t next_age_ms(const struct stage *stage, uint64_t now)
{
        uint64_t age = now > stage->ended_ms ? now - stage->ended_ms : 0;
        uint64_t unit = age < 2 * (uint64_t)MINUTE_MS ? SECOND_MS : MINUTE_MS;

        return stage->ended_ms + (age / unit + 1) * unit;
}

uint64_t stage_wake_views(const struct stage *stage, uint64_t now)
{
        uint64_t wake = 0, revive = stage->side[PANE_HOST].revive_ms;

        if (stage->state == RUN_ENDED && stage_is_seen(stage))
                wake = next_age_ms(stage, now);
        if (key_is_shown(stage, now) && (wake == 0 || stage->key_ms + KEY_SHOWN_MS < wake))
                wake = stage->key_ms + KEY_SHOWN_MS;
        if (revive && stage->launched && stage->state != RUN_ENDED && (wake == 0 || revive < wake))
                wake = revive;
        return stage_wants_next(stage) ? now : wake;
}

void stage_fill_view(const struct stage *stage, struct view *view)
{
        struct info info = info_of(stage->topic);

        view->big = stage->big;
        view->flat = stage->flat;
        view->ns = stage->ns;
        view->host_kind = host_kind_name(stage->machine.kind);
        view->kernel = stage->machine.kernel;
        view->key = key_is_shown(stage, view->clock_ms) ? stage->key : NULL;
        for (int i = 0; i < 2; i++) {
                view->column[i] = stage->column[i];
                view->age_s[i] = stage_age_s(stage, (enum pane)i, view->clock_ms);
                view->blind[i] = stage->side[i].blind[0] ? stage->side[i].blind : NULL;
        }
        if (stage->info) {
                view->info_name = info.name;
                view->info_kind = info.kind;
                view->info_text = info.sentence;
        }
}
