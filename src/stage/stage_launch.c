/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/stage_state.h"

void stage_say(struct stage *stage, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        vsnprintf(stage->trouble, sizeof(stage->trouble), format, args);
        va_end(args);
        stage->dirty = true;
}

void stage_say_fault(struct stage *stage, const struct fault *fault)
{
        char text[REMEDY_LINE];

        remedy_line(fault, text, sizeof(text));
        stage_say(stage, "%s", text);
}

const struct spec *stage_spec(const struct stage *stage)
{
        return &stage->history.v[stage->history.at];
}

static void on_cage(void *data, int fd, short events)
{
        struct stage *stage = data;
        struct fault fault = { 0 };
        int got = cage_read(stage->launch.cage, &stage->exit_status, &fault);

        (void)events;
        if (got == 0)
                return;
        loop_forget(stage->loop, fd);
        stage->state = RUN_ENDED;
        stage->ended_ms = time_now_ms();
        player_moved(stage);
        stage->dirty = true;
        if (got < 0) {
                stage->exit_status = 137;
                stage_say_fault(stage, &fault);
        }
        if (got < 0 && stage->demo && !stage->has_now) { /* nobody is there to begin anew */
                stage->fault = fault;
                stage->failed = stage->quit = true;
        }
}

void stage_bury(struct stage *stage)
{
        if (stage->look.last) {
                loop_forget(stage->loop, eye_leave(stage->look.last));
                look_bury(&stage->look);
        }
        if (stage->last.cage) {
                loop_forget(stage->loop, cage_leave(stage->last.cage));
                launch_finish(&stage->last);
        }
}

static void on_gone(void *data, int fd, short events)
{
        struct stage *stage = data;

        (void)events;
        loop_forget(stage->loop, fd);
        if (stage->look.last && fd == eye_leave(stage->look.last))
                look_bury(&stage->look);
        else if (stage->last.cage && fd == cage_leave(stage->last.cage))
                launch_finish(&stage->last);
}

/* To end a container and its reader takes longer than to start one: nobody waits for it but stage_close. */
static void leave_last(struct stage *stage)
{
        int eye = stage->look.last ? eye_leave(stage->look.last) : -1, keeper = -1;

        if (stage->launched) {
                loop_forget(stage->loop, cage_socket(stage->launch.cage));
                stage->last = stage->launch;
                keeper = cage_leave(stage->last.cage);
        }
        if (eye < 0 || (stage->launched && keeper < 0)) {
                stage_bury(stage);
                return;
        }
        loop_watch(stage->loop, eye, POLLIN, on_gone, stage);
        loop_watch(stage->loop, keeper, POLLIN, on_gone, stage);
}

void stage_watch_container(struct stage *stage)
{
        loop_watch(stage->loop, cage_socket(stage->launch.cage), POLLIN, on_cage, stage);
        stage_watch_eyes(stage);
}

/* A reader that was ended from outside is begun again with the container. */
static bool revive_host_eye(struct stage *stage, struct fault *fault)
{
        struct fault gone = { 0 };

        if (eye_read(stage->look.host, &gone) >= 0)
                return true;
        loop_forget(stage->loop, eye_fd(stage->look.host));
        return look_reopen(&stage->look, fault);
}

static void describe(struct stage *stage)
{
        const struct launch *launch = &stage->launch;
        const char *note = cage_note(launch->cage);

        free(stage->image_note);
        free(take_ptr(stage->image_brief));
        if (!launch->image.stands_in) {
                stage->image_note = xstrdup(note);
                return;
        }
        stage->image_note = image_stand_in(launch->image.missing);
        stage->image_brief = xasprintf("no image %s here: demo root", launch->image.missing);
}

/* The --name that the door holds. */
static const char *present_name(const struct stage *stage)
{
        return stage->launched ? stage->launch.spec.name : stage->first.name;
}

