/* SPDX-License-Identifier: MIT */
/* What is told of a reading, as frames.
 * Does not know: who sends them. */
#include <stdlib.h>
#include <string.h>

#include "frame_member.h"
#include "sync.h"

#define USER_DISABLED 1U
#define USER_GONE 2U
#define USER_FLAGS_ALL 3U
#define END_CONFIGURATION 1U

#define JOB(tag, name) FRAME_MEMBER_TEXT(tag, struct sync_job, name)
#define JOB_NUMBER(tag, name) FRAME_MEMBER_NUMBER(tag, struct sync_job, name)
#define USER(tag, name) FRAME_MEMBER_TEXT(tag, struct sync_user, name)
#define GROUP(tag, name) FRAME_MEMBER_TEXT(tag, struct sync_group, name)
#define END(tag, name) FRAME_MEMBER_TEXT(tag, struct sync_end, name)

static const struct frame_member job_members[] = {
    JOB(TAG_CONFIG_PATH, config_path),
    JOB(TAG_NAME, source),
    JOB(TAG_REQUEST_ID, request_id),
    JOB(TAG_EMAIL, email),
    JOB(TAG_STATE, state),
    JOB_NUMBER(TAG_FLAGS, flags),
    JOB_NUMBER(TAG_DEADLINE_MS, deadline_ms),
};

static const struct frame_member user_members[] = {
    USER(TAG_EXTERNAL_ID, id),
    USER(TAG_EMAIL, email),
    USER(TAG_USERNAME, name),
    USER(TAG_GECOS, gecos),
    USER(TAG_HOME, home),
    USER(TAG_SHELL, shell),
};

static const struct frame_member group_members[] = {
    GROUP(TAG_EXTERNAL_ID, id),
    GROUP(TAG_NAME, name),
};

static const struct frame_member end_members[] = {
    END(TAG_REASON, reason),
    END(TAG_TLS, tls),
    FRAME_MEMBER_NUMBER(TAG_HTTP_STATUS, struct sync_end, http_status),
};

/* Hands a frame that is whole to the caller. */
static enum extauth_err
frame_give(enum extauth_err err, struct frame *frame, struct frame *ret_frame)
{
	if (err != EXTAUTH_OK)
		return err;
	*ret_frame = *frame;
	*frame = (struct frame){0};
	return EXTAUTH_OK;
}

static enum extauth_err
texts_write(
    struct frame *frame, enum frame_tag tag, const struct sync_texts *texts)
{
	return frame_add(
	    frame, tag, buffer_text(&texts->bytes), texts->bytes.length);
}

/* Makes the text at `at` printable. That may take bytes off its end, and what
 * stood there must not be taken for the next text. Gives its length. */
static size_t
text_make_printable(struct buffer *bytes, size_t at)
{
	char *text = bytes->bytes + at;
	size_t before = strlen(text);
	size_t after;

	login_make_printable(text, "");
	after = strlen(text);
	memmove(text + after, text + before, bytes->length - at - before);
	bytes->length -= before - after;
	return after;
}

/* Makes each text printable; counts them. */
static enum extauth_err
texts_check(struct sync_texts *texts)
{
	struct buffer *bytes = &texts->bytes;
	size_t at = 0;

	if (bytes->length == 0)
		return EXTAUTH_OK;
	if (bytes->bytes[bytes->length - 1] != '\0')
		return EXTAUTH_INVALID;
	while (at < bytes->length) {
		if (strlen(bytes->bytes + at) > IDENTITY_TEXT_MAX_BYTES)
			return EXTAUTH_INVALID;
		at += text_make_printable(bytes, at) + 1;
		texts->count++;
	}
	return EXTAUTH_OK;
}

