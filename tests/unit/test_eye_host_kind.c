/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eye/host_kind.h"
#include "tree.h"

#define FIRST_NAMESPACES                                                                            \
        { "proc/self/ns/pid", "->pid:[4026531836]" }, { "proc/self/ns/uts", "->uts:[4026531838]" }, \
        {                                                                                           \
                "proc/self/ns/ipc", "->ipc:[4026531839]"                                            \
        }
#define OTHER_NAMESPACES                                                                            \
        { "proc/self/ns/pid", "->pid:[4026532181]" }, { "proc/self/ns/uts", "->uts:[4026532179]" }, \
        {                                                                                           \
                "proc/self/ns/ipc", "->ipc:[4026532180]"                                            \
        }
/* docker run --pid host */
#define SHARED_PID                                                                                  \
        { "proc/self/ns/pid", "->pid:[4026531836]" }, { "proc/self/ns/uts", "->uts:[4026532179]" }, \
        {                                                                                           \
                "proc/self/ns/ipc", "->ipc:[4026532180]"                                            \
        }
#define BARE_CPU                                                                                       \
        {                                                                                              \
                "proc/cpuinfo",                                                                        \
                        "processor\t: 0\nmodel name\t: X\nflags\t\t: fpu vme sse2\n\nprocessor\t: 1\n" \
        }
#define GUEST_CPU                                                                      \
        {                                                                              \
                "proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme hypervisor sse2\n" \
        }

static const struct host_case {
        const char *name, *release;
        enum host_kind kind;
        struct tree_file files[8];
} cases[] = {
        { "nothing that can be read", "6.1.0", HOST_KIND_MACHINE, { { NULL, NULL } } },
        { "a machine", "6.1.0", HOST_KIND_MACHINE, { FIRST_NAMESPACES, BARE_CPU } },
        { "a machine of a known vendor",
          "6.1.0",
          HOST_KIND_MACHINE,
          { FIRST_NAMESPACES,
            BARE_CPU,
            { "sys/class/dmi/id/sys_vendor", "LENOVO\n" },
            { "sys/class/dmi/id/product_name", "20XW004FGE\n" } } },
        { "the flag of a hypervisor", "6.1.0", HOST_KIND_VIRTUAL, { FIRST_NAMESPACES, GUEST_CPU } },
        { "a word that is only like the flag",
          "6.1.0",
          HOST_KIND_MACHINE,
          { { "proc/cpuinfo", "model name\t: hypervisor\nflags\t: hypervisors xhypervisor\n" } } },
        { "an ARM guest of QEMU",
          "6.1.0",
          HOST_KIND_VIRTUAL,
          { FIRST_NAMESPACES,
            { "proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd\n" },
            { "sys/class/dmi/id/sys_vendor", "QEMU\n" } } },
        { "an ARM guest without DMI",
          "6.1.0",
          HOST_KIND_VIRTUAL,
          { FIRST_NAMESPACES, { "proc/device-tree/compatible", "linux,dummy-virt" } } },
        { "Hyper-V by its product's name",
          "6.1.0",
          HOST_KIND_VIRTUAL,
          { { "sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
            { "sys/class/dmi/id/product_name", "Virtual Machine\n" } } },
        { "a Surface by the same vendor",
          "6.1.0",
          HOST_KIND_MACHINE,
          { { "sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n" },
            { "sys/class/dmi/id/product_name", "Surface Pro 7\n" } } },
        { "EC2",
          "6.1.0",
          HOST_KIND_VIRTUAL,
          { { "sys/class/dmi/id/sys_vendor", "Amazon EC2\n" },
            { "sys/class/dmi/id/product_name", "m6g.large\n" } } },
        { "EC2 on bare metal",
          "6.1.0",
          HOST_KIND_MACHINE,
          { { "sys/class/dmi/id/sys_vendor", "Amazon EC2\n" },
            { "sys/class/dmi/id/product_name", "m6g.metal\n" } } },
        { "a guest of Xen", "6.1.0", HOST_KIND_VIRTUAL, { { "sys/hypervisor/type", "xen\n" } } },
        { "Xen's first domain",
          "6.1.0",
          HOST_KIND_MACHINE,
          { { "sys/hypervisor/type", "xen\n" }, { "proc/xen/capabilities", "control_d\n" }, GUEST_CPU } },
        { "WSL",
          "5.15.90.1-microsoft-standard-WSL2",
          HOST_KIND_VIRTUAL,
          { { "proc/self/ns/pid", "->pid:[4026532191]" }, BARE_CPU } },
        { "docker in WSL",
          "5.15.90.1-microsoft-standard-WSL2",
          HOST_KIND_CONTAINER,
          { OTHER_NAMESPACES, { ".dockerenv", "" } } },
        { "docker", "6.1.0", HOST_KIND_CONTAINER, { OTHER_NAMESPACES, { ".dockerenv", "" }, BARE_CPU } },
        { "podman", "6.1.0", HOST_KIND_CONTAINER, { OTHER_NAMESPACES, { "run/.containerenv", "" } } },
        { "docker in a virtual machine", "6.1.0", HOST_KIND_CONTAINER, { OTHER_NAMESPACES, GUEST_CPU } },
        { "docker with the machine's PIDs",
          "6.1.0",
          HOST_KIND_CONTAINER,
          { SHARED_PID, { ".dockerenv", "" }, BARE_CPU } },
        { "a virtual machine made of an image",
          "6.1.0",
          HOST_KIND_VIRTUAL,
          { FIRST_NAMESPACES, { ".dockerenv", "" }, GUEST_CPU } },
        { "marks, and namespaces that cannot be read",
          "6.1.0",
          HOST_KIND_CONTAINER,
          { { ".dockerenv", "" } } },
        { "systemd-nspawn", "6.1.0", HOST_KIND_CONTAINER, { { "run/systemd/container", "systemd-nspawn" } } },
        { "an empty mark of systemd's", "6.1.0", HOST_KIND_MACHINE, { { "run/systemd/container", "" } } },
        { "control groups of Kubernetes",
          "5.10.0",
          HOST_KIND_CONTAINER,
          { { "proc/1/cgroup", "12:cpu:/kubepods/besteffort/pod1/2\n" } } },
        { "control groups of a machine",
          "5.10.0",
          HOST_KIND_MACHINE,
          { { "proc/1/cgroup", "0::/init.scope\n" } } },
};

static void every_recorded_host_is_named(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct host_info info = { .kind = (enum host_kind)99 };
                struct tree tree;

                tree_open(&tree);
                tree_fill(&tree, cases[i].files);
                host_info_read(tree.fd, cases[i].release, &info);
                tree_close(&tree);
                if (info.kind != cases[i].kind)
                        fail_msg("%s is said to be a %s", cases[i].name, host_kind_name(info.kind));
        }
}

