/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Where a field of a frame stands in its struct. A number has no size. */
struct member {
	enum frame_tag tag;
	size_t offset;
	size_t size;
};

#define TEXT_SIZE(holder, name) sizeof(((holder *)NULL)->name)
#define TEXT(tag, holder, name)                                                \
	{                                                                      \
		tag, offsetof(holder, name), TEXT_SIZE(holder, name)           \
	}
#define NUMBER(tag, holder, name)                                              \
	{                                                                      \
		tag, offsetof(holder, name), 0                                 \
	}
#define FACT(tag, name) TEXT(tag, struct login_facts, name)
#define FACT_NUMBER(tag, name) NUMBER(tag, struct login_facts, name)
#define OUTCOME(tag, name) TEXT(tag, struct login_outcome, name)

static const struct member fact_members[] = {
    FACT(TAG_CONFIG_PATH, config_path),
    FACT(TAG_PROVIDER, provider),
    FACT(TAG_REQUEST_ID, request_id),
    FACT(TAG_USERNAME, username),
    FACT(TAG_EMAIL, email),
    FACT(TAG_EXTERNAL_ID, external_id),
    FACT(TAG_SERVICE, service),
    FACT(TAG_TTY, device.tty),
    FACT(TAG_RHOST, device.rhost),
    FACT(TAG_HOSTNAME, device.hostname),
    FACT(TAG_DEVICE_OS, device.os),
    FACT(TAG_DEVICE_NAME, device.name),
    FACT(TAG_DEVICE_IP, device.ip),
    FACT_NUMBER(TAG_UID, uid),
    FACT_NUMBER(TAG_FLAGS, flags),
    FACT_NUMBER(TAG_DEADLINE_MS, login_deadline_ms),
    FACT_NUMBER(TAG_PERSON_DEADLINE_MS, person_deadline_ms),
};

static const struct member outcome_members[] = {
    OUTCOME(TAG_REASON, reason),
    OUTCOME(TAG_MESSAGE, message),
    OUTCOME(TAG_TLS, tls),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static enum extauth_err
member_write(
    struct frame *frame, const struct member *member, const void *holder)
{
	const char *bytes = (const char *)holder + member->offset;
	uint32_t number;

	if (member->size > 0)
		return frame_add(
		    frame, member->tag, bytes, strnlen(bytes, member->size));
	memcpy(&number, bytes, sizeof(number));
	return frame_add_number(frame, member->tag, number);
}

static enum extauth_err
member_read(
    const struct frame *frame, const struct member *member, void *ret_holder)
{
	char *place = (char *)ret_holder + member->offset;
	const char *bytes;
	size_t length;
	uint32_t number;

	if (frame_get(frame, member->tag, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (member->size > 0)
		return frame_get_text(frame, member->tag, place,
			   member->size) == EXTAUTH_OK
		    ? EXTAUTH_OK
		    : EXTAUTH_INVALID;
	if (frame_get_number(frame, member->tag, &number) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	memcpy(place, &number, sizeof(number));
	return EXTAUTH_OK;
}

static enum extauth_err
members_write(struct frame *frame, const struct member *members, size_t count,
    const void *holder)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < count && err == EXTAUTH_OK; i++)
		err = member_write(frame, &members[i], holder);
	return err;
}

static enum extauth_err
members_read(const struct frame *frame, const struct member *members,
    size_t count, void *ret_holder)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < count && err == EXTAUTH_OK; i++)
		err = member_read(frame, &members[i], ret_holder);
	return err;
}

static enum extauth_err
head_write(struct frame *frame, const char nonce[FRAME_NONCE_BYTES])
{
	enum extauth_err err =
	    frame_add_number(frame, TAG_VERSION, FRAME_VERSION);

	if (err != EXTAUTH_OK)
		return err;
	return frame_add(frame, TAG_NONCE, nonce, FRAME_NONCE_BYTES);
}

/* Lends the nonce of a frame of our version. */
static enum extauth_err
head_read(const struct frame *frame, const char **ret_nonce)
{
	const char *nonce;
	uint32_t version;
	size_t length;

	if (frame_get_number(frame, TAG_VERSION, &version) != EXTAUTH_OK ||
	    version != FRAME_VERSION)
		return EXTAUTH_INVALID;
	if (frame_get(frame, TAG_NONCE, &nonce, &length) != EXTAUTH_OK ||
	    length != FRAME_NONCE_BYTES)
		return EXTAUTH_INVALID;
	*ret_nonce = nonce;
	return EXTAUTH_OK;
}

static enum extauth_err
secret_write(
    struct frame *frame, enum frame_tag tag, const struct secret *secret)
{
	if (secret == NULL)
		return EXTAUTH_OK;
	return frame_add(frame, tag, secret_reveal(secret), secret->length);
}

/* A field that is missing gives an empty secret. */
static enum extauth_err
secret_read(
    const struct frame *frame, enum frame_tag tag, struct secret *ret_secret)
{
	const char *bytes;
	size_t length;
	enum extauth_err err;

	secret_clear(ret_secret);
	if (frame_get(frame, tag, &bytes, &length) != EXTAUTH_OK)
		return EXTAUTH_OK;
	err = secret_set(ret_secret, bytes, length);
	return err == EXTAUTH_TOOBIG ? EXTAUTH_INVALID : err;
}

