/* SPDX-License-Identifier: MIT */
/* Fuzz target of the NSS module: its entry points on any file, with buffers of
 * any size and alignment. What they say is what the registry's reader says;
 * ERANGE means a buffer that is too small and nothing else; all pointers lead
 * into the buffer.
 * Does not know: glibc's side. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_nss_buffer.h"
#include "fuzz_pure.h"
#include "fuzz_snapshot.h"
#include "fuzz_words.h"
#include "identity.h"
#include "nss_group.h"
#include "nss_passwd.h"
#include "registry.h"

#define PATH "nss"
#define GROUPS_MAX 64

int fuzz_clock_gettime(clockid_t clock, struct timespec *ret_time);

/* The module trusts its map for a second: each input is a later one. */
static time_t the_time = 1;

int
fuzz_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	(void)clock;
	*ret_time = (struct timespec){.tv_sec = the_time};
	return 0;
}

/* What the reader says, as the module has to tell it. */
static enum nss_status
status_of(enum extauth_err err)
{
	if (err == EXTAUTH_OK)
		return NSS_STATUS_SUCCESS;
	return err == EXTAUTH_NOTFOUND ? NSS_STATUS_NOTFOUND
				       : NSS_STATUS_UNAVAIL;
}

static bool
is_ours(const char *name)
{
	return fuzz_is_short_name(name) || identity_is_email_name(name);
}

static enum nss_status
expect_user(const struct fuzz_key *key, bool is_by_name,
    struct registry_room *room, struct registry_user *ret_user)
{
	cleanup_registry struct registry registry = {.fd = -1};
	enum extauth_err err = registry_open(PATH, &registry, NULL);

	if (is_by_name ? !is_ours(key->name) : !fuzz_is_uid(key->number))
		return NSS_STATUS_NOTFOUND;
	if (err == EXTAUTH_OK)
		err = is_by_name
		    ? registry_find_name(&registry, key->name, room, ret_user)
		    : registry_find_uid(&registry, key->number, room, ret_user);
	if (err == EXTAUTH_OK && ret_user->is_linked)
		err = EXTAUTH_NOTFOUND;
	return status_of(err);
}

static void
check_passwd(const struct fuzz_buffer *buffer, const struct passwd *entry,
    const struct registry_user *user)
{
	fuzz_buffer_has(buffer, entry->pw_name);
	fuzz_buffer_has(buffer, entry->pw_passwd);
	fuzz_buffer_has(buffer, entry->pw_gecos);
	fuzz_buffer_has(buffer, entry->pw_dir);
	fuzz_buffer_has(buffer, entry->pw_shell);
	fuzz_require(strcmp(entry->pw_passwd, "*") == 0, "a password");
	fuzz_require(strcmp(entry->pw_name, user->name) == 0 &&
		strcmp(entry->pw_gecos, user->gecos) == 0 &&
		strcmp(entry->pw_dir, user->home) == 0 &&
		strcmp(entry->pw_shell, user->shell) == 0 &&
		entry->pw_uid == user->uid && entry->pw_gid == user->gid,
	    "another user");
	fuzz_require(fuzz_is_path(entry->pw_dir) &&
		fuzz_is_path(entry->pw_shell) &&
		fuzz_is_gecos(entry->pw_gecos) && is_ours(entry->pw_name) &&
		fuzz_is_uid(entry->pw_uid) && entry->pw_gid == entry->pw_uid,
	    "no user");
}

/* What one call is about. */
struct call {
	const struct fuzz_key *key;
	bool is_by_name;
	struct passwd passwd;
	struct group group;
};

static enum nss_status
call_passwd(struct call *call, struct fuzz_buffer *buffer, int *errnop)
{
	return call->is_by_name
	    ? _nss_extauth_getpwnam_r(call->key->name, &call->passwd,
		  buffer->bytes, buffer->length, errnop)
	    : _nss_extauth_getpwuid_r(call->key->number, &call->passwd,
		  buffer->bytes, buffer->length, errnop);
}

