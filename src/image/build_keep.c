/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/build_state.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "image/dockerfile_words.h"
#include "image/duration.h"
#include "image/port_text.h"

static bool add_once(struct build *build, struct strv *list, const char *text)
{
        if (strv_find(list, text) >= 0)
                return true;
        if (list->n >= BUILT_LIST_MAX)
                return build_fault(build, "more than %d of them", BUILT_LIST_MAX);
        strv_add(list, text);
        return build_spend(build, strlen(text));
}

static bool set_label(struct build *build, const char *name, const char *value)
{
        struct strv *labels = &build_image(build)->labels;

        for (size_t i = 0; i + 1 < labels->n; i += 2) {
                if (strcmp(labels->v[i], name) != 0)
                        continue;
                free(labels->v[i + 1]);
                labels->v[i + 1] = xstrdup(value);
                return build_spend(build, strlen(name) + strlen(value));
        }
        if (labels->n >= 2 * (size_t)BUILT_LIST_MAX)
                return build_fault(build, "more than %d labels", BUILT_LIST_MAX);
        strv_add(labels, name);
        strv_add(labels, value);
        return build_spend(build, strlen(name) + strlen(value));
}

bool build_label(struct build *build)
{
        struct strv pairs = { 0 };
        bool ok = build_pairs(build, &pairs);

        for (size_t i = 0; ok && i < pairs.n; i += 2)
                ok = set_label(build, pairs.v[i], pairs.v[i + 1]);
        strv_finish(&pairs);
        return ok;
}

static bool add_port(struct build *build, const char *word)
{
        char why[PORT_WHY];
        own_free char *port = port_text_read(word, why);

        return port ? add_once(build, &build_image(build)->exposed, port)
                    : build_fault(build, "EXPOSE: %s", why);
}

bool build_expose(struct build *build)
{
        own_free char *expanded = NULL;
        struct strv words = { 0 };
        bool ok = true;

        if (!*build->now->text)
                return build_fault_needs(build, "at least one argument");
        if (!build_expand(build, build->now->text, &expanded) || !build_spend(build, strlen(expanded)))
                return false;
        dockerfile_split_space(expanded, &words);
        for (size_t i = 0; ok && i < words.n; i++)
                ok = add_port(build, words.v[i]);
        strv_finish(&words);
        return ok;
}

static bool add_volume(struct build *build, const char *word)
{
        own_free char *path = NULL;

        if (!build_expand(build, word, &path) || !build_spend(build, strlen(path)))
                return false;
        if (!*path)
                return build_fault(build, "VOLUME specified can not be an empty string");
        return add_once(build, &build_image(build)->volumes, path);
}

bool build_volume(struct build *build)
{
        struct strv words = { 0 };
        bool ok = true;

        switch (dockerfile_json(build->now->text, &words)) {
        case JSON_LIST:
                break;
        case JSON_LIST_STRANGE:
                return build_fault(build,
                                   "when using JSON array syntax, arrays must be comprised of strings only");
        case JSON_LIST_NOT:
                dockerfile_split_space(build->now->text, &words);
                break;
        }
        if (words.n == 0)
                ok = build_fault_needs(build, "at least one argument");
        for (size_t i = 0; ok && i < words.n; i++)
                ok = add_volume(build, words.v[i]);
        strv_finish(&words);
        return ok;
}

/* A number from 1 to 64, or a name with or without SIG; RTMIN+n and RTMAX-n too. */
static bool is_signal(const char *text)
{
        static const char *const signals[] = { "ABRT",   "ALRM",  "BUS",    "CHLD", "CLD",   "CONT",
                                               "FPE",    "HUP",   "ILL",    "INT",  "IO",    "IOT",
                                               "KILL",   "PIPE",  "POLL",   "PROF", "PWR",   "QUIT",
                                               "SEGV",   "STOP",  "STKFLT", "SYS",  "TERM",  "TRAP",
                                               "TSTP",   "TTIN",  "TTOU",   "URG",  "USR1",  "USR2",
                                               "VTALRM", "WINCH", "XCPU",   "XFSZ", "RTMIN", "RTMAX" };

        if (isdigit((unsigned char)*text))
                return strspn(text, "0123456789") == strlen(text) && strlen(text) <= 2 && atoi(text) >= 1 &&
                       atoi(text) <= 64;
        if (strncasecmp(text, "SIG", 3) == 0)
                text += 3;
        if (strncasecmp(text, "RTMIN+", 6) == 0 || strncasecmp(text, "RTMAX-", 6) == 0)
                return text[6] && strspn(text + 6, "0123456789") == strlen(text + 6) &&
                       strlen(text + 6) <= 2 && atoi(text + 6) <= 30;
        for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
                if (strcasecmp(text, signals[i]) == 0)
                        return true;
        return false;
}

bool build_stopsignal(struct build *build)
{
        own_free char *name = NULL;

        if (!*build->now->text)
                return build_fault_needs(build, "exactly one argument");
        if (!build_expand(build, build->now->text, &name))
                return false;
        if (!is_signal(name))
                return build_fault(build, "Invalid signal: %.60s", name);
        free(build_image(build)->stop_signal);
        build_image(build)->stop_signal = take_ptr(name);
        return true;
}

bool build_maintainer(struct build *build)
{
        if (!*build->now->text)
                return build_fault_needs(build, "exactly one argument");
        free(build_image(build)->author);
        build_image(build)->author = xstrdup(build->now->text);
        return build_spend(build, strlen(build->now->text));
}

