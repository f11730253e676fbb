/* SPDX-License-Identifier: MIT */
#include "provider_okta_internal.h"

#include <string.h>

/* What is done after a factorResult. */
enum okta_then {
	OKTA_REFUSE = 0,
	OKTA_GO_ON, /* wait for the phone, or ask for the code that was sent */
	OKTA_ASK_AGAIN,
};

struct okta_result_rule {
	const char *result;
	enum okta_then then;
	enum verdict verdict;
	const char *text; /* for the log */
};

#define NONE_RIGHT "no code was right"
#define REFUSED "refused on the phone"
#define NOT_ANSWERED "not answered on the phone"
#define CANCELLED "the second factor was cancelled"
#define CANNOT_CHECK "Okta cannot check the second factor"
#define CODE_USED "the code was used before"
#define CODE_OLD "the code is too old"

/* A grant needs the status SUCCESS: the result alone is none. */
static const struct okta_result_rule okta_result_rules[] = {
    {"", OKTA_GO_ON, VERDICT_REJECTED, NONE_RIGHT},
    {"WAITING", OKTA_GO_ON, VERDICT_REJECTED, NONE_RIGHT},
    {"CHALLENGE", OKTA_GO_ON, VERDICT_REJECTED, NONE_RIGHT},
    {"SUCCESS", OKTA_GO_ON, VERDICT_REJECTED, NONE_RIGHT},
    {"REJECTED", OKTA_REFUSE, VERDICT_REJECTED, REFUSED},
    {"TIMEOUT", OKTA_REFUSE, VERDICT_REJECTED, NOT_ANSWERED},
    {"CANCELLED", OKTA_REFUSE, VERDICT_REJECTED, CANCELLED},
    {"ERROR", OKTA_REFUSE, VERDICT_UNAVAILABLE, CANNOT_CHECK},
    {"PASSCODE_REPLAYED", OKTA_ASK_AGAIN, VERDICT_REJECTED, CODE_USED},
    {"TIME_WINDOW_EXCEEDED", OKTA_ASK_AGAIN, VERDICT_REJECTED, CODE_OLD},
};

/* An errorCode or factorResult after which the person is asked for a code. */
struct okta_ask_rule {
	const char *code;
	enum phrase phrase;
};

static const struct okta_ask_rule okta_wrong_rules[] = {
    {"E0000068", PHRASE_WRONG},
    {"E0000082", PHRASE_USED},
    {"PASSCODE_REPLAYED", PHRASE_USED},
    {"TIME_WINDOW_EXCEEDED", PHRASE_TOO_OLD},
};

/* What was sent half a minute ago is still good. */
static const struct okta_ask_rule okta_sent_rules[] = {
    {"E0000109", PHRASE_SENT},
    {"E0000133", PHRASE_SENT},
};

static enum phrase
okta_find_ask(const struct okta_ask_rule *rules, size_t count, const char *code)
{
	size_t at;

	for (at = 0; at < count; at++)
		if (strcmp(rules[at].code, code) == 0)
			return rules[at].phrase;
	return PHRASE_NOTHING;
}

static enum phrase
okta_find_wrong(const char *code)
{
	return okta_find_ask(okta_wrong_rules,
	    sizeof(okta_wrong_rules) / sizeof(*okta_wrong_rules), code);
}

/* A code that was typed with the password cannot be typed again. */
static bool
okta_can_ask_again(const struct login *login)
{
	const struct okta_memory *memory = login->memory;

	return memory->codes < OKTA_CODES_MAX &&
	    (login->flags & LOGIN_CAN_ASK) != 0 &&
	    (login->flags & LOGIN_HAS_CODE) == 0;
}

enum extauth_err
okta_factor_challenge(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;

	login->state = OKTA_CHALLENGE_SENT;
	return okta_state_step(login, memory->factor->url, ret_step, error);
}

enum extauth_err
okta_factor_verify(struct login *login, const struct secret *code,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	cleanup_draft struct draft draft =
	    okta_state_draft(login, memory->factor->url);

	memory->codes++;
	login->state = OKTA_CODE_SENT;
	draft_secret_field(&draft, "passCode", code);
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
okta_factor_take_code(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_secret struct secret code = {0};
	enum extauth_err err = okta_read_code(&event->answer, &code);

	if (err != EXTAUTH_OK)
		return err;
	if (code.length == 0)
		return okta_cancel(login, ret_step, error);
	return okta_factor_verify(login, &code, ret_step, error);
}

enum extauth_err
okta_factor_take_verified(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);
	struct login_outcome outcome;
	enum phrase phrase;

	if (err != EXTAUTH_OK)
		return err;
	phrase = okta_find_wrong(okta_error_code(&answer));
	if (phrase != PHRASE_NOTHING && answer.status >= 400 &&
	    !judge_status(&answer, &outcome) && okta_can_ask_again(login))
		return okta_ask_code(login, phrase, ret_step);
	return okta_authn_judge(login, &answer, ret_step, error);
}

