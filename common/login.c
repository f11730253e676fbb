/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "frame_member.h"

#define FACT(tag, name) FRAME_MEMBER_TEXT(tag, struct login_facts, name)
#define FACT_NUMBER(tag, name)                                                 \
	FRAME_MEMBER_NUMBER(tag, struct login_facts, name)
#define OUTCOME(tag, name) FRAME_MEMBER_TEXT(tag, struct login_outcome, name)

static const struct frame_member fact_members[] = {
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

static const struct frame_member outcome_members[] = {
    OUTCOME(TAG_REASON, reason),
    OUTCOME(TAG_MESSAGE, message),
    OUTCOME(TAG_TLS, tls),
};

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
	enum extauth_err err = frame_head_write(&frame, nonce);

	if (err != EXTAUTH_OK)
		return err;
	err = frame_members_write(
	    &frame, fact_members, FRAME_MEMBER_COUNT(fact_members), facts);
	if (err == EXTAUTH_OK && facts->phrases[0] != '\0')
		err = frame_add_text(&frame, TAG_PHRASES, facts->phrases);
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
	err = frame_head_read(frame, &nonce);
	if (err != EXTAUTH_OK)
		return err;
	facts = calloc(1, sizeof(*facts));
	if (facts == NULL)
		return EXTAUTH_NOMEM;
	err = frame_members_read(
	    frame, fact_members, FRAME_MEMBER_COUNT(fact_members), facts);
	/* A host of before 0.2 sends none. */
	if (err == EXTAUTH_OK &&
	    frame_get_text(frame, TAG_PHRASES, facts->phrases,
		sizeof(facts->phrases)) != EXTAUTH_OK)
		err = EXTAUTH_INVALID;
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
	enum extauth_err err = frame_head_write(&frame, nonce);

	if (err != EXTAUTH_OK)
		return err;
	err = frame_add_number(
	    &frame, TAG_VERDICT, verdict_to_wire(outcome->verdict));
	if (err != EXTAUTH_OK)
		return err;
	err = frame_add_number(&frame, TAG_HTTP_STATUS, outcome->http_status);
	if (err != EXTAUTH_OK)
		return err;
	err = frame_members_write(&frame, outcome_members,
	    FRAME_MEMBER_COUNT(outcome_members), outcome);
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
	    frame_head_read(frame, &theirs) != EXTAUTH_OK ||
	    memcmp(theirs, nonce, FRAME_NONCE_BYTES) != 0)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_VERDICT, &wire) != EXTAUTH_OK ||
	    verdict_from_wire(wire, &outcome.verdict) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (frame_get_number(frame, TAG_HTTP_STATUS, &outcome.http_status) !=
	    EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (frame_members_read(frame, outcome_members,
		FRAME_MEMBER_COUNT(outcome_members), &outcome) != EXTAUTH_OK)
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