/* `*ret_texts` is the caller's in any case. */
static enum extauth_err
texts_read(
    const struct frame *frame, enum frame_tag tag, struct sync_texts *ret_texts)
{
	const char *bytes;
	size_t length;
	enum extauth_err err;

	ret_texts->bytes = buffer_make(SYNC_TEXTS_MAX_BYTES);
	if (frame_get(frame, tag, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	err = buffer_append(&ret_texts->bytes, bytes, length);
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_TOOBIG ? EXTAUTH_INVALID : err;
	return texts_check(ret_texts);
}

/* Reads a number that need not be there. */
static enum extauth_err
number_read(const struct frame *frame, enum frame_tag tag, bool *ret_has,
    uint32_t *ret_number)
{
	enum extauth_err err = frame_get_number(frame, tag, ret_number);

	*ret_has = err == EXTAUTH_OK;
	return err == EXTAUTH_NOTFOUND ? EXTAUTH_OK : err;
}

enum extauth_err
sync_job_to_frame(const struct sync_job *job,
    const char nonce[FRAME_NONCE_BYTES], struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_SYNC);
	enum extauth_err err = frame_head_write(&frame, nonce);

	if (err == EXTAUTH_OK)
		err = frame_members_write(
		    &frame, job_members, FRAME_MEMBER_COUNT(job_members), job);
	return frame_give(err, &frame, ret_frame);
}

enum extauth_err
sync_job_from_frame(const struct frame *frame, struct sync_job *ret_job,
    char ret_nonce[FRAME_NONCE_BYTES])
{
	cleanup_free struct sync_job *job = NULL;
	const char *nonce;

	if (frame->type != FRAME_SYNC ||
	    frame_head_read(frame, &nonce) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return EXTAUTH_NOMEM;
	if (frame_members_read(frame, job_members,
		FRAME_MEMBER_COUNT(job_members), job) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	*ret_job = *job;
	memcpy(ret_nonce, nonce, FRAME_NONCE_BYTES);
	return EXTAUTH_OK;
}

enum extauth_err
sync_user_to_frame(const struct sync_user *user, struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_USER);
	uint32_t flags = (user->is_disabled ? USER_DISABLED : 0U) |
	    (user->is_gone ? USER_GONE : 0U);
	enum extauth_err err = frame_members_write(
	    &frame, user_members, FRAME_MEMBER_COUNT(user_members), user);

	if (err == EXTAUTH_OK)
		err = frame_add_number(&frame, TAG_FLAGS, flags);
	if (err == EXTAUTH_OK && user->has_uid)
		err = frame_add_number(&frame, TAG_UID, user->uid);
	if (err == EXTAUTH_OK)
		err = texts_write(&frame, TAG_GROUPS, &user->groups);
	return frame_give(err, &frame, ret_frame);
}

static void
user_make_printable(struct sync_user *user)
{
	login_make_printable(user->id, "");
	login_make_printable(user->email, "");
	login_make_printable(user->name, "");
	login_make_printable(user->gecos, "");
	login_make_printable(user->home, "");
	login_make_printable(user->shell, "");
}

enum extauth_err
sync_user_from_frame(const struct frame *frame, struct sync_user *ret_user)
{
	cleanup_sync_user struct sync_user user = {0};
	enum extauth_err err;
	uint32_t flags;

	if (frame->type != FRAME_USER ||
	    frame_members_read(frame, user_members,
		FRAME_MEMBER_COUNT(user_members), &user) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	user_make_printable(&user);
	if (user.id[0] == '\0')
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_FLAGS, &flags) != EXTAUTH_OK ||
	    (flags & ~USER_FLAGS_ALL) != 0)
		return EXTAUTH_INVALID;
	err = number_read(frame, TAG_UID, &user.has_uid, &user.uid);
	if (err == EXTAUTH_OK)
		err = texts_read(frame, TAG_GROUPS, &user.groups);
	if (err == EXTAUTH_OK && user.groups.count % 2 != 0)
		err = EXTAUTH_INVALID;
	if (err != EXTAUTH_OK)
		return err;
	user.is_disabled = (flags & USER_DISABLED) != 0;
	user.is_gone = (flags & USER_GONE) != 0;
	*ret_user = user;
	user = (struct sync_user){0};
	return EXTAUTH_OK;
}

enum extauth_err
sync_group_to_frame(const struct sync_group *group, struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_GROUP);
	enum extauth_err err = frame_members_write(
	    &frame, group_members, FRAME_MEMBER_COUNT(group_members), group);

	if (err == EXTAUTH_OK && group->has_gid)
		err = frame_add_number(&frame, TAG_GID, group->gid);
	if (err == EXTAUTH_OK)
		err = texts_write(&frame, TAG_MEMBERS, &group->members);
	return frame_give(err, &frame, ret_frame);
}

