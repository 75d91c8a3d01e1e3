/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/build.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "base/text.h"
#include "image/build_state.h"
#include "image/dockerfile_words.h"
#include "image/expand.h"
#include "image/text_file.h"

bool build_fault(struct build *build, const char *why, ...)
{
        char text[200];
        va_list args;

        va_start(args, why);
        vsnprintf(text, sizeof(text), why, args);
        va_end(args);
        if (build->trigger)
                return text_file_fault(build->fault, build->request->file_name, build->now->line,
                                       "ONBUILD %.60s: %s", build->trigger, text);
        return text_file_fault(build->fault, build->request->file_name, build->now->line, "%s", text);
}

bool build_fault_needs(struct build *build, const char *what)
{
        return build_fault(build, "%s requires %s", instruction_name(build->now->kind), what);
}

struct built *build_image(struct build *build)
{
        return &build->stages[build->n_stages - 1].image;
}

bool build_spend(struct build *build, size_t n)
{
        build->spent += n;
        return build->spent <= BUILD_SPENT_MAX ||
               build_fault(build, "the configuration grows beyond all use: more than 4 MiB");
}

const char *build_get(const struct strv *list, const char *name, size_t n, bool *ret_there)
{
        /* Of a --build-arg that was given twice the last counts. */
        for (size_t i = list->n; i-- > 0;) {
                const char *entry = list->v[i];

                if (strncmp(entry, name, n) != 0 || (entry[n] != '=' && entry[n]))
                        continue;
                *ret_there = true;
                return entry[n] ? entry + n + 1 : NULL;
        }
        *ret_there = false;
        return NULL;
}

bool build_set(struct build *build, struct strv *list, const char *name, const char *value)
{
        size_t n = strlen(name);
        char *entry = value ? xasprintf("%s=%s", name, value) : xstrdup(name);

        for (size_t i = 0; i < list->n; i++) {
                if (strncmp(list->v[i], name, n) != 0 || (list->v[i][n] != '=' && list->v[i][n]))
                        continue;
                free(list->v[i]);
                list->v[i] = entry;
                return build_spend(build, strlen(entry));
        }
        strv_add_take(list, entry);
        if (list->n > BUILT_LIST_MAX)
                return build_fault(build, "more than %d variables", BUILT_LIST_MAX);
        return build_spend(build, strlen(entry));
}

/* What --build-arg gives to a name of n bytes; NULL when it gives nothing. */
static const char *given(const struct build *build, const char *name, size_t n)
{
        bool there;
        const char *value = build_get(build->request->args, name, n, &there);

        if (value || !there)
                return value;
        for (char *const *entry = build->request->environ; entry && *entry; entry++)
                if (strncmp(*entry, name, n) == 0 && (*entry)[n] == '=')
                        return *entry + n + 1;
        return NULL;
}

/* Arguments that docker knows without an ARG. */
static bool is_known_arg(const char *name, size_t n)
{
        static const char *const known[] = { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
                                             "FTP_PROXY",  "ftp_proxy",  "NO_PROXY",    "no_proxy" };

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
                if (strlen(known[i]) == n && memcmp(known[i], name, n) == 0)
                        return true;
        return false;
}

static const char *look_up_arg(const struct build *build, const struct strv *args, const char *name, size_t n)
{
        bool there;
        const char *value = build_get(args, name, n, &there);

        return !there && is_known_arg(name, n) ? given(build, name, n) : value;
}

/* ENV hides an ARG of the same name. */
static const char *look_up(void *data, const char *name, size_t n)
{
        struct build *build = data;
        bool there;
        const char *value = build_get(&build_image(build)->config.env, name, n, &there);

        return there ? value : look_up_arg(build, &build->args, name, n);
}

static const char *look_up_meta(void *data, const char *name, size_t n)
{
        struct build *build = data;

        return look_up_arg(build, &build->meta_args, name, n);
}

static bool expand(struct build *build, const char *text, expand_lookup *lookup, char **ret)
{
        own_free char *expanded = NULL;
        char why[EXPAND_WHY];

        if (!expand_text(text, build->escape, lookup, build, &expanded, why))
                return build_fault(build, "%s", why);
        /* The Dockerfile and what an ARG took are: it is the value of an argument that needs none. */
        if (!text_is_utf8(expanded))
                return build_fault(build, "a --build-arg for a proxy: its value is not UTF-8");
        *ret = take_ptr(expanded);
        return true;
}

