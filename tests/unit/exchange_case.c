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
	one->login.provider = one->provider;
	ck_assert_ok(secret_set(&one->client_secret, "client-secret", 13));
	ck_assert_ok(secret_set(&one->api_token, "api-token", 9));
	one->login.password = &one->password;
	one->login.new_password = &one->new_password;
	one->login.client_secret = &one->client_secret;
	one->login.api_token = &one->api_token;
	one->login.now_s = EXCHANGE_CASE_NOW_S;
	exchange_case_refill(one);
	return one;
}

void
exchange_case_refill(struct exchange_case *one)
{
	values_clear(&one->values);
	values_fill(&one->values, &one->facts, one->provider, &one->password);
	one->login.values = &one->values.real;
	one->login.masked = &one->values.masked;
}

void
exchange_case_free(struct exchange_case *one)
{
	values_clear(&one->values);
	secret_clear(&one->password);
	secret_clear(&one->new_password);
	secret_clear(&one->client_secret);
	secret_clear(&one->api_token);
	config_clear(&one->config);
	free(one);
}
