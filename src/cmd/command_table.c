/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/command_table.h"

#include <string.h>

static const struct flag build_flags[] = {
        { "build-arg", 0, FLAG_VALUE, NULL, "NAME=VALUE",
          "a value for an ARG of the Dockerfile; NAME alone takes the caller's", NULL },
        { "cache-from", 0, FLAG_VALUE, NULL, "IMAGE", "nothing is cached: there are no layers",
          "leave it away" },
        { "file", 'f', FLAG_VALUE, NULL, "PATH", "the Dockerfile, where it is not DIR/Dockerfile", NULL },
        { "label", 0, FLAG_VALUE, NULL, "NAME=VALUE", "labels stand in the Dockerfile",
          "write LABEL NAME=VALUE into it" },
        { "network", 0, FLAG_VALUE, NULL, "NAME", "nothing is run while an image is built",
          "give it to vitrine run" },
        { "no-cache", 0, FLAG_BOOL, NULL, NULL, "nothing is cached: there are no layers", "leave it away" },
        { "platform", 0, FLAG_VALUE, NULL, "NAME", "the root that a build stands on is this machine's",
          "leave it away" },
        { "pull", 0, FLAG_BOOL, NULL, NULL, "vitrine never downloads",
          "give a root file system of your own: FROM dir:PATH" },
        { "quiet", 'q', FLAG_BOOL, NULL, NULL, "there is nothing to be quiet about", "leave it away" },
        { "tag", 't', FLAG_VALUE, NULL, "NAME",
          "what the image is called: small letters, and :TAG where you like", NULL },
        { "target", 0, FLAG_VALUE, NULL, "STAGE", "the last stage is the image",
          "put the stage that is wanted last, or into a Dockerfile of its own" },
};
static const struct flag rmi_flags[] = {
        { "force", 'f', FLAG_BOOL, NULL, NULL,
          "also one whose file is broken; none of that name is no failure", NULL },
};
static const struct flag learn_flags[] = {
        { "json", 0, FLAG_BOOL, NULL, NULL, "it prints nothing for programs",
          "vitrine snapshot, probe, attach and explain do" },
        { "plain", 0, FLAG_BOOL, NULL, NULL,
          "as lines to read and lines to type: for speech, braille, dumb terminals, pipes", NULL },
        { "reset", 0, FLAG_BOOL, NULL, NULL, "forget what was done of LESSON, or of all after a question",
          NULL },
};
static const struct flag play_flags[] = {
        { "check", 0, FLAG_BOOL, NULL, NULL, "the lesson as a test: TAP, no terminal", NULL },
        { "html", 0, FLAG_VALUE, NULL, "FILE.html",
          "one page with the recording, its player and what is said; it needs no network", NULL },
        { "json", 0, FLAG_BOOL, NULL, NULL, "it prints nothing for programs",
          "vitrine snapshot, probe, attach and explain do" },
        { "size", 0, FLAG_VALUE, NULL, "COLSxROWS", "record at that size, without a terminal", NULL },
        { "speed", 0, FLAG_VALUE, NULL, "N", "N times as fast: 0.1 to 100", NULL },
        { "step", 0, FLAG_BOOL, NULL, NULL, "PgDn plays one step and stops, PgUp goes back", NULL },
};
#define OWN(flags) (flags), sizeof(flags) / sizeof((flags)[0])
#define NO_OWN NULL, 0

