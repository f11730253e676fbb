/* SPDX-License-Identifier: MIT */
/* `id export|import`: the numbers that this host gave out, for hosts that are
 * to give the same people and groups the same ones.
 * Does not know: directories. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "id_map.h"
#include "paths.h"
#include "registrar.h"
#include "settings.h"
#include "translate.h"

#define LINE_MAX_BYTES 4096

/* One import. */
struct id_import {
	const char *path;
	struct registrar *registrar;
	struct id_map kept; /* for those who are not registered yet */
	unsigned known;
	unsigned removed;
	unsigned bad;
};

static void
entry_print(const struct id_entry *entry)
{
	cleanup_buffer struct buffer line = buffer_make(LINE_MAX_BYTES);

	if (id_map_print(entry, &line) != EXTAUTH_OK)
		die_of_memory();
	(void)fputs(buffer_text(&line), stdout);
}

/* What is lent is printed and no more. */
static struct id_entry
entry_lent(enum id_kind kind, uint32_t number, const char *const texts[3])
{
	return (struct id_entry){
	    .kind = kind,
	    .number = number,
	    .name = texts[0],
	    .email = texts[1],
	    .external_id = texts[2],
	};
}

static void
users_print(const struct registry_contents *contents)
{
	size_t index;

	for (index = 0; index < contents->user_count; index++) {
		const struct registry_user *user = &contents->users[index];
		const char *const texts[] = {
		    user->name, user->email, user->external_id};
		struct id_entry entry = entry_lent(ID_USER, user->uid, texts);

		if (!user->is_linked)
			entry_print(&entry);
	}
}

static void
others_print(const struct registry_contents *contents)
{
	size_t index;

	for (index = 0; index < contents->group_count; index++) {
		const char *const texts[] = {
		    contents->groups[index].name, "", ""};
		struct id_entry entry =
		    entry_lent(ID_GROUP, contents->groups[index].gid, texts);

		entry_print(&entry);
	}
	for (index = 0; index < contents->tombstone_count; index++) {
		const char *const texts[] = {
		    contents->tombstones[index].name, "", ""};
		struct id_entry entry = entry_lent(
		    ID_REMOVED, contents->tombstones[index].uid, texts);

		entry_print(&entry);
	}
}

static enum ctl_exit
id_export(const struct context *context, const struct arguments *arguments)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_buffer struct buffer head = buffer_make(LINE_MAX_BYTES);
	cleanup_id_map struct id_map kept = {0};
	struct extauth_error error = {0};
	enum extauth_err err;
	size_t index;

	(void)context;
	(void)arguments;
	if (!settings_need_root("id export"))
		return CTL_CANNOT;
	err = registry_contents_load(EXTAUTH_REGISTRY_PATH, &contents, &error);
	if (err == EXTAUTH_OK)
		err = id_map_load(
		    EXTAUTH_REGISTRY_DIRECTORY "/" ID_MAP_FILE, &kept, &error);
	if (err == EXTAUTH_OK)
		err = id_map_print_head(&head);
	if (err != EXTAUTH_OK)
		return complain_about("id export", err, &error);
	(void)fputs(buffer_text(&head), stdout);
	users_print(&contents);
	others_print(&contents);
	for (index = 0; index < kept.count; index++)
		entry_print(&kept.entries[index]);
	return CTL_DONE;
}

/* The number that the person or group of an entry has here; 0: none. */
static uint32_t
number_here(
    const struct registry_contents *contents, const struct id_entry *entry)
{
	const struct registry_own_group *group;
	const struct registry_user *user;

	if (entry->kind == ID_GROUP) {
		group = registry_contents_find_group(contents, entry->name);
		return group != NULL ? group->gid : 0;
	}
	user = *entry->external_id != '\0'
	    ? registry_contents_find_external_id(contents, entry->external_id)
	    : registry_contents_find_email(contents, entry->email);
	return user != NULL && !user->is_linked ? user->uid : 0;
}

static const struct id_entry *
entry_kept(struct id_map *ids, const struct id_entry *entry)
{
	return entry->kind == ID_GROUP
	    ? id_map_find_group(ids, entry->name)
	    : id_map_find_user(ids, entry->external_id, entry->email);
}

static enum extauth_err
number_keep(struct id_import *import, const struct id_entry *entry,
    struct extauth_error *error)
{
	struct registrar *registrar = import->registrar;
	const struct id_entry *kept = entry_kept(&registrar->ids, entry);
	uint32_t here = number_here(&registrar->change.contents, entry);
	enum extauth_err err;

