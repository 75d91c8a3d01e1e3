/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/doctor_mounts.h"

/* What the kernel wants of a new root is a mount point; any folder of the old one serves, for the moment it
 * takes. */
static const char *const stages[] = { "/tmp", "/run", "/mnt", "/var/tmp" };

enum { BINDS_MAX = CHILD_LATE_MAX - CHILD_DEVICES - 1 /* one is for /sys or /sys/fs/cgroup */ };

/* Things of the host that the demo root shows, opened before the host's root is left. */
struct bind {
        char path[64];
        int fd;
};

struct binds {
        struct bind v[BINDS_MAX];
        size_t n;
};

static bool make_stage(struct child *child, const char **ret)
{
        for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
                if (mount("tmpfs", stages[i], "tmpfs", MS_NODEV, "mode=755,size=64m,nr_inodes=16k") == 0) {
                        *ret = stages[i];
                        return true;
                }
                if (errno != ENOENT && errno != ENOTDIR)
                        break;
        }
        return fault_errno(&child->fault, "", "mount the container's root");
}

static bool write_file(const char *path, const char *text, mode_t mode)
{
        /* O_NONBLOCK: in a dir: image a FIFO may stand there. */
        own_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

bool child_must_shield(const struct child *child)
{
        return child->plan->fixed.caps.bounding & (UINT64_C(1) << CAP_SYS_ADMIN);
}

/* An overlay without an upper layer: nothing makes it writable. A second layer is wanted, and may be a folder
 * that is removed again. */
static int shield_folder(const char *path)
{
        char layers[80];
        const char *const options[][2] = { { "lowerdir", layers }, { NULL, NULL } };
        int fd;

        snprintf(layers, sizeof(layers), "%s:lower", path);
        if (mkdir("lower", 0755) < 0)
                return -1;
        fd = mountfd_new("overlay", options, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
        rmdir("lower");
        return fd;
}

static bool is_file(const char *path)
{
        struct stat st;

        return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool copy_file(const char *path, const char *name)
{
        enum { MOST = 16 << 20 };
        own_free char *bytes = NULL;
        own_fd int to = -1;
        size_t n;

        if (!io_read_file(AT_FDCWD, path, MOST, &bytes, &n))
                return false;
        to = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        return to >= 0 && io_write_all(to, bytes, n);
}

/* A folder as a mount; -1 with errno set. An overlay shows nothing of what is mounted below. */
static int take_folder(const struct child *child, const char *path, bool *ret_overlay)
{
        int fd = child_must_shield(child) ? shield_folder(path) : -1;

        *ret_overlay = fd >= 0;
        return fd >= 0 ? fd : mountfd_copy(AT_FDCWD, path, true);
}

static bool has_bind(const struct binds *binds, const char *path)
{
        for (size_t i = 0; i < binds->n; i++)
                if (strcmp(binds->v[i].path, path) == 0)
                        return true;
        return false;
}

static void add_bind(struct binds *binds, const char *path, int fd)
{
        struct bind *bind = &binds->v[binds->n++];

        snprintf(bind->path, sizeof(bind->path), "%s", path);
        bind->fd = fd;
}

static int by_length(const void *a, const void *b)
{
        const size_t x = strlen(((const struct bind *)a)->path), y = strlen(((const struct bind *)b)->path);

        return (x > y) - (x < y);
}

/* The folders that are mounted below one, each as an overlay as well; one that lies in another one comes
 * after it. What cannot be shielded is left out. */
static bool take_below(struct child *child, const char *path, struct binds *binds)
{
        enum { MOST = 16 << 20 };
        own_free char *mountinfo = NULL;
        const size_t n = strlen(path), first = binds->n;
        struct mount_line line;
        char *rest;

        if (!io_read_file(AT_FDCWD, "/proc/self/mountinfo", MOST, &mountinfo, NULL))
                return fault_errno(&child->fault, "/proc/self/mountinfo", "bind the machine's %s", path);
        for (rest = mountinfo; mount_lines_next(&rest, &line) && binds->n < BINDS_MAX;) {
                int fd;

                if (strncmp(line.point, path, n) != 0 || line.point[n] != '/' ||
                    strlen(line.point) >= sizeof(binds->v[0].path) || strpbrk(line.point, ":\\,") ||
                    has_bind(binds, line.point))
                        continue;
                fd = shield_folder(line.point);
                if (fd >= 0)
                        add_bind(binds, line.point, fd);
        }
        qsort(binds->v + first, binds->n - first, sizeof(binds->v[0]), by_length);
        return true;
}

/* Copies a link of / as it is, or remembers a folder to be bound. */
static bool take_top_entry(struct child *child, const char *name, struct binds *binds)
{
        char path[64], target[256];
        ssize_t len;
        bool overlay;
        int fd;

        snprintf(path, sizeof(path), "/%s", name);
        len = readlink(path, target, sizeof(target) - 1);
        if (len > 0) {
                target[len] = '\0';
                if (symlink(target, name) < 0)
                        return fault_errno(&child->fault, path, "make the link %s in the container", path);
                return true;
        }
        if (errno != EINVAL && errno != ENOENT)
                return fault_errno(&child->fault, path, "read the machine's link %s", path);
        if (binds->n == BINDS_MAX)
                return true;
        if (child_must_shield(child) && is_file(path))
                return copy_file(path, name) ||
                       fault_errno(&child->fault, path, "copy the machine's %s", path);
        fd = take_folder(child, path, &overlay);
        if (fd < 0)
                return errno == ENOENT || fault_errno(&child->fault, path, "bind the machine's %s", path);
        add_bind(binds, path, fd);
        return !overlay || take_below(child, path, binds);
}

static bool protect_binds(struct child *child, struct binds *binds)
{
        for (size_t i = 0; i < binds->n; i++) {
                const struct bind *bind = &binds->v[i];

                if (mountfd_set(bind->fd, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, true))
                        continue;
                if (errno != ENOSYS)
                        return fault_errno(&child->fault, bind->path, "make %s read-only in the container",
                                           bind->path);
                snprintf(child->late[child->n_late], sizeof(child->late[0]), "%s", bind->path);
                child->n_late++;
        }
        return true;
}

/* /usr, and of / whatever programs and libraries live under. */
static bool take_top(struct child *child, struct binds *binds)
{
        DIR *dir = opendir("/");
        struct dirent *entry;
        bool ok = true;

        if (!dir)
                return fault_errno(&child->fault, "/", "read the machine's /");
        for (errno = 0; ok && (entry = readdir(dir)) != NULL; errno = 0) {
                const char *name = entry->d_name;

                if (strcmp(name, "usr") == 0 || strcmp(name, "bin") == 0 || strcmp(name, "sbin") == 0 ||
                    (strncmp(name, "lib", 3) == 0 && strlen(name) < 10 && strcmp(name, "libexec") != 0))
                        ok = take_top_entry(child, name, binds);
        }
        if (ok && errno)
                ok = fault_errno(&child->fault, "/", "read the machine's /");
        closedir(dir);
        ok = ok && take_top_entry(child, "etc/ld.so.cache", binds);
        ok = ok && take_top_entry(child, "etc/alternatives", binds);
        return ok && protect_binds(child, binds);
}

/* The demo root's own folders and files; the working directory is its top. */
static bool make_demo_tree(struct child *child)
{
        static const struct {
                const char *path;
                mode_t mode;
        } folders[] = {
                { "etc", 0755 },  { "home", 0755 }, { "home/student", 0755 }, { "proc", 0555 },
                { "root", 0700 }, { "run", 0755 },  { "sys", 0555 },          { "tmp", 01777 },
                { "dev", 0755 },  { "var", 0755 },  { "var/tmp", 01777 },
        };
        const struct plan *plan = child->plan;
        char hosts[512];
        bool ok = true;

        for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
                if (mkdir(folders[i].path, folders[i].mode) < 0)
                        return fault_errno(&child->fault, folders[i].path, "make /%s in the container",
                                           folders[i].path);
        /* With one id mapped there may be no 1000 to give it to: then it stays the creator's. */
        if (chown("home/student", 1000, 1000) < 0 && errno != EINVAL &&
            (errno != EPERM || !plan->fixed.one_id))
                return fault_errno(&child->fault, "", "give /home/student to student");
        snprintf(hosts, sizeof(hosts), "127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.1.1\t%s\n",
                 plan->hostname);
        ok = write_file("etc/passwd", plan->passwd, 0644) && write_file("etc/group", plan->group, 0644) &&
             write_file("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n", 0644) &&
             write_file("etc/hosts", hosts, 0644) && write_file("etc/resolv.conf", "", 0644) &&
             write_file("etc/hostname", plan->hostname, 0644);
        return ok || fault_errno(&child->fault, "", "write the container's /etc");
}

static bool swap_root(struct child *child)
{
        /* pivot_root(2): with the same folder for both the old root lies over the new one and is taken off.
         */
        if (syscall(SYS_pivot_root, ".", ".") < 0)
                return fault_errno(&child->fault, "", "enter the container's root");
        if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
                return fault_errno(&child->fault, "", "leave the machine's root");
        return true;
}

static int open_bind_target(const char *path, bool folder)
{
        if (folder)
                return open_mount_point(path);
        return open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
}

static bool place_binds(struct child *child, struct binds *binds)
{
        for (size_t i = 0; i < binds->n; i++) {
                struct bind *bind = &binds->v[i];
                struct stat st;
                own_fd int target = -1;

                if (fstat(bind->fd, &st) == 0)
                        target = open_bind_target(bind->path, S_ISDIR(st.st_mode));
                if (target < 0 || !mountfd_attach(bind->fd, target))
                        return fault_errno(&child->fault, bind->path, "bind %s into the container",
                                           bind->path);
                fd_close(&bind->fd);
        }
        return true;
}

static bool enter_demo(struct child *child, const char *stage)
{
        struct binds binds = { 0 };

        if (chdir(stage) < 0)
                return fault_errno(&child->fault, stage, "enter the container's root");
        return make_demo_tree(child) && take_top(child, &binds) && swap_root(child) &&
               place_binds(child, &binds) && child_place_raise(child);
}

/* Where the kernel refuses the overlay (before 5.11 without root, or an image that is itself on overlays):
 * the image itself, read-only, with a tmpfs where programs write. */
static bool enter_dir_read_only(struct child *child, int overlay_errno)
{
        static const char *const writable[] = { "/tmp", "/run", "/var/tmp" };
        static const char *const options[][2] = { { "mode", "1777" }, { "size", "64m" }, { NULL, NULL } };
        const unsigned attrs = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV;
        /* What is mounted below the image stays away, but in a user namespace, where the kernel lets nothing
         * be uncovered. */
        own_fd int copy = mountfd_copy(child->image_fd, "", child->plan->fixed.ns_flags & CLONE_NEWUSER);
        own_fd int target = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

        if (copy < 0)
                return fault_errno(&child->fault, "", "bind the image");
        if (!mountfd_set(copy, attrs, true))
                return fault_errno(&child->fault, "", "make the image read-only");
        if (target < 0 || !mountfd_attach(copy, target) || fchdir(copy) < 0)
                return fault_errno(&child->fault, "", "bind the image");
        if (!swap_root(child))
                return false;
        child_note(child, "image read-only (overlay refused: %.60s)", strerror(overlay_errno));
        child->read_only_image = true;
        for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++) {
                own_fd int folder = open(writable[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                own_fd int tmpfs = -1;

                if (folder < 0)
                        continue;
                tmpfs = mountfd_new("tmpfs", options, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
                if (tmpfs < 0 || !mountfd_attach(tmpfs, folder))
                        return fault_errno(&child->fault, writable[i], "mount a tmpfs on %s", writable[i]);
        }
        return true;
}

/* An overlay copies nothing up whose owner has no id inside. */
static void note_foreign_image(struct child *child)
{
        const struct plan_fixed *fixed = &child->plan->fixed;

        if (fixed->remap && child->idmap_errno)
                child_note(child, "the image's owners have no id in here (%.40s): it cannot be changed",
                           strerror(child->idmap_errno));
        else if (!fixed->remap && fixed->foreign_image)
                child_note(child, "the image is another user's: it cannot be changed in here");
}

/* The keeper's copy takes the image's place; below the stage, so that the overlay's layer is a mount of this
 * mount namespace. */
static bool attach_lower(struct child *child)
{
        own_fd int target = -1;

        if (child->lower_fd < 0)
                return true;
        target = open_mount_point("lower");
        /* It is a copy of a mount that the machine may share; where the overlay is refused it becomes the
         * root, and a shared one cannot be entered (pivot_root(2)). */
        if (target < 0 || !mountfd_attach(child->lower_fd, target) ||
            mount(NULL, "lower", NULL, MS_PRIVATE, NULL) < 0)
                return fault_errno(&child->fault, "", "bind the image");
        fd_close(&child->image_fd);
        child->image_fd = take_fd(&child->lower_fd);
        return true;
}

/* The image below, a tmpfs above: the image's files are never written. */
static bool enter_dir(struct child *child, const char *stage)
{
        char options[256], root[64];
        int err;

        if (chdir(stage) < 0 || mkdir("upper", 0755) < 0 || mkdir("work", 0700) < 0 ||
            mkdir("root", 0755) < 0)
                return fault_errno(&child->fault, stage, "make the container's root");
        if (!attach_lower(child))
                return false;
        snprintf(root, sizeof(root), "%s/root", stage);
        snprintf(options, sizeof(options), "lowerdir=.,upperdir=%s/upper,workdir=%s/work%s", stage, stage,
                 child->plan->fixed.ns_flags & CLONE_NEWUSER ? ",userxattr" : "");
        /* lowerdir=. names the image by descriptor: its path may hold commas, and may lie under the stage. */
        if (fchdir(child->image_fd) < 0)
                return fault_errno(&child->fault, "", "enter the image");
        err = mount("overlay", root, "overlay", MS_NODEV, options) < 0 ? errno : 0;
        if (chdir(root) < 0)
                return fault_errno(&child->fault, root, "enter the container's root");
        if (err)
                return enter_dir_read_only(child, err);
        if (!swap_root(child))
                return false;
        note_foreign_image(child);
        /* As an engine does; an image that has something else in their place keeps it. */
        (void)write_file("/etc/hostname", child->plan->hostname, 0644);
        return true;
}

/* The image by its path once more: a descriptor from outside names a mount of the machine's mount namespace,
 * which the kernel does not let this one copy. That it is still the same folder is checked against the
 * descriptor. */
static bool reopen_image(struct child *child)
{
        const char *path = child->plan->image_path;
        int outside = child->image_fd;
        struct stat was, is;

        child->image_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (child->image_fd < 0 || fstat(outside, &was) < 0 || fstat(child->image_fd, &is) < 0)
                return fault_errno(&child->fault, path, "open the image dir:%s", path);
        if (was.st_dev != is.st_dev || was.st_ino != is.st_ino)
                return fault_why(&child->fault, "open the image", "%s was exchanged meanwhile", path);
        close(outside);
        return true;
}

bool child_enter_root(struct child *child)
{
        const char *stage = "";

        if (!child->plan->fixed.demo && child->lower_fd < 0 && !reopen_image(child))
                return false;
        if (!make_stage(child, &stage))
                return false;
        if (child->plan->fixed.demo)
                return enter_demo(child, stage);
        if (!enter_dir(child, stage))
                return false;
        fd_close(&child->image_fd); /* nothing of the machine's stays open while the image's links are
                                       followed */
        return true;
}

bool child_protect_root(struct child *child)
{
        if (!child->plan->fixed.read_only || child->read_only_image)
                return true;
        if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV, NULL) < 0)
                return fault_errno(&child->fault, "", "make the container's root read-only");
        return true;
}
