/* SPDX-License-Identifier: MIT */
/* press COLSxROWS STEP... -- PROGRAM ARGUMENT...: runs it on a terminal of its own, for tests in shell. A
 * step:
 *
 * =TEXT waits until that is on the screen. The program's end, a deadline, and a line on the screen that ends
 * in $FAULT_WHY (failcall.c) or $SAYS, a regular expression, end the wait too.
 *
 * !NAME ends whatever process of it has that name with SIGKILL.
 *
 * @NAME waits until one process of it alone has that name, and prints what the kernel says of that one.
 *
 * Anything else is typed.
 *
 * To standard output goes a line for each wait, and the screen before the last step, each row behind "| "; to
 * standard error what stands on the terminal after the end. The exit status is the program's. */
#include "config.h"

#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"
#include "screen.h"

enum { WAIT_MS = 6000, SAID_MS = 1500, ALONE_MS = 50 };

struct wait {
        const char *text, *name;
        regex_t *says; /* NULL: nothing ends it early */
        uint64_t end_ms;
        pid_t pid;         /* of the process with that name */
        uint64_t since_ms; /* it alone */
        bool came, said;
};

/* A sentence on the screen may go on in the next row. */
static bool says(struct screen *screen, const regex_t *what)
{
        own_free char *text = xstrdup(screen_text(screen));
        size_t n = 0;

        for (const char *c = text; *c; c++) {
                char one = *c == '\n' ? ' ' : *c;

                if (one != ' ' || n == 0 || text[n - 1] != ' ')
                        text[n++] = one;
        }
        text[n] = '\0';
        return regexec(what, text, 0, NULL, 0) == 0;
}

static bool is_over(struct screen *screen, struct wait *wait)
{
        wait->said = wait->says && says(screen, wait->says);
        return wait->said || time_now_ms() >= wait->end_ms || !proc_lives(screen_pid(screen));
}

static bool has_text(struct screen *screen, const void *data)
{
        struct wait *wait = (struct wait *)data;

        wait->came = screen_find(screen, wait->text) >= 0;
        return wait->came || is_over(screen, wait);
}

static bool has_one(struct screen *screen, const void *data)
{
        struct wait *wait = (struct wait *)data;
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids), named = 0;
        pid_t last = wait->pid;
        char name[64];

        for (size_t i = 0; i < n; i++) {
                if (!proc_status(pids[i], "Name", name, sizeof(name)) || strcmp(name, wait->name) != 0)
                        continue;
                wait->pid = pids[i];
                named++;
        }
        /* Two that end one after the other are not one. */
        if (named != 1 || wait->pid != last)
                wait->since_ms = time_now_ms();
        wait->came = named == 1 && time_now_ms() >= wait->since_ms + ALONE_MS;
        return wait->came || is_over(screen, wait);
}

static void kill_named(struct screen *screen, const char *name)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids);
        char is[64];

        for (size_t i = 0; i < n; i++)
                if (proc_status(pids[i], "Name", is, sizeof(is)) && strcmp(is, name) == 0)
                        kill(pids[i], SIGKILL);
}

/* Without the numbers that each new process has others of. */
static void print_file(pid_t pid, const char *name, const char *const *wanted)
{
        own_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);
        char line[4096];
        FILE *file = fopen(path, "re");

        while (file && fgets(line, sizeof(line), file)) {
                bool take = !wanted;

                for (const char *const *at = wanted; at && *at; at++)
                        take = take || strncmp(line, *at, strlen(*at)) == 0;
                if (take)
                        printf("%s %s", name, line);
        }
        if (file)
                fclose(file);
}

static void print_process(pid_t pid)
{
        static const char *const status[] = { "Uid", "Gid", "Groups", "Cap", "NoNewPrivs", "Seccomp", NULL };

        print_file(pid, "status", status);
        print_file(pid, "uid_map", NULL);
        print_file(pid, "gid_map", NULL);
        print_file(pid, "limits", NULL);
        print_file(pid, "cgroup", NULL);
        print_file(pid, "mountinfo", NULL);
}

static void step(struct screen *screen, const char *what, regex_t *said)
{
        struct wait wait = { .says = said, .end_ms = time_now_ms() + WAIT_MS };

        if (*what == '=') {
                wait.text = what + 1;
                screen_wait(screen, has_text, &wait, what);
                printf("%s %s\n", wait.came ? "came" : wait.said ? "said in place of" : "missing", what + 1);
        } else if (*what == '@') {
                wait.name = what + 1;
                wait.end_ms -= said && says(screen, said) ? WAIT_MS - SAID_MS : 0;
                wait.says = NULL;
                screen_wait(screen, has_one, &wait, what);
                printf("%s %s\n", wait.came ? "one" : "not one", what + 1);
                if (wait.came)
                        print_process(wait.pid);
        } else if (*what == '!') {
                kill_named(screen, what + 1);
        } else if (proc_lives(screen_pid(screen))) {
                screen_send(screen, what);
        }
}

static void print_rows(struct screen *screen, FILE *to, const char *before)
{
        own_free char *text = xstrdup(screen_text(screen));

        for (char *save = NULL, *row = strtok_r(text, "\n", &save); row; row = strtok_r(NULL, "\n", &save))
                fprintf(to, "%s%s\n", before, row);
}

/* Returns false where there is nothing to look for. */
static bool compile(regex_t *ret)
{
        const char *why = getenv("FAULT_WHY"), *more = getenv("SAYS");
        own_free char *pattern = NULL;

        if (!why || !*why)
                return false;
        pattern = xasprintf("[a-z0-9/)]: (%s|%s)", why, more && *more ? more : why);
        if (regcomp(ret, pattern, REG_EXTENDED | REG_NOSUB) != 0)
                exit(99);
        return true;
}

static int run(const struct screen_options *options, char **steps, int n)
{
        struct screen *screen = screen_start(options);
        regex_t says;
        bool looks = compile(&says);
        int ret;

        for (int i = 0; i < n; i++) {
                if (i == n - 1)
                        print_rows(screen, stdout, "| ");
                step(screen, steps[i], looks ? &says : NULL);
        }
        ret = screen_wait_end(screen);
        print_rows(screen, stderr, "");
        if (screen_is_alternate(screen))
                printf("left: the alternate screen\n");
        if (!screen_shows_cursor(screen))
                printf("left: no cursor\n");
        screen_finish(screen);
        if (looks)
                regfree(&says);
        return ret;
}

int main(int argc, char **argv)
{
        const char *home = getenv("XDG_STATE_HOME");
        own_free char *state = xasprintf("XDG_STATE_HOME=%s", home ? home : "");
        const char *const env[] = { state, "TERM=screen-256color", NULL };
        struct screen_options options = { .env = env, .uid = (uid_t)-1 };
        int at = 2;

        while (at < argc && strcmp(argv[at], "--") != 0)
                at++;
        if (at + 1 >= argc || sscanf(argv[1], "%dx%d", &options.cols, &options.rows) != 2)
                return 99;
        options.program = argv[at + 1];
        options.args = (const char *const *)argv + at + 2;
        return run(&options, argv + 2, at - 2);
}
