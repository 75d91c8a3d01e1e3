/* SPDX-License-Identifier: MIT */
/* Every row that was read off the engines, decided without a kernel. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/resolve.h"
#include "spec_line_helper.h"

/* The machine that they were read on lacks SYS_RESOURCE. */
#define GRANTABLE UINT64_C(0x1fffeffffff)

enum { FLAGS, EXIT, UID, GID, GROUPS, INH, PRM, EFF, BND, AMB, NNP, STDERR, COLUMNS };

struct row {
        char line[1024];
        char *column[COLUMNS];
};

static char *read_text(const char *name)
{
        const char *top = getenv("top_srcdir");
        char *path = xasprintf("%s/tests/oracle/%s", top ? top : ".", name), *text = xcalloc(1, 65536);
        FILE *file = fopen(path, "re");

        if (!file)
                fail_msg("%s is missing", path);
        assert_true(fread(text, 1, 65535, file) < 65535);
        fclose(file);
        free(path);
        return text;
}

static bool next_row(char **text, struct row *row)
{
        size_t n = strcspn(*text, "\n");
        char *rest = row->line;

        if (!n)
                return false;
        assert_true(n < sizeof(row->line));
        memcpy(row->line, *text, n);
        row->line[n] = '\0';
        *text += n + ((*text)[n] == '\n');
        for (int i = 0; i < COLUMNS; i++) {
                char *column = strsep(&rest, "\t");

                assert_non_null(column);
                row->column[i] = column;
        }
        return true;
}

/* What vitrine gives where Docker 20.10 failed on that machine, or knew fewer capabilities. */
static void correct_docker(struct row *row)
{
        static const struct {
                const char *flags, *mask, *uid;
        } cases[] = {
                { "--cap-add ALL", "000001fffeffffff", "0" },
                { "--cap-add ALL --cap-drop ALL", "000001fffeffffff", "0" },
                { "--privileged", "000001fffeffffff", "0" },
                { "--privileged=true", "000001fffeffffff", "0" },
                { "--privileged --cap-drop KILL", "000001fffeffffff", "0" },
                { "--privileged --cap-add MAC_ADMIN", "000001fffeffffff", "0" },
                { "--cap-add ALL --cap-drop KILL", "000001fffeffffdf", "0" },
                { "--user 1000 --cap-add ALL", "000001fffeffffff", "1000" },
                { "--cap-add BPF", "00000080a80425fb", "0" },
                { "--cap-add PERFMON", "00000040a80425fb", "0" },
                { "--cap-add CHECKPOINT_RESTORE", "00000100a80425fb", "0" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                bool root = *cases[i].uid == '0';

                if (strcmp(row->column[FLAGS], cases[i].flags) != 0)
                        continue;
                for (int c = INH; c <= AMB; c++)
                        row->column[c] = (char *)"0000000000000000";
                row->column[EXIT] = (char *)"0";
                row->column[UID] = row->column[GID] = (char *)cases[i].uid;
                row->column[GROUPS] = (char *)(root ? "0" : "1000 2001");
                row->column[BND] = (char *)cases[i].mask;
                if (root)
                        row->column[PRM] = row->column[EFF] = (char *)cases[i].mask;
                row->column[NNP] = (char *)"0";
        }
}

static void compare_mask(const struct row *row, int column, uint64_t mask)
{
        char hex[17];

        caps_hex(mask, hex);
        if (strcmp(hex, row->column[column]) != 0)
                fail_msg("%s: column %d: %s, wanted %s", row->column[FLAGS], column, hex,
                         row->column[column]);
}

static void compare(const struct row *row, const struct resolved *resolved)
{
        struct str groups = { 0 };

        for (size_t i = 0; i < resolved->n_groups; i++)
                str_add_f(&groups, "%s%u", i ? " " : "", resolved->groups[i]);
        assert_string_equal(row->column[EXIT], "0");
        assert_int_equal(resolved->uid, strtoul(row->column[UID], NULL, 10));
        assert_int_equal(resolved->gid, strtoul(row->column[GID], NULL, 10));
        assert_string_equal(str_text(&groups), row->column[GROUPS]);
        compare_mask(row, INH, resolved->caps.inheritable);
        compare_mask(row, PRM, resolved->caps.permitted);
        compare_mask(row, EFF, resolved->caps.effective);
        compare_mask(row, BND, resolved->caps.bounding);
        compare_mask(row, AMB, resolved->caps.ambient);
        assert_int_equal(resolved->no_new_privileges, row->column[NNP][0] == '1');
        str_finish(&groups);
}

/* The engine's own words, but for what every engine says otherwise. */
static void compare_refusal(const struct row *row, enum engine engine, const struct fault *fault)
{
        assert_int_equal(fault->exit_code, strtoul(row->column[EXIT], NULL, 10));
        assert_true(fault->step[0]);
        if (engine == ENGINE_PODMAN && strstr(row->column[FLAGS], "nosuch") &&
            !strstr(row->column[FLAGS], "user"))
                return;
        if (!strstr(row->column[STDERR], fault->why))
                fail_msg("%s: %s, wanted %s", row->column[FLAGS], fault->why, row->column[STDERR]);
}

static void check_row(const struct row *row, enum engine engine, const struct users *users)
{
        const struct machine machine = { .mode = MODE_ROOT, .known = CAPS_ALL, .grantable = GRANTABLE };
        const struct image_config config = { 0 };
        char *line = xasprintf("%s img cat", row->column[FLAGS]);
        struct resolved resolved = { 0 };
        struct fault fault = { 0 };
        struct spec spec;
        bool ok = parse_text(line, engine, &spec, &fault);

        free(line);
        if (!ok) {
                compare_refusal(row, engine, &fault);
                return;
        }
        if (spec_resolve(&spec, &config, users, &machine, "0123456789ab", false, NULL, &resolved, &fault)) {
                compare(row, &resolved);
                resolved_finish(&resolved);
        } else {
                compare_refusal(row, engine, &fault);
        }
        spec_finish(&spec);
}

static void check_engine(const char *file, enum engine engine)
{
        char *passwd = read_text("image/etc/passwd"), *group = read_text("image/etc/group");
        char *text = read_text(file), *at = text;
        const struct users users = { .passwd = passwd, .group = group };
        struct row row;
        int n = 0;

        assert_true(next_row(&at, &row));
        assert_string_equal(row.column[FLAGS], "flags");
        while (next_row(&at, &row)) {
                if (engine == ENGINE_DOCKER)
                        correct_docker(&row);
                check_row(&row, engine, &users);
                n++;
        }
        assert_in_range(n, 60, 200);
        assert_int_equal(*at, 0);
        free(text);
        free(group);
        free(passwd);
}

static void docker_decides_every_row_so(void **state)
{
        (void)state;
        check_engine("docker.tsv", ENGINE_DOCKER);
}

static void podman_decides_every_row_so(void **state)
{
        (void)state;
        check_engine("podman.tsv", ENGINE_PODMAN);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(docker_decides_every_row_so),
                cmocka_unit_test(podman_decides_every_row_so),
        };

        return cmocka_run_group_tests_name("spec oracle", tests, NULL, NULL);
}
