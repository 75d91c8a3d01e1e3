/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/notes.h"

#include <string.h>

#include "base/own.h"
#include "spec/notes_engines.h"

char *notes_cap_names(uint64_t mask)
{
        struct str names = { 0 };

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (mask & caps_bit(bit))
                        str_add_f(&names, "%s%s", names.len ? ", " : "", caps_info(bit)->name);
        if (!names.len)
                str_add(&names, "none");
        return str_take(&names);
}

/* "--cap-add=ALL --cap-add=KILL" */
static char *cap_flags(const char *flag, bool all, uint64_t mask)
{
        struct str flags = { 0 };

        if (all)
                str_add_f(&flags, "%s=ALL", flag);
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (mask & caps_bit(bit))
                        str_add_f(&flags, "%s%s=%s", flags.len ? " " : "", flag, caps_info(bit)->name);
        return str_take(&flags);
}

static const char *them(uint64_t mask)
{
        return caps_count(mask) == 1 ? "it" : "them";
}

static void note_privileged(const struct spec *spec, struct strv *ret)
{
        const struct cap_request *caps = &spec->caps;
        own_free char *adds = cap_flags("--cap-add", caps->add_all, caps->add);
        own_free char *drops = cap_flags("--cap-drop", caps->drop_all, caps->drop);

        if (!caps->privileged)
                return;
        if (*adds || *drops)
                strv_add_take(ret, xasprintf("%s%s%s: no effect: --privileged gives every capability, "
                                             "whatever is added or dropped.",
                                             adds, *adds && *drops ? " " : "", drops));
        if (*spec->seccomp)
                strv_add_take(ret, xasprintf("--security-opt=seccomp=%s: no effect: with --privileged there "
                                             "is no filter.",
                                             spec->seccomp));
}

static void note_adds(const struct spec *spec, const struct resolved *resolved, struct strv *ret)
{
        const struct cap_request *caps = &spec->caps;
        const struct cap_rules *rules = caps_rules(spec->engine);
        bool ambient = resolved->uid && rules->other_user_ambient;
        uint64_t idle = caps->add & ~caps->drop & (caps->add_all ? CAPS_ALL : rules->base);
        own_free char *flags = cap_flags("--cap-add", false, idle);
        own_free char *names = notes_cap_names(idle);

        if (caps->privileged || !idle || ((caps->drop_all || ambient) && !caps->add_all))
                return;
        if (caps->add_all)
                strv_add_take(ret,
                              xasprintf("%s: no effect: --cap-add=ALL gives %s already.", flags, them(idle)));
        else
                strv_add_take(ret, xasprintf("%s: no effect: %s gives %s to every container.", flags,
                                             rules->name, names));
}

static void note_drops(const struct spec *spec, struct strv *ret)
{
        const struct cap_request *caps = &spec->caps;
        const struct cap_rules *rules = caps_rules(spec->engine);
        uint64_t idle = caps->drop & ~caps->add & (caps->drop_all ? CAPS_ALL : ~rules->base);
        own_free char *flags = cap_flags("--cap-drop", false, idle);
        own_free char *names = notes_cap_names(idle);

        if (caps->privileged)
                return;
        if (caps->add_all && caps->drop_all)
                strv_add(ret, "--cap-drop=ALL: no effect: beside --cap-add=ALL only a drop by name counts.");
        if (caps->add_all || !idle)
                return;
        if (caps->drop_all)
                strv_add_take(ret, xasprintf("%s: no effect: --cap-drop=ALL takes %s away already.", flags,
                                             them(idle)));
        else
                strv_add_take(ret, xasprintf("%s: no effect: %s gives no container %s unless it is added.",
                                             flags, rules->name, names));
}

static void note_both(const struct spec *spec, struct strv *ret)
{
        uint64_t both = spec->caps.add & spec->caps.drop;
        own_free char *names = notes_cap_names(both);

        if (!both || spec->caps.privileged)
                return;
        if (spec->caps.add_all)
                strv_add_take(ret, xasprintf("%s: added and dropped by name. Beside --cap-add=ALL the drop "
                                             "wins, and the add has no effect.",
                                             names));
        else
                strv_add_take(ret, xasprintf("%s: added and dropped. %s keeps what is added, in whatever "
                                             "order the flags stand: the drop has no effect.",
                                             names, caps_rules(spec->engine)->name));
}

/* What of a line's adds is in the bounding set: "it", "them", "every one", "every one but KILL". */
static char *bounding_words(const struct spec *spec, const struct machine *machine,
                            const struct resolved *resolved)
{
        uint64_t lacking = machine->known & ~resolved->caps.bounding;
        own_free char *names = notes_cap_names(lacking);

        if (!spec->caps.add_all)
                return xstrdup(them(spec->caps.add & resolved->caps.bounding));
        return lacking ? xasprintf("every one but %s", names) : xstrdup("every one");
}

