/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/stage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/demo.h"
#include "stage/player.h"
#include "stage/stage_state.h"

#define PINNED_ID "3f2a9c0e81d7"

enum { FIRST_CAP = 5 /* KILL, which the first lessons are about */, FIRST_PAGE = 10 };

void stage_keep_open(const struct stage *stage, struct spec *spec)
{
        struct launch launch = { 0 };
        struct fault fault;

        if (!launch_prepare_from(&stage->shelf, spec, stage->id, true, &launch, &fault))
                return; /* the launch itself will say it */
        if (launch.resolved.kept_open) {
                strv_add(&spec->args, "sleep");
                strv_add(&spec->args, "3600");
        }
        launch_finish(&launch);
}

static void read_machine(struct host_info *ret)
{
        own_fd int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct utsname names = { .release = "" };

        uname(&names);
        host_info_read(root_fd, names.release, ret);
}

struct stage *stage_new(const struct stage_settings *settings, struct loop *loop)
{
        struct stage *stage = xcalloc(1, sizeof(*stage));

        stage->loop = loop;
        stage->focus = PANE_CAPS;
        stage->cap = FIRST_CAP;
        stage->page = FIRST_PAGE;
        stage->host_mode = settings->host_mode;
        stage->ascii = settings->ascii;
        stage->mono = settings->mono;
        stage->big = settings->big;
        stage->show_keys = settings->keys;
        stage->pinned = stage->recording = settings->pinned;
        stage->host_mode_before = settings->host_mode;
        read_machine(&stage->machine);
        stage->dirty = true;
        stage->launch.image.root_fd = -1;
        stage_runs_open(stage);
        stage_build_open(stage);
        stage->door = (struct door){ -1, -1 };
        return stage;
}

/* The same id in every recording; when another one is being made under it, one of its own. */
static bool open_door(struct stage *stage, const char *name, struct fault *fault)
{
        struct fault taken = { 0 };

        if (stage->pinned) {
                memcpy(stage->id, PINNED_ID, sizeof(PINNED_ID));
                if (door_open(stage->id, name, &stage->door, &taken))
                        return true;
                launch_new_id(stage->id);
        }
        return door_open(stage->id, name, &stage->door, fault);
}

bool stage_open(const struct spec *spec, const struct stage_settings *settings, struct loop *loop,
                struct stage **ret, struct fault *fault)
{
        struct stage *stage = stage_new(settings, loop);

        launch_new_id(stage->id);
        spec_copy(&stage->first, spec);
        stage_keep_open(stage, &stage->first);
        history_push(&stage->history, &stage->first);
        if (!open_door(stage, spec->name, fault) || !look_open(&stage->look, fault)) {
                stage_close(stage);
                return false;
        }
        stage_change(stage, stage_spec(stage), PENDING_FIRST);
        if (stage->failed) {
                *fault = stage->fault;
                stage_close(stage);
                return false;
        }
        *ret = stage;
        return true;
}

void stage_close(struct stage *stage)
{
        if (!stage)
                return;
        demo_close(stage);
        player_close(stage);
        lessons_finish(&stage->lessons);
        builder_finish(&stage->builder);
        stage_forget_verdicts(stage);
        if (stage->launched && stage->launch.cage)
                loop_forget(stage->loop, cage_socket(stage->launch.cage));
        if (stage->look.host)
                loop_forget(stage->loop, eye_fd(stage->look.host));
        if (stage->look.inside)
                loop_forget(stage->loop, eye_fd(stage->look.inside));
        runs_clear(&stage->runs);
        strv_finish(&stage->commands);
        shell_close(stage->shell);
        stage_log_close(stage);
        if (stage->launched && stage->launch.cage)
                cage_leave(stage->launch.cage);
        stage_bury(stage);
        launch_finish(&stage->launch);
        look_close(&stage->look);
        door_close(&stage->door);
        if (stage->has_now)
                snapshot_finish(&stage->now);
        if (stage->has_before)
                snapshot_finish(&stage->before);
        if (stage->dialog_text)
                spec_finish(&stage->pending_spec);
        free(stage->dialog_text);
        stage_ask_finish(stage);
        free(stage->line);
        free(stage->image_note);
        free(stage->attached);
        free(stage->image_brief);
        str_finish(&stage->discreet.output);
        free(stage->discreet_cells);
        history_finish(&stage->history);
        spec_finish(&stage->first);
        free(stage);
}

void stage_page(struct stage *stage, int rows)
{
        stage->page = rows > 12 ? rows / 3 : 3;
}

static const char *line_command(const struct spec *spec)
{
        if (spec->userns == NS_REMAP)
                return "vitrine";
        return caps_rules(spec->engine)->engine;
}

const char *stage_line(struct stage *stage)
{
        const struct spec *spec = stage_spec(stage);

        if (!stage->line)
                stage->line = spec_line(spec, line_command(spec));
        return stage->line;
}

