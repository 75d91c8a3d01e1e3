/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/progress_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "spec/quote.h"

enum { FILE_MAX = 1024 * 1024, BROKEN_MAX = 1000, LOCK_TRIES = 1000, LOCK_PAUSE_MS = 2 };

static const char file_name[] = "progress.json";
static const char new_name[] = "progress.json.new";
static const char lock_name[] = "progress.lock";

/* The folder that is to be given back: the first one on the way that is somebody else's below one of the
 * user's, else the last one, where it is there. The caller's; NULL: none. */
static char *find_foreign(const char *dir)
{
        own_free char *path = xstrdup(dir);
        bool within = false;
        struct stat st;

        for (char *at = path + 1;; at++) {
                bool last = *at == '\0';

                if (!last && *at != '/')
                        continue;
                *at = '\0';
                if (stat(path, &st) < 0)
                        return NULL;
                if (last || (within && st.st_uid != geteuid()))
                        return xstrdup(path);
                within = within || st.st_uid == geteuid();
                *at = '/';
        }
}

bool progress_hint_owner(const char *dir, struct fault *fault)
{
        own_free char *folder = NULL;
        struct str quoted = { 0 };

        if ((fault->err != EACCES && fault->err != EPERM) || geteuid() == 0)
                return false;
        folder = find_foreign(dir);
        if (!folder)
                return false;
        quote_add(&quoted, folder, false);
        fault_hint(fault, "something there is not yours, as after sudo: sudo chown -R %u %s", geteuid(),
                   str_text(&quoted));
        str_finish(&quoted);
        return false;
}

static bool make_folders(const char *dir, struct fault *fault)
{
        own_free char *path = xstrdup(dir);

        for (char *at = path + 1; *at; at++) {
                if (*at != '/')
                        continue;
                *at = '\0';
                if (mkdir(path, 0700) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
                        return fault_errno(fault, path, "make the folder of the progress");
                *at = '/';
        }
        if (mkdir(path, 0700) < 0 && errno != EEXIST) {
                fault_errno(fault, path, "make the folder of the progress");
                return progress_hint_owner(dir, fault);
        }
        return true;
}

int progress_open_dir(const char *dir, bool make, struct fault *fault)
{
        int fd = -1;

        if (!make || make_folders(dir, fault)) {
                fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                if (fd < 0) {
                        fault_errno(fault, dir, "open the folder of the progress");
                        progress_hint_owner(dir, fault);
                }
        }
        return fd;
}

/* Whoever holds it does so for milliseconds. One that is stopped meanwhile must not hold everybody. */
int progress_lock(const char *dir, int dir_fd, struct fault *fault)
{
        own_free char *path = xasprintf("%s/%s", dir, lock_name);
        own_fd int fd =
                openat(dir_fd, lock_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
        const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };

        for (int i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
                if (flock(fd, LOCK_EX | LOCK_NB) == 0)
                        return take_fd(&fd);
                if (errno != EWOULDBLOCK && errno != EINTR)
                        break;
                nanosleep(&pause, NULL);
        }
        if (fd >= 0 && errno == EWOULDBLOCK) {
                fault_why(fault, "keep the progress", "another vitrine holds its lock");
        } else {
                fault_errno(fault, path, "keep the progress");
                progress_hint_owner(dir, fault);
        }
        return -1;
}

bool progress_may_keep(const char *dir, int dir_fd, struct fault *fault)
{
        own_free char *path = xasprintf("%s/%s", dir, lock_name);
        bool folder = faccessat(dir_fd, ".", W_OK | X_OK, AT_EACCESS) == 0;

        if (folder && (faccessat(dir_fd, lock_name, R_OK | W_OK, AT_EACCESS) == 0 || errno == ENOENT))
                return true;
        fault_errno(fault, folder ? path : dir, "keep the progress");
        return progress_hint_owner(dir, fault);
}

static bool is_ours(jv value)
{
        jv lessons = jv_get_kind(value) == JV_KIND_OBJECT
                             ? jv_object_get(jv_copy(value), jv_string("lessons"))
                             : jv_invalid();
        bool ok = jv_get_kind(lessons) == JV_KIND_OBJECT;

        if (ok)
                jv_object_foreach(lessons, key, lesson)
                {
                        ok = ok && jv_get_kind(lesson) == JV_KIND_OBJECT;
                        jv_free(key);
                        jv_free(lesson);
                }
        jv_free(lessons);
        return ok;
}

static double schema_of(jv value)
{
        jv schema = jv_get_kind(value) == JV_KIND_OBJECT ? jv_object_get(jv_copy(value), jv_string("schema"))
                                                         : jv_invalid();
        double ret = jv_get_kind(schema) == JV_KIND_NUMBER ? jv_number_value(schema) : 0;

        jv_free(schema);
        return ret;
}

static jv empty(void)
{
        return JV_OBJECT(jv_string("schema"), jv_number(PROGRESS_SCHEMA), jv_string("lessons"), jv_object());
}

enum progress_state progress_load(int dir_fd, jv *ret)
{
        own_fd int fd = openat(dir_fd, file_name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        own_free char *text = NULL;
        struct stat st;
        size_t n;
        jv value;

        if (fd < 0 && errno == ENOENT && faccessat(dir_fd, file_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0) {
                *ret = empty();
                return PROGRESS_FINE;
        }
        if (fd < 0 && errno == EACCES)
                return PROGRESS_CLOSED;
        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !io_read_all(fd, FILE_MAX, &text, &n))
                return PROGRESS_BROKEN;
        value = jv_parse_sized(text, (int)n);
        if (schema_of(value) > PROGRESS_SCHEMA) {
                jv_free(value);
                return PROGRESS_LATER;
        }
        if (schema_of(value) < PROGRESS_SCHEMA || !is_ours(value)) {
                jv_free(value);
                return PROGRESS_BROKEN;
        }
        *ret = value;
        return PROGRESS_FINE;
}

bool progress_put_aside(int dir_fd, struct fault *note, struct fault *fault)
{
        char name[64];

        for (int i = 1; i <= BROKEN_MAX; i++) {
                snprintf(name, sizeof(name), "%s.broken-%d", file_name, i);
                if (faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                        continue;
                if (errno != ENOENT || renameat(dir_fd, file_name, dir_fd, name) < 0)
                        break;
                fault_why(note, "read the progress", "%s cannot be read and was put aside as %s", file_name,
                          name);
                return true;
        }
        fault_errno(fault, file_name, "put the broken progress aside");
        return false;
}

static bool write_new(int dir_fd, const char *text)
{
        own_fd int fd = -1;

        /* What a vitrine that was killed left there is nobody's. */
        (void)unlinkat(dir_fd, new_name, 0);
        fd = openat(dir_fd, new_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        return fd >= 0 && io_write_all(fd, text, strlen(text)) && fsync(fd) == 0;
}

bool progress_store(int dir_fd, jv value, struct fault *fault)
{
        jv text = jv_dump_string(value, JV_PRINT_INDENT_FLAGS(2) | JV_PRINT_SORTED);
        own_free char *line = xasprintf("%s\n", jv_string_value(text));

        jv_free(text);
        if (!write_new(dir_fd, line) || renameat(dir_fd, new_name, dir_fd, file_name) < 0) {
                fault_errno(fault, file_name, "write the progress");
                (void)unlinkat(dir_fd, new_name, 0);
                return fault_hint(fault, "what was there before is as it was; the lesson goes on without");
        }
        /* The new name, too, is to outlive a power cut; a file system that cannot do so does not matter. */
        (void)fsync(dir_fd);
        return true;
}
