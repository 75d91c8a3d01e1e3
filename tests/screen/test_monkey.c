/* SPDX-License-Identifier: MIT */
/* Somebody who presses anything at all, on a window of any size. Whatever comes of it, the docker line in the
 * title must say what the kernel shows of the process that is tied. SEED, EVENTS and RESIZES (how many in a
 * hundred are another size: 8) may be given. As root no
 * dialog is ever confirmed: what is asked there is whether to give the machine away. */
#include "config.h"

#include "scene.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"
#include "spec/resolve.h"
#include "stage/action.h"

enum {
        EVENTS = 2000,
        CHECK_EVERY = 100,
        WIDE_COLS = 1000,
        WIDE_ROWS = 60,
        ESC_US = 60000,
        NUDGE_MS = 300,
        REASON = 1600,
        CLOSE_MS = 3000
};

struct monkey {
        struct scene *scene;
        struct screen *screen;
        uint64_t random;
        int cols, rows;
        int compared, ended, resizes;
        unsigned resizes_percent;
        uint64_t nudged_ms;
        int nudges;
        uint64_t close_by_ms;
        char reason[REASON]; /* why title and kernel are not one yet */
};

static unsigned roll(struct monkey *monkey, unsigned below)
{
        monkey->random ^= monkey->random << 13;
        monkey->random ^= monkey->random >> 7;
        monkey->random ^= monkey->random << 17;
        return (unsigned)((monkey->random >> 16) % below);
}

static long number_of(const char *name, long usual)
{
        const char *value = getenv(name);

        return value && *value ? strtol(value, NULL, 10) : usual;
}

/* What a terminal sends for a key of the table; "" for one that it has no name for. */
static void bytes_of_key(const char *key, char ret[static 16])
{
        static const struct {
                const char *name, *bytes;
        } names[] = {
                { "space", " " },        { "Up", "\033OA" },      { "Down", "\033OB" },
                { "Right", "\033OC" },   { "Left", "\033OD" },    { "Tab", "\t" },
                { "PgUp", "\033[5~" },   { "PgDn", "\033[6~" },   { "F1", "\033OP" },
                { "Home", "\033OH" },    { "End", "\033OF" },     { "Enter", "\r" },
                { "BackTab", "\033[Z" }, { "Delete", "\033[3~" }, { "BackSpace", "\177" },
                { "Esc", "\033" },
        };

        *ret = '\0';
        if (strncmp(key, "C-", 2) == 0)
                snprintf(ret, 16, "%c", key[2] & 31);
        else if (strlen(key) == 1)
                snprintf(ret, 16, "%s", key);
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (strcmp(names[i].name, key) == 0)
                        snprintf(ret, 16, "%s", names[i].bytes);
}

/* Leaving ends the run, a recording would be left behind, a shell takes all keys that follow, and y answers a
 * question. */
static bool is_left_out(const struct monkey *monkey, const char *bytes)
{
        return strpbrk(bytes, monkey->scene->user ? "qxR\003" : "qxyR\003") != NULL;
}

static void press(struct monkey *monkey, const char *bytes)
{
        if (!is_left_out(monkey, bytes))
                screen_send(monkey->screen, bytes);
}

static void press_action(struct monkey *monkey)
{
        const struct action *action = &actions[roll(monkey, (unsigned)actions_n)];
        char bytes[16];

        if (strcmp(action->name, "quit") == 0 || strcmp(action->name, "record") == 0)
                return;
        bytes_of_key(roll(monkey, 4) == 0 && action->also ? action->also : action->key, bytes);
        press(monkey, bytes);
}

static void press_editing(struct monkey *monkey)
{
        static const char *const keys[] = { "Esc", "Enter", "BackSpace", "Home", "End", "Delete", "BackTab" };
        char bytes[16];

        bytes_of_key(keys[roll(monkey, sizeof(keys) / sizeof(keys[0]))], bytes);
        press(monkey, bytes);
}

static void press_anything(struct monkey *monkey)
{
        char bytes[8];
        unsigned n = 1 + roll(monkey, 6);

        for (unsigned i = 0; i < n; i++)
                bytes[i] = (char)(1 + roll(monkey, 255));
        bytes[n] = '\0';
        press(monkey, bytes);
}

