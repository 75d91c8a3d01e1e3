/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "image/demo.h"
#include "image/reference.h"
#include "image/store.h"
#include "image/text_file.h"

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

/* Reads /etc/passwd or /etc/group of an image. A missing one is an empty one, and a name is bytes, as for
 * Docker. */
static bool read_user_file(int root_fd, const char *path, char **ret, struct fault *fault)
{
        own_fd int place = open_in_root(root_fd, path, O_PATH);
        own_free char *name = xasprintf("the image's %s", path);

        if (place < 0 && (errno == ENOENT || errno == ENOTDIR)) {
                *ret = xstrdup("");
                return true;
        }
        if (place < 0)
                return fault_errno(fault, path, "read the image's %s", path);
        return text_file_read_bytes(place, name, ret, fault);
}

static bool open_dir(const struct built *built, const char *name, struct image *image, struct fault *fault)
{
        image->kind = IMAGE_DIR;
        image->path = xstrdup(built->root);
        image->root_fd = open(built->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (image->root_fd < 0 && strncmp(name, "dir:", 4) != 0) {
                fault_errno(fault, built->root, "open the root of the image %.60s", name);
                return fault_hint(fault, "build it again when the folder is back");
        }
        if (image->root_fd < 0)
                return fault_errno(fault, built->root, "open the image dir:%s", built->root);
        return read_user_file(image->root_fd, "/etc/passwd", &image->passwd, fault) &&
               read_user_file(image->root_fd, "/etc/group", &image->group, fault);
}

static bool open_demo(const struct built *built, struct image *image, struct fault *fault)
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
        if (built->default_cmd)
                strv_add(&image->config.cmd, bash ? "/bin/bash" : "/bin/sh");
        return true;
}

static bool find_dir(const char *path, struct built *ret, struct fault *fault)
{
        if (!*path) {
                fault_why(fault, "open the image dir:", "the folder's path is missing");
                return fault_hint(fault, "write dir:PATH, the root of a file system");
        }
        built_init(ret);
        free(ret->root);
        ret->root = xstrdup(path);
        return true;
}

static void find_demo(const char *missing, struct built *ret)
{
        built_init(ret);
        ret->default_cmd = true;
        free(ret->missing);
        ret->missing = xstrdup(missing);
}

static bool find_named(const char *name, struct built *ret, struct fault *fault)
{
        char why[REFERENCE_WHY];
        own_free char *full = reference_full(name, why), *folder = NULL;
        struct fault no_folder;

        if (!full) {
                fault_why(fault, "open the image", "%.100s: %s", name, why);
                return fault_hint(fault,
                                  "names are in small letters: ubuntu, ubuntu:24.04; a folder is dir:PATH");
        }
        /* Who has no home has no images either. */
        if (store_folder(&folder, &no_folder)) {
                switch (store_read(folder, full, ret, fault)) {
                case STORE_FOUND:
                        return true;
                case STORE_FAULT:
                        return false;
                case STORE_NONE:
                        break;
                }
        }
        find_demo(name, ret);
        return true;
}

bool image_find(const char *name, struct built *ret, struct fault *fault)
{
        if (strncmp(name, "dir:", 4) == 0)
                return find_dir(name + 4, ret, fault);
        if (!*name)
                return fault_why(fault, "open the image", "its name is empty");
        if (strcmp(name, "demo") != 0)
                return find_named(name, ret, fault);
        find_demo("", ret);
        return true;
}

bool image_find_base(const char *folder, const char *name, struct built *ret, struct fault *fault)
{
        own_free char *path = NULL, *real = NULL;
        own_fd int fd = -1;

        if (strncmp(name, "dir:", 4) != 0 || !name[4])
                return image_find(name, ret, fault);
        path = name[4] == '/' ? xstrdup(name + 4) : xasprintf("%s/%s", folder, name + 4);
        real = realpath(path, NULL);
        fd = real ? open(real, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
        if (fd < 0)
                return fault_errno(fault, path, "open the image %.100s", name);
        /* It is kept as JSON, which is UTF-8. */
        if (!text_is_utf8(real)) {
                own_free char *step = xasprintf("open the image %.100s", name);

                fault_why(fault, step, "its path is not UTF-8: %.150s", real);
                return fault_hint(fault, "rename the folder");
        }
        return find_dir(real, ret, fault);
}

bool image_is_built(const char *name)
{
        char why[REFERENCE_WHY];
        own_free char *full = reference_full(name, why), *folder = NULL;
        struct fault fault;
        struct built built;

        if (!full || !store_folder(&folder, &fault))
                return false;
        switch (store_read(folder, full, &built, &fault)) {
        case STORE_FOUND:
                built_finish(&built);
                return true;
        case STORE_FAULT: /* there is one, and opening it says what is wrong */
                return true;
        case STORE_NONE:
                break;
        }
        return false;
}

/* Returns false where the shelf has no such image. */
static bool find_on_shelf(const struct image_shelf *shelf, const char *name, struct built *ret)
{
        char why[REFERENCE_WHY];
        own_free char *full = NULL;
        const struct built *built;

        if (!shelf || !*name || strncmp(name, "dir:", 4) == 0)
                return false;
        full = reference_full(name, why);
        built = full ? shelf_find(shelf, full) : NULL;
        if (built)
                built_copy(ret, built);
        return built != NULL;
}

bool image_open(const char *name, struct image *ret, struct fault *fault)
{
        return image_open_from(NULL, name, ret, fault);
}

bool image_open_from(const struct image_shelf *shelf, const char *name, struct image *ret,
                     struct fault *fault)
{
        struct image image = { .root_fd = -1 };
        struct built built;
        bool ok;

        if (!find_on_shelf(shelf, name, &built) && !image_find(name, &built, fault))
                return false;
        image.config = built.config;
        built.config = (struct image_config){ 0 };
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): image_find sets it wherever it does not fail */
        image.missing = xstrdup(built.missing);
        image.stands_in = *built.missing != '\0';
        image.default_cmd = built.default_cmd;
        ok = *built.root ? open_dir(&built, name, &image, fault) : open_demo(&built, &image, fault);
        built_finish(&built);
        if (!ok) {
                image_finish(&image);
                return false;
        }
        *ret = image;
        return true;
}

void image_finish(struct image *image)
{
        free(image->missing);
        free(image->path);
        fd_close(&image->root_fd);
        free(image->passwd);
        free(image->group);
        image_config_finish(&image->config);
        *image = (struct image){ .root_fd = -1 };
}

char *image_stand_in(const char *missing)
{
        own_free char *safe = text_escape(missing, strlen(missing), false);

        return xasprintf("image %s is not on this machine: demo root", safe);
}

const char *image_root_name(const struct image *image)
{
        return image->kind == IMAGE_DEMO ? "demo" : "dir";
}
