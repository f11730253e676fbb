/* SPDX-License-Identifier: MIT */
/* Which uid a new user gets.
 * Does not know: files of ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "hash.h"
#include "identity.h"
#include "number.h"
#include "registry_contents.h"

#define PASSWD_PATH "/etc/passwd"
#define GROUP_PATH "/etc/group"
#define UID_MAP_PATH "/proc/self/uid_map"
/* A shorter run is walked again rather than remembered. */
#define RUN_LENGTH_MIN 64
#define UIDS_AHEAD 8U

/* Part of what is recorded for ever: hosts that hash one external id into one
 * range must meet at the same uid. */
static const uint64_t uid_hash_key[2] = {
    0x6578746175746820U, 0x7569642d68617368U};

static void
cleanup_close_file(FILE **file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

#define cleanup_file __attribute__((cleanup(cleanup_close_file)))

/* What is done with each line of a file. */
typedef enum extauth_err (*line_reader)(
    struct registry_uid_rules *rules, size_t *capacity, const char *line);

static enum extauth_err
rules_add_taken(
    struct registry_uid_rules *rules, size_t *capacity, uint32_t number)
{
	void *taken = rules->taken;
	enum extauth_err err = registry_array_reserve(
	    &taken, rules->taken_count, capacity, sizeof(*rules->taken));

	rules->taken = taken;
	if (err == EXTAUTH_OK)
		rules->taken[rules->taken_count++] = number;
	return err;
}

/* Takes the third field, the uid of passwd(5) and the gid of group(5), and the
 * fourth where it is a number, the gid of passwd(5). */
static enum extauth_err
read_account_line(
    struct registry_uid_rules *rules, size_t *capacity, const char *line)
{
	enum extauth_err err = EXTAUTH_OK;
	int field;

	for (field = 1; field <= 4 && err == EXTAUTH_OK; field++) {
		char *end = NULL;
		unsigned long number;

		if (field >= 3 && *line >= '0' && *line <= '9') {
			number = strtoul(line, &end, 10);
			if (*end == ':' && number <= UINT32_MAX)
				err = rules_add_taken(
				    rules, capacity, (uint32_t)number);
		}
		line = strchr(line, ':');
		if (line == NULL)
			return err;
		line++;
	}
	return err;
}

static enum extauth_err
read_map_line(
    struct registry_uid_rules *rules, size_t *capacity, const char *line)
{
	void *mapped = rules->mapped;
	unsigned first;
	unsigned outside;
	unsigned length;
	enum extauth_err err;

	/* The kernel writes these. NOLINTNEXTLINE(cert-err34-c) */
	if (sscanf(line, "%u %u %u", &first, &outside, &length) != 3 ||
	    length == 0)
		return EXTAUTH_UNAVAILABLE;
	err = registry_array_reserve(
	    &mapped, rules->mapped_count, capacity, sizeof(*rules->mapped));
	rules->mapped = mapped;
	if (err != EXTAUTH_OK)
		return err;
	rules->mapped[rules->mapped_count][0] = first;
	rules->mapped[rules->mapped_count][1] = first + (length - 1);
	rules->mapped_count++;
	return EXTAUTH_OK;
}

static enum extauth_err
read_lines(const char *path, line_reader reader,
    struct registry_uid_rules *rules, size_t *capacity,
    struct extauth_error *error)
{
	cleanup_file FILE *file = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t line_bytes = 0;
	enum extauth_err err = EXTAUTH_OK;

	if (file == NULL)
		return error_set(error, EXTAUTH_UNAVAILABLE, "%s: %s", path,
		    error_of_number(errno));
	while (err == EXTAUTH_OK && getline(&line, &line_bytes, file) >= 0)
		err = reader(rules, capacity, line);
	if (err == EXTAUTH_OK && !feof(file))
		err = EXTAUTH_UNAVAILABLE;
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s: cannot be read: %s", path,
		    error_name(err));
	return EXTAUTH_OK;
}

enum extauth_err
registry_uid_rules_load(uint32_t first, uint32_t last,
    struct registry_uid_rules *ret_rules, struct extauth_error *error)
{
	cleanup_uid_rules struct registry_uid_rules rules = {
	    .first = first, .last = last};
	size_t taken_capacity = 0;
	size_t mapped_capacity = 0;
	enum extauth_err err;

