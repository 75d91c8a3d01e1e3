/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/cage.h"
#include "cage/doctor.h"
#include "cage/remedy.h"
#include "base/called.h"
#include "cmd/printed.h"
#include "eye/host_kind.h"
#include "eye/klog.h"
#include "spec/wrap.h"
#include "stage/launch.h"
#include "term/terminfo.h"

enum { COLUMNS = 100, INDENT = 22, CONTAINER_MS = 10000, LOG_MS = 10000 };

/* The programs beside vitrine. */
static bool check_helper(struct doctor *doctor, const char *name)
{
        struct doctor_row *row = doctor_add(doctor, name, "program");
        own_free char *path = launch_helper(name);

        if (access(path, X_OK) == 0) {
                doctor_say(row, DOCTOR_YES, "%s is there", name);
                return true;
        }
        doctor_say(row, DOCTOR_NO, "%.180s cannot be executed", path);
        doctor_advise(row, "make install, or run vitrine in the folder where it was built");
        return false;
}

static void check_locale(struct doctor *doctor)
{
        struct doctor_row *row = doctor_add(doctor, "locale", "locale");
        const char *codeset = nl_langinfo(CODESET);

        if (strcmp(codeset, "UTF-8") == 0) {
                doctor_say(row, DOCTOR_YES, "UTF-8");
                return;
        }
        doctor_say(row, DOCTOR_NO, "no UTF-8 (%.40s): lines and marks are drawn in ASCII", codeset);
        doctor_advise(row, "LC_ALL=C.UTF-8 ./vitrine");
}

static void check_terminal(struct doctor *doctor)
{
        struct doctor_row *row = doctor_add(doctor, "terminal", "terminal");
        const char *name = getenv("TERM");
        struct fault fault = { 0 };

        if (terminfo_check(name, &fault)) {
                doctor_say(row, DOCTOR_YES, "TERM is %.60s", name);
                return;
        }
        doctor_say(row, DOCTOR_NO, "%s", fault.why);
        doctor_advise(row, "%s", fault.hint);
}

/* Without it nothing is amiss: the box THE KERNEL SAYS is not drawn. */
static void check_log(struct doctor *doctor)
{
        struct doctor_row *row = doctor_add(doctor, "kernel-log", "kernel log");
        own_free char *helper = launch_helper("vitrine-log");
        struct klog *log = NULL;
        struct fault fault = { 0 };
        char line[600];

        if (geteuid() != 0) {
                doctor_say(row, DOCTOR_NOTE,
                           "for root alone: which capabilities a container asks for is not shown");
                doctor_advise(row, "sudo ./vitrine");
        } else if (klog_open(helper, &log, &fault) && klog_wait(log, LOG_MS, &fault)) {
                doctor_say(row, DOCTOR_YES, "the kernel tells which capabilities a container asks for");
        } else {
                fault_line(&fault, line, sizeof(line));
                doctor_say(row, DOCTOR_NOTE, "none, and no box THE KERNEL SAYS: %.180s",
                           fault.why[0] ? fault.why : line);
        }
        klog_close(log);
}

static bool wait_for_end(struct cage *cage, int *ret_status, struct fault *fault)
{
        uint64_t end = time_now_ms() + CONTAINER_MS;
        int got = 0;

        while (got == 0) {
                struct pollfd ready = { .fd = cage_socket(cage), .events = POLLIN };
                uint64_t now = time_now_ms();

                if (now >= end)
                        return fault_why(fault, "wait for the container", "it has not ended in %d ms",
                                         CONTAINER_MS);
                if (poll(&ready, 1, (int)(end - now)) > 0)
                        got = cage_read(cage, ret_status, fault);
        }
        return got > 0;
}

/* What nothing can stand in for: a container of the demo root that runs `true`. */
static bool run_container(int *ret_status, struct fault *fault)
{
        struct cage_stdio quiet = { -1, -1, -1, false };
        struct launch launch = { 0 };
        char id[LAUNCH_ID_SIZE];
        struct spec spec;
        bool ok;

        spec_init(&spec);
        free(spec.image);
        spec.image = xstrdup("demo");
        strv_add(&spec.args, "true");
        launch_new_id(id);
        ok = launch_prepare(&spec, id, false, &launch, fault) &&
             launch_start(&launch, id, &quiet, -1, fault) && wait_for_end(launch.cage, ret_status, fault);
        launch_finish(&launch);
        spec_finish(&spec);
        return ok;
}

static void advise_remedy(struct doctor_row *row, const struct fault *fault)
{
        own_free char *remedy = remedy_of(fault);

        doctor_advise(row, "%s", remedy);
}

static bool check_container(struct doctor *doctor)
{
        struct doctor_row *row = doctor_add(doctor, "container", "a container");
        struct fault fault = { 0 };
        char line[600];
        int status = 0;

        if (!run_container(&status, &fault)) {
                fault_line(&fault, line, sizeof(line));
                doctor_say(row, DOCTOR_NO, "%.250s", line);
                advise_remedy(row, &fault);
        } else if (status != 0) {
                doctor_say(row, DOCTOR_NO, "`true` in the demo root exited with %d", status);
        } else {
                doctor_say(row, DOCTOR_YES, "`vitrine run demo true`: ran just now");
                return true;
        }
        return false;
}