static void type(struct monkey *monkey)
{
        char c[2] = { (char)(' ' + roll(monkey, '~' - ' ')), '\0' };

        press(monkey, c);
}

static void use_mouse(struct monkey *monkey)
{
        static const int buttons[] = { 0, 0, 0, 1, 2, 32, 64, 65, 68, 128 };
        char bytes[64];
        int button = buttons[roll(monkey, sizeof(buttons) / sizeof(buttons[0]))];
        int x = (int)roll(monkey, (unsigned)monkey->cols + 2),
            y = (int)roll(monkey, (unsigned)monkey->rows + 2);

        snprintf(bytes, sizeof(bytes), "\033[<%d;%d;%d%c", button, x, y, roll(monkey, 5) ? 'M' : 'm');
        for (unsigned n = roll(monkey, 8) ? 1 : 2; n > 0; n--)
                press(monkey, bytes);
}

static void resize(struct monkey *monkey)
{
        static const unsigned cols[] = { 70, 250, 250, 500 }, rows[] = { 20, 80, 80, 200 };
        unsigned kind = roll(monkey, sizeof(cols) / sizeof(cols[0]));

        monkey->cols = 1 + (int)roll(monkey, cols[kind]);
        monkey->rows = 1 + (int)roll(monkey, rows[kind]);
        monkey->resizes++;
        screen_resize(monkey->screen, monkey->cols, monkey->rows);
}

static void do_something(struct monkey *monkey)
{
        unsigned what = roll(monkey, 92);

        if (roll(monkey, 100) < monkey->resizes_percent)
                resize(monkey);
        else if (what < 50)
                press_action(monkey);
        else if (what < 62)
                press_editing(monkey);
        else if (what < 74)
                type(monkey);
        else if (what < 80)
                press_anything(monkey);
        else
                use_mouse(monkey);
}

static void assert_sane(struct monkey *monkey)
{
        static const char *const signs[] = { "Sanitizer", "runtime error:" };
        size_t len;
        const char *raw = screen_raw(monkey->screen, &len);

        for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
                if (memmem(raw, len, signs[i], strlen(signs[i])))
                        screen_fail(monkey->screen, "a sanitizer has something to say");
        if (!proc_lives(screen_pid(monkey->screen)))
                screen_fail(monkey->screen, "vitrine has ended");
        screen_forget_raw(monkey->screen);
}

