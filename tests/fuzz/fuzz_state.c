/* SPDX-License-Identifier: MIT */
/* Fuzz targets of the small files that root reads: throttle marks, /etc/passwd,
 * the map of numbers. They are written into the working directory.
 * Does not know: who is registered. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_pure.h"
#include "id_map.h"
#include "passwd_entry.h"
#include "throttle_mark.h"

#define UID 2000200001
#define FAILURES 5
#define PAUSE_MS 300000
#define TEXT_MAX_BYTES ((size_t)1 << 20)

static void
write_file(const char *path, const char *bytes, size_t length)
{
	cleanup_fd int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	fuzz_require(fd >= 0 && write(fd, bytes, length) == (ssize_t)length,
	    "the file is written");
}

static void
check_mark(struct throttle_mark *mark, int64_t now_ms)
{
	static const struct throttle_limits limits = {
	    FAILURES, 600000, PAUSE_MS};
	int64_t left = throttle_mark_pause_left(mark, &limits, now_ms);
	uint32_t place;

	fuzz_require(left >= 0 && left <= PAUSE_MS, "a pause that is odd");
	throttle_mark_age(mark, &limits, now_ms);
	fuzz_require(mark->count <= THROTTLE_TRIES_MAX &&
		throttle_mark_refusals(mark) <= mark->count,
	    "tries come or go");
	throttle_mark_add(mark, 7, now_ms);
	place = throttle_mark_find(mark, 7);
	fuzz_require(place < mark->count, "a try is lost");
	throttle_mark_refuse(mark, &limits, 7, now_ms);
	fuzz_require(throttle_mark_refusals(mark) > 0, "a refusal is lost");
	throttle_mark_keep_password(mark, NULL, now_ms);
	fuzz_require(!throttle_mark_repeats(mark, NULL, now_ms),
	    "no password is one again");
	fuzz_require(
	    throttle_mark_is_sound(mark, now_ms), "the mark becomes unsound");
}

/* A try is paused, or counts: whatever stands in the file, it ends. */
static void
ask_file(const char *bytes, size_t length)
{
	static const struct throttle_limits limits = {
	    FAILURES, 600000, PAUSE_MS};
	cleanup_secret struct secret password = {0};
	uint32_t failures = 0;
	uint32_t paused_ms = 0;
	int tries;

	fuzz_require(mkdir("marks", 0700) == 0 || errno == EEXIST, "mkdir");
	write_file("marks/2000200001", bytes, length);
	write_file("marks/2000200001.forgot", bytes, length);
	fuzz_require(secret_set(&password, "wrong", 5) == EXTAUTH_OK, "memory");
	throttle_show("marks", UID, &limits, &failures, &paused_ms);
	fuzz_require(paused_ms <= PAUSE_MS && failures <= THROTTLE_TRIES_MAX,
	    "a pause that is odd");
	for (tries = 0; tries <= FAILURES; tries++)
		throttle_note_refusal("marks", UID, &limits, &password, 0);
	throttle_show("marks", UID, &limits, &failures, &paused_ms);
	fuzz_require(paused_ms > 0, "refusals do not count");
	throttle_forget("marks", UID);
	throttle_show("marks", UID, &limits, &failures, &paused_ms);
	fuzz_require(paused_ms == 0 && failures == 0, "it is not forgotten");
	(void)throttle_take_forgot("marks", UID);
	fuzz_require(!throttle_take_forgot("marks", UID), "a second mail");
}

void
fuzz_throttle(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	uint8_t flags = fuzz_next_byte(&input);
	size_t left = (size_t)(input.end - input.next);
	struct throttle_mark mark = {.magic = THROTTLE_MARK_MAGIC};
	int64_t now_ms = 1000000;

	memcpy((char *)&mark + ((flags & 1) != 0 ? sizeof(mark.magic) : 0),
	    input.next, left < sizeof(mark) - 8 ? left : sizeof(mark) - 8);
	if (throttle_mark_is_sound(&mark, now_ms)) {
		struct throttle_mark copy = mark;

		check_mark(&copy, now_ms);
	}
	if ((flags & 2) != 0)
		ask_file((flags & 4) != 0 ? (const char *)&mark : input.next,
		    (flags & 4) != 0 ? sizeof(mark) : left);
}

/* Finds a line "NAME:PASSWORD:UID:GID:..." that every reader takes. */
static bool
has_plain_line(const char *text, const char *name)
{
	char wanted[64];

	(void)snprintf(
	    wanted, sizeof(wanted), "\n%s:x:1001:1001:g:/h:/s\n", name);
	return strstr(text, wanted) != NULL;
}

