/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "base/text.h"
#include "cmd/once.h"
#include "cmd/own_flags.h"
#include "cmd/printed.h"
#include "image/build.h"
#include "image/image.h"
#include "image/reference.h"
#include "image/store.h"
#include "image/text_file.h"

/* What the line says; the words are argv's. */
struct build_line {
        struct strv tags, args;
        const char *file, *dir;
        bool help;
};

static bool take_flag(struct build_line *line, const struct flag *flag, const char *value,
                      struct fault *fault)
{
        if (strcmp(flag->name, "help") == 0) {
                line->help = true;
        } else if (strcmp(flag->name, "tag") == 0) {
                strv_add(&line->tags, value);
        } else if (strcmp(flag->name, "file") == 0) {
                line->file = value;
        } else if (!*value || *value == '=') {
                return fault_why(fault, "--build-arg", "the name of the variable is missing");
        } else {
                strv_add(&line->args, value);
        }
        return true;
}

static bool take_words(int argc, char **argv, struct build_line *line, struct fault *fault)
{
        struct own_words words = { .command = command_find("build"), .argc = argc, .argv = argv };
        const struct flag *flag;
        const char *value;
        int got;

        while ((got = own_words_next(&words, &flag, &value, fault)) > 0) {
                if (flag && !take_flag(line, flag, value, fault))
                        return false;
                if (!flag && line->dir) {
                        fault_why(fault, "build", "it takes one folder: %.60s and %.60s are two", line->dir,
                                  value);
                        return fault_hint(fault,
                                          "flags have two dashes or one letter: vitrine build -t NAME DIR");
                }
                if (!flag)
                        line->dir = value;
        }
        return got == 0;
}

static bool check_line(const struct build_line *line, struct fault *fault)
{
        if (!line->dir || !line->tags.n) {
                fault_why(fault, "build", line->dir ? "the image needs a name" : "the line names no folder");
                return fault_hint(fault, "vitrine build -t NAME DIR, where DIR holds a Dockerfile");
        }
        if (strcmp(line->dir, "-") == 0 || (line->file && strcmp(line->file, "-") == 0)) {
                fault_why(fault, "build", "it reads no Dockerfile from standard input");
                return fault_hint(fault, "write it to a file: vitrine build -t NAME -f FILE DIR");
        }
        return true;
}

/* What a run line takes a name for before it looks for an image that was built; NULL: nothing. */
static const char *stands_for(const char *tag, const char *full)
{
        if (strcmp(full, "demo:latest") == 0)
                return "the demo root";
        if (strcmp(full, "scratch:latest") == 0)
                return "nothing at all";
        return strncmp(full, "dir:", 4) == 0 && strcmp(tag, "dir") != 0 ? "a folder" : NULL;
}

/* The tags in full. */
static bool read_tags(const struct build_line *line, struct strv *ret, struct fault *fault)
{
        char why[REFERENCE_WHY];

        for (size_t i = 0; i < line->tags.n; i++) {
                const char *tag = line->tags.v[i], *taken;
                own_free char *full = reference_full(tag, why), *step = xasprintf("-t %s", tag);

                if (!full || strchr(full, '@')) {
                        fault_why(fault, step, "invalid argument: %s", full ? "a digest is no name" : why);
                        return fault_hint(fault,
                                          "a name is small letters, digits and . _ - / and may end in :TAG");
                }
                taken = stands_for(tag, full);
                if (taken) {
                        fault_why(fault, step, "the name is taken: it stands for %s", taken);
                        return fault_hint(fault, "choose another name");
                }
                strv_add_take(ret, take_ptr(full));
        }
        return true;
}

static bool find_base(void *data, const char *name, struct built *ret, struct fault *fault)
{
        return image_find_base(data, name, ret, fault);
}

/* The folder that a dir: of the Dockerfile is taken from. */
static bool open_context(const char *dir, char **ret, struct fault *fault)
{
        struct stat st;

        *ret = realpath(dir, NULL);
        if (*ret && (stat(*ret, &st) < 0 || S_ISDIR(st.st_mode)))
                return true;
        if (!*ret)
                return fault_errno(fault, dir, "open the folder %.100s", dir);
        errno = ENOTDIR;
        fault_errno(fault, dir, "open the folder %.100s", dir);
        return fault_hint(fault, "vitrine build -t NAME -f FILE DIR");
}