static bool disagree(struct monkey *monkey, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool disagree(struct monkey *monkey, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        vsnprintf(monkey->reason, sizeof(monkey->reason), format, args);
        va_end(args);
        return false;
}

/* The docker line as the title has it, without the state at the right; NULL while it is cut or not there.
 * Owned by the caller. */
static char *title_line(struct screen *screen)
{
        static const char before[] = " same as: ";
        const char *row = screen_row(screen, 0), *end;

        if (strncmp(row, before, sizeof(before) - 1) != 0 || strstr(row, "…"))
                return NULL;
        row += sizeof(before) - 1;
        end = strstr(row, "        ");
        return end ? xstrndup(row, (size_t)(end - row)) : NULL;
}

static bool parse_title(struct monkey *monkey, struct spec *ret)
{
        own_free char *line = title_line(monkey->screen);
        struct strv words = { 0 };
        struct fault fault = { 0 };
        struct view_flags views = { 0 };
        enum engine engine = ENGINE_DOCKER;
        int prefix;
        bool ok;

        if (!line)
                return disagree(monkey, "no whole line in the title");
        if (!spec_split_line(line, &words, &fault))
                return disagree(monkey, "the title cannot be split: %s", line);
        prefix = spec_line_prefix(&words, &engine, &fault);
        ok = prefix > 0 &&
             spec_parse_as(engine, (int)words.n - prefix, words.v + prefix, ret, &views, NULL, &fault);
        strv_finish(&words);
        return ok ? true : disagree(monkey, "the title cannot be parsed: %s: %s", line, fault.why);
}

static uint64_t known_caps(void)
{
        FILE *file = fopen("/proc/sys/kernel/cap_last_cap", "re");
        int last = 0;

        assert_non_null(file);
        assert_int_equal(fscanf(file, "%d", &last), 1);
        fclose(file);
        return last >= CAPS_N - 1 ? CAPS_ALL : (UINT64_C(1) << (last + 1)) - 1;
}

static void read_map(pid_t pid, const char *name, struct id_runs *ret)
{
        unsigned inside, outside, count;
        char path[64];
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
        file = fopen(path, "re");
        while (file && fscanf(file, "%u %u %u", &inside, &outside, &count) == 3)
                id_runs_add(ret, outside, count);
        if (file)
                fclose(file);
}

/* One line for one id: the kernel granted no range. */
static enum cage_mode read_maps(const struct monkey *monkey, pid_t pid, struct machine *ret)
{
        read_map(pid, "uid_map", &ret->uids);
        read_map(pid, "gid_map", &ret->gids);
        if (!monkey->scene->user && id_runs_count(&ret->uids) == UINT32_MAX)
                return MODE_ROOT;
        return id_runs_count(&ret->uids) == 1 ? MODE_ONE_ID : MODE_RANGE;
}

static bool resolve(struct monkey *monkey, const struct spec *spec, const struct machine *machine,
                    struct resolved *ret)
{
        static const struct users users = {
                .passwd = "root:x:0:0:root:/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n"
                          "nobody:x:65534:65534::/:/bin/false\n",
                .group = "root:x:0:\nstudent:x:1000:\nnogroup:x:65534:\n",
        };
        struct image_config config = { .user = xstrdup(""), .workdir = xstrdup("") };
        struct fault fault = { 0 };
        bool ok;

        ok = spec_resolve(spec, &config, &users, machine, "0123456789ab", true, NULL, ret, &fault);
        image_config_finish(&config);
        return ok ? true : disagree(monkey, "cannot be resolved: %s: %s", fault.step, fault.why);
}

static bool same_number(struct monkey *monkey, pid_t pid, const char *field, int base, uint64_t wanted)
{
        char value[64];

        if (!proc_status(pid, field, value, sizeof(value)))
                return disagree(monkey, "%d has gone", (int)pid);
        if (strtoull(value, NULL, base) == wanted)
                return true;
        return disagree(monkey, "%s of %d is %s and not %" PRIx64 " (hex)", field, (int)pid, value, wanted);
}

static bool same_namespace(struct monkey *monkey, pid_t pid, const char *type, enum ns_choice choice)
{
        char path[64], inside[64], outside[64];
        ssize_t a, b;

        snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, type);
        a = readlink(path, inside, sizeof(inside));
        snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)screen_pid(monkey->screen), type);
        b = readlink(path, outside, sizeof(outside));
        if (a <= 0 || b <= 0)
                return proc_lives(pid) ? true : disagree(monkey, "%d has gone", (int)pid);
        if ((a == b && memcmp(inside, outside, (size_t)a) == 0) == (choice == NS_HOST))
                return true;
        return disagree(monkey, "the %s namespace of %d is %.*s, the machine's %.*s", type, (int)pid, (int)a,
                        inside, (int)b, outside);
}

static bool compare(struct monkey *monkey, const struct spec *spec, pid_t pid)
{
        struct machine machine = { .known = known_caps() };
        struct resolved resolved;
        bool same;

        machine.mode = read_maps(monkey, pid, &machine);
        machine.grantable = machine.mode == MODE_ROOT ? scene_bounding() : machine.known;
        if (!resolve(monkey, spec, &machine, &resolved))
                return false;
        same = same_number(monkey, pid, "CapBnd", 16, resolved.caps.bounding) &&
               same_number(monkey, pid, "CapEff", 16, resolved.caps.effective) &&
               same_number(monkey, pid, "CapAmb", 16, resolved.caps.ambient) &&
               same_number(monkey, pid, "NoNewPrivs", 10, spec->no_new_privileges) &&
               (machine.mode != MODE_ROOT || same_number(monkey, pid, "Uid", 10, resolved.uid)) &&
               same_namespace(monkey, pid, "pid", spec->pid) &&
               same_namespace(monkey, pid, "net", spec->network) &&
               same_namespace(monkey, pid, "uts", spec->uts) &&
               same_namespace(monkey, pid, "ipc", spec->ipc) &&
               same_namespace(monkey, pid, "cgroup", spec->cgroupns) &&
               same_namespace(monkey, pid, "mnt", NS_OWN) &&
               same_namespace(monkey, pid, "user", machine.mode == MODE_ROOT ? NS_HOST : NS_OWN);
        resolved_finish(&resolved);
        return same;
}