/* docker gives another user nothing of what is added. */
static void note_idle_adds(const struct spec *spec, const struct machine *machine,
                           const struct resolved *resolved, struct strv *ret)
{
        uint64_t named = spec->caps.add & resolved->caps.bounding;
        own_free char *flags = cap_flags("--cap-add", spec->caps.add_all, named);
        own_free char *held = bounding_words(spec, machine, resolved);

        if (spec->caps.privileged) {
                strv_add_take(ret, xasprintf("--privileged gives uid %u no capability: only root holds what "
                                             "is in the bounding set. The masks on /proc and /sys and the "
                                             "filter are gone all the same.",
                                             resolved->uid));
                return;
        }
        if (!*flags || resolved->caps.effective)
                return;
        strv_add_take(ret,
                      xasprintf("%s: no power for uid %u: %s gives a user other than root no effective "
                                "capability. The bounding set alone has %s%s",
                                flags, resolved->uid, caps_rules(spec->engine)->name, held,
                                resolved->no_new_privileges
                                        ? ", and with no-new-privileges no set-user-ID program can regain it."
                                        : ": a program that is set-user-ID root would hold it."));
}

static void note_other_user(const struct spec *spec, const struct machine *machine,
                            const struct resolved *resolved, struct strv *ret)
{
        const struct cap_request *caps = &spec->caps;
        uint64_t there = caps->add_all ? CAPS_ALL : caps->drop_all ? 0 : caps_rules(spec->engine)->base;
        uint64_t gone = caps->drop & there & ~resolved->caps.bounding;
        own_free char *flags = cap_flags("--cap-drop", caps->drop_all && !caps->add_all, gone);

        if (!resolved->uid)
                return;
        note_idle_adds(spec, machine, resolved, ret);
        if (caps->privileged || !*flags || resolved->caps.effective)
                return;
        strv_add_take(ret,
                      xasprintf("%s: takes nothing from uid %u, who holds no capability anyway. Only the "
                                "bounding set changes: no set-user-ID program can bring back what it "
                                "lacks.",
                                flags, resolved->uid));
}

static void note_flags(const struct spec *spec, const struct machine *machine, struct strv *ret)
{
        if (spec->rm)
                strv_add(ret, "--rm: no effect: of a container of vitrine nothing is kept anyway.");
        if (spec->network == NS_NONE)
                strv_add(ret, "--network=none: no effect here: vitrine sets up no bridge, so an own network "
                              "holds lo alone anyway.");
        if (spec->userns == NS_HOST && machine->mode == MODE_ROOT)
                strv_add(ret,
                         "--userns=host: no effect: as root there is no user namespace of its own unless "
                         "one is asked for.");
}

static void note_userns(const struct spec *spec, const struct machine *machine, struct strv *ret)
{
        if (spec->userns != NS_REMAP)
                return;
        if (!machine_remaps(machine)) {
                strv_add(ret, "--userns=remap: no effect: without root the ids are mapped anyway.");
                return;
        }
        strv_add(ret, "--userns=remap is vitrine's own: no docker run flag gives it. For Docker it is the "
                      "daemon's option userns-remap, for Podman --userns=auto.");
        if (spec->caps.privileged)
                strv_add(ret, "Docker refuses --privileged in a remapped container.");
}

static void note_one_id(const struct machine *machine, struct strv *ret)
{
        if (machine->mode == MODE_ONE_ID && *machine->one_id_why)
                strv_add_take(ret, xasprintf("One id alone is mapped, not a range of them: %s. The command "
                                             "`vitrine doctor` says what to do.",
                                             machine->one_id_why));
}

static void note_devices(const struct machine *machine, struct strv *ret)
{
        if (machine->mode != MODE_ROOT && !machine_remaps(machine))
                strv_add(ret,
                         "Without root there is no device cgroup, which Docker gives a container: in a user "
                         "namespace no devices can be made, and of the machine's it has six harmless "
                         "ones.");
}

static void note_machine(const struct machine *machine, const struct resolved *resolved, struct strv *ret)
{
        own_free char *lacking = notes_cap_names(resolved->missing & machine->known);
        own_free char *unknown = notes_cap_names(resolved->missing & ~machine->known);
        struct str groups = { 0 };

        if (resolved->missing & machine->known)
                strv_add_take(ret, xasprintf("%s: asked for, and not given: who starts vitrine on this "
                                             "machine does not hold %s.",
                                             lacking, them(resolved->missing & machine->known)));
        if (resolved->missing & ~machine->known)
                strv_add_take(
                        ret,
                        xasprintf("%s: asked for, and not given: this machine's kernel does not know %s.",
                                  unknown, them(resolved->missing & ~machine->known)));
        if (resolved->groups_settable)
                return;
        for (size_t i = 0; i < resolved->n_groups; i++)
                str_add_f(&groups, " %u", resolved->groups[i]);
        strv_add_take(ret,
                      xasprintf("Supplementary groups cannot be set here: without root there is one id "
                                "alone, and the kernel denies setgroups. The command keeps the groups of "
                                "who starts vitrine, shown as 65534 inside. An engine would set:%s.",
                                groups.len ? groups.s : " none"));
        str_finish(&groups);
}

void notes_make(const struct spec *spec, const struct machine *machine, const struct resolved *resolved,
                struct strv *ret)
{
        note_privileged(spec, ret);
        note_adds(spec, resolved, ret);
        note_drops(spec, ret);
        note_both(spec, ret);
        note_other_user(spec, machine, resolved, ret);
        note_flags(spec, machine, ret);
        note_userns(spec, machine, ret);
        note_machine(machine, resolved, ret);
        note_one_id(machine, ret);
        note_devices(machine, ret);
        notes_engines(spec, machine, resolved, ret);
}
