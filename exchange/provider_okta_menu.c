/* SPDX-License-Identifier: MIT */
#include "provider_okta_internal.h"

#include <stdio.h>
#include <string.h>

#define POINTER_BYTES 64
#define TEXT_MAX_BYTES 512
#define NAMES_MAX_BYTES 120
#define LISTED_MAX 32

#define TOTP "token:software:totp"

/* The first that fits counts. */
static const struct okta_factor_rule okta_factor_rules[] = {
    {TOTP, "OKTA", "okta", OKTA_FACTOR_CODE, PHRASE_CODE_OKTA},
    {TOTP, "GOOGLE", "google", OKTA_FACTOR_CODE, PHRASE_CODE_GOOGLE},
    {TOTP, NULL, "app", OKTA_FACTOR_CODE, PHRASE_CODE_APP},
    {"token:hotp", NULL, "token", OKTA_FACTOR_CODE, PHRASE_CODE_TOKEN},
    {"token:hardware", NULL, "hardware", OKTA_FACTOR_CODE, PHRASE_CODE_TOKEN},
    {"token", NULL, "token", OKTA_FACTOR_CODE, PHRASE_CODE_TOKEN},
    {"push", NULL, "push", OKTA_FACTOR_PUSH, PHRASE_CODE_PHONE},
    {"sms", NULL, "sms", OKTA_FACTOR_SENT, PHRASE_CODE_MESSAGE},
    {"call", NULL, "call", OKTA_FACTOR_SENT, PHRASE_CODE_CALL},
    {"email", NULL, "email", OKTA_FACTOR_SENT, PHRASE_CODE_EMAIL},
};

/* One element of the list of factors, as text. */
static const char *
okta_listed(const struct answer *answer, const char *list, size_t at,
    const char *member)
{
	char pointer[POINTER_BYTES];

	(void)snprintf(pointer, sizeof(pointer), "%s/%zu%s", list, at, member);
	return answer_text(answer, pointer);
}

static const struct okta_factor_rule *
okta_find_rule(const char *type, const char *provider)
{
	const size_t count =
	    sizeof(okta_factor_rules) / sizeof(*okta_factor_rules);
	size_t at;

	for (at = 0; at < count; at++) {
		const struct okta_factor_rule *rule = &okta_factor_rules[at];

		if (strcmp(rule->type, type) == 0 &&
		    (rule->provider == NULL ||
			strcmp(rule->provider, provider) == 0))
			return rule;
	}
	return NULL;
}

static struct okta_factor *
okta_find_word(struct okta_memory *memory, const struct secret *word)
{
	size_t at;

	for (at = 0; at < memory->factor_count; at++)
		if (okta_is_word(word, memory->factors[at].rule->word))
			return &memory->factors[at];
	return NULL;
}

static struct okta_factor *
okta_find_kind(struct okta_memory *memory, enum okta_factor_kind kind)
{
	size_t at;

	for (at = 0; at < memory->factor_count; at++)
		if (memory->factors[at].rule->kind == kind)
			return &memory->factors[at];
	return NULL;
}

static bool
okta_has_word(const struct okta_memory *memory, const char *word)
{
	size_t at;

	for (at = 0; at < memory->factor_count; at++)
		if (strcmp(memory->factors[at].rule->word, word) == 0)
			return true;
	return false;
}

/* Keeps one factor if it can be used here, the first of each word. False if its
 * link leads elsewhere. */
static bool
okta_keep_factor(struct login *login, const struct answer *answer,
    const char *list, size_t at, struct login_outcome *outcome)
{
	struct okta_memory *memory = login->memory;
	struct okta_factor factor = {
	    .rule = okta_find_rule(okta_listed(answer, list, at, "/factorType"),
		okta_listed(answer, list, at, "/provider")),
	};
	char pointer[POINTER_BYTES];

	if (factor.rule == NULL || okta_has_word(memory, factor.rule->word) ||
	    memory->factor_count == OKTA_FACTORS_MAX)
		return true;
	(void)snprintf(
	    pointer, sizeof(pointer), "%s/%zu/_links/verify/href", list, at);
	if (!okta_take_link(login, answer, pointer, factor.url, outcome))
		return false;
	if (factor.url[0] != '\0')
		memory->factors[memory->factor_count++] = factor;
	return true;
}