static enum nss_status
call_group(struct call *call, struct fuzz_buffer *buffer, int *errnop)
{
	return call->is_by_name
	    ? _nss_extauth_getgrnam_r(call->key->name, &call->group,
		  buffer->bytes, buffer->length, errnop)
	    : _nss_extauth_getgrgid_r(call->key->number, &call->group,
		  buffer->bytes, buffer->length, errnop);
}

typedef enum nss_status call_entry(
    struct call *call, struct fuzz_buffer *buffer, int *errnop);

/* Calls with a buffer that grows until it is large enough, and is then as small
 * as can be. Its bytes are the caller's (fuzz_buffer_clear). */
static enum nss_status
call_until(call_entry *entry, struct call *call, struct fuzz_buffer *buffer)
{
	enum nss_status status;
	size_t too_small = 0;

	for (;;) {
		int number = 0;

		fuzz_buffer_make(buffer);
		errno = EXDEV;
		status = entry(call, buffer, &number);
		fuzz_require(errno == EXDEV, "errno is touched");
		fuzz_require(
		    (status == NSS_STATUS_TRYAGAIN) == (number == ERANGE),
		    "ERANGE for something else");
		fuzz_require(status == NSS_STATUS_SUCCESS || number != 0,
		    "no error number");
		if (status != NSS_STATUS_TRYAGAIN)
			break;
		fuzz_require(
		    buffer->length < (1U << 20), "no buffer is large enough");
		too_small = buffer->length;
		fuzz_buffer_clear(buffer);
		buffer->length = buffer->length * 2 + 16;
	}
	buffer->too_small = too_small;
	return status;
}

/* A buffer in between is too small, or gives the same. */
static void
call_between(call_entry *entry, const struct call *call,
    const struct fuzz_buffer *buffer)
{
	struct fuzz_buffer other = *buffer;
	struct call again = *call;
	size_t enough = buffer->length;

	while (enough - other.too_small > 1) {
		enum nss_status status;
		int number = 0;

		other.length = (enough + other.too_small) / 2;
		fuzz_buffer_make(&other);
		status = entry(&again, &other, &number);
		fuzz_buffer_clear(&other);
		fuzz_require(status == NSS_STATUS_SUCCESS || number == ERANGE,
		    "in a smaller buffer it is something else");
		if (status == NSS_STATUS_SUCCESS)
			enough = other.length;
		else
			other.too_small = other.length;
	}
}

static void
ask_passwd(const struct fuzz_snapshot *snapshot, struct call *call)
{
	cleanup_room struct registry_room room = {0};
	struct registry_user user;
	struct fuzz_buffer buffer = fuzz_buffer_of(snapshot->head);
	enum nss_status wanted =
	    expect_user(call->key, call->is_by_name, &room, &user);
	enum nss_status status = call_until(call_passwd, call, &buffer);

	fuzz_require(status == wanted, "it says something else");
	if (status == NSS_STATUS_SUCCESS) {
		check_passwd(&buffer, &call->passwd, &user);
		if ((snapshot->head[7] & 1) != 0)
			call_between(call_passwd, call, &buffer);
	}
	fuzz_buffer_clear(&buffer);
}

static void
check_group(const struct fuzz_buffer *buffer, const struct group *group,
    const struct fuzz_key *key, bool is_by_name)
{
	char **member = group->gr_mem;

	fuzz_buffer_has(buffer, group->gr_name);
	fuzz_buffer_has(buffer, group->gr_passwd);
	fuzz_require((uintptr_t)member % _Alignof(char *) == 0 &&
		(char *)member >= buffer->bytes &&
		(char *)member < buffer->bytes + buffer->length,
	    "a list outside of the buffer");
	fuzz_require(strcmp(group->gr_passwd, "*") == 0, "a password");
	fuzz_require(is_ours(group->gr_name) && fuzz_is_uid(group->gr_gid) &&
		(is_by_name ? strcmp(group->gr_name, key->name) == 0
			    : group->gr_gid == key->number),
	    "another group");
	for (; *member != NULL; member++) {
		fuzz_buffer_has(buffer, *member);
		fuzz_require(is_ours(*member), "a member without a name");
	}
}