static bool has_ended(struct screen *screen)
{
        return strstr(screen_row(screen, 0), "exited (") != NULL;
}

/* Escape closes what is open, = brings the tie back. Where vitrine was busy, both have come as one key. */
static void nudge(struct monkey *monkey)
{
        if (time_now_ms() < monkey->nudged_ms + NUDGE_MS)
                return;
        press(monkey, monkey->nudges++ % 2 ? "=" : "\033");
        monkey->nudged_ms = time_now_ms();
}

/* The title and the kernel are one, or the container has ended. */
static bool agrees(struct screen *screen, const void *data)
{
        /* NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the reason is noted in it */
        struct monkey *monkey = (struct monkey *)(uintptr_t)data;
        struct spec spec;
        struct tie tie;
        bool same;

        if (has_ended(screen))
                return true;
        if (!tie_find(screen, &tie)) {
                nudge(monkey);
                return disagree(monkey, "no process is tied");
        }
        if (!parse_title(monkey, &spec))
                return false;
        same = compare(monkey, &spec, tie.host);
        spec_finish(&spec);
        return same;
}

/* The key that leaves would be typed into a line that is open. Where the bar never names it, it is tried all
 * the same. */
static bool is_closed(struct screen *screen, const void *data)
{
        /* NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the time of the last key is noted in it */
        struct monkey *monkey = (struct monkey *)(uintptr_t)data;

        if (screen_find(screen, "q:quit") >= 0 || time_now_ms() >= monkey->close_by_ms)
                return true;
        nudge(monkey);
        return false;
}

/* A lesson that goes on is asked about, which a window must be large enough for. */
static void leave(struct monkey *monkey)
{
        screen_resize(monkey->screen, WIDE_COLS, WIDE_ROWS);
        monkey->close_by_ms = time_now_ms() + CLOSE_MS;
        screen_wait(monkey->screen, is_closed, monkey, "what is open to close");
        /* On a busy machine an Esc may still wait for the next key, and make another of it. */
        press(monkey, "\f");
        scene_leave_anyway(monkey->screen);
}

static void start(struct monkey *monkey)
{
        monkey->screen = scene_start(monkey->scene, NULL, NULL, 80, 24);
        monkey->cols = 80;
        monkey->rows = 24;
        tie_wait_status(monkey->screen, "Name", "sleep");
}

/* Closes what is open, and looks. A container whose end was typed (`sleep 3600x`) is one to begin anew from.
 */
static void check(struct monkey *monkey)
{
        screen_resize(monkey->screen, WIDE_COLS, WIDE_ROWS);
        for (int i = 0; i < 3; i++) {
                press(monkey, "\033");
                usleep(ESC_US);
                screen_drain(monkey->screen);
        }
        press(monkey, "=");
        monkey->nudged_ms = time_now_ms();
        snprintf(monkey->reason, sizeof(monkey->reason), "nothing was seen");
        screen_wait(monkey->screen, agrees, monkey, monkey->reason);
        assert_sane(monkey);
        if (!has_ended(monkey->screen)) {
                monkey->compared++;
        } else {
                monkey->ended++;
                leave(monkey);
                screen_finish(monkey->screen);
                start(monkey);
        }
        resize(monkey);
}

static void the_title_says_what_the_kernel_shows_whatever_is_pressed(void **state)
{
        struct monkey monkey = { .scene = *state };
        long seed = number_of("SEED", (long)(time(NULL) & INT_MAX)), events = number_of("EVENTS", EVENTS);

        monkey.resizes_percent = (unsigned)number_of("RESIZES", 8);
        monkey.random = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        printf("# SEED=%ld EVENTS=%ld\n", seed, events);
        fflush(stdout);
        start(&monkey);
        for (long i = 1; i <= events; i++) {
                do_something(&monkey);
                screen_drain(monkey.screen);
                if (i % CHECK_EVERY == 0 || i == events)
                        check(&monkey);
        }
        printf("# compared %d times, begun anew %d times, %d sizes\n", monkey.compared, monkey.ended,
               monkey.resizes);
        if (events >= EVENTS)
                assert_true(monkey.compared > monkey.ended);
        leave(&monkey);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_title_says_what_the_kernel_shows_whatever_is_pressed),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
