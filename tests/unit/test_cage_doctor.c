/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "cage/doctor.h"
#include "tree.h"

/* A Debian 12: systemd's mounts, binfmt_misc over its folder and then over autofs. */
#define ROOT_LINE "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n"
#define PROC_LINE "22 27 0:21 / /proc rw,nosuid shared:2 - proc proc rw\n"
#define SYS_LINE "23 27 0:22 / /sys rw,nosuid shared:3 - sysfs sysfs rw\n"
#define USUAL_LINES                                                                                \
        ROOT_LINE PROC_LINE SYS_LINE                                                               \
                "30 23 0:25 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n"                   \
                "31 22 0:26 / /proc/sys/fs/binfmt_misc rw shared:5 - autofs systemd-1 rw,fd=29\n"  \
                "32 31 0:27 / /proc/sys/fs/binfmt_misc rw shared:6 - binfmt_misc binfmt_misc rw\n" \
                "33 23 0:28 / /sys/kernel/debug rw - debugfs debugfs rw\n"                         \
                "34 33 0:29 / /sys/kernel/debug/tracing rw - tracefs tracefs rw\n"
/* What Docker covers. */
#define COVERED_PROC "40 22 0:30 / /proc/acpi ro - tmpfs tmpfs ro\n"
#define COVERED_SYS "41 23 0:31 / /sys/firmware ro - tmpfs tmpfs ro\n"

#define MOUNTINFO "proc/self/mountinfo"
#define MAX_USERNS "proc/sys/user/max_user_namespaces"
#define CLONE "proc/sys/kernel/unprivileged_userns_clone"
#define APPARMOR "proc/sys/kernel/apparmor_restrict_unprivileged_userns"

static const struct tree_file healthy[] = {
        { MOUNTINFO, USUAL_LINES },
        { MAX_USERNS, "96365\n" },
        { "proc/sys/kernel/ostype", "Linux\n" },
        { "proc/self/status", "Name:\tvitrine\nSeccomp:\t0\nSeccomp_filters:\t0\n" },
        { "proc/self/ns/user", "->user:[4026531837]" },
        { "etc/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n" },
        { "etc/subuid", "alice:100000:65536\n" },
        { "etc/subgid", "alice:100000:65536\n" },
        { "usr/bin/newuidmap", "x" },
        { NULL, NULL },
};

static const struct machine user = {
        .mode = MODE_ONE_ID, .known = CAPS_ALL, .grantable = CAPS_ALL, .uid = 1000, .gid = 1000
};
static const struct machine root = { .mode = MODE_ROOT, .known = CAPS_ALL, .grantable = CAPS_ALL };

/* The examination of the healthy tree with files of one's own over it. */
static void examine(const struct tree_file *files, const char *release, const struct machine *machine,
                    const struct doctor_trial *trial, struct doctor *ret)
{
        struct tree tree;

        tree_open(&tree);
        tree_fill(&tree, healthy);
        if (files)
                tree_fill(&tree, files);
        *ret = (struct doctor){ 0 };
        doctor_read(tree.fd, release, machine, trial, ret);
        tree_close(&tree);
}

static const struct doctor_row *row_of(const struct doctor *doctor, const char *id)
{
        for (size_t i = 0; i < doctor->n; i++)
                if (strcmp(doctor->rows[i].id, id) == 0)
                        return &doctor->rows[i];
        fail_msg("there is no row %s", id);
        return NULL;
}

static struct doctor_trial refused_at(const char *step, int err)
{
        struct doctor_trial trial = { .clone3 = true };

        errno = err;
        fault_errno(&trial.fault, "", "%s", step);
        return trial;
}

static const struct doctor_trial launched = { .launched = true, .clone3 = true, .devices = DEVGROUP_V2 };

static void a_healthy_machine_has_no_no(void **state)
{
        struct doctor doctor;

        (void)state;
        for (int as_root = 0; as_root < 2; as_root++) {
                examine(NULL, "6.1.0-18-amd64", as_root ? &root : &user, &launched, &doctor);
                assert_int_equal(doctor.n, 13);
                for (size_t i = 0; i < doctor.n; i++) {
                        /* Without root one id is what there is, and no device cgroup. */
                        bool note = !as_root && (strcmp(doctor.rows[i].id, "ids") == 0 ||
                                                 strcmp(doctor.rows[i].id, "devices") == 0);

                        if (doctor.rows[i].answer != (note ? DOCTOR_NOTE : DOCTOR_YES))
                                fail_msg("%s: %s", doctor.rows[i].id, doctor.rows[i].says);
                        assert_true(strlen(doctor.rows[i].says) > 4);
                        assert_true(note || !*doctor.rows[i].remedy);
                }
                assert_string_equal(doctor.rows[doctor.n - 1].id, "launch");
        }
}

