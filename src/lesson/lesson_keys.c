/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "caps/near.h"

const char *const lesson_needs_names[NEEDS_N] = { "any", "root", "rootless", "two-ids" };
const char *const lesson_look_names[LESSON_LOOK_N] = { "",     "host",       "container", "user",
                                                       "caps", "namespaces", "result" };

enum { MINUTES_MAX = 999, NEAR_MOST = 2 };

/* Whom the keys of one block fill. */
struct target {
        struct parsing *parsing;
        struct lesson_step *step; /* of step and ask blocks */
        struct lesson_ask *ask;
};

typedef bool take_value(struct target *target, const struct place *place);

struct key {
        const char *name;
        bool many;
        take_value *take;
};

static bool wrong(struct target *target, const struct place *place, const char *why)
{
        return source_error(target->parsing->lesson, place->line, place->column, target->parsing->error, "%s",
                            why);
}

/* One word of a list; a fault names them all. */
static bool take_word(struct target *target, const struct place *place, const char *const *names, int n,
                      int *ret)
{
        struct str list = { 0 };

        for (int i = 0; i < n; i++)
                if (*names[i] && strcmp(names[i], place->text) == 0) {
                        *ret = i;
                        return true;
                }
        for (int i = 0; i < n; i++)
                if (*names[i])
                        str_add_f(&list, "%s%s", list.len ? ", " : "one of: ", names[i]);
        wrong(target, place, str_text(&list));
        str_finish(&list);
        return false;
}

static bool take_needs(struct target *target, const struct place *place)
{
        int found = 0;

        if (!take_word(target, place, lesson_needs_names, NEEDS_N, &found))
                return false;
        if (target->step)
                target->step->needs = (enum lesson_needs)found;
        else
                target->parsing->lesson->needs = (enum lesson_needs)found;
        return true;
}

static bool take_look(struct target *target, const struct place *place)
{
        int found = 0;

        if (!take_word(target, place, lesson_look_names, LESSON_LOOK_N, &found))
                return false;
        target->step->look = (enum lesson_look)found;
        return true;
}

static bool take_observe(struct target *target, const struct place *place)
{
        static const char *const names[] = { "yes", "no" };
        int found = 0;

        if (!take_word(target, place, names, 2, &found))
                return false;
        target->step->observe = found == 0;
        return true;
}

static bool take_start(struct target *target, const struct place *place)
{
        struct lesson *lesson = target->parsing->lesson;

        if (!do_parse_run(target->parsing, place, &lesson->start_words))
                return false;
        lesson->start = xstrdup(place->text);
        return true;
}

static bool take_minutes(struct target *target, const struct place *place)
{
        unsigned minutes = 0;
        const char *at = place->text;

        for (; *at >= '0' && *at <= '9' && minutes <= MINUTES_MAX; at++)
                minutes = minutes * 10 + (unsigned)(*at - '0');
        if (*at || minutes == 0 || minutes > MINUTES_MAX)
                return wrong(target, place, "a whole number of minutes, 1 or more");
        target->parsing->lesson->minutes = minutes;
        return true;
}

static bool take_do(struct target *target, const struct place *place)
{
        struct lesson_step *step = target->step;
        struct lesson_do d;

        if (!do_parse(target->parsing, place, &d))
                return false;
        step->dos = xrealloc(step->dos, step->n_dos + 1, sizeof(*step->dos));
        step->dos[step->n_dos++] = d;
        return true;
}

static struct lesson_check check_at(const struct place *place)
{
        return (struct lesson_check){ .expr = xstrdup(place->text),
                                      .at_line = place->line,
                                      .at_column = place->column };
}

static bool take_check(struct target *target, const struct place *place)
{
        struct lesson_step *step = target->step;

        step->checks = xrealloc(step->checks, step->n_checks + 1, sizeof(*step->checks));
        step->checks[step->n_checks++] = check_at(place);
        return true;
}

static bool take_say(struct target *target, const struct place *place)
{
        target->step->say = xstrdup(place->text);
        return true;
}

static bool take_hint(struct target *target, const struct place *place)
{
        target->step->hint = xstrdup(place->text);
        return true;
}

static bool take_question(struct target *target, const struct place *place)
{
        target->ask->question = xstrdup(place->text);
        return true;
}

static bool take_answer(struct target *target, const struct place *place)
{
        target->ask->answer = check_at(place);
        return true;
}

static const struct key lesson_keys[] = {
        { "start", false, take_start },
        { "minutes", false, take_minutes },
        { "needs", false, take_needs },
        { 0 },
};

static const struct key step_keys[] = {
        { "do", true, take_do },
        { "check", true, take_check },
        { "observe", false, take_observe },
        { "look", false, take_look },
        { "say", false, take_say },
        { "hint", false, take_hint },
        { "needs", false, take_needs },
        { 0 },
};

static const struct key ask_keys[] = {
        { "question", false, take_question },
        { "answer", false, take_answer },
        { 0 },
};

