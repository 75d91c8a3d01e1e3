/* SPDX-License-Identifier: MIT */
/* The check language: jq expressions over a snapshot's JSON, evaluated by a program of its own that may do
 * nothing but compute (no file, no environment, no terminal; little memory) and is ended when it takes longer
 * than a second. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct checker;

enum { CHECK_LIMIT_MS = 1000 };

enum check_result {
        CHECK_NOT_YET, /* anything but exactly one output, true */
        CHECK_TRUE,
        CHECK_ERROR, /* it can never be true: it took too long, or its program died of it */
};

struct check_report {
        int id;
        enum check_result result;
        bool has_value;    /* it gave one non-null scalar: what a question's answer must be */
        char value[256];   /* as jq -r prints it */
        char message[256]; /* CHECK_ERROR: why; CHECK_NOT_YET: jq's own error, or "" */
};

/* Starts the program at helper (vitrine-check). prelude: path of vitrine.jq, which is read here and now. */
bool check_open(const char *helper, const char *prelude, struct checker **ret, struct fault *fault);
/* NULL is fine. */
void check_close(struct checker *checker);

/* Compiles an expression; waits for that, two seconds at most (jq takes about 25 ms). *ret_id names it from
 * then on. On failure fault.why is jq's message. Not while an evaluation is under way. */
bool check_compile(struct checker *checker, const char *expr, int *ret_id, struct fault *fault);
/* Forgets all expressions, and an evaluation under way. */
void check_forget(struct checker *checker);

/* Begins to evaluate n expressions (64 at most) on one text of JSON, which is copied. Returns at once.
 * Everyone is reported by check_next, in this order. A check that was an error once is not run again, it is
 * reported as one. Fails with EBUSY while an evaluation is under way. */
bool check_eval(struct checker *checker, const int *ids, size_t n, const char *json, struct fault *fault);
/* Whether reports are still to come. */
bool check_is_busy(const struct checker *checker);

/* To poll for POLLIN, together with the time (time_now_ms) at which check_next must be called even so; 0 when
 * there is none. Both may be others after each check_next: ask again. -1 when the program is not there. */
int check_fd(const struct checker *checker);
uint64_t check_deadline_ms(const struct checker *checker);
/* The next report without blocking; false when there is none yet. Where the program had to be ended a new one
 * takes its place. */
bool check_next(struct checker *checker, struct check_report *ret);
/* Waits for it instead; false when nothing is to come. */
bool check_wait(struct checker *checker, struct check_report *ret);