bool stage_is_up(const struct stage *stage)
{
        return stage->launched && stage->state != RUN_ENDED;
}

bool stage_is_rootless(const struct stage *stage)
{
        return stage->launched && stage->launch.machine.mode != MODE_ROOT &&
               !machine_remaps(&stage->launch.machine);
}

void stage_peek(struct stage *stage, struct view *ret)
{
        const struct spec *spec = stage_spec(stage);
        const bool seen = stage_is_seen(stage);

        *ret = (struct view){
                .spec = spec,
                .uid = stage->launch.resolved.uid,
                .line = stage_line(stage),
                .image_note = stage->image_note ? stage->image_note : "",
                .image_brief = stage->image_brief ? stage->image_brief : "",
                .trouble = stage->trouble,
                .now = seen ? &stage->now : NULL,
                .before = seen && stage->has_before && stage->shows_change ? &stage->before : NULL,
                .rules = caps_rules(spec->engine),
                .state = stage->state,
                .exit_status = stage->exit_status,
                .clock_ms = time_now_ms(),
                .started_ms = stage->started_ms,
                .rootless = stage_is_rootless(stage),
                .can_undo = history_before(&stage->history) != NULL,
                .focus = stage->focus,
                .cap = stage->cap,
                .host_mode = stage->host_mode,
                .dialog_title = stage->dialog_title,
                .dialog_text = stage->dialog_text,
                .dialog_remap = stage->offers_remap,
                .dialog_page = player_asks(stage),
                .dialog_scroll = stage->dialog_scroll,
                .reach = &stage->reach,
                .help = stage->help,
                .equivalent = stage->equivalent,
                .help_scroll = stage->help_scroll,
                .ascii = stage->ascii,
                .mono = stage->mono,
                .result = stage->show_result ? runs_last(&stage->runs) : NULL,
        };
        memcpy(ret->scroll, stage->scroll, sizeof(ret->scroll));
        memcpy(ret->picked, stage->picked, sizeof(ret->picked));
        ret->scrolled = stage->scroll[PANE_HOST] != 0;
        stage_fill_view(stage, ret);
        stage_probe_view(stage, ret);
        stage_log_view(stage, ret);
        stage_ask_view(stage, ret);
        player_fill_view(stage, ret);
        demo_fill_view(stage, ret);
        if (stage->lessons.open) {
                stage->lessons.view.picked = stage->lessons.picked;
                stage->lessons.view.step = stage->lessons.step;
                ret->lessons = &stage->lessons.view;
        }
        stage_shell_view(stage, ret);
        stage_be_discreet(stage, ret);
        stage_attach_view(stage, ret);
        if (stage->launched && stage->launch.machine.mode == MODE_ROOT)
                ret->machine_missing = stage->launch.machine.known & ~stage->launch.machine.grantable;
}

void stage_view(struct stage *stage, struct view *ret)
{
        stage_peek(stage, ret);
        stage->dirty = false;
}

bool stage_is_dirty(const struct stage *stage)
{
        return stage->dirty;
}

bool stage_wants_redraw(struct stage *stage)
{
        bool wanted = stage->redraw;

        stage->redraw = false;
        return wanted;
}

bool stage_wants_suspend(struct stage *stage)
{
        bool wanted = stage->suspend;

        stage->suspend = false;
        return wanted;
}

bool stage_wants_quit(const struct stage *stage)
{
        return stage->quit;
}

/* 0 is never. */
static uint64_t sooner(uint64_t a, uint64_t b)
{
        return a && a < b ? a : b;
}

const char *stage_wants_copy(struct stage *stage)
{
        bool wanted = stage->copy;

        stage->copy = false;
        return wanted ? stage_line(stage) : NULL;
}

void stage_copied(struct stage *stage, bool done)
{
        stage_say(stage, "%s%s",
                  done ? "copied: " : "not copied, but printed on leaving: ", stage_line(stage));
}

uint64_t stage_wake_ms(const struct stage *stage)
{
        uint64_t now = time_now_ms(), wake = stage_wake_views(stage, now);

        if (stage->launched && stage->state == RUN_RUNNING)
                wake = sooner(wake, now + 1000 - (now - stage->started_ms) % 1000);
        if (player_wake_ms(stage))
                wake = sooner(player_wake_ms(stage), wake);
        if (demo_wake_ms(stage, now))
                wake = sooner(demo_wake_ms(stage, now), wake);
        if (stage->has_before)
                wake = sooner(wake, stage->changed_ms + CHANGE_MARK_MS);
        return wake;
}

void stage_tick(struct stage *stage)
{
        if (stage->has_before && time_now_ms() >= stage->changed_ms + CHANGE_MARK_MS) {
                snapshot_finish(&stage->before);
                stage->has_before = false;
        }
        stage_tick_eyes(stage);
        player_tick(stage);
        demo_tick(stage);
        stage->dirty = true;
}

const struct fault *stage_fault(const struct stage *stage)
{
        return stage->failed ? &stage->fault : NULL;
}
