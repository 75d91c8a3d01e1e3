/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "image/demo.h"

enum { USER_FILE_MAX = 1024 * 1024 };

const char image_demo_passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
                                 "student:x:1000:1000:student:/home/student:/bin/sh\n"
                                 "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";

const char image_demo_group[] = "root:x:0:\n"
                                "student:x:1000:\n"
                                "nogroup:x:65534:\n";

/* Opens a path below an image's root as the image itself would: links stay inside. */
static int open_in_root(int root_fd, const char *path, uint64_t flags)
{
        struct open_how how = { .flags = flags | O_CLOEXEC,
                                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

        return (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
}

/* Reads /etc/passwd or /etc/group of an image. A missing one is an empty one, as for Docker. */
static bool read_user_file(int root_fd, const char *path, char **ret, struct fault *fault)
{
        own_fd int fd = open_in_root(root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
        struct stat st;
        size_t len;

        if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
                *ret = xstrdup("");
                return true;
        }
        if (fd < 0 || fstat(fd, &st) < 0)
                return fault_errno(fault, path, "read the image's %s", path);
        if (!S_ISREG(st.st_mode)) {
                fault_why(fault, "read the image's user files", "%s is not a regular file", path);
                return false;
        }
        if (!io_read_all(fd, USER_FILE_MAX, ret, &len)) {
                if (errno == EFBIG)
                        return fault_why(fault, "read the image's user files", "%s is larger than 1 MiB",
                                         path);
                return fault_errno(fault, path, "read the image's %s", path);
        }
        return true;
}

static bool open_dir(const char *path, struct image *image, struct fault *fault)
{
        image->kind = IMAGE_DIR;
        if (!*path) {
                fault_why(fault, "open the image dir:", "the folder's path is missing");
                return fault_hint(fault, "write dir:PATH, the root of a file system");
        }
        image->path = xstrdup(path);
        image->root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (image->root_fd < 0)
                return fault_errno(fault, path, "open the image dir:%s", path);
        return read_user_file(image->root_fd, "/etc/passwd", &image->passwd, fault) &&
               read_user_file(image->root_fd, "/etc/group", &image->group, fault);
}

static bool open_demo(struct image *image, struct fault *fault)
{
        bool bash = access("/bin/bash", X_OK) == 0;

        image->kind = IMAGE_DEMO;
        if (access("/usr/bin/sleep", X_OK) < 0 || (!bash && access("/bin/sh", X_OK) < 0)) {
                fault_why(fault, "make the demo root", "this machine has no %s",
                          access("/usr/bin/sleep", X_OK) < 0 ? "/usr/bin/sleep" : "/bin/sh");
                return fault_hint(fault, "give a root file system of your own: dir:PATH");
        }
        image->passwd = xstrdup(image_demo_passwd);
        image->group = xstrdup(image_demo_group);
        strv_add(&image->config.cmd, bash ? "/bin/bash" : "/bin/sh");
        return true;
}

bool image_open(const char *name, struct image *ret, struct fault *fault)
{
        struct image image = { .root_fd = -1 };
        bool ok;

        image.config.user = xstrdup("");
        image.config.workdir = xstrdup("");
        if (strncmp(name, "dir:", 4) == 0) {
                ok = open_dir(name + 4, &image, fault);
        } else if (!*name) {
                ok = fault_why(fault, "open the image", "its name is empty");
        } else {
                image.stands_in = strcmp(name, "demo") != 0;
                ok = open_demo(&image, fault);
        }
        if (!ok) {
                image_finish(&image);
                return false;
        }
        *ret = image;
        return true;
}

void image_finish(struct image *image)
{
        free(image->path);
        fd_close(&image->root_fd);
        free(image->passwd);
        free(image->group);
        image_config_finish(&image->config);
        *image = (struct image){ .root_fd = -1 };
}

const char *image_root_name(const struct image *image)
{
        return image->kind == IMAGE_DEMO ? "demo" : "dir";
}
