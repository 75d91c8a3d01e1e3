/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/build_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "image/dockerfile_words.h"
#include "spec/environment.h"

/* The one argument of an instruction, variables put in. */
static bool take_text(struct build *build, char **ret)
{
        if (!*build->now->text)
                return build_fault_needs(build, "exactly one argument");
        return build_expand(build, build->now->text, ret) && build_spend(build, strlen(*ret));
}

static bool take_user(struct build *build)
{
        own_free char *user = NULL;

        if (!take_text(build, &user))
                return false;
        free(build_image(build)->config.user);
        build_image(build)->config.user = take_ptr(user);
        return true;
}

/* A path without empty parts, `.` and `..`: Go's path.Clean for one that is absolute. */
static char *clean_path(const char *path)
{
        struct str out = { 0 };

        while (*path) {
                size_t n = strcspn(path, "/");

                if (n == 2 && path[0] == '.' && path[1] == '.') {
                        while (out.len && out.s[--out.len] != '/')
                                ;
                        if (out.s)
                                out.s[out.len] = '\0';
                } else if (n && !(n == 1 && *path == '.')) {
                        str_add_c(&out, '/');
                        str_add_n(&out, path, n);
                }
                path += n + (path[n] == '/');
        }
        if (!out.len)
                str_add_c(&out, '/');
        return str_take(&out);
}

static bool take_workdir(struct build *build)
{
        struct built *image = build_image(build);
        own_free char *said = NULL, *joined = NULL;

        if (!take_text(build, &said))
                return false;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): take_text set it, or has failed */
        if (!*said)
                return build_fault(build, "WORKDIR: cannot normalize nothing");
        joined = *said == '/' ? xstrdup(said) : xasprintf("/%s/%s", image->config.workdir, said);
        free(image->config.workdir);
        image->config.workdir = clean_path(joined);
        return build_spend(build, strlen(image->config.workdir));
}

/* NAME VALUE: the form with one name, whose value is the rest of the line. */
static bool old_pair(struct build *build, struct strv *ret)
{
        const char *text = build->now->text;
        size_t n = strcspn(text, " \t\n\v\f\r");
        own_free char *name = xstrndup(text, n);
        char *expanded;

        if (!text[n])
                return build_fault(build, "%s must have two arguments", instruction_name(build->now->kind));
        if (!build_expand(build, name, &expanded))
                return false;
        strv_add_take(ret, expanded);
        if (!build_expand(build, text + n + strspn(text + n, " \t\n\v\f\r"), &expanded))
                return false;
        strv_add_take(ret, expanded);
        return true;
}

static bool new_pair(struct build *build, const char *word, struct strv *ret)
{
        const char *equals = strchr(word, '=');
        own_free char *name = NULL;
        char *expanded;

        if (!equals)
                return build_fault(
                        build, "Syntax error - can't find = in \"%.60s\". Must be of the form: name=value",
                        word);
        name = xstrndup(word, (size_t)(equals - word));
        if (!build_expand(build, name, &expanded))
                return false;
        strv_add_take(ret, expanded);
        if (!build_expand(build, equals + 1, &expanded))
                return false;
        strv_add_take(ret, expanded);
        return true;
}

bool build_pairs(struct build *build, struct strv *ret)
{
        struct strv words = { 0 };
        bool ok = true;

        dockerfile_split(build->now->text, build->escape, &words);
        if (words.n == 0)
                ok = build_fault_needs(build, "at least one argument");
        else if (!strchr(words.v[0], '='))
                ok = old_pair(build, ret);
        else
                for (size_t i = 0; ok && i < words.n; i++)
                        ok = new_pair(build, words.v[i], ret) &&
                             /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): new_pair added two */
                             build_spend(build, strlen(ret->v[ret->n - 1]));
        strv_finish(&words);
        for (size_t i = 0; ok && i < ret->n; i += 2)
                if (!*ret->v[i])
                        ok = build_fault(build, "%s names can not be blank",
                                         instruction_name(build->now->kind));
        return ok;
}

static bool take_env(struct build *build)
{
        struct strv pairs = { 0 };
        bool ok = build_pairs(build, &pairs);

        /* A name that has a = in it, from a variable, would be another name. */
        for (size_t i = 0; ok && i < pairs.n; i += 2)
                ok = strchr(pairs.v[i], '=')
                             ? build_fault(build, "ENV: the name %.60s has a =", pairs.v[i])
                             : build_set(build, &build_image(build)->config.env, pairs.v[i], pairs.v[i + 1]);
        strv_finish(&pairs);
        return ok;
}

static bool strange_list(struct build *build)
{
        return build_fault(build, "when using JSON array syntax, arrays must be comprised of strings only");
}

static bool check_list(struct build *build, const struct strv *list)
{
        size_t n = 0;

        if (list->n > BUILT_LIST_MAX)
                return build_fault(build, "more than %d words", BUILT_LIST_MAX);
        for (size_t i = 0; i < list->n; i++)
                n += strlen(list->v[i]);
        return build_spend(build, n);
}

/* The exec form, or the shell form with the image's SHELL in front, which stands alone where nothing follows.
 */
