/* SPDX-License-Identifier: MIT */
#include "sync_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document.h"
#include "escape.h"
#include "hash.h"
#include "replace.h"

#define FILE_MAX_BYTES 65536
#define SETTINGS_MAX_BYTES ((size_t)16 << 20)

/* Where each count stands. */
static const struct {
	const char *key;
	size_t offset;
} count_members[] = {
    {"added", offsetof(struct sync_counts, added)},
    {"changed", offsetof(struct sync_counts, changed)},
    {"enabled", offsetof(struct sync_counts, enabled)},
    {"disabled", offsetof(struct sync_counts, disabled)},
    {"removed", offsetof(struct sync_counts, removed)},
    {"refused", offsetof(struct sync_counts, refused)},
    {"unchanged", offsetof(struct sync_counts, unchanged)},
};

#define COUNT_MEMBERS (sizeof(count_members) / sizeof(count_members[0]))

void
sync_state_clear(struct sync_state *state)
{
	if (state == NULL)
		return;
	free(state->state);
	*state = (struct sync_state){0};
}

static int64_t
number_of(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(object, key, &value);
	return json_object_is_type(value, json_type_int)
	    ? json_object_get_int64(value)
	    : 0;
}

static void
counts_read(struct json_object *object, struct sync_counts *counts)
{
	size_t i;

	for (i = 0; i < COUNT_MEMBERS; i++) {
		size_t number = (size_t)number_of(object, count_members[i].key);

		memcpy((char *)counts + count_members[i].offset, &number,
		    sizeof(number));
	}
}

static void
state_read(struct json_object *file, struct sync_state *ret_state)
{
	struct json_object *counts = NULL;
	struct json_object *state = NULL;

	(void)snprintf(ret_state->settings, sizeof(ret_state->settings), "%s",
	    document_get_text(file, "settings"));
	(void)snprintf(ret_state->result, sizeof(ret_state->result), "%s",
	    document_get_text(file, "result"));
	ret_state->generation = (uint64_t)number_of(file, "generation");
	ret_state->whole_s = number_of(file, "whole");
	ret_state->success_s = number_of(file, "last_success");
	ret_state->attempt_s = number_of(file, "last_attempt");
	if (json_object_object_get_ex(file, "counts", &counts))
		counts_read(counts, &ret_state->counts);
	if (json_object_object_get_ex(file, "state", &state) &&
	    json_object_is_type(state, json_type_string))
		ret_state->state = strdup(json_object_get_string(state));
}

/* Reads up to FILE_MAX_BYTES of a file that is root's alone. */
static ssize_t
file_read(const char *path, char *bytes)
{
	cleanup_fd int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
	    status.st_uid != geteuid() ||
	    (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return -1;
	return read(fd, bytes, FILE_MAX_BYTES);
}

void
sync_state_load(
    const char *directory, const char *source, struct sync_state *ret_state)
{
	cleanup_document struct json_object *file = NULL;
	cleanup_free char *bytes = calloc(1, FILE_MAX_BYTES + 1);
	cleanup_free char *path = NULL;

	*ret_state = (struct sync_state){0};
	if (bytes == NULL || asprintf(&path, "%s/%s", directory, source) < 0) {
		path = NULL;
		return;
	}
	if (file_read(path, bytes) <= 0)
		return;
	file = json_tokener_parse(bytes);
	if (json_object_is_type(file, json_type_object))
		state_read(file, ret_state);
}

enum extauth_err
sync_state_lock(const char *directory, int *ret_fd, struct extauth_error *error)
{
	cleanup_fd int fd = -1;
	struct stat status;

	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", directory,
		    error_of_number(errno));
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", directory,
		    error_of_number(errno));
	if (status.st_uid != geteuid() ||
	    (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, EXTAUTH_SYSTEM,
		    "%s: must be owned by root and writable by root alone",
		    directory);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return error_set(
		    error, EXTAUTH_UNAVAILABLE, "another sync is running");
	*ret_fd = fd;
	fd = -1;
	return EXTAUTH_OK;
}