/* The entries of environ are parted by NULs. */
static void the_environment_of_pid_1_marks_a_container(void **state)
{
        static const struct {
                const char *text;
                size_t n;
                enum host_kind kind;
        } texts[] = {
                { "container=lxc\0PATH=/bin", 23, HOST_KIND_CONTAINER },
                { "PATH=/bin\0container=lxc", 23, HOST_KIND_CONTAINER },
                { "PATH=/bin\0mycontainer=lxc", 25, HOST_KIND_MACHINE },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                struct host_info info;
                struct tree tree;

                tree_open(&tree);
                tree_put_bytes(&tree, "proc/1/environ", texts[i].text, texts[i].n);
                host_info_read(tree.fd, "6.1.0", &info);
                tree_close(&tree);
                assert_int_equal(info.kind, texts[i].kind);
        }
}

static void the_title_names_two_numbers_of_the_release(void **state)
{
        static const struct {
                const char *release, *kernel;
        } releases[] = {
                { "6.18.44-1-amd64", "Linux 6.18" },
                { "5.10", "Linux 5.10" },
                { "6.1.0\n", "Linux 6.1" },
                { "", "Linux" },
                { "nonsense", "Linux" },
                { "6", "Linux" },
                { "6.99999999999999", "Linux 6.999" },
        };
        struct tree tree;

        (void)state;
        tree_open(&tree);
        for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
                struct host_info info;

                host_info_read(tree.fd, releases[i].release, &info);
                assert_string_equal(info.kernel, releases[i].kernel);
        }
        tree_close(&tree);
}

static void files_of_any_size_and_kind_are_borne(void **state)
{
        struct host_info info;
        struct tree tree;
        size_t n = 1 << 20;
        char *big = malloc(n), path[128];

        (void)state;
        memset(big, 'x', n);
        tree_open(&tree);
        tree_put_bytes(&tree, "proc/cpuinfo", big, n);
        tree_put_bytes(&tree, "proc/1/environ", big, n);
        tree_put_bytes(&tree, "sys/class/dmi/id/sys_vendor", "\xff\xfe\0QEMU", 7);
        tree_put(&tree, "proc/self/ns/pid",
                 "->pid:[4026531836]/and/so/on/and/so/on/and/so/on/and/so/on/and/so/on");
        /* A pipe that nobody writes to must not be waited for. */
        snprintf(path, sizeof(path), "%s/proc/1/cgroup", tree.path);
        assert_int_equal(mkfifo(path, 0600), 0);
        host_info_read(tree.fd, "6.1.0", &info);
        assert_int_equal(info.kind, HOST_KIND_CONTAINER);
        tree_close(&tree);
        free(big);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_recorded_host_is_named),
                cmocka_unit_test(the_environment_of_pid_1_marks_a_container),
                cmocka_unit_test(the_title_names_two_numbers_of_the_release),
                cmocka_unit_test(files_of_any_size_and_kind_are_borne),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