bool stage_relaunch(struct stage *stage, const struct spec *spec, struct fault *fault)
{
        struct cage_stdio quiet = { -1, -1, -1, false };
        struct launch fresh = { 0 };
        const uint64_t began_us = time_now_ms() * 1000;
        bool renamed = strcmp(spec->name, present_name(stage)) != 0;
        own_fd int name = -1;
        int old_eye;

        if ((renamed && !door_hold_name(spec->name, &name, fault)) ||
            !launch_prepare_from(&stage->shelf, spec, stage->id, true, &fresh, fault))
                return false;
        if ((stage->launched && !revive_host_eye(stage, fault)) ||
            !launch_start(&fresh, stage->id, &quiet, stage->door.sock, fault)) {
                launch_finish(&fresh);
                return false;
        }
        stage_bury(stage);
        old_eye = stage->look.inside ? eye_fd(stage->look.inside) : -1;
        if (!look_at(&stage->look, &fresh, fault)) {
                launch_finish(&fresh);
                return false;
        }
        loop_forget(stage->loop, old_eye);
        if (stage->launched)
                runs_lost(&stage->runs);
        leave_last(stage);
        if (renamed) {
                fd_close(&stage->door.name);
                stage->door.name = take_fd(&name);
        }
        stage_lose_shell(stage);
        stage_hide_verdicts(stage);
        stage_log_anew(stage, began_us);
        stage->launch = fresh;
        stage->mark_next = stage->launched;
        stage->launched = true;
        stage->launches++;
        stage->state = stage->has_now ? RUN_RUNNING : RUN_STARTING;
        stage->started_ms = time_now_ms();
        stage->dirty = true;
        describe(stage);
        if (fresh.makes_do)
                stage_say(stage, "one id alone is mapped: %s", fresh.machine.one_id_why);
        stage_watch_container(stage);
        return true;
}

static void move_history(struct stage *stage, const struct spec *spec, enum pending what)
{
        if (what == PENDING_CHANGE)
                history_push(&stage->history, spec);
        else if (what == PENDING_BACK || what == PENDING_FORTH)
                history_step(&stage->history, what == PENDING_BACK);
        /* What was asked about may have been answered with a remap. */
        if (!spec_equal(spec, stage_spec(stage)))
                history_replace(&stage->history, spec);
        if (what == PENDING_FIRST && !spec_equal(spec, &stage->first)) {
                spec_finish(&stage->first);
                spec_copy(&stage->first, spec);
        }
}

static void carry_out(struct stage *stage, const struct spec *spec, enum pending what)
{
        struct fault fault = { 0 };

        if (stage_relaunch(stage, spec, &fault)) {
                move_history(stage, spec, what);
                free(stage->line);
                stage->line = NULL;
                stage_remember_line(stage);
                return;
        }
        stage_say_fault(stage, &fault);
        if (what != PENDING_FIRST)
                return;
        stage->fault = fault;
        stage->failed = stage->quit = true;
}

void stage_change(struct stage *stage, const struct spec *spec, enum pending what)
{
        struct machine machine;
        struct fault fault = { 0 };
        struct dangers dangers;
        own_free char *losses = what == PENDING_FIRST ? NULL : stage_losses(stage);
        own_free char *harm = NULL;

        if (!cage_machine(spec, &machine, &fault)) {
                stage_say_fault(stage, &fault);
                return;
        }
        dangers = dangers_of(spec, &machine);
        if (what != PENDING_FIRST)
                dangers = dangers_beyond(dangers, dangers_of(stage_spec(stage), &stage->launch.machine));
        if (!dangers_any(dangers) && !losses) {
                carry_out(stage, spec, what);
                return;
        }
        stage->pending = what;
        spec_copy(&stage->pending_spec, spec);
        harm = dangers_any(dangers) ? dangers_text(dangers, &machine) : xstrdup("Go on?");
        stage->dialog_title = dangers_any(dangers) ? dangers_title(dangers) : "End what runs inside?";
        stage->offers_remap = dangers_can_remap(dangers, &machine);
        stage->dialog_text = xasprintf("%s%s%s", losses ? losses : "", losses ? " " : "", harm);
        stage->dirty = true;
}

void stage_answer(struct stage *stage, bool yes)
{
        enum pending what = stage->pending;
        struct spec spec = stage->pending_spec;

        stage->pending = PENDING_NONE;
        free(stage->dialog_text);
        stage->dialog_text = NULL;
        stage->dialog_title = NULL;
        stage->offers_remap = false;
        stage->dialog_scroll = stage->reach.dialog = 0;
        stage->dirty = true;
        if (what == PENDING_QUIT)
                stage->quit = yes;
        else if (what == PENDING_RESET)
                lessons_answer(stage, yes);
        else if (yes)
                carry_out(stage, &spec, what);
        else if (what == PENDING_FIRST)
                stage->quit = true;
        else
                player_refused(stage);
        player_moved(stage);
        spec_finish(&spec);
}

void stage_answer_remapped(struct stage *stage)
{
        if (!stage->offers_remap)
                return;
        stage->pending_spec.userns = NS_REMAP;
        stage_answer(stage, true);
}