bool build_expand(struct build *build, const char *text, char **ret)
{
        return expand(build, text, look_up, ret);
}

bool build_expand_meta(struct build *build, const char *text, char **ret)
{
        return expand(build, text, look_up_meta, ret);
}

static bool declare(struct build *build, struct strv *args, bool meta, const char *word)
{
        own_free char *name = xstrdup(word);
        const char *value;
        char *equals = strchr(name, '=');
        bool there;

        if (equals)
                *equals = '\0';
        if (!*name)
                return build_fault(build, "ARG names can not be blank");
        value = given(build, name, strlen(name));
        if (value && !text_is_utf8(value))
                return build_fault(build, "--build-arg %.60s: its value is not UTF-8", name);
        if (!value && equals)
                value = equals + 1;
        if (!value && !meta)
                value = build_get(&build->meta_args, name, strlen(name), &there);
        if (strv_find(&build->used, name) < 0 && build->used.n < BUILT_LIST_MAX)
                strv_add(&build->used, name);
        return build_set(build, args, name, value);
}

bool build_arg(struct build *build, struct strv *args, bool meta)
{
        struct strv words = { 0 }, expanded = { 0 };
        bool ok = true;

        dockerfile_split(build->now->text, build->escape, &words);
        if (words.n == 0)
                ok = build_fault_needs(build, "at least one argument");
        /* All are expanded before the first is declared: no word sees another of its line. */
        for (size_t i = 0; ok && i < words.n; i++) {
                char *text;

                ok = (meta ? build_expand_meta : build_expand)(build, words.v[i], &text);
                if (ok) {
                        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): it is set, or that failed */
                        strv_add_take(&expanded, text);
                        ok = build_spend(build, strlen(text));
                }
        }
        for (size_t i = 0; ok && i < expanded.n; i++)
                ok = declare(build, args, meta, expanded.v[i]);
        strv_finish(&words);
        strv_finish(&expanded);
        return ok;
}

static bool is_stage_name(const char *name)
{
        if (!isalpha((unsigned char)*name))
                return false;
        for (; *name; name++)
                if (!isalnum((unsigned char)*name) && !strchr("-_.", *name))
                        return false;
        return true;
}

static const struct built *find_stage(const struct build *build, const char *name)
{
        for (size_t i = 0; i < build->n_stages; i++)
                if (*build->stages[i].name && strcasecmp(build->stages[i].name, name) == 0)
                        return &build->stages[i].image;
        return NULL;
}

static bool refuse_scratch(struct build *build)
{
        build_fault(build, "FROM scratch: an empty root has no program, and a build here adds none");
        return fault_hint(build->fault, "prepare a root file system in a folder, then: FROM dir:PATH");
}

/* What finds says of a name, said of this line. */
static bool find_base(struct build *build, const char *name, struct built *ret)
{
        struct fault fault = { 0 };
        char line[600];

        if (build->request->find(build->request->data, name, ret, &fault))
                return true;
        fault_line(&fault, line, sizeof(line));
        build_fault(build, "%.190s", line);
        return fault_hint(build->fault, "%.250s", fault.hint);
}

/* The instructions that a base has left for whoever builds on it. */
static bool run_triggers(struct build *build, struct strv *triggers)
{
        const struct instruction *from = build->now;
        bool ok = true;

        for (size_t i = 0; ok && i < triggers->n; i++) {
                struct dockerfile file = { 0 };
                struct fault fault = { 0 };

                build->trigger = triggers->v[i];
                build->now = from;
                if (!dockerfile_parse("", triggers->v[i], &file, &fault) || file.n != 1) {
                        ok = build_fault(build, "%s", file.n ? "it is not one instruction" : fault.why);
                } else {
                        file.v[0].line = from->line;
                        ok = build_instruction(build, &file.v[0]);
                }
                dockerfile_finish(&file);
        }
        build->trigger = NULL;
        build->now = from;
        return ok;
}

static size_t size_of_list(const struct strv *list)
{
        size_t n = 0;

        for (size_t i = 0; i < list->n; i++)
                n += strlen(list->v[i]) + 1;
        return n;
}

static size_t size_of(const struct built *built)
{
        return size_of_list(&built->config.env) + size_of_list(&built->config.cmd) +
               size_of_list(&built->config.entrypoint) + size_of_list(&built->labels) +
               size_of_list(&built->on_build) + size_of_list(&built->exposed) + size_of_list(&built->volumes);
}

