/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "lesson/check_proto.h"
#include "lesson/check_spawn.h"
#include "lesson/lesson_file.h"

enum { PRELUDE_MAX = 1024 * 1024, COMPILE_MS = 2 * CHECK_LIMIT_MS, PARSE_BYTES_MS = 2048 };

struct expression {
        char *text;
        char broken[CHECK_WORDS]; /* why it is never run again; "" when it may be */
};

struct checker {
        char *helper, *prelude;
        pid_t pid; /* 0: not there */
        int sock;
        struct expression *v; /* an id is the index */
        size_t n;
        char *json; /* of the evaluation under way: a new program needs it again */
        int ids[CHECK_IDS_MAX];
        size_t n_ids, next; /* reports before next were given */
        size_t died_at;     /* one more than the index at which the program died; 0: nowhere */
        uint64_t deadline_ms;
        char reason[CHECK_WORDS]; /* why no program could be started again */
};

static bool ask_with(struct checker *checker, const struct check_ask *ask, const char *text)
{
        own_fd int fd = text ? check_text_fd(text, strlen(text)) : -1;

        if (text && fd < 0)
                return false;
        return io_send(checker->sock, ask, sizeof(*ask), &fd, text ? 1 : 0);
}

static void stop(struct checker *checker)
{
        fd_close(&checker->sock); /* at whose end it ends by itself, even if no signal reached it */
        if (checker->pid)
                check_kill(checker->pid);
        checker->pid = 0;
}

/* Waits for one answer until end_ms: 1, 0 at the end of the time, -1 when the program has died. */
static int wait_answer(struct checker *checker, uint64_t end_ms, struct check_answer *ret)
{
        for (;;) {
                struct pollfd wait = { .fd = checker->sock, .events = POLLIN };
                uint64_t now = time_now_ms();
                ssize_t n;

                if (now >= end_ms)
                        return 0;
                if (poll(&wait, 1, (int)(end_ms - now)) <= 0)
                        continue;
                n = io_recv(checker->sock, ret, sizeof(*ret), NULL, 0);
                if (n < 0 && errno == EAGAIN)
                        continue;
                if (n != (ssize_t)sizeof(*ret))
                        return -1;
                ret->value[sizeof(ret->value) - 1] = ret->words[sizeof(ret->words) - 1] = '\0';
                return 1;
        }
}

/* Has the program take one text; words: why not. */
static bool have_taken(struct checker *checker, enum check_ask_kind kind, int id, const char *text,
                       char words[static CHECK_WORDS])
{
        const struct check_ask ask = { .kind = kind, .n_ids = 1, .ids = { (uint32_t)id } };
        struct check_answer answer;
        int got = ask_with(checker, &ask, text) ? wait_answer(checker, time_now_ms() + COMPILE_MS, &answer)
                                                : -1;

        if (got == 1 && answer.kind == CHECK_SAYS_READY)
                return true;
        if (got == 1)
                memcpy(words, answer.words, CHECK_WORDS);
        else
                snprintf(words, CHECK_WORDS, "%s",
                         got == 0 ? "it takes longer than two seconds to compile"
                                  : "the program that compiles it died of it");
        if (got != 1)
                stop(checker);
        return false;
}

/* A program with the prelude; those expressions that are fit to be run are not in it yet. */
static bool begin(struct checker *checker, struct fault *fault)
{
        char words[CHECK_WORDS];

        if (!check_spawn(checker->helper, &checker->pid, &checker->sock, fault)) {
                checker->pid = 0;
                return false;
        }
        if (have_taken(checker, CHECK_ASK_PRELUDE, 0, checker->prelude, words))
                return true;
        stop(checker);
        return fault_why(fault, "start vitrine-check", "%s", words);
}

/* A new program in place of one that was ended, with what the old one knew. */
static bool begin_again(struct checker *checker)
{
        struct fault fault = { 0 };
        char words[CHECK_WORDS];

        stop(checker);
        for (size_t i = 0; i < checker->n; i++) {
                struct expression *expression = &checker->v[i];

                if (!checker->pid && !begin(checker, &fault)) {
                        fault_line(&fault, checker->reason, sizeof(checker->reason));
                        return false;
                }
                if (!expression->broken[0] &&
                    !have_taken(checker, CHECK_ASK_COMPILE, (int)i, expression->text, words))
                        memcpy(expression->broken, words, sizeof(expression->broken));
        }
        return checker->pid != 0;
}

