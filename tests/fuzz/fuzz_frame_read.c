/* SPDX-License-Identifier: MIT */
#include "fuzz_frame_read.h"

#include <stdlib.h>
#include <string.h>

#include "frame_member.h"
#include "fuzz.h"
#include "fuzz_decode.h"
#include "sync.h"

static void *
make(size_t size)
{
	void *memory = calloc(1, size);

	fuzz_require(memory != NULL, "memory");
	return memory;
}

static bool
is_shown(uint32_t point)
{
	return point >= 0x20 && (point < 0x7f || point > 0x9f) &&
	    (point < 0x200b || point > 0x200f) &&
	    (point < 0x2028 || point > 0x202e) &&
	    (point < 0x2060 || point > 0x206f) && point != 0x61c &&
	    point != 0xfeff && (point < 0xe0000 || point > 0xe007f);
}

static void
check_text(const char *text)
{
	fuzz_require(fuzz_is_text(text, strlen(text), is_shown),
	    "a text that cannot be shown");
}

static void
check_plain(const char *text)
{
	for (; *text != '\0'; text++)
		fuzz_require(*text >= ' ' && *text <= '~', "a text for no log");
}

static void
read_login(const struct frame *frame)
{
	cleanup_free struct login_facts *facts = make(sizeof(*facts));
	cleanup_free struct login_facts *again = make(sizeof(*again));
	cleanup_secret struct secret password = {0};
	cleanup_secret struct secret new_password = {0};
	cleanup_secret struct secret first = {0};
	cleanup_secret struct secret second = {0};
	struct login_passwords both = {&password, NULL};
	cleanup_frame struct frame written = {0};
	char nonce[2][FRAME_NONCE_BYTES];

	if (login_from_frame(
		frame, facts, nonce[0], &password, &new_password) != EXTAUTH_OK)
		return;
	fuzz_require((new_password.length > 0) == (frame->type == FRAME_CHANGE),
	    "a new password for no change");
	if (new_password.length > 0)
		both.new_password = &new_password;
	fuzz_require(login_to_frame(frame->type, facts, nonce[0], &both,
			 &written) == EXTAUTH_OK,
	    "what is read cannot be written");
	fuzz_require(login_from_frame(&written, again, nonce[1], &first,
			 &second) == EXTAUTH_OK,
	    "what is written cannot be read");
	fuzz_require(memcmp(facts, again, sizeof(*facts)) == 0 &&
		memcmp(nonce[0], nonce[1], FRAME_NONCE_BYTES) == 0 &&
		secret_equals(&password, &first) &&
		secret_equals(&new_password, &second),
	    "it is read as another");
}

static void
read_outcome(const struct frame *frame, const char *nonce)
{
	cleanup_outcome struct login_outcome outcome = {0};
	cleanup_outcome struct login_outcome again = {0};
	cleanup_frame struct frame written = {0};

	if (login_outcome_from_frame(frame, nonce, &outcome) != EXTAUTH_OK)
		return;
	check_plain(outcome.reason);
	check_text(outcome.message);
	check_plain(outcome.tls);
	fuzz_require(
	    outcome.token.length == 0 || outcome.verdict == VERDICT_ACCEPTED,
	    "a token without a grant");
	fuzz_require(
	    login_outcome_to_frame(&outcome, nonce, &written) == EXTAUTH_OK &&
		login_outcome_from_frame(&written, nonce, &again) == EXTAUTH_OK,
	    "it cannot be written");
	fuzz_require(outcome.verdict == again.verdict &&
		outcome.http_status == again.http_status &&
		strcmp(outcome.reason, again.reason) == 0 &&
		strcmp(outcome.message, again.message) == 0 &&
		secret_equals(&outcome.token, &again.token),
	    "it is read as another");
}

static void
check_texts(const struct sync_texts *texts, bool may_be_empty)
{
	const char *text = NULL;
	size_t count = 0;

	while ((text = sync_texts_next(texts, text)) != NULL) {
		check_text(text);
		fuzz_require(may_be_empty || *text != '\0', "an empty text");
		fuzz_require(strlen(text) <= IDENTITY_TEXT_MAX_BYTES,
		    "a text that is too long");
		count++;
	}
	fuzz_require(count == texts->count, "texts come or go");
}

