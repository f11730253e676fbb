/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "provider_oauth2_internal.h"
#include "qr.h"

#define GRANT_TYPE "urn:ietf:params:oauth:grant-type:device_code"
#define INTERVAL_DEFAULT_S 5
#define INTERVAL_MAX_S 3600
#define SLOW_DOWN_S 5
#define LIFE_MAX_S 86400
#define URL_MAX_BYTES 255
#define USER_CODE_MAX_BYTES 32
#define PROMPT_MAX_BYTES 16000
#define STATUS_OK 200
#define STATUS_BAD_REQUEST 400
#define STATUS_TOO_MANY 429

enum oauth2_poll_result {
	POLL_AGAIN = 0,
	POLL_SLOWER,
	POLL_REFUSED,
	POLL_EXPIRED,
	POLL_OTHER
};

struct oauth2_poll_rule {
	const char *error;
	enum oauth2_poll_result result;
};

/* RFC 8628 3.5; authorization_declined and bad_verification_code are
 * Microsoft's. */
static const struct oauth2_poll_rule oauth2_poll_rules[] = {
    {"authorization_pending", POLL_AGAIN},
    {"slow_down", POLL_SLOWER},
    {"access_denied", POLL_REFUSED},
    {"authorization_declined", POLL_REFUSED},
    {"expired_token", POLL_EXPIRED},
    {"bad_verification_code", POLL_EXPIRED},
};

enum extauth_err
oauth2_begin_device(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct login lent = oauth2_login(login);
	cleanup_draft struct draft draft =
	    oauth_draft(&lent, lent.provider->device_authorization_url, NULL);

	if (lent.provider->scope[0] != '\0')
		draft_field(&draft, "scope", lent.provider->scope);
	login->state = OAUTH2_DEVICE_AUTHORIZATION;
	return draft_end(&draft, ret_step, error);
}

static bool
oauth2_is_printable(const char *text, size_t max_bytes)
{
	size_t length = strlen(text);
	size_t at;

	for (at = 0; at < length; at++)
		if (text[at] < ' ' || text[at] > '~')
			return false;
	return length > 0 && length <= max_bytes;
}

static bool
oauth2_is_shown_url(const char *url)
{
	return (strncmp(url, "https://", 8) == 0 ||
		   strncmp(url, "http://", 7) == 0) &&
	    strchr(url, ' ') == NULL && oauth2_is_printable(url, URL_MAX_BYTES);
}

/* verification_url is what some servers of the draft's time still say. */
static const char *
oauth2_device_url(const struct answer *answer)
{
	const char *url = answer_text(answer, "/verification_uri");

	return *url != '\0' ? url : answer_text(answer, "/verification_url");
}

static uint32_t
oauth2_seconds(const struct answer *answer, const char *pointer,
    uint32_t otherwise, uint32_t most)
{
	int64_t seconds;

	if (!json_number(&answer->json, pointer, &seconds))
		return otherwise;
	if (seconds > most)
		return most;
	return seconds < 1 ? 1 : (uint32_t)seconds;
}

static enum extauth_err
oauth2_keep_device(struct oauth2_device *device, const struct answer *answer)
{
	const char *code = answer_text(answer, "/device_code");

	device->interval_s = oauth2_seconds(
	    answer, "/interval", INTERVAL_DEFAULT_S, INTERVAL_MAX_S);
	device->left_s = oauth2_seconds(answer, "/expires_in", 0, LIFE_MAX_S);
	return secret_set(&device->code, code, strlen(code));
}

static bool
oauth2_is_device_answer(const struct answer *answer)
{
	int64_t seconds;

	return *answer_text(answer, "/device_code") != '\0' &&
	    oauth2_is_printable(
		answer_text(answer, "/user_code"), USER_CODE_MAX_BYTES) &&
	    oauth2_is_shown_url(oauth2_device_url(answer)) &&
	    json_number(&answer->json, "/expires_in", &seconds) && seconds > 0;
}

/* A client that writes something in front of a prompt, as ssh does, would shift
 * the first line of the drawing. */
static enum extauth_err
oauth2_draw(const char *url, struct buffer *text)
{
	cleanup_buffer struct buffer drawing = buffer_make(PROMPT_MAX_BYTES);
	enum extauth_err err = qr_draw(url, &drawing);

	if (err != EXTAUTH_OK || drawing.length == 0)
		return err;
	err = buffer_append_text(text, "\n");
	return err == EXTAUTH_OK
	    ? buffer_append(text, drawing.bytes, drawing.length)
	    : err;
}

static enum extauth_err
oauth2_show_code(const struct login *login, const struct answer *answer,
    struct step *ret_step)
{
	cleanup_buffer struct buffer text = buffer_make(PROMPT_MAX_BYTES);
	const char *whole = answer_text(answer, "/verification_uri_complete");
	const char *url = oauth2_device_url(answer);
	enum extauth_err err = EXTAUTH_OK;