bool check_open(const char *helper, const char *prelude, struct checker **ret, struct fault *fault)
{
        struct checker *checker;
        own_free char *text = NULL;
        size_t n;

        if (!lesson_read_text(prelude, PRELUDE_MAX, "read the checks' prelude", &text, &n, fault))
                return fault_hint(fault, "vitrine.jq lies among the lessons, where `make install` puts them");
        checker = xcalloc(1, sizeof(*checker));
        checker->sock = -1;
        checker->helper = xstrdup(helper);
        checker->prelude = take_ptr(text);
        if (!begin(checker, fault)) {
                check_close(checker);
                return false;
        }
        *ret = checker;
        return true;
}

static void end_evaluation(struct checker *checker)
{
        free(checker->json);
        checker->json = NULL;
        checker->n_ids = checker->next = checker->died_at = 0;
        checker->deadline_ms = 0;
}

void check_close(struct checker *checker)
{
        if (!checker)
                return;
        stop(checker);
        end_evaluation(checker);
        for (size_t i = 0; i < checker->n; i++)
                free(checker->v[i].text);
        free(checker->v);
        free(checker->helper);
        free(checker->prelude);
        free(checker);
}

bool check_compile(struct checker *checker, const char *expr, int *ret_id, struct fault *fault)
{
        char words[CHECK_WORDS];

        if (check_is_busy(checker)) {
                errno = EBUSY;
                return fault_errno(fault, "", "compile the check");
        }
        if (!checker->pid && !begin_again(checker) && !begin(checker, fault))
                return false;
        if (!have_taken(checker, CHECK_ASK_COMPILE, (int)checker->n, expr, words)) {
                /* What its text did to the program must not be the others' loss. */
                if (!checker->pid)
                        (void)begin_again(checker);
                return fault_why(fault, "compile the check", "%s", words);
        }
        checker->v = xrealloc(checker->v, checker->n + 1, sizeof(*checker->v));
        checker->v[checker->n] = (struct expression){ .text = xstrdup(expr) };
        *ret_id = (int)checker->n++;
        return true;
}

void check_forget(struct checker *checker)
{
        const struct check_ask ask = { .kind = CHECK_ASK_FORGET };
        bool busy = check_is_busy(checker);

        end_evaluation(checker);
        for (size_t i = 0; i < checker->n; i++)
                free(checker->v[i].text);
        free(checker->v);
        checker->v = NULL;
        checker->n = 0;
        /* One that is at work would answer what nobody asks any more. */
        if (busy || (checker->pid && !ask_with(checker, &ask, NULL)))
                stop(checker);
}

static bool is_broken(const struct checker *checker, int id)
{
        return id < 0 || (size_t)id >= checker->n || checker->v[id].broken[0];
}

/* Asks for what is still to be reported. */
static bool send_rest(struct checker *checker)
{
        struct check_ask ask = { .kind = CHECK_ASK_EVAL };

        for (size_t i = checker->next; i < checker->n_ids; i++)
                if (!is_broken(checker, checker->ids[i]))
                        ask.ids[ask.n_ids++] = (uint32_t)checker->ids[i];
        /* The first of them waits until all of it has been parsed. */
        checker->deadline_ms = time_now_ms() + CHECK_LIMIT_MS + strlen(checker->json) / PARSE_BYTES_MS;
        return ask.n_ids == 0 || (checker->pid && ask_with(checker, &ask, checker->json));
}

bool check_eval(struct checker *checker, const int *ids, size_t n, const char *json, struct fault *fault)
{
        if (check_is_busy(checker) || n > CHECK_IDS_MAX) {
                errno = n > CHECK_IDS_MAX ? E2BIG : EBUSY;
                return fault_errno(fault, "", "evaluate the checks");
        }
        if (n == 0)
                return true;
        memcpy(checker->ids, ids, n * sizeof(*ids));
        checker->n_ids = n;
        checker->next = 0;
        checker->json = xstrdup(json);
        if ((checker->pid || begin_again(checker)) && send_rest(checker))
                return true;
        /* It died since the last time: once more with a new one. */
        if (begin_again(checker) && send_rest(checker))
                return true;
        end_evaluation(checker);
        return fault_why(fault, "evaluate the checks", "%s",
                         checker->reason[0] ? checker->reason : "vitrine-check cannot be reached");
}