/* What a file says on a machine where the trial failed, without root and as root. */
static const struct refusal {
        const char *name, *id;
        struct tree_file file;
        enum doctor_answer user, root;
        const char *says, *remedy; /* parts, without root */
} refusals[] = {
        { "no namespaces at all",
          "max-user-namespaces",
          { MAX_USERNS, "0\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "switched off",
          "sudo sysctl user.max_user_namespaces=10000" },
        { "a negative limit",
          "max-user-namespaces",
          { MAX_USERNS, "-1\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "-1",
          "sysctl" },
        { "a limit that is no number",
          "max-user-namespaces",
          { MAX_USERNS, "many\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "no user namespaces",
          "sudo ./vitrine" },
        { "a limit beyond every number",
          "max-user-namespaces",
          { MAX_USERNS, "99999999999999999999\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "no user namespaces",
          "sudo" },
        { "one namespace is some",
          "max-user-namespaces",
          { MAX_USERNS, "1\n" },
          DOCTOR_YES,
          DOCTOR_YES,
          "at most 1 ",
          "" },
        { "for root alone",
          "unprivileged-userns-clone",
          { CLONE, "0\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "root alone",
          "kernel.unprivileged_userns_clone=1" },
        { "for everybody",
          "unprivileged-userns-clone",
          { CLONE, "1\n" },
          DOCTOR_YES,
          DOCTOR_YES,
          "not for root alone",
          "" },
        { "AppArmor restricts",
          "apparmor",
          { APPARMOR, "1\n" },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "Ubuntu 24.04",
          "vitrine" },
        { "AppArmor does not", "apparmor", { APPARMOR, "0\n" }, DOCTOR_YES, DOCTOR_YES, "leaves", "" },
        { "a filter",
          "seccomp",
          { "proc/self/status", "Seccomp:\t2\n" },
          DOCTOR_NO,
          DOCTOR_NO,
          "a filter",
          "--privileged" },
        { "a name that begins alike",
          "seccomp",
          { "proc/self/status", "Seccomp_filters:\t2\n" },
          DOCTOR_YES,
          DOCTOR_YES,
          "no filter",
          "" },
        { "a chroot",
          "chroot",
          { MOUNTINFO, PROC_LINE SYS_LINE },
          DOCTOR_NO,
          DOCTOR_NO,
          "chroot",
          "mount --bind DIR DIR" },
        { "the first file system",
          "chroot",
          { MOUNTINFO, "1 1 0:2 / / rw - rootfs rootfs rw\n" PROC_LINE SYS_LINE },
          DOCTOR_NO,
          DOCTOR_NO,
          "first file system",
          "switch_root" },
        { "a covered /proc",
          "proc",
          { MOUNTINFO, USUAL_LINES COVERED_PROC },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "(/proc/acpi)",
          "on the machine itself" },
        { "a covered /sys",
          "sys",
          { MOUNTINFO, USUAL_LINES COVERED_SYS },
          DOCTOR_NO,
          DOCTOR_NOTE,
          "(/sys/firmware)",
          "on the machine itself" },
        { "no /sys", "sys", { MOUNTINFO, ROOT_LINE PROC_LINE }, DOCTOR_NO, DOCTOR_NOTE, "(/sys)", "" },
        { "hidepid",
          "hidepid",
          { MOUNTINFO, ROOT_LINE SYS_LINE "22 27 0:21 / /proc rw - proc proc rw,gid=4,hidepid=invisible\n" },
          DOCTOR_NOTE,
          DOCTOR_NOTE,
          "hidepid=invisible",
          "sudo" },
        { "hidepid off",
          "hidepid",
          { MOUNTINFO, ROOT_LINE SYS_LINE "22 27 0:21 / /proc rw - proc proc rw,hidepid=off\n" },
          DOCTOR_YES,
          DOCTOR_YES,
          "all users",
          "" },
        { "no subordinate ids",
          "ids",
          { "etc/subuid", "alic:1:1\nbob:100000:65536\nalice\n" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "/etc/subuid has no line for you",
          "echo alice:165536:65536 | sudo tee -a /etc/subuid" },
        { "no user of that name",
          "ids",
          { "etc/passwd", "root:x:0:0::/root:/bin/sh\na$(x):x:1000:1000::/:/bin/sh\n" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "/etc/subuid has no line for you",
          "echo 1000:165536:65536 | sudo tee -a /etc/subuid /etc/subgid" },
        { "no room for more ids",
          "ids",
          { "etc/subuid", "bob:100000:2147483000\n" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "/etc/subuid has no line for you",
          "a free range for alice" },
        { "lines that are none",
          "ids",
          { "etc/subuid", "alice:99999999999:65536\nalice:-1:5\nalice:1:2:3\nalice::\nalice\n" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "/etc/subuid has no line for you",
          "echo alice:165536:65536" },
        { "subordinate ids by number",
          "ids",
          { "etc/subuid", "1000:100000:65536\n" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "by another name",
          "sudo" },
        { "no subordinate groups",
          "ids",
          { "etc/subgid", "" },
          DOCTOR_NOTE,
          DOCTOR_YES,
          "/etc/subgid",
          "sudo" },
        { "no mounts to be read",
          "chroot",
          { MOUNTINFO, "" },
          DOCTOR_NOTE,
          DOCTOR_NOTE,
          "cannot be read",
          "" },
};

static void every_refusal_has_a_row_and_a_remedy(void **state)
{
        struct doctor_trial trial = refused_at("create the container's namespaces", EPERM);

        (void)state;
        for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
                const struct refusal *c = &refusals[i];
                struct tree_file files[] = { c->file, { NULL, NULL } };
                const struct doctor_row *row;
                struct doctor doctor;

                examine(files, "6.1.0", &root, &trial, &doctor);
                row = row_of(&doctor, c->id);
                if (row->answer != c->root)
                        fail_msg("%s, as root: %d %s", c->name, row->answer, row->says);
                examine(files, "6.1.0", &user, &trial, &doctor);
                row = row_of(&doctor, c->id);
                if (row->answer != c->user || !strstr(row->says, c->says) || !strstr(row->remedy, c->remedy))
                        fail_msg("%s: %d %s / %s", c->name, row->answer, row->says, row->remedy);
                assert_true(row->answer != DOCTOR_NO || *row->remedy || strcmp(c->name, "no /sys") == 0);
        }
}

static void the_range_is_counted(void **state)
{
        struct machine range = user;
        struct doctor doctor;

        (void)state;
        range.mode = MODE_RANGE;
        assert_true(id_runs_add(&range.uids, 1000, 1) && id_runs_add(&range.uids, 100000, 65536));
        examine(NULL, "6.1.0", &range, &launched, &doctor);
        assert_int_equal(row_of(&doctor, "ids")->answer, DOCTOR_YES);
        assert_non_null(strstr(row_of(&doctor, "ids")->says, "65537 ids"));
        range = user;
        snprintf(range.one_id_why, sizeof(range.one_id_why), "no-new-privileges is set");
        examine(NULL, "6.1.0", &range, &launched, &doctor);
        assert_non_null(strstr(row_of(&doctor, "ids")->says, "(no-new-privileges is set)"));
}

/* A launch that went through is stronger than what speaks against it. */
static void nothing_forbids_a_launch_that_went_through(void **state)
{
        static const struct tree_file files[] = {
                { MAX_USERNS, "0\n" },
                { CLONE, "0\n" },
                { APPARMOR, "1\n" },
                { "proc/self/status", "Seccomp:\t2\n" },
                { MOUNTINFO, USUAL_LINES COVERED_PROC COVERED_SYS },
                { NULL, NULL },
        };
        struct doctor_trial hidden = { .launched = true, .clone3 = false };
        struct doctor doctor;

        (void)state;
        examine(files, "4.19.0", &user, &hidden, &doctor);
        for (size_t i = 0; i < doctor.n; i++)
                if (doctor.rows[i].answer == DOCTOR_NO)
                        fail_msg("%s: %s", doctor.rows[i].id, doctor.rows[i].says);
        assert_non_null(strstr(row_of(&doctor, "seccomp")->says, "clone3"));
        assert_int_equal(row_of(&doctor, "launch")->answer, DOCTOR_YES);
}

static void the_trials_remedy_is_that_of_the_row_that_explains_it(void **state)
{
        static const struct tree_file chroot_files[] = { { MOUNTINFO, PROC_LINE SYS_LINE }, { NULL, NULL } };
        static const struct tree_file hidepid_files[] = {
                { MOUNTINFO, ROOT_LINE SYS_LINE "22 27 0:21 / /proc rw - proc proc rw,hidepid=2\n" },
                { NULL, NULL }
        };
        struct doctor_trial trial = refused_at("make the mounts private", EINVAL);
        const struct doctor_row *row;
        struct doctor doctor;

        (void)state;
        examine(chroot_files, "6.1.0", &root, &trial, &doctor);
        row = row_of(&doctor, "launch");
        assert_int_equal(row->answer, DOCTOR_NO);
        assert_string_equal(row->says, "make the mounts private: Invalid argument");
        assert_non_null(strstr(row->remedy, "mount --bind DIR DIR"));
        examine(hidepid_files, "6.1.0", &user, &trial, &doctor);
        assert_string_equal(row_of(&doctor, "launch")->remedy, "");
}

static void where_there_is_no_device_cgroup_it_is_said_why(void **state)
{
        struct doctor_trial trial = launched;
        const struct doctor_row *row;
        struct doctor doctor;

        (void)state;
        examine(NULL, "6.1.0", &root, &trial, &doctor);
        assert_non_null(strstr(row_of(&doctor, "devices")->says, "v2"));
        trial.devices = DEVGROUP_NONE;
        fault_why(&trial.devices_fault, "make a device cgroup", "neither is mounted");
        examine(NULL, "6.1.0", &root, &trial, &doctor);
        row = row_of(&doctor, "devices");
        assert_int_equal(row->answer, DOCTOR_NOTE);
        assert_non_null(strstr(row->says, "neither is mounted"));
        assert_non_null(strstr(row->remedy, "mount -t cgroup2"));
        errno = EROFS;
        fault_errno(&trial.devices_fault, "/sys/fs/cgroup", "make a device cgroup");
        examine(NULL, "6.1.0", &root, &trial, &doctor);
        row = row_of(&doctor, "devices");
        assert_non_null(strstr(row->says, "Read-only"));
        assert_non_null(strstr(row->remedy, "machine itself"));
        examine(NULL, "6.1.0", &user, &launched, &doctor);
        assert_int_equal(row_of(&doctor, "devices")->answer, DOCTOR_NOTE);
}

/* Root in a user namespace of somebody else's has no more right to a covered /proc than a user. */
static void root_of_another_user_namespace_is_no_real_root(void **state)
{
        static const struct tree_file files[] = { { MOUNTINFO, USUAL_LINES COVERED_PROC },
                                                  { "proc/self/ns/user", "->user:[4026532500]" },
                                                  { NULL, NULL } };
        struct doctor_trial trial = refused_at("mount /proc in the container", EPERM);
        struct doctor doctor;
        struct tree tree;

        (void)state;
        tree_open(&tree);
        for (const struct tree_file *file = healthy; file->path; file++)
                if (strcmp(file->path, "proc/self/ns/user") != 0)
                        tree_put(&tree, file->path, file->text);
        tree_fill(&tree, files);
        doctor = (struct doctor){ 0 };
        doctor_read(tree.fd, "6.1.0", &root, &trial, &doctor);
        tree_close(&tree);
        assert_int_equal(row_of(&doctor, "proc")->answer, DOCTOR_NO);
}

static void a_kernel_is_old_below_5_10(void **state)
{
        static const struct {
                const char *release;
                enum doctor_answer answer;
        } releases[] = {
                { "5.10.0", DOCTOR_YES },   { "5.9.99-generic", DOCTOR_NO }, { "4.19.0-26-amd64", DOCTOR_NO },
                { "10.0", DOCTOR_YES },     { "5.100", DOCTOR_YES },         { "", DOCTOR_NOTE },
                { "rolling", DOCTOR_NOTE },
        };
        struct doctor_trial trial = refused_at("mount /proc in the container", ENOSYS);

        (void)state;
        for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
                struct doctor doctor;

                examine(NULL, releases[i].release, &user, &trial, &doctor);
                if (row_of(&doctor, "kernel")->answer != releases[i].answer)
                        fail_msg("%s: %s", releases[i].release, row_of(&doctor, "kernel")->says);
        }
}

static void missing_capabilities_are_named_as_root_alone(void **state)
{
        struct machine machine = root;
        const struct doctor_row *row;
        struct doctor doctor;

        (void)state;
        machine.grantable &= ~(caps_bit(5) | caps_bit(24));
        examine(NULL, "6.1.0", &machine, &launched, &doctor);
        row = row_of(&doctor, "capabilities");
        assert_int_equal(row->answer, DOCTOR_NO);
        assert_string_equal(row->says, "this machine's own bounding set lacks KILL SYS_RESOURCE");
        assert_true(*row->remedy);
        machine.grantable = caps_bit(21);
        examine(NULL, "6.1.0", &machine, &launched, &doctor);
        assert_non_null(strstr(row_of(&doctor, "capabilities")->says, "lacks 40 of 41"));
        machine.mode = MODE_ONE_ID;
        examine(NULL, "6.1.0", &machine, &launched, &doctor);
        assert_int_equal(row_of(&doctor, "capabilities")->answer, DOCTOR_YES);
}

static void what_is_covered_is_what_the_kernel_counts(void **state)
{
        static const struct {
                const char *name, *text, *part; /* part NULL: not covered */
        } cases[] = {
                { "the usual mounts", USUAL_LINES, NULL },
                { "a part", USUAL_LINES COVERED_PROC, "/proc/acpi" },
                { "all of it", USUAL_LINES "50 22 0:40 / /proc rw - tmpfs none rw\n", "/proc" },
                { "a second whole one over it",
                  USUAL_LINES COVERED_PROC "50 22 0:21 / /proc rw - proc proc rw\n", NULL },
                { "a second whole one elsewhere",
                  USUAL_LINES COVERED_PROC "50 27 0:21 / /dev/.lxc/proc rw - proc proc rw\n", NULL },
                { "only a part elsewhere",
                  USUAL_LINES COVERED_PROC "50 27 0:21 /sys /mnt rw - proc proc rw\n", "/proc/acpi" },
                { "a name with a space",
                  ROOT_LINE PROC_LINE "50 22 0:40 / /proc/a\\040b\\134 rw - tmpfs none rw\n", "/proc/a b\\" },
                { "an escape that is cut short",
                  ROOT_LINE PROC_LINE "50 22 0:40 / /proc/a\\0 rw - tmpfs none rw\n", "/proc/a\\0" },
                { "no mounts", "", "/proc" },
                { "lines that are none", "\n - \n1 2\n22 27 0:21 / /proc rw - proc\n- - - - - - - -\n",
                  "/proc" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char part[64] = "";
                bool covered = doctor_covered(cases[i].text, "proc", part, sizeof(part));

                if (covered != (cases[i].part != NULL) || (covered && strcmp(part, cases[i].part) != 0))
                        fail_msg("%s: %d %s", cases[i].name, covered, part);
        }
}

static void a_long_path_is_cut(void **state)
{
        struct str text = { 0 };
        char part[16];

        (void)state;
        str_add(&text, ROOT_LINE PROC_LINE "50 22 0:40 / /proc/");
        for (int i = 0; i < 5000; i++)
                str_add_c(&text, 'x');
        str_add(&text, " rw - tmpfs none rw\n");
        assert_true(doctor_covered(str_text(&text), "proc", part, sizeof(part)));
        assert_string_equal(part, "/proc/xxxxxxxxx");
        str_finish(&text);
}

static void rows_beyond_the_last_one_do_no_harm(void **state)
{
        struct doctor doctor = { 0 };

        (void)state;
        for (int i = 0; i < 2 * DOCTOR_ROWS_MAX; i++)
                doctor_say(doctor_add(&doctor, "x", "x"), DOCTOR_YES, "%d", i);
        assert_int_equal(doctor.n, DOCTOR_ROWS_MAX);
        assert_string_equal(doctor.rows[0].says, "0");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_healthy_machine_has_no_no),
                cmocka_unit_test(every_refusal_has_a_row_and_a_remedy),
                cmocka_unit_test(the_range_is_counted),
                cmocka_unit_test(nothing_forbids_a_launch_that_went_through),
                cmocka_unit_test(the_trials_remedy_is_that_of_the_row_that_explains_it),
                cmocka_unit_test(where_there_is_no_device_cgroup_it_is_said_why),
                cmocka_unit_test(root_of_another_user_namespace_is_no_real_root),
                cmocka_unit_test(a_kernel_is_old_below_5_10),
                cmocka_unit_test(missing_capabilities_are_named_as_root_alone),
                cmocka_unit_test(what_is_covered_is_what_the_kernel_counts),
                cmocka_unit_test(a_long_path_is_cut),
                cmocka_unit_test(rows_beyond_the_last_one_do_no_harm),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