static bool take_command(struct build *build, struct strv *ret)
{
        const struct strv *shell = &build_image(build)->shell;

        switch (dockerfile_json(build->now->text, ret)) {
        case JSON_LIST:
                break;
        case JSON_LIST_STRANGE:
                return strange_list(build);
        case JSON_LIST_NOT:
                for (size_t i = 0; i < shell->n; i++)
                        strv_add(ret, shell->v[i]);
                if (!shell->n) {
                        strv_add(ret, "/bin/sh");
                        strv_add(ret, "-c");
                }
                if (*build->now->text)
                        strv_add(ret, build->now->text);
                break;
        }
        return check_list(build, ret);
}

static bool take_cmd(struct build *build)
{
        struct built *image = build_image(build);
        struct strv command = { 0 };

        if (!take_command(build, &command)) {
                strv_finish(&command);
                return false;
        }
        strv_finish(&image->config.cmd);
        image->config.cmd = command;
        image->default_cmd = false;
        /* A CMD with nothing behind it gives the shell alone, and an entry point takes that away again. */
        if (*build->now->text)
                build->cmd_set = true;
        return true;
}

/* A CMD that the base has was meant for the base's own entry point. */
static bool take_entrypoint(struct build *build)
{
        struct built *image = build_image(build);
        struct strv command = { 0 };

        if (*build->now->text && !take_command(build, &command)) {
                strv_finish(&command);
                return false;
        }
        strv_finish(&image->config.entrypoint);
        image->config.entrypoint = command;
        if (!build->cmd_set) {
                strv_finish(&image->config.cmd);
                image->default_cmd = false;
        }
        return true;
}

static bool take_shell(struct build *build)
{
        struct strv shell = { 0 };
        bool ok = false;

        switch (dockerfile_json(build->now->text, &shell)) {
        case JSON_LIST:
                ok = shell.n ? check_list(build, &shell) : build_fault_needs(build, "at least one argument");
                break;
        case JSON_LIST_STRANGE:
                strange_list(build);
                break;
        case JSON_LIST_NOT:
                build_fault_needs(build, *build->now->text ? "the arguments to be in JSON form"
                                                           : "at least one argument");
                break;
        }
        if (!ok) {
                strv_finish(&shell);
                return false;
        }
        strv_finish(&build_image(build)->shell);
        build_image(build)->shell = shell;
        return true;
}

bool build_allowed(struct build *build, enum instruction_kind kind)
{
        if (kind != INSTRUCTION_RUN && kind != INSTRUCTION_COPY && kind != INSTRUCTION_ADD)
                return true;
        build_fault(build,
                    "%s needs a layer, and there are none here: a build is a configuration on a root that is "
                    "there",
                    instruction_name(kind));
        return fault_hint(build->fault,
                          "prepare a root file system with %s in it (as root, with debootstrap, or from "
                          "`docker export`), then: FROM dir:PATH",
                          kind == INSTRUCTION_RUN ? "what the command makes" : "the files");
}

static bool check_flags(struct build *build)
{
        const struct instruction *now = build->now;

        if (now->flags.n == 0 || now->kind == INSTRUCTION_HEALTHCHECK)
                return true;
        return build_fault(build, "%s: unknown flag: %.60s", instruction_name(now->kind),
                           now->flags.v[0] + 2);
}

/* Before a stage's first instruction, so that $PATH is never nothing; FROM alone adds none to the base. */
static bool set_path(struct build *build)
{
        struct strv *env = &build_image(build)->config.env;
        bool there;

        build_get(env, "PATH", strlen("PATH"), &there);
        return there || build_set(build, env, "PATH", strchr(ENVIRONMENT_PATH, '=') + 1);
}

bool build_instruction(struct build *build, const struct instruction *instruction)
{
        build->now = instruction;
        if (!build_allowed(build, instruction->kind) || !check_flags(build) || !set_path(build))
                return false;
        switch (instruction->kind) {
        case INSTRUCTION_ARG:
                return build_arg(build, &build->args, false);
        case INSTRUCTION_CMD:
                return take_cmd(build);
        case INSTRUCTION_ENTRYPOINT:
                return take_entrypoint(build);
        case INSTRUCTION_ENV:
                return take_env(build);
        case INSTRUCTION_EXPOSE:
                return build_expose(build);
        case INSTRUCTION_HEALTHCHECK:
                return build_healthcheck(build);
        case INSTRUCTION_LABEL:
                return build_label(build);
        case INSTRUCTION_MAINTAINER:
                return build_maintainer(build);
        case INSTRUCTION_ONBUILD:
                return build_onbuild(build);
        case INSTRUCTION_SHELL:
                return take_shell(build);
        case INSTRUCTION_STOPSIGNAL:
                return build_stopsignal(build);
        case INSTRUCTION_USER:
                return take_user(build);
        case INSTRUCTION_VOLUME:
                return build_volume(build);
        case INSTRUCTION_WORKDIR:
                return take_workdir(build);
        case INSTRUCTION_ADD:
        case INSTRUCTION_COPY:
        case INSTRUCTION_FROM:
        case INSTRUCTION_RUN:
        case INSTRUCTIONS_N:
                break;
        }
        return build_fault(build, "%s cannot stand here", instruction_name(instruction->kind));
}
