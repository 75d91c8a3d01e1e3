/* SPDX-License-Identifier: MIT */
/* The program that evaluates checks. A lesson is a text from anywhere, and jq can read files, follow imports
 * and never come to an end: here it has nothing to reach, little memory, and vitrine ends it. */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jq.h>
#include <jv.h>
#include <seccomp.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "lesson/check_proto.h"

enum { NOBODY = 65534, CPU_SECONDS = 3, OPEN_FILES = 16, MEMORY_BYTES = 768 * 1024 * 1024 };

struct expression {
        uint32_t id;
        jq_state *jq;
};

struct checking {
        char *prelude;
        struct expression *v;
        size_t n;
        char message[CHECK_WORDS]; /* jq's last */
};

static void limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
        const struct rlimit to = { .rlim_cur = soft, .rlim_max = hard };

        (void)setrlimit(what, &to);
}

/* What computing takes, and this program's socket: nothing that names a file, a process or a network. */
static bool close_the_door(void)
{
#if defined(__SANITIZE_ADDRESS__)
        return true;
#else
        static const int calls[] = {
                SCMP_SYS(read),          SCMP_SYS(write),
                SCMP_SYS(close),         SCMP_SYS(lseek),
                SCMP_SYS(recvmsg),       SCMP_SYS(sendmsg),
                SCMP_SYS(sendto),        SCMP_SYS(brk),
                SCMP_SYS(mmap),          SCMP_SYS(munmap),
                SCMP_SYS(mremap),        SCMP_SYS(mprotect),
                SCMP_SYS(madvise),       SCMP_SYS(futex),
                SCMP_SYS(exit),          SCMP_SYS(exit_group),
                SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),
                SCMP_SYS(rt_sigaction),  SCMP_SYS(getpid),
                SCMP_SYS(gettid),        SCMP_SYS(getrusage),
                SCMP_SYS(prlimit64),     SCMP_SYS(setrlimit),
                SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
                SCMP_SYS(getrandom),     SCMP_SYS(restart_syscall),
                SCMP_SYS(tgkill),
        };
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
        bool ok = filter != NULL;

        for (size_t i = 0; ok && i < sizeof(calls) / sizeof(calls[0]); i++)
                ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
        /* A kernel without filters leaves the other fences. */
        if (ok)
                (void)seccomp_load(filter);
        seccomp_release(filter);
        return ok;
#endif
}

static bool give_everything_up(void)
{
        if (syscall(SYS_close_range, (unsigned)CHECK_CONTROL + 1, ~0u, 0u) < 0 && errno != ENOSYS)
                return false;
        if (geteuid() == 0) {
                /* In a user namespace there may be nobody else to be. */
                (void)setgroups(0, NULL);
                (void)!setresgid(NOBODY, NOBODY, NOBODY);
                (void)!setresuid(NOBODY, NOBODY, NOBODY);
        }
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return false;
        limit(RLIMIT_CORE, 0, 0);
        limit(RLIMIT_NPROC, 0, 0);
        limit(RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES);
#if !defined(__SANITIZE_ADDRESS__) /* it reserves terabytes, and writes its reports to where vitrine's go */
        limit(RLIMIT_FSIZE, 0, 0);
        limit(RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES);
#endif
        return close_the_door();
}

/* While jq works nothing can be opened, whatever it tries (the filter says the same once more), and its time
 * counts from here: vitrine's clock is the one that ends it, this one is for when vitrine cannot. */
static void let_work(bool working)
{
        struct rusage used;
        rlim_t now = 0;

        limit(RLIMIT_NOFILE, working ? 0 : OPEN_FILES, OPEN_FILES);
        if (getrusage(RUSAGE_SELF, &used) == 0)
                now = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
        limit(RLIMIT_CPU, working ? now + CPU_SECONDS : RLIM_INFINITY, RLIM_INFINITY);
}

/* Keeps the first line; jq's own words in front of it say nothing here. */
static void keep_message(void *data, jv message)
{
        /* The line number counts the prelude's; there is no shell. */
        static const char *const tails[] = { " at <top-level>, line ", " (Unix shell quoting issues?)",
                                             " (Windows cmd shell quoting issues?)" };
        struct checking *checking = data;
        const char *text = jv_get_kind(message) == JV_KIND_STRING ? jv_string_value(message) : "";
        const char *at;
        size_t n;

        if (strncmp(text, "jq: error: ", 11) == 0)
                text += 11;
        n = strcspn(text, "\n");
        for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
                at = strstr(text, tails[i]);
                if (at && (size_t)(at - text) < n)
                        n = (size_t)(at - text);
        }
        if (!checking->message[0] && n)
                snprintf(checking->message, sizeof(checking->message), "%.*s", (int)(n > 250 ? 250 : n),
                         text);
        jv_free(message);
}

/* What `debug` would print. */
static void keep_quiet(void *data, jv message)
{
        (void)data;
        jv_free(message);
}

static struct expression *find(struct checking *checking, uint32_t id)
{
        for (size_t i = 0; i < checking->n; i++)
                if (checking->v[i].id == id)
                        return &checking->v[i];
        return NULL;
}

static void forget(struct checking *checking)
{
        for (size_t i = 0; i < checking->n; i++)
                jq_teardown(&checking->v[i].jq);
        free(checking->v);
        checking->v = NULL;
        checking->n = 0;
}