static const struct key *find_key(const struct key *keys, const char *name, size_t n)
{
        for (; keys->name; keys++)
                if (strlen(keys->name) == n && strncmp(keys->name, name, n) == 0)
                        return keys;
        return NULL;
}

static bool unknown_key(struct target *target, const struct key *keys, const struct place *place, size_t n)
{
        struct lesson_error *error = target->parsing->error;
        own_free char *name = xstrndup(place->text, n > 40 ? 40 : n);
        struct str all = { 0 };
        const char *near = NULL;
        unsigned distance = NEAR_MOST + 1;

        for (const struct key *key = keys; key->name; key++) {
                str_add_f(&all, "%s%s", all.len ? ", " : "", key->name);
                if (near_distance(name, key->name) < distance) {
                        near = key->name;
                        distance = near_distance(name, near);
                }
        }
        source_error(target->parsing->lesson, place->line, place->column, error,
                     "unknown key %s; this block knows %s", name, str_text(&all));
        str_finish(&all);
        return near && error ? fault_hint(&error->fault, "%s?", near) : false;
}

/* One `key: value` line. seen: which keys were there. */
static bool take_line(struct target *target, const struct key *keys, struct place place, unsigned *seen)
{
        const char *colon = strchr(place.text, ':');
        size_t n = colon ? (size_t)(colon - place.text) : strcspn(place.text, " \t");
        const struct key *key = find_key(keys, place.text, n);
        own_free char *value = NULL;
        size_t skip, len;

        if (!colon && key)
                return wrong(target, &place, "a colon is missing behind the key");
        if (!key)
                return unknown_key(target, keys, &place, n);
        if ((*seen & 1u << (key - keys)) && !key->many)
                return wrong(target, &place, "this key was given before");
        *seen |= 1u << (key - keys);
        skip = n + 1 + strspn(colon + 1, " \t");
        len = strlen(place.text + skip);
        while (len && strchr(" \t", place.text[skip + len - 1]))
                len--;
        place.column += (unsigned)skip;
        value = xstrndup(place.text + skip, len);
        place.text = value;
        if (!*value)
                return wrong(target, &place, "the key has no value");
        return key->take(target, &place);
}

/* A block's text has lost the fence's indentation: columns are counted in the file's own line. */
static bool take_lines(struct target *target, const struct key *keys, cmark_node *block, unsigned *seen)
{
        unsigned line = (unsigned)cmark_node_get_start_line(block) + 1;
        const char *rest = cmark_node_get_literal(block);

        for (bool ok; *rest; line++) {
                size_t n = strcspn(rest, "\r\n"), skip = strspn(rest, " \t"), len;
                own_free char *text = NULL;

                source_line(target->parsing, line, &len);
                if (skip < n) {
                        text = xstrndup(rest + skip, n - skip);
                        ok = take_line(target, keys,
                                       (struct place){ line,
                                                       (unsigned)(len > n ? len - n : 0) + (unsigned)skip + 1,
                                                       text },
                                       seen);
                        if (!ok)
                                return false;
                }
                rest += n;
                if (*rest == '\r')
                        rest++;
                if (*rest == '\n')
                        rest++;
        }
        return true;
}

static bool block_error(struct parsing *parsing, cmark_node *block, const char *why)
{
        return source_error(parsing->lesson, (unsigned)cmark_node_get_start_line(block),
                            (unsigned)cmark_node_get_start_column(block), parsing->error, "%s", why);
}

bool keys_parse_lesson(struct parsing *parsing, cmark_node *block)
{
        struct target target = { .parsing = parsing };
        unsigned seen = 0;

        if (parsing->has_lesson_block)
                return block_error(parsing, block,
                                   "a lesson has one vitrine-lesson block, this is the second");
        parsing->has_lesson_block = true;
        if (!take_lines(&target, lesson_keys, block, &seen))
                return false;
        return parsing->lesson->start || block_error(parsing, block, "the key start is missing");
}

bool keys_parse_step(struct parsing *parsing, cmark_node *block, struct lesson_step *step)
{
        struct target target = { .parsing = parsing, .step = step };
        unsigned seen = 0;

        if (!step)
                return block_error(parsing, block,
                                   "a vitrine-step block stands below a step's level-2 heading");
        if (parsing->has_step_block)
                return block_error(parsing, block, "a step has one vitrine-step block, this is the second");
        parsing->has_step_block = true;
        return take_lines(&target, step_keys, block, &seen);
}

bool keys_parse_ask(struct parsing *parsing, cmark_node *block, struct lesson_step *step)
{
        struct target target = { .parsing = parsing, .step = step };
        unsigned seen = 0;

        if (!step)
                return block_error(parsing, block,
                                   "a vitrine-ask block stands below a step's level-2 heading");
        step->asks = xrealloc(step->asks, step->n_asks + 1, sizeof(*step->asks));
        target.ask = &step->asks[step->n_asks++];
        *target.ask = (struct lesson_ask){ 0 };
        if (!take_lines(&target, ask_keys, block, &seen))
                return false;
        return (target.ask->question && target.ask->answer.expr) ||
               block_error(parsing, block, "a question needs both keys, question and answer");
}
