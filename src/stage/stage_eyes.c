/* SPDX-License-Identifier: MIT */
/* What the readers of both sides say, and how old it is. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/order.h"
#include "stage/stage_state.h"

enum {
        LATE_MS = 3000,
        REVIVE_MS = 3000,
        SECOND_MS = 1000,
        SEEK_MS = 500,
        SEEK_TRIES = 3,
        QUIET_MS = 10000,
        QUIET_S = 10,
        GLANCE_MS = 30000
};

/* What the new container is compared with: the last one; soon after another change the one before that, so
 * that the notes tell of both (K, then u). */
static void keep_before(struct stage *stage, const struct snapshot *fresh)
{
        stage->changed_ms = time_now_ms();
        stage->shows_change = true;
        if (stage->has_before && snapshot_tells_both(&stage->before, &stage->now, fresh)) {
                snapshot_finish(&stage->now);
                return;
        }
        if (stage->has_before)
                snapshot_finish(&stage->before);
        stage->before = stage->now;
        stage->has_before = true;
}

/* A view in which init is missing is one of a container that has just ended or not begun. */
static bool take_snapshot(struct stage *stage)
{
        struct snapshot fresh;

        if (stage->state == RUN_ENDED || !stage->launched || !look_take(&stage->look, &stage->launch, &fresh))
                return false;
        if (!fresh.init_seen) {
                snapshot_finish(&fresh);
                return false;
        }
        stage_attach_derive(stage, &fresh);
        if (stage->has_now && stage->mark_next)
                keep_before(stage, &fresh);
        else if (stage->has_now)
                snapshot_finish(&stage->now);
        stage->mark_next = false;
        stage->now = fresh;
        stage->has_now = true;
        stage->state = RUN_RUNNING;
        stage->dirty = true;
        player_moved(stage);
        return true;
}

static struct eye *eye_of(const struct stage *stage, enum pane pane)
{
        return pane == PANE_HOST ? stage->look.host : stage->look.inside;
}

/* Nothing has changed, but it was looked again: what stands on the screen is of now. */
static void refresh(struct stage *stage, enum pane pane)
{
        const struct proc_table *table = eye_table(eye_of(stage, pane));
        struct proc_table *shown = pane == PANE_HOST ? &stage->now.host_table : &stage->now.container_table;

        if (!stage->has_now || !stage->side[pane].shown || !table || table->read_ms < shown->read_ms)
                return;
        /* A pane that was called old is not any more. */
        stage->dirty = stage->dirty || stage_age_s(stage, pane, time_now_ms()) > 0;
        shown->read_ms = table->read_ms;
}

static void go_blind(struct stage *stage, enum pane pane, const struct fault *fault)
{
        struct side_state *side = &stage->side[pane];
        uint64_t now = time_now_ms(), again = side->revived_ms + REVIVE_MS;

        if (stage->state == RUN_ENDED)
                return;
        snprintf(side->blind, sizeof(side->blind), "%.190s", *fault->why ? fault->why : strerror(fault->err));
        stage->dirty = true;
        if (!stage->has_now && pane == PANE_CONTAINER) { /* nothing was ever seen, and nothing will be */
                stage->fault = *fault;
                stage->failed = stage->quit = true;
                return;
        }
        if (pane == PANE_HOST)
                side->revive_ms = now > again ? now : again;
        else /* its procfs went with it */
                stage_say(stage, "the container pane is no longer live: its reader has ended (%s)",
                          stage->attach ? "attach anew" : "r begins anew");
}

/* A reader of the host that nobody tells what happens may rest for seconds where there are thousands of
 * processes: what is new in the container is asked for, each at most SEEK_TRIES times. As many follow one
 * another soon; where something is new all the time, they take half of what the reader may at most. */
static void seek_ties(struct stage *stage)
{
        struct side_state *side = &stage->side[PANE_CONTAINER];
        uint64_t now = time_now_ms(), rest;
        pid_t untied = 0;

        if (!stage->has_now || !side->shown || eye_is_told(stage->look.host))
                return;
        for (size_t i = 0; i < stage->now.n_container; i++)
                if (!stage->now.container[i].tied)
                        untied = stage->now.container[i].proc->pid;
        if (untied != side->sought)
                side->sought_times = 0;
        side->sought = untied;
        rest = larger_u64(SEEK_MS, 2 * eye_period_ms(stage->look.host));
        side->rested_ms = smaller_u64(side->rested_ms, now + SEEK_TRIES * rest); /* it may have been longer */
        if (!untied || side->sought_times >= SEEK_TRIES || now < side->sought_ms + SEEK_MS ||
            side->rested_ms > now + (SEEK_TRIES - 1) * rest)
                return;
        side->sought_times++;
        side->sought_ms = now;
        side->rested_ms = larger_u64(side->rested_ms, now) + rest;
        eye_wake(stage->look.host);
}

