/* SPDX-License-Identifier: MIT */
/* The kernel's log on the screen: THE KERNEL SAYS. */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "stage/stage_state.h"

enum { RECORDS_AT_ONCE = 64 /* between two looks at what else there is to do */ };

static void forget_list(struct listener *listener)
{
        free(take_ptr(listener->list));
}

/* Refused before it was ready: nothing is drawn, and doctor says why. */
static void end(struct stage *stage, const struct fault *fault)
{
        struct listener *listener = &stage->listener;

        loop_forget(stage->loop, klog_fd(listener->log));
        fault_line(fault, listener->ended, sizeof(listener->ended));
        stage->dirty = true;
}

static void on_log(void *data, int fd, short events)
{
        struct stage *stage = data;
        struct listener *listener = &stage->listener;
        struct klog_record record;
        struct fault fault = { 0 };
        int got = 1;

        (void)fd, (void)events;
        for (int i = 0; i < RECORDS_AT_ONCE && (got = klog_read(listener->log, &record, &fault)) > 0; i++) {
                if (record.kind == KLOG_CHECK && record.time_us < listener->since_us)
                        continue;
                listener->ready = listener->ready || record.kind == KLOG_READY;
                heard_add(&listener->heard, &record);
                forget_list(listener);
                stage->dirty = true;
        }
        if (got < 0)
                end(stage, &fault);
}

/* A recording is the same on every machine: it has none. */
void stage_log_begin(struct stage *stage)
{
        struct listener *listener = &stage->listener;
        own_free char *helper = NULL;

        if (listener->tried || stage->pinned || stage->attached || !stage->launched || geteuid() != 0)
                return;
        listener->tried = true;
        helper = launch_helper("vitrine-log");
        if (!klog_open(helper, &listener->log, NULL))
                listener->log = NULL;
        else
                loop_watch(stage->loop, klog_fd(listener->log), POLLIN, on_log, stage);
}

void stage_log_anew(struct stage *stage, uint64_t since_us)
{
        uint64_t lost = stage->listener.heard.lost;

        stage->listener.since_us = since_us;
        stage->listener.heard = (struct heard){ .lost = lost };
        forget_list(&stage->listener);
}

void stage_log_command(struct stage *stage)
{
        heard_begin(&stage->listener.heard);
        forget_list(&stage->listener);
}

void stage_log_close(struct stage *stage)
{
        struct listener *listener = &stage->listener;

        if (listener->log)
                loop_forget(stage->loop, klog_fd(listener->log));
        klog_close(take_ptr(listener->log));
        forget_list(listener);
}

void stage_log_view(struct stage *stage, struct view *view)
{
        struct listener *listener = &stage->listener;

        if (!listener->ready)
                return;
        if (!listener->list)
                listener->list = heard_list(&listener->heard) ? heard_line(&listener->heard) : xstrdup("");
        listener->view = (struct log_view){ .heard = &listener->heard,
                                            .began_us = stage->started_ms * 1000,
                                            .list = listener->list,
                                            .ended = listener->ended };
        view->log = &listener->view;
}
