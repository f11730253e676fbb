/* SPDX-License-Identifier: MIT */
#include "identity.h"
#include "provider_okta_internal.h"

#include <string.h>

#define NUMBER_DIGITS_MAX 8
#define TEXT_MAX_BYTES 512

enum extauth_err
okta_ask_code(struct login *login, enum phrase prefix, struct step *ret_step)
{
	const struct okta_memory *memory = login->memory;
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err;

	err = phrase_append(&text, login->phrases, prefix, NULL, NULL);
	if (err == EXTAUTH_OK)
		err = phrase_append(&text, login->phrases,
		    memory->factor->rule->code, NULL, NULL);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&text, ": ");
	if (err != EXTAUTH_OK)
		return err;
	login->state = OKTA_CODE_ASKED;
	return step_prompt(ret_step, true, buffer_text(&text));
}

enum extauth_err
okta_ask_number(const struct login *login, const struct answer *answer,
    const char *number, struct step *ret_step)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	size_t length = strlen(number);
	enum extauth_err err;

	if (length == 0 || length > NUMBER_DIGITS_MAX ||
	    strspn(number, "0123456789") != length)
		return okta_refuse(login, answer,
		    "what is to be chosen on the phone is no number", ret_step);
	err = phrase_append(
	    &text, login->phrases, PHRASE_CHOOSE_NUMBER, number, NULL);
	if (err != EXTAUTH_OK)
		return err;
	return step_prompt(ret_step, true, buffer_text(&text));
}

enum extauth_err
okta_read_code(const struct secret *typed, struct secret *ret_code)
{
	cleanup_buffer struct buffer code = buffer_make(SECRET_MAX_BYTES);
	const char *text = secret_reveal(typed);
	enum extauth_err err = EXTAUTH_OK;

	while (err == EXTAUTH_OK && *text != '\0') {
		size_t length = strcspn(text, " \t\r\n");

		err = buffer_append(&code, text, length);
		text += length;
		text += strspn(text, " \t\r\n");
	}
	if (err != EXTAUTH_OK)
		return err;
	return secret_set(ret_code, buffer_text(&code), code.length);
}

bool
okta_is_word(const struct secret *code, const char *word)
{
	return code->length == strlen(word) &&
	    identity_equal(secret_reveal(code), word);
}