	if (first > last)
		return error_set(
		    error, EXTAUTH_CONFIG, "the range of uids is empty");
	err = read_lines(
	    PASSWD_PATH, read_account_line, &rules, &taken_capacity, error);
	if (err == EXTAUTH_OK)
		err = read_lines(GROUP_PATH, read_account_line, &rules,
		    &taken_capacity, error);
	if (err == EXTAUTH_OK)
		err = read_lines(UID_MAP_PATH, read_map_line, &rules,
		    &mapped_capacity, error);
	if (err != EXTAUTH_OK)
		return err;
	if (rules.taken_count > 0)
		qsort(rules.taken, rules.taken_count, sizeof(*rules.taken),
		    number_compare);
	*ret_rules = rules;
	rules = (struct registry_uid_rules){0};
	return EXTAUTH_OK;
}

enum extauth_err
registry_uid_rules_reserve(
    struct registry_uid_rules *rules, const uint32_t *numbers, size_t count)
{
	uint32_t *reserved;

	if (count == 0)
		return EXTAUTH_OK;
	reserved = reallocarray(NULL, count, sizeof(*reserved));
	if (reserved == NULL)
		return EXTAUTH_NOMEM;
	memcpy(reserved, numbers, count * sizeof(*reserved));
	qsort(reserved, count, sizeof(*reserved), number_compare);
	rules->reserved = reserved;
	rules->reserved_count = count;
	return EXTAUTH_OK;
}

void
registry_uid_rules_clear(struct registry_uid_rules *rules)
{
	if (rules == NULL)
		return;
	free(rules->taken);
	free(rules->reserved);
	free(rules->mapped);
	*rules = (struct registry_uid_rules){0};
}

static bool
is_mapped(const struct registry_uid_rules *rules, uint32_t uid)
{
	size_t number;

	for (number = 0; number < rules->mapped_count; number++) {
		if (uid >= rules->mapped[number][0] &&
		    uid <= rules->mapped[number][1])
			return true;
	}
	return false;
}

static bool
is_among(const uint32_t *numbers, size_t count, uint32_t uid)
{
	return count > 0 &&
	    bsearch(&uid, numbers, count, sizeof(*numbers), number_compare) !=
	    NULL;
}

enum extauth_err
registry_check_uid(const struct registry_contents *contents,
    const struct registry_uid_rules *rules, uint32_t uid,
    struct extauth_error *error)
{
	const struct registry_user *user;

	if (identity_check_uid(uid, error) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (!is_mapped(rules, uid))
		return error_set(error, EXTAUTH_INVALID,
		    "uid %u does not exist in this user namespace", uid);
	if (is_among(rules->taken, rules->taken_count, uid))
		return error_set(error, EXTAUTH_EXISTS, "%u stands in %s or %s",
		    uid, PASSWD_PATH, GROUP_PATH);
	if (uid != rules->claimed &&
	    is_among(rules->reserved, rules->reserved_count, uid))
		return error_set(error, EXTAUTH_EXISTS,
		    "%u is kept for somebody of another host", uid);
	user = registry_contents_find_uid(contents, uid);
	if (user != NULL)
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u is registered for '%s'", uid, user->name);
	if (registry_contents_find_gid(contents, uid) != NULL)
		return error_set(
		    error, EXTAUTH_EXISTS, "%u is the gid of a group", uid);
	if (registry_contents_is_spent(contents, uid))
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u belonged to a removed user", uid);
	return EXTAUTH_OK;
}

/* The highest number of the range that was ever given out, or the one before
 * the range. */
static uint32_t
find_highest(const struct registry_contents *contents,
    const struct registry_uid_rules *rules)
{
	uint32_t highest = rules->first - 1;
	size_t number;

	for (number = 0; number < contents->user_count; number++) {
		uint32_t uid = contents->users[number].uid;

		if (uid <= rules->last && uid > highest)
			highest = uid;
	}
	for (number = 0; number < contents->tombstone_count; number++) {
		uint32_t uid = contents->tombstones[number].uid;

		if (uid <= rules->last && uid > highest)
			highest = uid;
	}
	return highest;
}

static uint32_t
first_try(const struct registry_contents *contents,
    struct registry_uid_rules *rules, const char *external_id)
{
	uint64_t span = (uint64_t)rules->last - rules->first + 1;
	uint64_t hash;

