/* SPDX-License-Identifier: MIT */
/* From the kernel's answers to a verdict. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "caps/caps.h"

/* What came of one run of a probe. */
enum answer_kind {
        ANSWER_NONE,       /* the child ended without one; err: the signal that ended it, or 0 */
        ANSWER_RESULT,     /* err: the call's errno, 0 when it succeeded */
        ANSWER_TAKEN,      /* the call succeeded, and the kernel took away what was asked for */
        ANSWER_KEPT,       /* it did not */
        ANSWER_UNPREPARED, /* who asks could not be made like the container's processes: err */
        ANSWER_STOPPED,    /* he is, and a call on the way to the question failed with err */
        ANSWER_NO_OTHER,   /* it takes a second id, and one is mapped */
        ANSWER_LATE,       /* there was none in time */
        ANSWER_KINDS
};

struct probe_answer {
        int32_t kind, err;
};

/* All runs of one probe: without any capability; with this one alone, where the container holds it; as the
 * container is. */
struct probe_answers {
        struct probe_answer control, alone, as_is;
        struct probe_answer extra; /* a fourth run, where the three leave it open: probe_wants_extra */
        int32_t stand_in;          /* the bit of the held capability that alone is let through, or -1 */
};

/* A row of the table of probes. */
struct probe_row {
        const char *call;   /* at most 30 columns; "" where there is no probe */
        const char *none;   /* why there is none, or NULL */
        int refused[2];     /* the errno values of a refusal; 0: none */
        bool initial;       /* it is asked of the machine's own user namespace */
        const char *silent; /* there is no errno: what is taken away */
        const char *open;   /* why nobody is asked, where that is so */
        const char *denied; /* why a holder is refused with one id, or NULL */
};

/* The row of a bit below CAPS_N. */
const struct probe_row *probe_row(unsigned bit);

enum probe_verdict {
        VERDICT_ALLOWED,  /* the kernel lets the holder through, and without it refuses */
        VERDICT_DENIED,   /* it refuses */
        VERDICT_OPEN,     /* it asks nobody for it */
        VERDICT_FILTERED, /* it would be let through, but something else refuses the call */
        VERDICT_THROUGH,  /* another capability is let through in its place */
        VERDICT_CANNOT,   /* it cannot be asked */
        VERDICT_N
};

/* "allowed" … "cannot ask". Here, so that who draws a verdict needs nothing else of this folder. */
static inline const char *probe_verdict_name(enum probe_verdict verdict)
{
        static const char *const names[VERDICT_N] = {
                [VERDICT_ALLOWED] = "allowed", [VERDICT_DENIED] = "denied",
                [VERDICT_OPEN] = "open",       [VERDICT_FILTERED] = "filtered",
                [VERDICT_THROUGH] = "through", [VERDICT_CANNOT] = "cannot ask",
        };

        return names[verdict];
}

struct probe_result {
        unsigned bit;
        bool held; /* in the effective set */
        int err; /* the errno that the container's processes meet (what denies: the kernel's own); 0: none */
        enum probe_verdict verdict;
        int through;     /* VERDICT_THROUGH: the bit that stands in, or -1 */
        char reason[96]; /* "" where the verdict says it all */
};

/* Whether the kernel refused: the errno, or what was taken away, says so. */
bool probe_is_refused(const struct probe_row *row, const struct probe_answer *answer);
/* Whether the check let it through, whatever came after it. */
bool probe_is_passed(const struct probe_row *row, const struct probe_answer *answer);

enum probe_extra {
        EXTRA_NONE,
        EXTRA_UNFILTERED, /* as the container is, but without its filter: who refuses? */
        EXTRA_FULL,       /* with all that there is: does this kernel know it at all? */
};

/* The fourth run that these three need. */
enum probe_extra probe_wants_extra(const struct probe_row *row, const struct probe_answers *answers);

/* What is known of the container besides. */
struct probe_case {
        bool held;
        bool userns; /* the container has a user namespace of its own */
        bool one_id;
};

struct probe_result probe_judge(unsigned bit, const struct probe_case *of,
                                const struct probe_answers *answers);

/* "EPERM"; "" for 0. "errno 123" for one that no probe is known to give. The text is buf or a constant. */
const char *probe_errno_name(int err, char buf[static 16]);