/* Docker's check of --retries: a number of 32 bits, at least 1; nothing is the default. */
static bool check_retries(struct build *build, const char *value)
{
        const char *digits = value + (*value == '-' || *value == '+');
        bool number = *digits && !digits[strspn(digits, "0123456789")];
        long long retries = number ? strtoll(value, NULL, 10) : 0;

        if (!*value)
                return true;
        if (!number || retries > INT32_MAX || retries < INT32_MIN) {
                build_fault(build, "--retries: \"%.40s\" is %s", value,
                            number ? "out of range" : "no whole number");
                return fault_hint(build->fault, "write a number from 1 to %d", INT32_MAX);
        }
        return retries >= 1 || build_fault(build, "--retries must be at least 1 (not %lld)", retries);
}

static bool check_interval(struct build *build, const char *name, const char *value)
{
        char why[DURATION_WHY];
        int64_t ns;

        if (!*value)
                return true;
        if (!duration_read(value, &ns, why))
                build_fault(build, "--%s: %s", name, why);
        else if (ns < 1000000)
                build_fault(build, "Interval \"%s\" cannot be less than 1ms", name);
        else
                return true;
        return fault_hint(build->fault, "write numbers with a unit (ms, s, m, h): 500ms, 30s, 1m30s");
}

static bool check_health_flags(struct build *build)
{
        static const char *const known[] = { "interval", "timeout", "start-period", "start-interval",
                                             "retries" };
        enum { RETRIES = 4, KNOWN_N };
        const char *values[KNOWN_N] = { NULL };

        for (size_t i = 0; i < build->now->flags.n; i++) {
                const char *flag = build->now->flags.v[i] + 2;
                size_t n = strcspn(flag, "="), j = 0;

                while (j < KNOWN_N && (strlen(known[j]) != n || memcmp(known[j], flag, n) != 0))
                        j++;
                if (j == KNOWN_N)
                        return build_fault(build, "HEALTHCHECK: unknown flag: %.60s", flag);
                if (values[j])
                        return build_fault(build, "Duplicate flag specified: %s", known[j]);
                if (!flag[n])
                        return build_fault(build, "Missing a value on flag: %s", known[j]);
                values[j] = flag + n + 1;
        }
        for (size_t j = 0; j < RETRIES; j++)
                if (values[j] && !check_interval(build, known[j], values[j]))
                        return false;
        return !values[RETRIES] || check_retries(build, values[RETRIES]);
}

/* What stands behind CMD is kept as it stands; a list is looked at all the same. */
static bool check_health_command(struct build *build, const char *text)
{
        struct strv words = { 0 };
        enum json_list list = dockerfile_json(text, &words);
        bool none = list == JSON_LIST ? words.n == 0 : !*text;

        strv_finish(&words);
        if (list == JSON_LIST_STRANGE)
                return build_fault(build,
                                   "when using JSON array syntax, arrays must be comprised of strings only");
        return !none || build_fault(build, "Missing command after HEALTHCHECK CMD");
}

/* NONE, beside which flags are nothing, not even looked at; or CMD and a command. The words are kept as they
 * stand. */
bool build_healthcheck(struct build *build)
{
        const char *text = build->now->text;
        size_t n = strcspn(text, " \t\n\v\f\r");
        const char *rest = text + n + strspn(text + n, " \t\n\v\f\r");
        struct strv *health = &build_image(build)->health;
        bool none = n == 4 && strncasecmp(text, "NONE", 4) == 0;

        if (!n)
                return build_fault_needs(build, "at least one argument");
        if (none && *rest)
                return build_fault(build, "HEALTHCHECK NONE takes no arguments");
        if (!none && !(n == 3 && strncasecmp(text, "CMD", 3) == 0))
                return build_fault(build, "Unknown type \"%.*s\" in HEALTHCHECK (try CMD)",
                                   n < 40 ? (int)n : 40, text);
        if (!none && !(check_health_command(build, rest) && check_health_flags(build)))
                return false;
        strv_finish(health);
        for (size_t i = 0; !none && i < build->now->flags.n; i++)
                strv_add(health, build->now->flags.v[i]);
        strv_add(health, none ? "NONE" : "CMD");
        if (!none)
                strv_add(health, rest);
        return build_spend(build, strlen(text));
}

/* Whether the instruction may wait in an image for whoever builds on it. */
static bool check_trigger(struct build *build, const char *text)
{
        struct dockerfile file = { 0 };
        struct fault fault = { 0 };
        enum instruction_kind kind;
        bool ok;

        if (!dockerfile_parse("", text, &file, &fault)) {
                build_fault(build, "ONBUILD: %s", fault.why);
                return fault_hint(build->fault, "%s", fault.hint);
        }
        kind = file.v[0].kind;
        if (file.n != 1)
                ok = build_fault(build, "ONBUILD: it is not one instruction");
        else if (kind == INSTRUCTION_ONBUILD)
                ok = build_fault(build, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        else if (kind == INSTRUCTION_FROM || kind == INSTRUCTION_MAINTAINER)
                ok = build_fault(build, "%s isn't allowed as an ONBUILD trigger", instruction_name(kind));
        else
                ok = build_allowed(build, kind);
        dockerfile_finish(&file);
        return ok;
}

bool build_onbuild(struct build *build)
{
        struct strv *triggers = &build_image(build)->on_build;

        if (!*build->now->text)
                return build_fault_needs(build, "at least one argument");
        if (!check_trigger(build, build->now->text))
                return false;
        if (triggers->n >= BUILT_LIST_MAX)
                return build_fault(build, "more than %d triggers", BUILT_LIST_MAX);
        strv_add(triggers, build->now->text);
        return build_spend(build, strlen(build->now->text));
}