/* All that is found out. */
struct findings {
        struct utsname uts;
        struct machine machine;
        struct host_info host;
        struct doctor doctor;
        bool launches;
};

static bool examine(int root_fd, struct findings *ret, struct fault *fault)
{
        struct doctor *doctor = &ret->doctor;
        struct doctor_row *last;
        struct doctor_trial trial;
        struct spec spec;
        bool ok, helpers;

        spec_init(&spec);
        ok = cage_machine(&spec, &ret->machine, fault);
        if (ok)
                cage_try_machine(&ret->machine);
        spec_finish(&spec);
        if (!ok)
                return false;
        uname(&ret->uts);
        host_info_read(root_fd, ret->uts.release, &ret->host);
        check_locale(doctor);
        check_terminal(doctor);
        helpers = check_helper(doctor, "vitrine-keeper");
        helpers = check_helper(doctor, "vitrine-eye") && helpers;
        check_log(doctor);
        doctor_try(&ret->machine, &trial);
        doctor_read(root_fd, ret->uts.release, &ret->machine, &trial, doctor);
        last = &doctor->rows[doctor->n - 1];
        if (!trial.launched && !last->remedy[0])
                advise_remedy(last, &trial.fault);
        ret->launches = trial.launched && helpers && check_container(doctor);
        return true;
}

static jv rows_json(const struct doctor *doctor)
{
        jv rows = jv_array();

        for (size_t i = 0; i < doctor->n; i++) {
                const struct doctor_row *row = &doctor->rows[i];
                jv ok = row->answer == DOCTOR_NOTE ? jv_null() : jv_bool(row->answer == DOCTOR_YES);
                own_free char *remedy = called_in(row->remedy);
                jv object = jv_object();

                object = jv_object_set(object, jv_string("id"), jv_string(row->id));
                object = jv_object_set(object, jv_string("ok"), ok);
                object = jv_object_set(object, jv_string("says"), jv_string(row->says));
                object = jv_object_set(object, jv_string("remedy"), jv_string(remedy));
                rows = jv_array_append(rows, object);
        }
        return rows;
}

static bool print_json(const struct findings *found)
{
        jv kernel = jv_object_set(jv_object(), jv_string("release"), jv_string(found->uts.release));
        jv object = jv_object();

        object = jv_object_set(object, jv_string("schema"), jv_number(1));
        object = jv_object_set(object, jv_string("kernel"), kernel);
        object = jv_object_set(object, jv_string("host"), jv_string(host_kind_name(found->host.kind)));
        object = jv_object_set(object, jv_string("rows"), rows_json(&found->doctor));
        return json_print(object);
}

static void add_row(struct str *text, const struct doctor_row *row)
{
        static const char *const answers[] = {
                [DOCTOR_NO] = "no", [DOCTOR_YES] = "yes", [DOCTOR_NOTE] = "note"
        };
        own_free char *remedy = called_in(row->remedy), *hint = xasprintf("hint: %s", remedy);
        char head[INDENT];

        snprintf(head, sizeof(head), "%-5s%s", answers[row->answer], row->what);
        wrap_add(text, head, INDENT, COLUMNS, row->says);
        if (!row->remedy[0])
                return;
        wrap_add(text, "", INDENT, COLUMNS, hint);
}

static bool print_text(const struct findings *found)
{
        struct str text = { 0 };

        str_add_f(&text, "This is a %s: %s, %s root.\n\n", host_kind_name(found->host.kind),
                  found->host.kernel, found->machine.mode == MODE_ROOT ? "as" : "without");
        for (size_t i = 0; i < found->doctor.n; i++)
                add_row(&text, &found->doctor.rows[i]);
        str_add_c(&text, '\n');
        wrap_add(&text, "", 0, COLUMNS,
                 found->launches ? "vitrine can launch containers here."
                                 : "vitrine cannot launch containers here. What a docker line means it can "
                                   "still say: vitrine explain docker run ...");
        fputs(str_text(&text), stdout);
        printed_note();
        str_finish(&text);
        return printed_flush();
}

static bool take_words(int argc, char **argv, bool *ret_json, bool *ret_help, struct fault *fault)
{
        struct view_flags views = { 0 };
        enum engine engine;

        for (int i = 0; i < argc; i++) {
                if (strcmp(argv[i], "--json") == 0)
                        *ret_json = true;
                else if (strcmp(argv[i], "--help") == 0)
                        *ret_help = true;
                else
                        return fault_why(fault, argv[i], "doctor takes --json and --help alone");
        }
        if (!command_own_flags(&engine, &views, fault))
                return false;
        *ret_json = *ret_json || views.json;
        return true;
}

int cmd_doctor(int argc, char **argv)
{
        own_fd int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct findings found = { 0 };
        struct fault fault = { 0 };
        bool json = false, help = false;

        if (!take_words(argc, argv, &json, &help, &fault))
                return fault_print(&fault, json);
        if (help) {
                command_help(command_find("doctor"));
                return 0;
        }
        if (!examine(root_fd, &found, &fault))
                return fault_print(&fault, json);
        if (!(json ? print_json(&found) : print_text(&found)) && !printed_end(&fault))
                return fault_print(&fault, false);
        return found.launches ? 0 : 1;
}