	if (login->provider->qr_code)
		err = oauth2_draw(
		    oauth2_is_shown_url(whole) ? whole : url, &text);
	if (err == EXTAUTH_OK)
		err =
		    phrase_append(&text, login->phrases, PHRASE_OPEN_AND_ENTER,
			url, answer_text(answer, "/user_code"));
	if (err != EXTAUTH_OK)
		return err;
	return step_prompt(ret_step, true, buffer_text(&text));
}

enum extauth_err
oauth2_take_device(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct oauth2_memory *memory = login->memory;
	struct login_outcome outcome;
	enum extauth_err err;

	(void)error;
	if (!oauth_is_answered(answer, &outcome)) {
		oauth_judge_client(answer, &outcome);
		oauth_refuse(login, answer, &outcome, ret_step);
		return EXTAUTH_OK;
	}
	if (!oauth2_is_device_answer(answer)) {
		judge_set(&outcome, VERDICT_REJECTED,
		    "the answer holds no code that can be shown");
		oauth_refuse(login, answer, &outcome, ret_step);
		return EXTAUTH_OK;
	}
	err = oauth2_keep_device(&memory->device, answer);
	if (err != EXTAUTH_OK)
		return err;
	login->state = OAUTH2_DEVICE_PERSON;
	return oauth2_show_code(login, answer, ret_step);
}

enum extauth_err
oauth2_poll(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct oauth2_memory *memory = login->memory;
	const struct login lent = oauth2_login(login);
	cleanup_draft struct draft draft =
	    oauth_draft(&lent, lent.provider->token_url, GRANT_TYPE);

	draft_secret_field(&draft, "device_code", &memory->device.code);
	draft.request.is_poll = true;
	login->state = OAUTH2_DEVICE_POLL;
	return draft_end(&draft, ret_step, error);
}

static void
oauth2_wait(struct login *login, unsigned http_status, struct step *ret_step)
{
	struct oauth2_memory *memory = login->memory;
	struct oauth2_device *device = &memory->device;

	if ((login->flags & (LOGIN_CAN_WAIT | LOGIN_DRY_RUN)) == 0) {
		step_verdict(ret_step, VERDICT_SECOND_FACTOR_NEEDED,
		    http_status, "the code is not approved yet");
		return;
	}
	if (device->interval_s > device->left_s) {
		step_verdict(ret_step, VERDICT_REJECTED, http_status,
		    "the code has expired");
		return;
	}
	device->left_s -= device->interval_s;
	login->state = OAUTH2_DEVICE_PERSON;
	step_wait(ret_step, device->interval_s * 1000);
}

void
oauth2_take_lost_poll(struct login *login, struct step *ret_step)
{
	struct oauth2_memory *memory = login->memory;

	memory->device.interval_s *= 2;
	oauth2_wait(login, 0, ret_step);
}

static enum oauth2_poll_result
oauth2_poll_error(const char *error)
{
	size_t at;

	for (at = 0;
	     at < sizeof(oauth2_poll_rules) / sizeof(*oauth2_poll_rules); at++)
		if (strcmp(oauth2_poll_rules[at].error, error) == 0)
			return oauth2_poll_rules[at].result;
	return POLL_OTHER;
}

/* Some servers say pending with 200 or 428, and slow_down with 429. */
static enum oauth2_poll_result
oauth2_poll_result(const struct answer *answer)
{
	enum oauth2_poll_result result =
	    oauth2_poll_error(answer_text(answer, "/error"));
	struct login_outcome settled;

	if (answer->status == STATUS_TOO_MANY && result == POLL_SLOWER)
		return result;
	if (judge_status(answer, &settled) ||
	    (answer->status != STATUS_OK &&
		answer->status < STATUS_BAD_REQUEST))
		return POLL_OTHER;
	return result;
}

static void
oauth2_refuse_poll(const struct login *login, const struct answer *answer,
    const char *why, struct step *ret_step)
{
	struct login_outcome outcome = {.http_status = answer->status};

	judge_set(&outcome, VERDICT_REJECTED, "%s: %s",
	    answer_text(answer, "/error"), why);
	oauth_refuse(login, answer, &outcome, ret_step);
}

enum extauth_err
oauth2_take_poll(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct oauth2_memory *memory = login->memory;

	switch (oauth2_poll_result(answer)) {
	case POLL_SLOWER:
		memory->device.interval_s += SLOW_DOWN_S;
		oauth2_wait(login, answer->status, ret_step);
		break;
	case POLL_AGAIN:
		oauth2_wait(login, answer->status, ret_step);
		break;
	case POLL_REFUSED:
		oauth2_refuse_poll(
		    login, answer, "the person refused", ret_step);
		break;
	case POLL_EXPIRED:
		oauth2_refuse_poll(
		    login, answer, "the code has expired", ret_step);
		break;
	case POLL_OTHER:
		return oauth2_take_tokens(login, answer, ret_step, error);
	}
	return EXTAUTH_OK;
}