enum extauth_err
okta_factor_take_challenged(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);
	enum phrase phrase;

	if (err != EXTAUTH_OK)
		return err;
	phrase = okta_find_ask(okta_sent_rules,
	    sizeof(okta_sent_rules) / sizeof(*okta_sent_rules),
	    okta_error_code(&answer));
	if (answer.status == 429 && phrase != PHRASE_NOTHING &&
	    memory->factor->rule->kind == OKTA_FACTOR_SENT)
		return okta_ask_code(login, phrase, ret_step);
	return okta_authn_judge(login, &answer, ret_step, error);
}

/* There is no clock: what was waited is counted. */
static enum extauth_err
okta_wait(
    struct login *login, const struct answer *answer, struct step *ret_step)
{
	struct okta_memory *memory = login->memory;

	memory->waited_ms += OKTA_POLL_MS;
	if (memory->waited_ms > OKTA_PHONE_MAX_MS)
		return okta_refuse(
		    login, answer, "not answered on the phone", ret_step);
	login->state = OKTA_WAITING;
	step_wait(ret_step, OKTA_POLL_MS);
	return EXTAUTH_OK;
}

static enum extauth_err
okta_await_phone(
    struct login *login, const struct answer *answer, struct step *ret_step)
{
	struct okta_memory *memory = login->memory;
	struct login_outcome outcome = {0};
	char number[OKTA_ID_BYTES];

	if (memory->has_shown_number ||
	    !json_copy_id(&answer->json,
		"/_embedded/factor/_embedded/challenge/correctAnswer", number,
		sizeof(number)))
		return okta_wait(login, answer, ret_step);
	if ((login->flags & LOGIN_CAN_ASK) == 0) {
		judge_set(&outcome, VERDICT_SECOND_FACTOR_NEEDED,
		    "MFA_CHALLENGE: a number is to be chosen on the phone, and "
		    "nobody can be told");
		return okta_end(login, answer, &outcome, ret_step);
	}
	memory->has_shown_number = true;
	login->state = OKTA_NUMBER_SHOWN;
	return okta_ask_number(login, answer, number, ret_step);
}

/* A result of another type than text is none that is known. */
static const struct okta_result_rule *
okta_find_result(const struct answer *answer)
{
	const size_t count =
	    sizeof(okta_result_rules) / sizeof(*okta_result_rules);
	const char *result = answer_text(answer, "/factorResult");
	size_t at;

	if (*result == '\0' && json_has(&answer->json, "/factorResult"))
		return NULL;

	for (at = 0; at < count; at++)
		if (strcmp(okta_result_rules[at].result, result) == 0)
			return &okta_result_rules[at];
	return NULL;
}

static enum extauth_err
okta_follow_result(const struct okta_result_rule *rule, struct login *login,
    const struct answer *answer, struct step *ret_step)
{
	const struct okta_memory *memory = login->memory;
	bool is_push = memory->factor->rule->kind == OKTA_FACTOR_PUSH;
	enum phrase wrong = okta_find_wrong(rule->result);
	struct login_outcome outcome = {0};

	if (rule->then == OKTA_GO_ON && is_push)
		return okta_await_phone(login, answer, ret_step);
	if (rule->then != OKTA_REFUSE && !is_push && okta_can_ask_again(login))
		return okta_ask_code(login, wrong, ret_step);
	judge_set(&outcome, rule->verdict, "MFA_CHALLENGE %s: %s", rule->result,
	    rule->text);
	return okta_end(login, answer, &outcome, ret_step);
}

enum extauth_err
okta_factor_judge(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	const struct okta_result_rule *rule = okta_find_result(answer);
	struct login_outcome outcome = {0};

	(void)error;
	if (memory->factor == NULL || rule == NULL)
		return okta_refuse(
		    login, answer, "unexpected status MFA_CHALLENGE", ret_step);
	if (!okta_take_link(login, answer, "/_links/next/href",
		memory->factor->url, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	return okta_follow_result(rule, login, answer, ret_step);
}

enum extauth_err
okta_factor_poll(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	const struct okta_memory *memory = login->memory;
	enum extauth_err err;

	(void)event;
	err = okta_state_step(login, memory->factor->url, ret_step, error);
	if (err != EXTAUTH_OK)
		return err;
	login->state = OKTA_POLL_SENT;
	ret_step->request.is_poll = true;
	ret_step->masked.is_poll = true;
	return EXTAUTH_OK;
}