static bool begin_stage(struct build *build, const char *name, const char *as)
{
        const struct built *earlier = find_stage(build, name);
        struct built image;
        struct strv triggers = { 0 };
        bool ok;

        if (!earlier && strcmp(name, "scratch") == 0)
                return refuse_scratch(build);
        if (build->n_stages == BUILD_STAGES_MAX)
                return build_fault(build, "more than %d stages", BUILD_STAGES_MAX);
        if (earlier)
                built_copy(&image, earlier);
        else if (!find_base(build, name, &image))
                return false;
        build->stages = xrealloc(build->stages, build->n_stages + 1, sizeof(*build->stages));
        build->stages[build->n_stages++] = (struct build_stage){ xstrdup(as), image };
        strv_finish(&build->args);
        build->cmd_set = false;
        triggers = image.on_build;
        build_image(build)->on_build = (struct strv){ 0 };
        ok = build_spend(build, size_of(&image)) && run_triggers(build, &triggers);
        strv_finish(&triggers);
        return ok;
}

static bool check_from(struct build *build, const struct strv *words)
{
        if (build->now->flags.n) {
                build_fault(build, "%.60s: the root that a build stands on is this machine's",
                            build->now->flags.v[0]);
                return fault_hint(build->fault, "leave --platform away: there is one platform here");
        }
        if (words->n != 1 && (words->n != 3 || strcasecmp(words->v[1], "AS") != 0))
                return build_fault_needs(build, "either one or three arguments");
        if (words->n == 3 && !is_stage_name(words->v[2]))
                return build_fault(build,
                                   "invalid name for build stage: \"%.60s\", name can't start with a number "
                                   "or contain symbols",
                                   words->v[2]);
        if (words->n == 3 && find_stage(build, words->v[2])) {
                build_fault(build, "%.60s stage name already used", words->v[2]);
                return fault_hint(build->fault, "give each stage a name of its own; small and large letters "
                                                "are the same there");
        }
        return true;
}

static bool take_from(struct build *build)
{
        struct strv words = { 0 };
        own_free char *name = NULL;
        bool ok;

        dockerfile_split_space(build->now->text, &words);
        ok = check_from(build, &words) && build_expand_meta(build, words.v[0], &name);
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): build_expand_meta set it, or has failed */
        if (ok && !*name)
                ok = build_fault(build, "base name (%.60s) should not be blank", words.v[0]);
        ok = ok && begin_stage(build, name, words.n == 3 ? words.v[2] : "");
        strv_finish(&words);
        return ok;
}

static bool take(struct build *build, const struct instruction *instruction)
{
        build->now = instruction;
        if (instruction->kind == INSTRUCTION_FROM)
                return take_from(build);
        if (build->n_stages)
                return build_instruction(build, instruction);
        if (instruction->kind == INSTRUCTION_ARG)
                return build_arg(build, &build->meta_args, true);
        build_fault(build, "no build stage in current context");
        return fault_hint(build->fault, "a Dockerfile begins with FROM; before it only ARG may stand");
}

static void find_unused(const struct build *build, struct strv *ret)
{
        for (size_t i = 0; i < build->request->args->n; i++) {
                const char *entry = build->request->args->v[i];
                own_free char *name = xstrndup(entry, strcspn(entry, "="));

                if (strv_find(&build->used, name) < 0 && !is_known_arg(name, strlen(name)))
                        strv_add(ret, name);
        }
}

static void finish(struct build *build)
{
        for (size_t i = 0; i < build->n_stages; i++) {
                free(build->stages[i].name);
                built_finish(&build->stages[i].image);
        }
        free(build->stages);
        strv_finish(&build->meta_args);
        strv_finish(&build->args);
        strv_finish(&build->used);
}

bool build_evaluate(const struct dockerfile *file, const struct build_request *request, struct built *ret,
                    struct strv *unused, struct fault *fault)
{
        struct build build = { .request = request, .escape = file->escape, .fault = fault };
        bool ok = true;

        for (size_t i = 0; ok && i < file->n; i++)
                ok = take(&build, &file->v[i]);
        if (ok && !build.n_stages) {
                ok = build_fault(&build, "no build stage in current context");
                fault_hint(fault, "a Dockerfile begins with FROM");
        }
        if (ok) {
                find_unused(&build, unused);
                *ret = *build_image(&build);
                build_image(&build)[0] = (struct built){ 0 };
                free(ret->name);
                ret->name = xstrdup("");
        }
        finish(&build);
        return ok;
}
