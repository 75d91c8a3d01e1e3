/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/built.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "image/json_text.h"

enum { SCHEMA = 1 };

void built_init(struct built *built)
{
        *built = (struct built){ 0 };
        built->name = xstrdup("");
        built->root = xstrdup("");
        built->missing = xstrdup("");
        built->config.user = xstrdup("");
        built->config.workdir = xstrdup("");
        built->stop_signal = xstrdup("");
        built->author = xstrdup("");
}

void built_finish(struct built *built)
{
        free(built->name);
        free(built->root);
        free(built->missing);
        free(built->stop_signal);
        free(built->author);
        image_config_finish(&built->config);
        strv_finish(&built->shell);
        strv_finish(&built->labels);
        strv_finish(&built->exposed);
        strv_finish(&built->volumes);
        strv_finish(&built->on_build);
        strv_finish(&built->health);
        *built = (struct built){ 0 };
}

void built_copy(struct built *to, const struct built *from)
{
        *to = (struct built){ .default_cmd = from->default_cmd, .created = from->created };
        to->name = xstrdup(from->name);
        to->root = xstrdup(from->root);
        to->missing = xstrdup(from->missing);
        to->stop_signal = xstrdup(from->stop_signal);
        to->author = xstrdup(from->author);
        to->config.user = xstrdup(from->config.user);
        to->config.workdir = xstrdup(from->config.workdir);
        strv_copy(&to->config.env, &from->config.env);
        strv_copy(&to->config.entrypoint, &from->config.entrypoint);
        strv_copy(&to->config.cmd, &from->config.cmd);
        strv_copy(&to->shell, &from->shell);
        strv_copy(&to->labels, &from->labels);
        strv_copy(&to->exposed, &from->exposed);
        strv_copy(&to->volumes, &from->volumes);
        strv_copy(&to->on_build, &from->on_build);
        strv_copy(&to->health, &from->health);
}

static jv list_json(const struct strv *list)
{
        jv array = jv_array();

        for (size_t i = 0; i < list->n; i++)
                array = jv_array_append(array, jv_string(list->v[i]));
        return array;
}

static jv labels_json(const struct strv *labels)
{
        jv object = jv_object();

        for (size_t i = 0; i + 1 < labels->n; i += 2)
                object = jv_object_set(object, jv_string(labels->v[i]), jv_string(labels->v[i + 1]));
        return object;
}

/* An object that has a list's words as keys: OCI writes ports and volumes so. */
static jv keys_json(const struct strv *list)
{
        jv object = jv_object();

        for (size_t i = 0; i < list->n; i++)
                object = jv_object_set(object, jv_string(list->v[i]), jv_object());
        return object;
}

jv built_json(const struct built *built)
{
        jv config = jv_object();
        jv object = jv_object();

        config = jv_object_set(config, jv_string("User"), jv_string(built->config.user));
        config = jv_object_set(config, jv_string("Env"), list_json(&built->config.env));
        config = jv_object_set(config, jv_string("WorkingDir"), jv_string(built->config.workdir));
        config = jv_object_set(config, jv_string("Entrypoint"), list_json(&built->config.entrypoint));
        config = jv_object_set(config, jv_string("Cmd"), list_json(&built->config.cmd));
        config = jv_object_set(config, jv_string("Shell"), list_json(&built->shell));
        config = jv_object_set(config, jv_string("Labels"), labels_json(&built->labels));
        config = jv_object_set(config, jv_string("ExposedPorts"), keys_json(&built->exposed));
        config = jv_object_set(config, jv_string("Volumes"), keys_json(&built->volumes));
        config = jv_object_set(config, jv_string("OnBuild"), list_json(&built->on_build));
        config = jv_object_set(config, jv_string("Healthcheck"), list_json(&built->health));
        config = jv_object_set(config, jv_string("StopSignal"), jv_string(built->stop_signal));
        object = jv_object_set(object, jv_string("schema"), jv_number(SCHEMA));
        object = jv_object_set(object, jv_string("name"), jv_string(built->name));
        object = jv_object_set(object, jv_string("root"), jv_string(*built->root ? "dir" : "demo"));
        object = jv_object_set(object, jv_string("path"), jv_string(built->root));
        object = jv_object_set(object, jv_string("stands_in_for"), jv_string(built->missing));
        object = jv_object_set(object, jv_string("default_cmd"), jv_bool(built->default_cmd));
        object = jv_object_set(object, jv_string("created"), jv_number((double)built->created));
        object = jv_object_set(object, jv_string("author"), jv_string(built->author));
        return jv_object_set(object, jv_string("config"), config);
}

/* Where reading stands: the first thing that is wrong ends it. */
struct reading {
        char *why;
        bool failed;
};

static void refuse(struct reading *r, const char *key, const char *what)
{
        if (!r->failed)
                snprintf(r->why, BUILT_WHY, "%s %s", key, what);
        r->failed = true;
}

static jv member(jv object, const char *key)
{
        return jv_object_get(jv_copy(object), jv_string(key));
}

/* Takes value over. */
static char *take_text(struct reading *r, const char *key, jv value)
{
        char *text = NULL;

        if (jv_get_kind(value) != JV_KIND_STRING)
                refuse(r, key, "is no string");
        else if (strlen(jv_string_value(value)) != (size_t)jv_string_length_bytes(jv_copy(value)))
                refuse(r, key, "has a NUL character");
        else
                text = xstrdup(jv_string_value(value));
        jv_free(value);
        return text ? text : xstrdup("");
}