/* Answers hold the list as `factors`, the documentation as `factor`. */
static const char *
okta_factor_list(const struct answer *answer)
{
	return json_has(&answer->json, "/_embedded/factors")
	    ? "/_embedded/factors"
	    : "/_embedded/factor";
}

static size_t
okta_factor_list_length(const struct answer *answer)
{
	size_t length = json_length(&answer->json, okta_factor_list(answer));

	return length < LISTED_MAX ? length : LISTED_MAX;
}

static bool
okta_read_factors(struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const char *list = okta_factor_list(answer);
	size_t length = okta_factor_list_length(answer);
	size_t at;

	for (at = 0; at < length; at++)
		if (!okta_keep_factor(login, answer, list, at, outcome))
			return false;
	return true;
}

/* Says which factors the user has, usable here or not. */
static enum extauth_err
okta_need(const struct login *login, const struct answer *answer,
    struct step *ret_step)
{
	cleanup_buffer struct buffer names = buffer_make(NAMES_MAX_BYTES);
	const struct okta_memory *memory = login->memory;
	const char *list = okta_factor_list(answer);
	size_t length = okta_factor_list_length(answer);
	struct login_outcome outcome = {0};
	size_t at;

	for (at = 0; at < length; at++) {
		const char *type = okta_listed(answer, list, at, "/factorType");

		if (buffer_append_format(&names, "%s%s",
			names.length > 0 ? ", " : "", type) != EXTAUTH_OK)
			break;
	}
	judge_set(&outcome, VERDICT_SECOND_FACTOR_NEEDED,
	    "MFA_REQUIRED: %s: %s",
	    memory->factor_count > 0 ? "a second factor is needed"
				     : "no factor of the user can be used here",
	    names.length > 0 ? buffer_text(&names) : "none");
	return okta_end(login, answer, &outcome, ret_step);
}

static enum extauth_err
okta_need_appended(const struct login *login, const struct answer *answer,
    struct step *ret_step)
{
	struct login_outcome outcome = {0};

	judge_set(&outcome, VERDICT_SECOND_FACTOR_NEEDED,
	    "MFA_REQUIRED: append the code to the password: password,123456");
	return okta_end(login, answer, &outcome, ret_step);
}

/* What an empty line chooses: the phone, or what there is beside it; nothing
 * if a code can be typed. */
static struct okta_factor *
okta_default(struct okta_memory *memory)
{
	struct okta_factor *push = okta_find_kind(memory, OKTA_FACTOR_PUSH);

	if (push != NULL || okta_find_kind(memory, OKTA_FACTOR_CODE) != NULL)
		return push;
	return &memory->factors[0];
}

enum extauth_err
okta_append_choice(const struct login *login, struct buffer *text,
    enum phrase phrase, const char *word)
{
	enum extauth_err err = EXTAUTH_OK;

	if (text->length > 0)
		err =
		    phrase_append(text, login->phrases, PHRASE_OR, NULL, NULL);
	if (err == EXTAUTH_OK)
		err = phrase_append(text, login->phrases, phrase, word, NULL);
	return err;
}

static enum extauth_err
okta_append_default(const struct login *login, struct buffer *text,
    const struct okta_factor *by_enter)
{
	if (by_enter->rule->kind == OKTA_FACTOR_PUSH)
		return okta_append_choice(
		    login, text, PHRASE_ENTER_PHONE, NULL);
	return okta_append_choice(
	    login, text, PHRASE_ENTER_CODE, by_enter->rule->word);
}

