/* SPDX-License-Identifier: MIT */
/* A stage on which a container stands that somebody else started: it is looked at, and no key changes it. */
#include "config.h"

#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/attach.h"
#include "stage/stage_state.h"

/* What stands in the title in place of a docker line. */
static char *describe(const struct attached *who)
{
        struct str text = { 0 };
        const char *id = who->name ? who->name : who->id;
        size_t n = id ? strlen(id) : 0;

        /* Ids as engines shorten them. */
        if (id && !who->name && n > LAUNCH_ID_SIZE - 1 && strspn(id, "0123456789abcdef") == n)
                n = LAUNCH_ID_SIZE - 1;
        str_add_f(&text, "attached to PID %d", (int)who->pid);
        if (who->engine)
                str_add_f(&text, " (%s%s%.*s)", who->engine, n ? " " : "", (int)n, n ? id : "");
        return str_take(&text);
}

bool stage_open_attached(struct attach *attach, const struct stage_settings *settings, struct loop *loop,
                         struct stage **ret, struct fault *fault)
{
        struct stage *stage = stage_new(settings, loop);
        struct attached who = attach_who(attach);

        stage->attach = attach;
        stage->attached = describe(&who);
        stage->started_ms = attach_started_ms(attach);
        /* The stage ends the launch; to end one that was joined is to leave it. */
        stage->launch = attach->launch;
        attach->launch = (struct launch){ .image.root_fd = -1 };
        stage->launched = true;
        stage->image_note = xstrdup("");
        spec_copy(&stage->first, &stage->launch.spec);
        history_push(&stage->history, &stage->first);
        if (!look_open_joined(&stage->look, fault) || !look_at(&stage->look, &stage->launch, fault)) {
                stage_close(stage);
                return false;
        }
        stage_watch_container(stage);
        *ret = stage;
        return true;
}

void stage_attach_derive(struct stage *stage, struct snapshot *fresh)
{
        struct spec *spec = &stage->history.v[stage->history.at];

        if (!stage->attach)
                return;
        if (!stage->has_now) {
                attach_derive(stage->attach, &stage->launch, fresh);
                spec_finish(spec);
                spec_copy(spec, &stage->launch.spec);
        }
        fresh->mode = stage->launch.machine.mode;
}

/* What changes only what the viewer sees. */
static bool only_looks(enum action_id id)
{
        static const enum action_id list[] = {
                ACT_LEFT,      ACT_RIGHT,   ACT_UP,         ACT_DOWN,   ACT_NEXT_PANE,
                ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_HELP,       ACT_REDRAW, ACT_SUSPEND,
                ACT_QUIT,      ACT_FOLLOW,  ACT_NAMESPACES, ACT_INFO,   ACT_HOST_MODE,
                ACT_TREE,      ACT_BIG,     ACT_FILTER,     ACT_RECORD,
        };

        for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
                if (list[i] == id)
                        return true;
        return false;
}

bool stage_attach_refuses(struct stage *stage, const struct action *action)
{
        if (!stage->attach || only_looks(action->id))
                return false;
        if (action->id == ACT_COPY)
                stage_say(stage, "%s: the line that began this container is not known", action->key);
        else
                stage_say(stage, "%s: this container is not vitrine's: it is only looked at", action->key);
        return true;
}

void stage_attach_view(const struct stage *stage, struct view *view)
{
        if (!stage->attach)
                return;
        view->attached = stage->attached;
        view->line = "";
        view->rootless = false;
        view->can_undo = false;
}