/* The C library repeats the last letters of a line that begins with blanks and
 * has no newline, or a NUL before it: it moves the line and not its end. */
static bool
has_odd_line(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *next = memchr(text, '\n', (size_t)(end - text));
		size_t bytes = (size_t)((next == NULL ? end : next) - text);

		if (isspace((unsigned char)*text) &&
		    (next == NULL || memchr(text, '\0', bytes) != NULL))
			return true;
		text += bytes + 1;
	}
	return false;
}

void
fuzz_passwd_entry(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *name = fuzz_copy_text(&input);
	size_t left = (size_t)(input.end - input.next);
	cleanup_free char *text = strndup(input.next, left);
	cleanup_passwd_entry struct passwd_entry entry = {0};
	struct extauth_error error = {{0}};
	enum extauth_err err;

	fuzz_require(text != NULL, "memory");
	write_file("passwd", input.next, left);
	err = passwd_entry_find("passwd", name, &entry, &error);
	fuzz_require(err == EXTAUTH_OK || err == EXTAUTH_NOTFOUND ||
		err == EXTAUTH_UNAVAILABLE,
	    "it is refused oddly");
	if (err == EXTAUTH_OK) {
		fuzz_require(strcmp(entry.fields.pw_name, name) == 0,
		    "another user's entry");
		/* "+" and "-" have no more than a name. */
		fuzz_require(entry.fields.pw_dir == NULL ||
			(strlen(entry.fields.pw_dir) < entry.size &&
			    strlen(entry.fields.pw_shell) < entry.size &&
			    strlen(entry.fields.pw_gecos) < entry.size),
		    "a text behind its end");
		fuzz_require(has_odd_line(input.next, left) ||
			memmem(input.next, left, name, strlen(name)) != NULL,
		    "an entry that is not there");
	}
	if (strlen(text) == left && strlen(name) < 32 && *name != '\0' &&
	    name[strcspn(name, "+-:\n \t#")] == '\0' &&
	    has_plain_line(text, name))
		fuzz_require(err == EXTAUTH_OK, "an entry is missed");
}

static void
check_found(struct id_map *map)
{
	size_t at;

	for (at = 0; at < map->count; at++) {
		const struct id_entry *entry = &map->entries[at];
		const struct id_entry *found = NULL;

		if (entry->kind == ID_USER)
			found = id_map_find_user(
			    map, entry->external_id, entry->email);
		else if (entry->kind == ID_GROUP)
			found = id_map_find_group(map, entry->name);
		else
			continue;
		fuzz_require(found != NULL && found->kind == entry->kind,
		    "an entry is missed");
	}
}

static void
check_map(struct id_map *map)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	cleanup_id_map struct id_map again = {0};
	struct extauth_error error = {{0}};
	enum extauth_err err = id_map_print_head(&text);
	size_t at;

	check_found(map);
	for (at = 0; at < map->count && err == EXTAUTH_OK; at++)
		err = id_map_print(&map->entries[at], &text);
	fuzz_require(err == EXTAUTH_OK, "room");
	fuzz_require(id_map_parse(&again, buffer_text(&text), text.length,
			 &error) == EXTAUTH_OK,
	    error.text);
	fuzz_require(again.count == map->count, "entries come or go");
	for (at = 0; at < map->count; at++) {
		const struct id_entry *one = &map->entries[at];
		const struct id_entry *other = &again.entries[at];

		fuzz_require(one->kind == other->kind &&
			one->number == other->number &&
			strcmp(one->name, other->name) == 0 &&
			strcmp(one->email, other->email) == 0 &&
			strcmp(one->external_id, other->external_id) == 0,
		    "an entry changes");
	}
	fuzz_require(id_map_check_numbers(map, &error) ==
		id_map_check_numbers(&again, &error),
	    "numbers change");
}

void
fuzz_id_map(const uint8_t *bytes, size_t length)
{
	cleanup_free char *text = fuzz_copy_bytes((const char *)bytes, length);
	cleanup_id_map struct id_map map = {0};
	struct extauth_error error = {{0}};
	enum extauth_err err = id_map_parse(&map, text, length, &error);

	if (err == EXTAUTH_OK)
		check_map(&map);
	else
		fuzz_require(err == EXTAUTH_INVALID &&
			strstr(error.text, "line") != NULL,
		    error.text);
}
