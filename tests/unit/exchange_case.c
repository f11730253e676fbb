/* SPDX-License-Identifier: MIT */
#include "exchange_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define TEXT_BYTES 2048

struct exchange_case *
exchange_case_make(const char *keys, const char *password)
{
	struct exchange_case *one = calloc(1, sizeof(*one));
	struct extauth_error error = {0};
	char text[TEXT_BYTES];
	enum extauth_err err;

	ck_assert_ptr_nonnull(one);
	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\norganization_id = 4711\n"
	    "[provider main]\n%s",
	    keys);
	err =
	    config_parse("test.conf", text, strlen(text), &one->config, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	one->provider = config_find_provider(&one->config, "main");
	ck_assert_ptr_nonnull(one->provider);
	(void)snprintf(
	    one->facts.username, sizeof(one->facts.username), "alice");
	(void)snprintf(
	    one->facts.email, sizeof(one->facts.email), "alice@example.com");
	(void)snprintf(
	    one->facts.device.name, sizeof(one->facts.device.name), "tty1");
	one->facts.uid = 2000200001;
	ck_assert_ok(secret_set(&one->password, password, strlen(password)));
	values_fill(&one->values, &one->facts, one->provider, &one->password);
	one->login.provider = one->provider;
	one->login.values = &one->values.real;
	one->login.masked = &one->values.masked;
	one->login.password = &one->password;
	return one;
}

void
exchange_case_free(struct exchange_case *one)
{
	values_clear(&one->values);
	secret_clear(&one->password);
	config_clear(&one->config);
	free(one);
}