const struct command commands[] = {
        { COMMAND_TUI, "tui", "[FLAGS] [IMAGE [COMMAND [ARG...]]]",
          "The container from both sides, live. Without words: docker run ubuntu sleep 3600.",
          TAKES_RUN | TAKES_VIEW, NO_OWN },
        { COMMAND_RUN, "run", "[FLAGS] IMAGE [COMMAND [ARG...]]",
          "Runs a command in the foreground, as docker run does.", TAKES_RUN | TAKES_ENGINE, &trace_flag, 1 },
        { COMMAND_EXEC, "exec", "[-u USER] [-e NAME=VALUE] [-w PATH] [-i] [-t] NAME|PID COMMAND [ARG...]",
          "One more process in a container of vitrine's that runs, as docker exec starts it. NAME is its "
          "--name or the "
          "beginning of its id (its host name), PID that of its first process on the machine.",
          TAKES_EXEC, NO_OWN },
        { COMMAND_SNAPSHOT, "snapshot", "[FLAGS] [IMAGE [COMMAND [ARG...]]]",
          "Launches, looks once from both sides, prints what was seen (--json for programs), ends the "
          "container.",
          TAKES_RUN | TAKES_VIEW, NO_OWN },
        { COMMAND_PROBE, "probe", "[FLAGS] [IMAGE [COMMAND [ARG...]]]",
          "Launches, asks the kernel about every capability with one harmless call each, prints what it said "
          "(--json for programs), ends the container.",
          TAKES_RUN | TAKES_VIEW, NO_OWN },
        { COMMAND_ATTACH, "attach", "[FLAGS] [PID|NAME]",
          "The same view of a container that any engine started, by the PID of any process in it; it is only "
          "looked at, and goes on. --json prints once what is seen. Without a word: a list of what has a PID "
          "namespace of its own here.",
          TAKES_VIEW, NO_OWN },
        { COMMAND_EXPLAIN, "explain", "[--json] docker run ...",
          "Says what such a line means; launches nothing.", TAKES_RUN | TAKES_VIEW | TAKES_LINE, NO_OWN },
        { COMMAND_DOCTOR, "doctor", "[--json]",
          "Says what this machine lets vitrine do, and what to do where it does not.", TAKES_JSON, NO_OWN },
        { COMMAND_LEARN, "learn", "[LESSON[/STEP]] [--plain] [--reset]",
          "The tutorial: a lesson whose steps tick themselves when the kernel shows what they ask for. "
          "LESSON "
          "is a number, a name, or the path of a file of your own; STEP a number or the step's heading. "
          "Without "
          "words the list of lessons, and how far you have come.",
          TAKES_VIEW, OWN(learn_flags) },
        { COMMAND_PLAY, "play", "[FLAGS] LESSON",
          "A lesson that plays itself: types its lines, presses its keys, says what is to be seen. Space "
          "pauses, any other key takes over, F2 hands back, q leaves. --record and --html write it down, "
          "--check tries it. LESSON is a number, a name, or the path of a file of your own.",
          TAKES_VIEW, OWN(play_flags) },
        { COMMAND_BUILD, "build", "-t NAME [-f FILE] [--build-arg NAME=VALUE] DIR",
          "A Dockerfile's configuration (FROM, USER, ENV, WORKDIR, ENTRYPOINT, CMD ...) as an image of that "
          "name, on a root that is there.",
          0, OWN(build_flags) },
        { COMMAND_IMAGES, "images", "[--json]", "Lists what vitrine build has made.", TAKES_JSON, NO_OWN },
        { COMMAND_RMI, "rmi", "[-f] NAME [NAME...]", "Removes images that vitrine build has made.", 0,
          OWN(rmi_flags) },
};

const size_t commands_n = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *name)
{
        for (size_t i = 0; i < commands_n; i++)
                if (strcmp(commands[i].name, name) == 0)
                        return &commands[i];
        return NULL;
}

static bool takes_run_flag(const struct command *command, const struct flag *flag)
{
        static const char *const exec[] = { "env", "interactive", "tty", "user", "workdir" };

        for (size_t i = 0; command->takes & TAKES_EXEC && i < sizeof(exec) / sizeof(exec[0]); i++)
                if (strcmp(flag->name, exec[i]) == 0)
                        return true;
        return flag->take && (command->takes & TAKES_RUN || strcmp(flag->name, "help") == 0);
}

static bool takes_view_flag(const struct command *command, const struct flag *flag)
{
        for (size_t i = 0; i < command->own_n; i++)
                if (strcmp(command->own[i].name, flag->name) == 0)
                        return false; /* its own row says what becomes of it */
        return command->takes & TAKES_VIEW ||
               (command->takes & TAKES_ENGINE && strcmp(flag->name, "engine") == 0) ||
               (command->takes & TAKES_JSON && strcmp(flag->name, "json") == 0);
}

size_t command_flags(const struct command *command, const struct flag *ret[static COMMAND_FLAGS_MAX])
{
        size_t n = 0;

        for (size_t i = 0; i < command->own_n && n < COMMAND_FLAGS_MAX; i++)
                if (!command->own[i].remedy)
                        ret[n++] = &command->own[i];
        for (unsigned i = 0; i < run_flags_n && n < COMMAND_FLAGS_MAX; i++)
                if (takes_run_flag(command, &run_flags[i]))
                        ret[n++] = &run_flags[i];
        for (unsigned i = 0; i < view_flags_n && n < COMMAND_FLAGS_MAX; i++)
                if (takes_view_flag(command, &view_flags_table[i]))
                        ret[n++] = &view_flags_table[i];
        return n;
}