static struct json_object *
counts_made(const struct sync_counts *counts)
{
	struct json_object *object = document_object();
	size_t i;

	for (i = 0; i < COUNT_MEMBERS; i++) {
		size_t number;

		memcpy(&number, (const char *)counts + count_members[i].offset,
		    sizeof(number));
		document_number(object, count_members[i].key, (int64_t)number);
	}
	return object;
}

/* A state that is no UTF-8 is not kept: JSON would change it. */
enum extauth_err
sync_state_write(int directory_fd, const char *source,
    const struct sync_state *state, struct extauth_error *error)
{
	cleanup_document struct json_object *file = document_object();
	cleanup_buffer struct buffer text = buffer_make(FILE_MAX_BYTES);
	enum extauth_err err;

	document_text(file, "result", state->result);
	document_number(file, "last_attempt", state->attempt_s);
	document_number(file, "last_success", state->success_s);
	document_number(file, "whole", state->whole_s);
	document_put(file, "counts", counts_made(&state->counts));
	document_number(file, "generation", (int64_t)state->generation);
	document_text(file, "settings", state->settings);
	if (state->state != NULL &&
	    escape_is_utf8(state->state, strlen(state->state)))
		document_text(file, "state", state->state);
	err = buffer_append_text(
	    &text, document_render(file, JSON_C_TO_STRING_PRETTY));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&text, "\n");
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	return replace_file(directory_fd, source, 0600, &text, error);
}

static enum extauth_err
settings_add(struct buffer *settings, const char *text)
{
	return buffer_append(settings, text, strlen(text) + 1);
}

static enum extauth_err
settings_add_list(struct buffer *settings, const struct config_list *list)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < list->count && err == EXTAUTH_OK; i++)
		err = settings_add(settings, list->items[i]);
	if (err == EXTAUTH_OK)
		err = settings_add(settings, "");
	return err;
}

static enum extauth_err
settings_add_group(struct buffer *settings, const struct config_group *group)
{
	enum extauth_err err = settings_add(settings, group->name);

	if (err == EXTAUTH_OK)
		err = settings_add(settings, group->source);
	if (err == EXTAUTH_OK)
		err = buffer_append_format(settings, "%u ", group->gid);
	if (err == EXTAUTH_OK)
		err = settings_add_list(settings, &group->remote);
	return err;
}

enum extauth_err
sync_state_settings(const struct config *config,
    const struct config_source *source,
    char ret_settings[SYNC_STATE_SETTINGS_BYTES])
{
	static const uint64_t key[2] = {0, 0};
	cleanup_buffer struct buffer settings = buffer_make(SETTINGS_MAX_BYTES);
	enum extauth_err err;
	size_t i;

	err = settings_add_list(&settings, &source->domains);
	if (err == EXTAUTH_OK)
		err = settings_add_list(&settings, &source->only_groups);
	if (err == EXTAUTH_OK)
		err = settings_add(&settings, source->group_prefix);
	if (err == EXTAUTH_OK)
		err = settings_add(&settings, source->provider);
	if (err == EXTAUTH_OK)
		err = buffer_append_format(&settings, "%d %u ",
		    (int)source->when_gone, source->uid_base);
	for (i = 0; i < config->group_count && err == EXTAUTH_OK; i++)
		err = settings_add_group(&settings, &config->groups[i]);
	if (err != EXTAUTH_OK)
		return err;
	(void)snprintf(ret_settings, SYNC_STATE_SETTINGS_BYTES, "%016" PRIx64,
	    hash_bytes(key, buffer_text(&settings), settings.length));
	return EXTAUTH_OK;
}

const char *
sync_state_lend(const struct sync_state *state, const char *settings,
    uint64_t generation, int64_t now_s)
{
	bool is_fresh = state->whole_s <= now_s &&
	    now_s - state->whole_s < SYNC_STATE_WHOLE_S;

	if (state->state == NULL || !is_fresh ||
	    generation < state->generation ||
	    strcmp(state->settings, settings) != 0 ||
	    strlen(state->state) > SYNC_STATE_MAX_BYTES)
		return "";
	return state->state;
}