static void read_text(struct reading *r, jv object, const char *key, char **ret)
{
        free(*ret);
        *ret = take_text(r, key, member(object, key));
}

static void read_list(struct reading *r, jv object, const char *key, struct strv *ret)
{
        jv array = member(object, key);
        int n = 0;

        if (jv_get_kind(array) != JV_KIND_ARRAY)
                refuse(r, key, "is no list");
        else
                n = jv_array_length(jv_copy(array));
        if (n > BUILT_LIST_MAX)
                refuse(r, key, "is longer than 1024");
        for (int i = 0; i < n && !r->failed; i++)
                strv_add_take(ret, take_text(r, key, jv_array_get(jv_copy(array), i)));
        jv_free(array);
}

static void read_keys(struct reading *r, jv object, const char *key, bool values, struct strv *ret)
{
        jv map = member(object, key);
        jv keys;

        if (jv_get_kind(map) != JV_KIND_OBJECT) {
                refuse(r, key, "is no object");
                jv_free(map);
                return;
        }
        keys = jv_keys(jv_copy(map));
        if (jv_array_length(jv_copy(keys)) > BUILT_LIST_MAX)
                refuse(r, key, "is longer than 1024");
        for (int i = 0; i < jv_array_length(jv_copy(keys)) && !r->failed; i++) {
                jv name = jv_array_get(jv_copy(keys), i);

                strv_add_take(ret, take_text(r, key, jv_copy(name)));
                if (values)
                        strv_add_take(ret, take_text(r, key, jv_object_get(jv_copy(map), jv_copy(name))));
                jv_free(name);
        }
        jv_free(keys);
        jv_free(map);
}

static double read_number(struct reading *r, jv object, const char *key)
{
        jv value = member(object, key);
        double number = 0;

        if (jv_get_kind(value) == JV_KIND_NUMBER)
                number = jv_number_value(value);
        else
                refuse(r, key, "is no number");
        jv_free(value);
        return number;
}

static bool read_bool(struct reading *r, jv object, const char *key)
{
        jv value = member(object, key);
        bool is = jv_get_kind(value) == JV_KIND_TRUE;

        if (!is && jv_get_kind(value) != JV_KIND_FALSE)
                refuse(r, key, "is neither true nor false");
        jv_free(value);
        return is;
}

static void read_config(struct reading *r, jv config, struct built *ret)
{
        if (jv_get_kind(config) != JV_KIND_OBJECT) {
                refuse(r, "config", "is no object");
                return;
        }
        read_text(r, config, "User", &ret->config.user);
        read_list(r, config, "Env", &ret->config.env);
        read_text(r, config, "WorkingDir", &ret->config.workdir);
        read_list(r, config, "Entrypoint", &ret->config.entrypoint);
        read_list(r, config, "Cmd", &ret->config.cmd);
        read_list(r, config, "Shell", &ret->shell);
        read_keys(r, config, "Labels", true, &ret->labels);
        read_keys(r, config, "ExposedPorts", false, &ret->exposed);
        read_keys(r, config, "Volumes", false, &ret->volumes);
        read_list(r, config, "OnBuild", &ret->on_build);
        read_list(r, config, "Healthcheck", &ret->health);
        read_text(r, config, "StopSignal", &ret->stop_signal);
        for (size_t i = 0; i < ret->config.env.n; i++)
                if (!strchr(ret->config.env.v[i], '=') || ret->config.env.v[i][0] == '=')
                        refuse(r, "Env", "has an entry that is no NAME=VALUE");
}

static void read_root(struct reading *r, jv object, struct built *ret)
{
        own_free char *kind = take_text(r, "root", member(object, "root"));

        read_text(r, object, "path", &ret->root);
        read_text(r, object, "stands_in_for", &ret->missing);
        if (strcmp(kind, "dir") == 0 ? *ret->root != '/' : strcmp(kind, "demo") != 0 || *ret->root)
                refuse(r, "root", "is neither demo nor a folder's absolute path");
}

/* A date that a time_t of any width can hold, and that a calendar has. */
static int64_t read_created(struct reading *r, jv object)
{
        double created = read_number(r, object, "created");

        if (!(created >= 0 && created < 253402300800.0)) {
                refuse(r, "created", "is no time before the year 10000");
                return 0;
        }
        return (int64_t)created;
}

static void read_built(struct reading *r, jv object, struct built *ret)
{
        jv config;
        double schema = read_number(r, object, "schema");

        if (!r->failed && schema > SCHEMA)
                refuse(r, "schema", "is newer than this vitrine knows");
        else if (!r->failed && schema != SCHEMA)
                refuse(r, "schema", "is not 1");
        if (r->failed)
                return;
        read_text(r, object, "name", &ret->name);
        read_text(r, object, "author", &ret->author);
        read_root(r, object, ret);
        ret->default_cmd = read_bool(r, object, "default_cmd");
        ret->created = read_created(r, object);
        config = member(object, "config");
        read_config(r, config, ret);
        jv_free(config);
}

bool built_parse(const char *text, struct built *ret, char why[static BUILT_WHY])
{
        struct reading r = { .why = why };
        struct built built;
        jv object = json_is_value(text) ? jv_parse(text) : jv_null();

        if (jv_get_kind(object) != JV_KIND_OBJECT) {
                snprintf(why, BUILT_WHY, "it is no JSON object");
                jv_free(object);
                return false;
        }
        built_init(&built);
        read_built(&r, object, &built);
        jv_free(object);
        if (r.failed) {
                built_finish(&built);
                return false;
        }
        *ret = built;
        return true;
}