/* The prelude stands in front as text: a module would have to be opened. */
static void compile(struct checking *checking, const char *expr, struct check_answer *answer)
{
        own_free char *program = xasprintf("%s\n%s", checking->prelude ? checking->prelude : "", expr);
        jq_state *jq = jq_init();
        int compiled;

        checking->message[0] = '\0';
        answer->kind = CHECK_SAYS_WRONG;
        if (!jq || find(checking, answer->id))
                return;
        jq_set_error_cb(jq, keep_message, checking);
        /* jq 1.6 leaves these two as malloc gave them, and calls them. */
        jq_set_input_cb(jq, NULL, NULL);
        jq_set_debug_cb(jq, keep_quiet, NULL);
        jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
        let_work(true);
        compiled = jq_compile(jq, program);
        let_work(false);
        if (!compiled) {
                snprintf(answer->words, sizeof(answer->words), "%s",
                         checking->message[0] ? checking->message : "jq does not understand it");
                jq_teardown(&jq);
                return;
        }
        answer->kind = CHECK_SAYS_READY;
        checking->v = xrealloc(checking->v, checking->n + 1, sizeof(*checking->v));
        checking->v[checking->n++] = (struct expression){ answer->id, jq };
}

static void keep_value(jv value, struct check_answer *answer)
{
        jv_kind kind = jv_get_kind(value);
        jv text;

        if (kind == JV_KIND_INVALID || kind == JV_KIND_NULL || kind == JV_KIND_ARRAY ||
            kind == JV_KIND_OBJECT) {
                jv_free(value);
                return;
        }
        text = kind == JV_KIND_STRING ? value : jv_dump_string(value, 0);
        if ((size_t)jv_string_length_bytes(jv_copy(text)) < sizeof(answer->value)) {
                answer->has_value = 1;
                memcpy(answer->value, jv_string_value(text), strlen(jv_string_value(text)) + 1);
        }
        jv_free(text);
}

/* True is exactly one output, true. */
static void evaluate(struct checking *checking, jq_state *jq, jv input, struct check_answer *answer)
{
        jv first, second;

        answer->kind = CHECK_SAYS_NOT_YET;
        checking->message[0] = '\0';
        jq_start(jq, input, 0);
        first = jq_next(jq);
        if (!jv_is_valid(first)) {
                first = jv_invalid_get_msg(first);
                if (jv_get_kind(first) == JV_KIND_STRING)
                        snprintf(answer->words, sizeof(answer->words), "%.250s", jv_string_value(first));
                jv_free(first);
                return;
        }
        second = jq_next(jq);
        if (!jv_is_valid(second) && !jv_invalid_has_msg(jv_copy(second)) && !jq_halted(jq)) {
                if (jv_get_kind(first) == JV_KIND_TRUE)
                        answer->kind = CHECK_SAYS_TRUE;
                keep_value(jv_copy(first), answer);
        }
        jv_free(second);
        jv_free(first);
}

static bool say(const struct check_answer *answer)
{
        return io_send(CHECK_CONTROL, answer, sizeof(*answer), NULL, 0);
}

static bool eval_all(struct checking *checking, const struct check_ask *ask, const char *text, size_t n)
{
        jv input = jv_parse_sized(text, (int)n);
        bool ok = true;

        for (uint32_t i = 0; ok && i < ask->n_ids && i < CHECK_IDS_MAX; i++) {
                struct check_answer answer = { .kind = CHECK_SAYS_WRONG, .id = ask->ids[i] };
                struct expression *expression = find(checking, ask->ids[i]);

                if (!expression)
                        snprintf(answer.words, sizeof(answer.words), "it was never compiled");
                else if (!jv_is_valid(jv_copy(input)))
                        snprintf(answer.words, sizeof(answer.words), "the snapshot is not JSON");
                if (!answer.words[0]) {
                        let_work(true);
                        evaluate(checking, expression->jq, jv_copy(input), &answer);
                        let_work(false);
                }
                ok = say(&answer);
        }
        jv_free(input);
        return ok;
}

static bool serve(struct checking *checking, const struct check_ask *ask, int fd)
{
        struct check_answer answer = { .kind = CHECK_SAYS_READY, .id = ask->ids[0] };
        own_free char *text = NULL;
        size_t n = 0;

        if (ask->kind == CHECK_ASK_FORGET) {
                forget(checking);
                return true;
        }
        if (!io_read_all(fd, CHECK_TEXT_MAX, &text, &n)) {
                answer.kind = CHECK_SAYS_WRONG;
                snprintf(answer.words, sizeof(answer.words), "%s", strerror(errno));
                return say(&answer);
        }
        if (ask->kind == CHECK_ASK_EVAL)
                return eval_all(checking, ask, text, n);
        if (ask->kind == CHECK_ASK_COMPILE)
                compile(checking, text, &answer);
        else
                checking->prelude = take_ptr(text);
        return say(&answer);
}

int main(void)
{
        struct checking checking = { 0 };
        struct check_ask ask;
        bool ok = give_everything_up();

        while (ok) {
                int fd = -1;
                ssize_t n = io_recv(CHECK_CONTROL, &ask, sizeof(ask), &fd, 1);

                ok = n == (ssize_t)sizeof(ask) && serve(&checking, &ask, fd);
                fd_close(&fd);
        }
        forget(&checking);
        free(checking.prelude);
        _exit(0);
}