static void
ask_group(const struct fuzz_snapshot *snapshot, struct call *call)
{
	struct fuzz_buffer buffer = fuzz_buffer_of(snapshot->head);
	enum nss_status status = call_until(call_group, call, &buffer);

	if (status == NSS_STATUS_SUCCESS) {
		check_group(&buffer, &call->group, call->key, call->is_by_name);
		if ((snapshot->head[7] & 1) != 0)
			call_between(call_group, call, &buffer);
	}
	fuzz_buffer_clear(&buffer);
}

/* The list has `start` of `size` places taken and may grow up to `limit`. */
static void
ask_groups(const struct fuzz_snapshot *snapshot, const char *name)
{
	long int before = snapshot->head[4] % GROUPS_MAX;
	long int size = before + snapshot->head[5] % 4;
	long int limit = snapshot->head[6] % 8 == 0 ? -1 : snapshot->head[6];
	gid_t *groups = calloc((size_t)size + 1, sizeof(*groups));
	long int start = before;
	int number = 0;
	long int at;

	fuzz_require(groups != NULL, "memory");
	for (at = 0; at < before; at++)
		groups[at] = (gid_t)(7000000 + at);
	if (size == 0)
		size = 1;
	(void)_nss_extauth_initgroups_dyn(
	    name, 7, &start, &size, &groups, limit, &number);
	fuzz_require(number != ERANGE, "ERANGE for something else");
	fuzz_require(start >= before && start <= size, "a list that is odd");
	fuzz_require(limit <= 0 || start <= limit || start == before,
	    "more than there may be");
	for (at = 0; at < start; at++)
		fuzz_require(at < before ? groups[at] == (gid_t)(7000000 + at)
					 : fuzz_is_uid(groups[at]),
		    "a group that is none");
	free(groups);
}

static enum nss_status
call_getpwent(struct call *call, struct fuzz_buffer *buffer, int *errnop)
{
	return _nss_extauth_getpwent_r(
	    &call->passwd, buffer->bytes, buffer->length, errnop);
}

static enum nss_status
call_getgrent(struct call *call, struct fuzz_buffer *buffer, int *errnop)
{
	return _nss_extauth_getgrent_r(
	    &call->group, buffer->bytes, buffer->length, errnop);
}

static void
list(const struct fuzz_snapshot *snapshot, call_entry *entry)
{
	size_t left = snapshot->length / 16 + 2;
	enum nss_status status;

	(void)_nss_extauth_setpwent(0);
	(void)_nss_extauth_setgrent(0);
	do {
		struct fuzz_buffer buffer = fuzz_buffer_of(snapshot->head);
		struct call call = {0};

		status = call_until(entry, &call, &buffer);
		if (status == NSS_STATUS_SUCCESS && entry == call_getpwent)
			fuzz_require(fuzz_is_path(call.passwd.pw_dir) &&
				is_ours(call.passwd.pw_name),
			    "no user");
		if (status == NSS_STATUS_SUCCESS && entry == call_getgrent) {
			struct fuzz_key key = {.number = call.group.gr_gid};

			check_group(&buffer, &call.group, &key, false);
		}
		fuzz_buffer_clear(&buffer);
		fuzz_require(left-- > 0, "a list without an end");
	} while (status == NSS_STATUS_SUCCESS);
	(void)_nss_extauth_endpwent();
	(void)_nss_extauth_endgrent();
}

void
fuzz_nss(const uint8_t *bytes, size_t length)
{
	struct fuzz_snapshot snapshot = fuzz_snapshot_make(bytes, length);
	size_t at;

	fuzz_snapshot_write(&snapshot, PATH);
	the_time += 2;
	for (at = 0; at < snapshot.key_count; at++) {
		struct call call = {.key = &snapshot.keys[at]};

		call.is_by_name = true;
		ask_passwd(&snapshot, &call);
		ask_group(&snapshot, &call);
		call.is_by_name = false;
		ask_passwd(&snapshot, &call);
		ask_group(&snapshot, &call);
		ask_groups(&snapshot, call.key->name);
	}
	list(&snapshot, call_getpwent);
	list(&snapshot, call_getgrent);
	fuzz_snapshot_clear(&snapshot);
}