	if (external_id != NULL && *external_id != '\0') {
		hash =
		    hash_bytes(uid_hash_key, external_id, strlen(external_id));
		return rules->first + (uint32_t)(hash % span);
	}
	if (rules->highest == 0)
		rules->highest = find_highest(contents, rules);
	return rules->highest >= rules->last ? rules->first
					     : rules->highest + 1;
}

/* Of runs that touch each other one is made; of the others the longest stay. */
static void
remember_run(struct registry_uid_rules *rules, struct registry_uid_run run)
{
	struct registry_uid_run *place = &rules->runs[0];
	size_t number;

	if (run.end - run.first < RUN_LENGTH_MIN)
		return;
	for (number = 0; number < REGISTRY_UID_RUNS; number++) {
		struct registry_uid_run *other = &rules->runs[number];

		if (other->first <= run.end && run.first <= other->end) {
			if (other->first < run.first)
				run.first = other->first;
			if (other->end > run.end)
				run.end = other->end;
			*other = (struct registry_uid_run){0};
		}
		if (other->end - other->first < place->end - place->first)
			place = other;
	}
	if (run.end - run.first > place->end - place->first)
		*place = run;
}

/* The lowest number from `uid` on that is not known at once as not free. */
static uint64_t
skip_known(const struct registry_uid_rules *rules, uint32_t uid)
{
	uint64_t next = identity_next_uid(uid);
	size_t number;

	if (next == uid && !is_mapped(rules, uid)) {
		next = (uint64_t)UINT32_MAX + 1;
		for (number = 0; number < rules->mapped_count; number++) {
			uint32_t first = rules->mapped[number][0];

			if (first > uid && first < next)
				next = first;
		}
	}
	for (number = 0; number < REGISTRY_UID_RUNS; number++) {
		const struct registry_uid_run *run = &rules->runs[number];

		if (next >= run->first && next < run->end)
			next = run->end;
	}
	return next;
}

/* The first free uid from `first` on, or `end`. */
static uint64_t
find_free(const struct registry_contents *contents,
    struct registry_uid_rules *rules, uint64_t first, uint64_t end)
{
	uint64_t uid = first;

	while (uid < end) {
		uint64_t next = skip_known(rules, (uint32_t)uid);

		if (next == uid) {
			/* Where one is taken, many are: each look-up would wait
			 * for memory. */
			if (uid != first)
				registry_contents_expect_uid(
				    contents, (uint32_t)uid + UIDS_AHEAD);
			if (registry_check_uid(contents, rules, (uint32_t)uid,
				NULL) == EXTAUTH_OK)
				break;
			next++;
		}
		uid = next;
	}
	if (uid > end)
		uid = end;
	remember_run(rules, (struct registry_uid_run){first, uid});
	return uid;
}

enum extauth_err
registry_allocate_uid(const struct registry_contents *contents,
    struct registry_uid_rules *rules, const char *external_id,
    uint32_t *ret_uid, struct extauth_error *error)
{
	uint64_t first = first_try(contents, rules, external_id);
	uint64_t end = (uint64_t)rules->last + 1;
	uint64_t uid;

	if (rules->epoch != contents->epoch) {
		memset(rules->runs, 0, sizeof(rules->runs));
		rules->epoch = contents->epoch;
	}
	uid = find_free(contents, rules, first, end);
	if (uid == end) {
		end = first;
		uid = find_free(contents, rules, rules->first, end);
	}
	if (uid == end)
		return error_set(error, EXTAUTH_TOOBIG,
		    "no uid is free from %u to %u", rules->first, rules->last);
	if (external_id == NULL || *external_id == '\0')
		rules->highest = (uint32_t)uid;
	*ret_uid = (uint32_t)uid;
	return EXTAUTH_OK;
}