static void on_eye(void *data, int fd, short events)
{
        struct stage *stage = data;
        enum pane pane = fd == eye_fd(stage->look.host) ? PANE_HOST : PANE_CONTAINER;
        struct fault fault = { 0 };
        int got = eye_read(eye_of(stage, pane), &fault);

        (void)events;
        if (pane == PANE_HOST)
                look_pass_on(&stage->look, &stage->launch, got > 0);
        if (got > 0) {
                stage->heard = true;
                stage->side[pane].blind[0] = '\0';
                stage->side[PANE_HOST].shown = stage->side[PANE_CONTAINER].shown = take_snapshot(stage);
        } else if (got == 0) {
                refresh(stage, pane);
        } else {
                loop_forget(stage->loop, fd);
                go_blind(stage, pane, &fault);
        }
        if (pane == PANE_CONTAINER && got > 0)
                stage->moved_ms = time_now_ms();
        if (pane == PANE_CONTAINER && got >= 0)
                seek_ties(stage);
}

/* Once a second of the container's, with the running time. While nobody has touched anything for a while and
 * the container's processes are as they were, the readers are left asleep; when they have told something, for
 * all but one second in QUIET_S, for what no event tells. Where they have told nothing they look after
 * GLANCE_MS all the same: so old may be a command line that was written over, a zombie that was reaped, a
 * namespace that was left, and the table of a reader that hangs in a read. While the machine's hangs, nobody
 * tells the container's what happens there. */
static void tick(struct stage *stage, uint64_t now)
{
        const uint64_t second = (now - stage->started_ms) / SECOND_MS;
        bool quiet, glance;

        if (!stage->launched || stage->state != RUN_RUNNING || second == stage->ticked_s)
                return;
        stage->ticked_s = second;
        quiet = now >= stage->moved_ms + QUIET_MS && (second % QUIET_S != 0 || !stage->heard) &&
                now < stage->glanced_ms + GLANCE_MS && stage->has_now &&
                stage_age_s(stage, PANE_HOST, now) == 0;
        glance = !quiet || !look_is_still(&stage->now);
        if (glance)
                stage->glanced_ms = now;
        stage->heard = stage->heard && !glance;
        look_tick(&stage->look, glance);
        if (glance && look_read_ids(&stage->look, &stage->launch))
                stage->side[PANE_HOST].shown = stage->side[PANE_CONTAINER].shown = take_snapshot(stage);
        refresh(stage, PANE_HOST);
        refresh(stage, PANE_CONTAINER);
}

void stage_watch_eyes(struct stage *stage)
{
        loop_watch(stage->loop, eye_fd(stage->look.host), POLLIN, on_eye, stage);
        loop_watch(stage->loop, eye_fd(stage->look.inside), POLLIN, on_eye, stage);
        memset(stage->side, 0, sizeof(stage->side));
        stage->tried_next = false;
}

bool stage_is_seen(const struct stage *stage)
{
        return stage->has_now && !(stage->state == RUN_ENDED && stage->mark_next);
}

bool stage_wants_next(const struct stage *stage)
{
        return stage->has_now && !stage->mark_next && !stage->look.next && !stage->tried_next;
}

void stage_tick_eyes(struct stage *stage)
{
        struct side_state *side = &stage->side[PANE_HOST];
        struct fault fault = { 0 };
        uint64_t now = time_now_ms();

        if (stage_wants_next(stage)) {
                stage->tried_next = true;
                look_ahead(&stage->look);
        }
        tick(stage, now);
        if (side->revive_ms == 0 || now < side->revive_ms || stage->state == RUN_ENDED || !stage->launched)
                return;
        side->revive_ms = 0;
        side->revived_ms = now;
        if (!look_reopen(&stage->look, &fault)) {
                go_blind(stage, PANE_HOST, &fault);
                return;
        }
        loop_watch(stage->loop, eye_fd(stage->look.host), POLLIN, on_eye, stage);
        look_watch(&stage->look, &stage->launch);
}

uint64_t stage_age_s(const struct stage *stage, enum pane pane, uint64_t now)
{
        const struct proc_table *table =
                pane == PANE_HOST ? &stage->now.host_table : &stage->now.container_table;
        const struct eye *eye = eye_of(stage, pane);
        uint64_t since = table->read_ms, late = LATE_MS;

        if (!stage->has_now)
                return 0;
        if (stage->state == RUN_ENDED) {
                since = pane == PANE_CONTAINER ? stage->ended_ms : since;
                late = 0;
        } else if (eye) {
                late += eye_period_ms(eye);
        }
        return now > since + late ? (now - since) / SECOND_MS : 0;
}