/* The folder's own: a link in it does not lead to a file elsewhere. */
static bool read_own(const char *context, const char *file, char **ret, struct fault *fault)
{
        const struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
        own_fd int dir = open(context, O_PATH | O_DIRECTORY | O_CLOEXEC), place = -1;

        if (dir >= 0)
                place = (int)syscall(SYS_openat2, dir, "Dockerfile", &how, sizeof(how));
        if (place < 0 && dir >= 0 && errno == EXDEV) {
                fault_why(fault, "read the Dockerfile",
                          "%s must be within the build context: it is a link that leads out", file);
                return fault_hint(fault, "-f FILE names a Dockerfile that lies elsewhere");
        }
        if (place < 0)
                return fault_errno(fault, file, "read %s", file);
        return text_file_read(place, file, ret, fault);
}

static bool read_dockerfile(const struct build_line *line, const char *context, const char *file,
                            struct dockerfile *ret, struct fault *fault)
{
        own_free char *text = NULL;

        if (!(line->file ? text_file_open(AT_FDCWD, file, 0, file, &text, fault)
                         : read_own(context, file, &text, fault))) {
                if (fault->err == ENOENT && !line->file)
                        fault_hint(fault, "-f FILE names a Dockerfile that is called otherwise");
                return false;
        }
        return dockerfile_parse(file, text, ret, fault);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it becomes the request's data, a void * */
static bool evaluate(const struct build_line *line, char *context, struct built *ret, struct strv *unused,
                     struct fault *fault)
{
        own_free char *file = line->file ? xstrdup(line->file) : xasprintf("%s/Dockerfile", line->dir);
        struct build_request request = {
                .file_name = file, .args = &line->args, .environ = environ, .find = find_base, .data = context
        };
        struct dockerfile dockerfile;
        bool ok;

        if (!read_dockerfile(line, context, file, &dockerfile, fault))
                return false;
        ok = build_evaluate(&dockerfile, &request, ret, unused, fault);
        dockerfile_finish(&dockerfile);
        return ok;
}

static bool keep(struct built *built, const struct strv *tags, struct fault *fault)
{
        own_free char *folder = NULL, *root = NULL;

        if (!store_folder(&folder, fault))
                return false;
        built->created = time(NULL);
        root = text_escape(built->root, strlen(built->root), false);
        for (size_t i = 0; i < tags->n; i++) {
                free(built->name);
                built->name = xstrdup(tags->v[i]);
                if (!store_write(folder, built, fault))
                        return false;
                printf("built %s on %s%s\n", built->name, *root ? "dir:" : "the demo root", root);
        }
        command_say_stand_in(built->missing);
        return true;
}

static bool build(const struct build_line *line, struct fault *fault)
{
        struct strv tags = { 0 }, unused = { 0 };
        own_free char *context = NULL;
        struct built built;
        bool ok;

        ok = check_line(line, fault) && read_tags(line, &tags, fault) &&
             open_context(line->dir, &context, fault) && evaluate(line, context, &built, &unused, fault);
        if (ok) {
                ok = keep(&built, &tags, fault);
                built_finish(&built);
        }
        for (size_t i = 0; ok && i < unused.n; i++) {
                own_free char *safe = text_escape(unused.v[i], strlen(unused.v[i]), false);

                fprintf(stderr, "note: --build-arg %s: no ARG of that name stands in the Dockerfile\n", safe);
        }
        strv_finish(&tags);
        strv_finish(&unused);
        return ok;
}

int cmd_build(int argc, char **argv)
{
        struct build_line line = { 0 };
        struct fault fault = { 0 };
        bool ok = take_words(argc, argv, &line, &fault);

        if (ok && line.help)
                command_help(command_find("build"));
        else if (ok)
                ok = build(&line, &fault);
        strv_finish(&line.tags);
        strv_finish(&line.args);
        ok = ok && printed_end(&fault);
        return ok ? 0 : fault_print(&fault, false);
}