static bool
has_empty_text(const struct sync_texts *texts)
{
	const char *text = NULL;

	while ((text = sync_texts_next(texts, text)) != NULL)
		if (*text == '\0')
			return true;
	return false;
}

enum extauth_err
sync_group_from_frame(const struct frame *frame, struct sync_group *ret_group)
{
	cleanup_sync_group struct sync_group group = {0};
	enum extauth_err err;

	if (frame->type != FRAME_GROUP ||
	    frame_members_read(frame, group_members,
		FRAME_MEMBER_COUNT(group_members), &group) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	login_make_printable(group.id, "");
	login_make_printable(group.name, "");
	if (group.id[0] == '\0' && group.name[0] == '\0')
		return EXTAUTH_INVALID;
	err = number_read(frame, TAG_GID, &group.has_gid, &group.gid);
	if (err == EXTAUTH_OK)
		err = texts_read(frame, TAG_MEMBERS, &group.members);
	if (err == EXTAUTH_OK && has_empty_text(&group.members))
		err = EXTAUTH_INVALID;
	if (err != EXTAUTH_OK)
		return err;
	*ret_group = group;
	group = (struct sync_group){0};
	return EXTAUTH_OK;
}

enum extauth_err
sync_total_to_frame(uint32_t total, struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_TOTAL);
	enum extauth_err err = frame_add_number(&frame, TAG_TOTAL, total);

	return frame_give(err, &frame, ret_frame);
}

enum extauth_err
sync_total_from_frame(const struct frame *frame, uint32_t *ret_total)
{
	uint32_t total;

	if (frame->type != FRAME_TOTAL ||
	    frame_get_number(frame, TAG_TOTAL, &total) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	*ret_total = total;
	return EXTAUTH_OK;
}

enum extauth_err
sync_end_to_frame(const struct sync_end *end,
    const char nonce[FRAME_NONCE_BYTES], struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_END);
	enum extauth_err err = frame_head_write(&frame, nonce);

	if (end->state != NULL && strlen(end->state) > SYNC_STATE_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	if (err == EXTAUTH_OK)
		err = frame_add_number(&frame, TAG_END, (uint32_t)end->kind);
	if (err == EXTAUTH_OK)
		err = frame_add_number(&frame, TAG_FLAGS,
		    end->is_configuration ? END_CONFIGURATION : 0U);
	if (err == EXTAUTH_OK && end->state != NULL)
		err = frame_add_text(&frame, TAG_STATE, end->state);
	if (err == EXTAUTH_OK)
		err = frame_members_write(
		    &frame, end_members, FRAME_MEMBER_COUNT(end_members), end);
	return frame_give(err, &frame, ret_frame);
}

/* The state is opaque, so that none of its bytes is touched. */
static enum extauth_err
state_read(const struct frame *frame, char **ret_state)
{
	const char *bytes;
	size_t length;

	if (frame_get(frame, TAG_STATE, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_OK;
	if (length > SYNC_STATE_MAX_BYTES ||
	    memchr(bytes, '\0', length) != NULL)
		return EXTAUTH_INVALID;
	*ret_state = strndup(bytes, length);
	return *ret_state != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

enum extauth_err
sync_end_from_frame(const struct frame *frame,
    const char nonce[FRAME_NONCE_BYTES], struct sync_end *ret_end)
{
	struct sync_end end = {0};
	const char *theirs;
	enum extauth_err err;
	uint32_t flags;
	uint32_t kind;

	if (frame->type != FRAME_END ||
	    frame_head_read(frame, &theirs) != EXTAUTH_OK ||
	    memcmp(theirs, nonce, FRAME_NONCE_BYTES) != 0)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_END, &kind) != EXTAUTH_OK ||
	    kind > SYNC_ONE)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_FLAGS, &flags) != EXTAUTH_OK ||
	    (flags & ~END_CONFIGURATION) != 0)
		return EXTAUTH_INVALID;
	if (frame_members_read(frame, end_members,
		FRAME_MEMBER_COUNT(end_members), &end) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	err = state_read(frame, &end.state);
	if (err != EXTAUTH_OK)
		return err;
	login_make_printable(end.reason, "");
	login_make_printable(end.tls, "");
	end.kind = (enum sync_end_kind)kind;
	end.is_configuration = flags != 0;
	*ret_end = end;
	return EXTAUTH_OK;
}