static void
read_user(const struct frame *frame)
{
	cleanup_sync_user struct sync_user user = {0};
	cleanup_sync_user struct sync_user again = {0};
	cleanup_frame struct frame written = {0};

	if (sync_user_from_frame(frame, &user) != EXTAUTH_OK)
		return;
	fuzz_require(user.id[0] != '\0', "a user without an id");
	check_text(user.id);
	check_text(user.email);
	check_text(user.name);
	check_text(user.gecos);
	check_text(user.home);
	check_text(user.shell);
	check_texts(&user.groups, true);
	fuzz_require(user.groups.count % 2 == 0, "a group without its name");
	fuzz_require(sync_user_to_frame(&user, &written) == EXTAUTH_OK &&
		sync_user_from_frame(&written, &again) == EXTAUTH_OK,
	    "it cannot be written");
	fuzz_require(strcmp(user.id, again.id) == 0 &&
		strcmp(user.email, again.email) == 0 &&
		user.groups.bytes.length == again.groups.bytes.length,
	    "it is read as another");
}

static void
read_group(const struct frame *frame)
{
	cleanup_sync_group struct sync_group group = {0};
	cleanup_sync_group struct sync_group again = {0};
	cleanup_frame struct frame written = {0};

	if (sync_group_from_frame(frame, &group) != EXTAUTH_OK)
		return;
	fuzz_require(group.id[0] != '\0' || group.name[0] != '\0',
	    "a group without a name");
	check_text(group.id);
	check_text(group.name);
	check_texts(&group.members, false);
	fuzz_require(sync_group_to_frame(&group, &written) == EXTAUTH_OK &&
		sync_group_from_frame(&written, &again) == EXTAUTH_OK,
	    "it cannot be written");
	fuzz_require(strcmp(group.id, again.id) == 0 &&
		group.members.count == again.members.count &&
		group.has_gid == again.has_gid && group.gid == again.gid,
	    "it is read as another");
}

static void
read_end(const struct frame *frame, const char *nonce)
{
	cleanup_sync_end struct sync_end end = {0};
	cleanup_sync_end struct sync_end again = {0};
	cleanup_frame struct frame written = {0};

	if (sync_end_from_frame(frame, nonce, &end) != EXTAUTH_OK)
		return;
	check_text(end.reason);
	check_text(end.tls);
	fuzz_require(sync_end_to_frame(&end, nonce, &written) == EXTAUTH_OK &&
		sync_end_from_frame(&written, nonce, &again) == EXTAUTH_OK,
	    "it cannot be written");
	fuzz_require(end.kind == again.kind &&
		(end.state == NULL) == (again.state == NULL) &&
		(end.state == NULL || strcmp(end.state, again.state) == 0),
	    "it is read as another");
}

static void
read_job(const struct frame *frame)
{
	cleanup_free struct sync_job *job = make(sizeof(*job));
	cleanup_free struct sync_job *again = make(sizeof(*again));
	cleanup_frame struct frame written = {0};
	char nonce[FRAME_NONCE_BYTES];

	if (sync_job_from_frame(frame, job, nonce) != EXTAUTH_OK)
		return;
	fuzz_require(sync_job_to_frame(job, nonce, &written) == EXTAUTH_OK &&
		sync_job_from_frame(&written, again, nonce) == EXTAUTH_OK &&
		memcmp(job, again, sizeof(*job)) == 0,
	    "it is read as another");
}

/* A nonce is believed by who made it alone. */
static void
read_foreign(const struct frame *frame, const char *nonce)
{
	cleanup_outcome struct login_outcome outcome = {0};
	cleanup_sync_end struct sync_end end = {0};
	char other[FRAME_NONCE_BYTES];

	memcpy(other, nonce, sizeof(other));
	other[FRAME_NONCE_BYTES - 1] ^= 1;
	fuzz_require(
	    login_outcome_from_frame(frame, other, &outcome) != EXTAUTH_OK &&
		sync_end_from_frame(frame, other, &end) != EXTAUTH_OK,
	    "a foreign nonce is believed");
}

void
fuzz_frame_read(const struct frame *frame)
{
	const char *nonce = NULL;
	uint32_t total = 0;

	read_login(frame);
	read_user(frame);
	read_group(frame);
	read_job(frame);
	(void)!sync_total_from_frame(frame, &total);
	if (frame_head_read(frame, &nonce) != EXTAUTH_OK)
		return;
	read_outcome(frame, nonce);
	read_end(frame, nonce);
	read_foreign(frame, nonce);
}