static enum extauth_err
okta_append_choices(const struct login *login, struct buffer *text)
{
	struct okta_memory *memory = login->memory;
	const struct okta_factor *code =
	    okta_find_kind(memory, OKTA_FACTOR_CODE);
	const struct okta_factor *by_enter = okta_default(memory);
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	if (code != NULL)
		err = okta_append_choice(login, text, code->rule->code, NULL);
	if (err == EXTAUTH_OK && by_enter != NULL)
		err = okta_append_default(login, text, by_enter);
	for (at = 0; at < memory->factor_count && err == EXTAUTH_OK; at++) {
		const struct okta_factor *factor = &memory->factors[at];

		if (factor == code || factor == by_enter)
			continue;
		err = okta_append_choice(login, text, PHRASE_NOTHING, NULL);
		if (err == EXTAUTH_OK)
			err = buffer_append_text(text, factor->rule->word);
	}
	return err;
}

static enum extauth_err
okta_show_menu(struct login *login, enum phrase prefix, struct step *ret_step)
{
	cleanup_buffer struct buffer choices = buffer_make(TEXT_MAX_BYTES);
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err = okta_append_choices(login, &choices);

	if (err == EXTAUTH_OK)
		err = phrase_append(&text, login->phrases, prefix, NULL, NULL);
	if (err == EXTAUTH_OK)
		err =
		    buffer_append_format(&text, "%s: ", buffer_text(&choices));
	if (err != EXTAUTH_OK)
		return err;
	login->state = OKTA_MENU_SHOWN;
	return step_prompt(ret_step, true, buffer_text(&text));
}

enum extauth_err
okta_menu_judge(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	struct login_outcome outcome = {0};
	struct okta_factor *code;
	struct okta_factor *push;

	if (memory->factor_count > 0)
		return okta_refuse(
		    login, answer, "MFA_REQUIRED a second time", ret_step);
	if (!okta_read_factors(login, answer, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	code = okta_find_kind(memory, OKTA_FACTOR_CODE);
	push = okta_find_kind(memory, OKTA_FACTOR_PUSH);
	if ((login->flags & LOGIN_HAS_CODE) != 0 && code != NULL) {
		memory->factor = code;
		return okta_ask_code(login, PHRASE_NOTHING, ret_step);
	}
	if ((login->flags & LOGIN_CAN_ASK) != 0 && memory->factor_count > 0)
		return okta_show_menu(login, PHRASE_NOTHING, ret_step);
	if ((login->flags & LOGIN_CAN_WAIT) != 0 && push != NULL) {
		memory->factor = push;
		return okta_factor_challenge(login, ret_step, error);
	}
	if ((login->flags & LOGIN_CAN_WAIT) != 0 && code != NULL)
		return okta_need_appended(login, answer, ret_step);
	return okta_need(login, answer, ret_step);
}

enum extauth_err
okta_menu_take(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	struct okta_memory *memory = login->memory;
	cleanup_secret struct secret typed = {0};
	enum extauth_err err = okta_read_code(&event->answer, &typed);

	if (err != EXTAUTH_OK)
		return err;
	memory->factor = typed.length > 0 ? okta_find_word(memory, &typed)
					  : okta_default(memory);
	if (memory->factor != NULL)
		return memory->factor->rule->kind == OKTA_FACTOR_CODE
		    ? okta_ask_code(login, PHRASE_NOTHING, ret_step)
		    : okta_factor_challenge(login, ret_step, error);
	if (typed.length == 0)
		return okta_cancel(login, ret_step, error);
	memory->factor = okta_find_kind(memory, OKTA_FACTOR_CODE);
	if (memory->factor != NULL)
		return okta_factor_verify(login, &typed, ret_step, error);
	if (++memory->codes >= OKTA_CODES_MAX)
		return okta_cancel(login, ret_step, error);
	return okta_show_menu(login, PHRASE_NONE_OF_THEM, ret_step);
}

enum extauth_err
okta_cancel(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	login->state = OKTA_CANCEL_SENT;
	return okta_state_step(login, "/api/v1/authn/cancel", ret_step, error);
}

enum extauth_err
okta_cancelled(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	(void)login;
	(void)error;
	step_verdict(ret_step, VERDICT_REJECTED, event->response.status,
	    "given up at the prompt");
	return EXTAUTH_OK;
}
