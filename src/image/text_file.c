/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "base/text.h"

bool text_file_fault(struct fault *fault, const char *name, unsigned line, const char *why, ...)
{
        size_t len = strlen(name), room = sizeof(fault->step) - 16;
        char step[sizeof(fault->step)], text[sizeof(fault->why)];
        va_list args;

        va_start(args, why);
        vsnprintf(text, sizeof(text), why, args);
        va_end(args);
        snprintf(step, sizeof(step), "%s%s:%u", len > room ? "..." : "", name + (len > room ? len - room : 0),
                 line);
        return fault_why(fault, step, "%s", text);
}

bool text_file_stable(const struct stat *before, const struct stat *after, size_t len)
{
        /* Files of /proc are regular, of size 0, and hold text. */
        return before->st_size == after->st_size && before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
               before->st_mtim.tv_nsec == after->st_mtim.tv_nsec &&
               (after->st_size == 0 || (size_t)after->st_size == len);
}

static const char *kind_of(mode_t mode)
{
        if (S_ISDIR(mode))
                return "a folder";
        if (S_ISFIFO(mode))
                return "a pipe";
        if (S_ISCHR(mode) || S_ISBLK(mode))
                return "a device";
        return S_ISLNK(mode) ? "a link" : "a socket";
}

/* A file is to be a text: no byte that ends a string early, and but for bytes nothing that no terminal can
 * show. */
static bool check_text(const char *name, const char *text, size_t len, bool bytes, struct fault *fault)
{
        unsigned line = 1;

        for (size_t i = 0; i < len;) {
                uint32_t c;
                size_t n;

                if (text[i] == '\0') {
                        text_file_fault(fault, name, line, "there is a NUL byte: this is no text file");
                        return fault_hint(fault, "it is to be a file of text");
                }
                n = text_decode(text + i, len - i, &c);
                if (n == 0 && bytes) {
                        i++;
                        continue;
                }
                if (n == 0) {
                        text_file_fault(fault, name, line, "the byte 0x%02x is not UTF-8",
                                        (unsigned char)text[i]);
                        return fault_hint(fault,
                                          "save it as UTF-8: iconv -f latin1 -t utf-8 makes it of Latin-1");
                }
                line += c == '\n';
                i += n;
        }
        return true;
}

static bool fail(struct fault *fault, const char *name, const char *why, const char *kind)
{
        return fault_why(fault, "read the file", "%s %s%s", name, why, kind);
}

static bool read_whole(int fd, const struct stat *before, const char *name, bool bytes, char **ret,
                       struct fault *fault)
{
        own_free char *text = NULL;
        struct stat after;
        size_t len = 0;

        if (!io_read_all(fd, TEXT_FILE_MAX, &text, &len)) {
                if (errno == EFBIG)
                        return fail(fault, name, "is larger than 1 MiB", "");
                return fault_errno(fault, name, "read %s", name);
        }
        if (fstat(fd, &after) < 0 || !text_file_stable(before, &after, len)) {
                fail(fault, name, "changed while it was read", "");
                return fault_hint(fault, "try again when it is written");
        }
        if (!check_text(name, text, len, bytes, fault))
                return false;
        *ret = take_ptr(text);
        return true;
}

static bool read_place(int place_fd, const char *name, bool bytes, char **ret, struct fault *fault)
{
        own_fd int fd = -1;
        struct stat st;
        char self[40];

        if (fstat(place_fd, &st) < 0)
                return fault_errno(fault, name, "read %s", name);
        if (!S_ISREG(st.st_mode)) {
                fail(fault, name, "is not a regular file: it is ", kind_of(st.st_mode));
                return fault_hint(fault, "it is to be a file of text");
        }
        /* Opened only now: to open a device is to do something to it. */
        snprintf(self, sizeof(self), "/proc/self/fd/%d", place_fd);
        fd = open(self, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return fault_errno(fault, name, "read %s", name);
        return read_whole(fd, &st, name, bytes, ret, fault);
}

bool text_file_read(int place_fd, const char *name, char **ret, struct fault *fault)
{
        return read_place(place_fd, name, false, ret, fault);
}

bool text_file_read_bytes(int place_fd, const char *name, char **ret, struct fault *fault)
{
        return read_place(place_fd, name, true, ret, fault);
}

bool text_file_open(int dir_fd, const char *path, int flags, const char *name, char **ret,
                    struct fault *fault)
{
        own_fd int place = openat(dir_fd, path, O_PATH | O_CLOEXEC | flags);

        if (place < 0)
                return fault_errno(fault, name, "read %s", name);
        return text_file_read(place, name, ret, fault);
}