enum extauth_err
login_to_frame(enum frame_type type, const struct login_facts *facts,
    const char nonce[FRAME_NONCE_BYTES],
    const struct login_passwords *passwords, struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(type);
	enum extauth_err err = head_write(&frame, nonce);

	if (err != EXTAUTH_OK)
		return err;
	err = members_write(&frame, fact_members, COUNT(fact_members), facts);
	if (err != EXTAUTH_OK)
		return err;
	err = secret_write(&frame, TAG_PASSWORD, passwords->password);
	if (err == EXTAUTH_OK)
		err = secret_write(
		    &frame, TAG_NEW_PASSWORD, passwords->new_password);
	if (err != EXTAUTH_OK)
		return err;
	*ret_frame = frame;
	frame = (struct frame){0};
	return EXTAUTH_OK;
}

/* The other jobs know no new password. */
static enum extauth_err
passwords_read(const struct frame *frame, struct secret *ret_password,
    struct secret *ret_new_password)
{
	enum extauth_err err = secret_read(frame, TAG_PASSWORD, ret_password);

	if (err == EXTAUTH_OK)
		err = secret_read(frame, TAG_NEW_PASSWORD, ret_new_password);
	if (err == EXTAUTH_OK &&
	    (frame->type == FRAME_CHANGE) != (ret_new_password->length > 0))
		return EXTAUTH_INVALID;
	return err;
}

static bool
is_login_type(enum frame_type type)
{
	return type == FRAME_LOGIN || type == FRAME_FORGOT ||
	    type == FRAME_PROBE || type == FRAME_CHANGE;
}

enum extauth_err
login_from_frame(const struct frame *frame, struct login_facts *ret_facts,
    char ret_nonce[FRAME_NONCE_BYTES], struct secret *ret_password,
    struct secret *ret_new_password)
{
	cleanup_free struct login_facts *facts = NULL;
	const char *nonce;
	enum extauth_err err;

	if (!is_login_type(frame->type))
		return EXTAUTH_INVALID;
	err = head_read(frame, &nonce);
	if (err != EXTAUTH_OK)
		return err;
	facts = calloc(1, sizeof(*facts));
	if (facts == NULL)
		return EXTAUTH_NOMEM;
	err = members_read(frame, fact_members, COUNT(fact_members), facts);
	if (err != EXTAUTH_OK)
		return err;
	err = passwords_read(frame, ret_password, ret_new_password);
	if (err != EXTAUTH_OK)
		return err;
	*ret_facts = *facts;
	memcpy(ret_nonce, nonce, FRAME_NONCE_BYTES);
	return EXTAUTH_OK;
}

void
login_outcome_clear(struct login_outcome *outcome)
{
	if (outcome == NULL)
		return;
	secret_clear(&outcome->token);
	*outcome = (struct login_outcome){0};
}

static enum extauth_err
token_write(struct frame *frame, const struct login_outcome *outcome)
{
	if (outcome->verdict != VERDICT_ACCEPTED || outcome->token.length == 0)
		return EXTAUTH_OK;
	return secret_write(frame, TAG_TOKEN, &outcome->token);
}

enum extauth_err
login_outcome_to_frame(const struct login_outcome *outcome,
    const char nonce[FRAME_NONCE_BYTES], struct frame *ret_frame)
{
	cleanup_frame struct frame frame = frame_make(FRAME_VERDICT);
	enum extauth_err err = head_write(&frame, nonce);

	if (err != EXTAUTH_OK)
		return err;
	err = frame_add_number(
	    &frame, TAG_VERDICT, verdict_to_wire(outcome->verdict));
	if (err != EXTAUTH_OK)
		return err;
	err = frame_add_number(&frame, TAG_HTTP_STATUS, outcome->http_status);
	if (err != EXTAUTH_OK)
		return err;
	err = members_write(
	    &frame, outcome_members, COUNT(outcome_members), outcome);
	if (err == EXTAUTH_OK)
		err = token_write(&frame, outcome);
	if (err != EXTAUTH_OK)
		return err;
	*ret_frame = frame;
	frame = (struct frame){0};
	return EXTAUTH_OK;
}

enum extauth_err
login_outcome_from_frame(const struct frame *frame,
    const char nonce[FRAME_NONCE_BYTES], struct login_outcome *ret_outcome)
{
	struct login_outcome outcome = {0};
	const char *theirs;
	enum extauth_err err;
	uint32_t wire;

	if (frame->type != FRAME_VERDICT ||
	    head_read(frame, &theirs) != EXTAUTH_OK ||
	    memcmp(theirs, nonce, FRAME_NONCE_BYTES) != 0)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_VERDICT, &wire) != EXTAUTH_OK ||
	    verdict_from_wire(wire, &outcome.verdict) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_HTTP_STATUS, &outcome.http_status) !=
	    EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (members_read(frame, outcome_members, COUNT(outcome_members),
		&outcome) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	login_make_plain(outcome.reason);
	login_make_printable(outcome.message, "");
	login_make_plain(outcome.tls);
	if (outcome.verdict == VERDICT_ACCEPTED) {
		err = secret_read(frame, TAG_TOKEN, &outcome.token);
		if (err != EXTAUTH_OK)
			return err;
	}
	*ret_outcome = outcome;
	return EXTAUTH_OK;
}

void
login_make_request_id(struct login_facts *facts)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[LOGIN_REQUEST_ID_BYTES] = {0};
	size_t i;

	if (getrandom(bytes, sizeof(bytes), GRND_INSECURE) !=
	    (ssize_t)sizeof(bytes))
		memset(bytes, 0, sizeof(bytes));
	for (i = 0; i < LOGIN_REQUEST_ID_BYTES; i++)
		facts->request_id[i] = digits[bytes[i] & 0x0f];
	facts->request_id[LOGIN_REQUEST_ID_BYTES] = '\0';
}