	if (here == entry->number ||
	    (kept != NULL && kept->number == entry->number)) {
		import->known++;
		return EXTAUTH_OK;
	}
	if (here != 0)
		return error_set(
		    error, EXTAUTH_EXISTS, "has %u on this host", here);
	if (kept != NULL)
		return error_set(error, EXTAUTH_EXISTS,
		    "was imported with %u before", kept->number);
	err = registry_check_uid(&registrar->change.contents, &registrar->rules,
	    entry->number, error);
	return err == EXTAUTH_OK ? id_map_add(&import->kept, entry) : err;
}

static enum extauth_err
entry_take(struct id_import *import, const struct id_entry *entry)
{
	struct extauth_error error = {0};
	bool is_changed = false;
	enum extauth_err err;

	if (entry->kind == ID_REMOVED) {
		err = registrar_bury(import->registrar, entry->name,
		    entry->number, &is_changed, &error);
		import->removed += is_changed;
	} else {
		err = number_keep(import, entry, &error);
	}
	if (err == EXTAUTH_OK || err == EXTAUTH_NOMEM)
		return err;
	import->bad++;
	complain("%s: line %u: %s: %s", import->path, entry->line, entry->name,
	    error.text[0] != '\0' ? error.text : error_name(err));
	return EXTAUTH_OK;
}

/* What was kept before goes on being kept, but for those who are registered
 * meanwhile. */
static enum extauth_err
kept_before_add(struct id_import *import)
{
	const struct registrar *registrar = import->registrar;
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	for (index = 0; index < registrar->ids.count && err == EXTAUTH_OK;
	     index++) {
		const struct id_entry *entry = &registrar->ids.entries[index];

		if (number_here(&registrar->change.contents, entry) == 0)
			err = id_map_add(&import->kept, entry);
	}
	return err;
}

static enum extauth_err
import_all(struct id_import *import, const struct id_map *given,
    struct extauth_error *error)
{
	struct registrar *registrar = import->registrar;
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	for (index = 0; index < given->count && err == EXTAUTH_OK; index++)
		err = entry_take(import, &given->entries[index]);
	if (err != EXTAUTH_OK || import->bad > 0)
		return err;
	err = kept_before_add(import);
	if (err == EXTAUTH_OK)
		err = id_map_write(
		    &import->kept, registrar->change.directory_fd, error);
	if (err == EXTAUTH_OK && import->removed > 0)
		err = registrar_commit(registrar, error);
	return err;
}

static enum ctl_exit
id_import(const struct context *context, const struct arguments *arguments)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	cleanup_config struct config config = {0};
	cleanup_id_map struct id_map given = {0};
	struct extauth_error error = {0};
	struct id_import import = {
	    .path = arguments->operands[0], .registrar = &registrar};
	size_t kept;
	enum ctl_exit status;
	enum extauth_err err;

	if (!settings_need_root("id import"))
		return CTL_CANNOT;
	status = settings_load_or_defaults(context, &config);
	if (status != CTL_DONE)
		return status;
	err = id_map_read(import.path, &given, &error);
	if (err == EXTAUTH_OK)
		err = id_map_check_numbers(&given, &error);
	if (err == EXTAUTH_OK)
		err = registrar_begin(&config, &registrar, &error);
	if (err == EXTAUTH_OK)
		err = import_all(&import, &given, &error);
	kept = import.kept.count;
	id_map_clear(&import.kept);
	if (err != EXTAUTH_OK)
		return complain_about("id import", err, &error);
	if (import.bad > 0) {
		complain(
		    "%s: %u bad, nothing was changed", import.path, import.bad);
		return CTL_NO;
	}
	(void)printf(_("kept %zu, known %u, removed %u\n"), kept, import.known,
	    import.removed);
	return CTL_DONE;
}

const struct command command_id_export = {
    .name = "id export",
    .operands = "",
    .summary = N_("Writes which uids and gids this host gave out."),
    .example = "extauthctl id export > ids.csv",
    .notes = N_(
	"CSV: kind (user, group, removed), number, name, email, external_id.\n"
	"With `id import` other hosts give the same people the same numbers."),
    .run = id_export,
};

const struct command command_id_import = {
    .name = "id import",
    .operands = "FILE",
    .summary = N_("Keeps the uids and gids of another host for whom they are."),
    .example = "extauthctl id import ids.csv",
    .notes = N_(
	"FILE is what `id export` wrote, \"-\" is standard input. Who is "
	"registered later gets\nthe number of the file; nobody else does. One "
	"that is somebody else's here is named,\nand then nothing is changed."),
    .operand_min = 1,
    .operand_max = 1,
    .run = id_import,
};
