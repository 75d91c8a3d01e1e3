/* SPDX-License-Identifier: MIT */
/* A docker build line, carried out by `vitrine build` as a child of the stage: what it says and does is what
 * a shell would give. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/loop.h"
#include "base/str.h"
#include "image/shelf.h"

/* {.out_fd = -1} is none. */
struct builder {
        struct loop *loop;
        pid_t pid; /* 0: none runs */
        int out_fd;
        char *folder; /* a lesson's build: where it is done; owned */
        struct image_shelf *shelf;
        struct strv words; /* the line */
        bool ended, ok;    /* what became of the last one */
        struct str output; /* of it: its first line says what was built, or what failed */
        void (*changed)(void *data);
        void *data;
};

/* Whether a line that was split is a build line: docker, podman or vitrine build. */
bool builder_is_line(const struct strv *words);

/* Begins. dockerfile NULL: as in the caller's shell, with his folder and his images. Else `.` is a folder of
 * its own that holds this text as Dockerfile, and what is built goes to the shelf and nowhere else; the
 * folder has gone when changed is called. Fails while one runs. */
bool builder_start(struct builder *builder, const struct strv *words, const char *dockerfile,
                   struct image_shelf *shelf, struct fault *fault);
bool builder_is_busy(const struct builder *builder);
/* The first line of what it said, without "vitrine: "; owned by the caller. */
char *builder_said(const struct builder *builder);
/* Ends one that runs. */
void builder_finish(struct builder *builder);