bool check_is_busy(const struct checker *checker)
{
        return checker->next < checker->n_ids;
}

int check_fd(const struct checker *checker)
{
        return checker->sock;
}

uint64_t check_deadline_ms(const struct checker *checker)
{
        if (!check_is_busy(checker))
                return 0;
        /* What is known already waits for nobody. */
        return is_broken(checker, checker->ids[checker->next]) ? 1 : checker->deadline_ms;
}

static bool report(struct checker *checker, const struct check_report *from, struct check_report *ret)
{
        checker->next++;
        checker->deadline_ms = time_now_ms() + CHECK_LIMIT_MS;
        if (!check_is_busy(checker))
                end_evaluation(checker);
        *ret = *from;
        return true;
}

static bool report_broken(struct checker *checker, int id, struct check_report *ret)
{
        struct check_report own = { .id = id, .result = CHECK_ERROR };
        bool known = id >= 0 && (size_t)id < checker->n;

        snprintf(own.message, sizeof(own.message), "%s",
                 known ? checker->v[id].broken : "there is no such check");
        return report(checker, &own, ret);
}

/* Marks the check that is at work as one that is never run again, and goes on with the rest in a new
 * program. */
static bool give_up(struct checker *checker, int id, const char *why, struct check_report *ret)
{
        snprintf(checker->v[id].broken, sizeof(checker->v[id].broken), "%s", why);
        report_broken(checker, id, ret);
        if (begin_again(checker) && (!check_is_busy(checker) || send_rest(checker)))
                return true;
        for (size_t i = checker->next; i < checker->n_ids; i++)
                if (!is_broken(checker, checker->ids[i]))
                        snprintf(checker->v[checker->ids[i]].broken, CHECK_WORDS, "%s", checker->reason);
        return true;
}

/* Whether the program had to be started again and is asked once more: it may have been ended from outside.
 * One that dies twice of the same check dies of it. */
static bool try_again(struct checker *checker)
{
        if (checker->died_at == checker->next + 1)
                return false;
        checker->died_at = checker->next + 1;
        return begin_again(checker) && send_rest(checker);
}

static void convert(const struct check_answer *answer, struct check_report *ret)
{
        *ret = (struct check_report){ .id = (int)answer->id,
                                      .result = answer->kind == CHECK_SAYS_TRUE ? CHECK_TRUE : CHECK_NOT_YET,
                                      .has_value = answer->has_value };
        memcpy(ret->value, answer->value, sizeof(ret->value));
        memcpy(ret->message, answer->words, sizeof(ret->message));
}

bool check_next(struct checker *checker, struct check_report *ret)
{
        struct check_answer answer;
        struct check_report own;
        ssize_t n;
        int id;

        if (!check_is_busy(checker))
                return false;
        id = checker->ids[checker->next];
        if (is_broken(checker, id))
                return report_broken(checker, id, ret);
        n = io_recv(checker->sock, &answer, sizeof(answer), NULL, 0);
        if (n < 0 && errno == EAGAIN) {
                if (time_now_ms() < checker->deadline_ms)
                        return false;
                return give_up(checker, id, "it took longer than a second", ret);
        }
        if (n != (ssize_t)sizeof(answer) || answer.id != (uint32_t)id)
                return try_again(checker)
                               ? false
                               : give_up(checker, id, "the program that evaluates it died of it", ret);
        answer.value[sizeof(answer.value) - 1] = answer.words[sizeof(answer.words) - 1] = '\0';
        convert(&answer, &own);
        return report(checker, &own, ret);
}

bool check_wait(struct checker *checker, struct check_report *ret)
{
        while (check_is_busy(checker)) {
                struct pollfd wait = { .fd = checker->sock, .events = POLLIN };
                uint64_t now = time_now_ms(), end = check_deadline_ms(checker);

                if (check_next(checker, ret))
                        return true;
                if (now < end)
                        (void)poll(&wait, 1, (int)(end - now));
        }
        return false;
}
