/* SPDX-License-Identifier: MIT */
#include "fuzz_source_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define TEXT_BYTES 3072

struct target {
	const char *name; /* fuzz_NAME */
	const char *keys;
};

#define CLIENT "client_id = CLIENT\nclient_secret_file = c\n"
#define TENANT "11111111-2222-3333-4444-555555555555"

static const struct target targets[] = {
    {"source_scim",
	"type = scim\nurl = https://DIR/scim/{{SECRET:x}}\ntoken_file = a\n"},
    {"source_okta", "type = okta\nurl = https://DIR\ntoken_file = a\n"},
    {"source_entra", "type = entra\ntenant = " TENANT "\n" CLIENT},
    {"source_pingone",
	"type = pingone\nenvironment = " TENANT "\nregion = eu\n" CLIENT},
    {"source_rest",
	"type = rest\nurl = https://DIR/list?key={{SECRET:x}}\ntoken_file = a\n"
	"users = /users\nuser_id = /id\nuser_email = /email\nuser_groups = "
	"/groups\nnext = /next\n"},
    {"source_csv", "type = csv\nurl = https://DIR/users.csv\ntoken_file = a\n"},
};

static void
set(struct secret *secret, const char *text)
{
	fuzz_require(
	    secret_set(secret, text, strlen(text)) == EXTAUTH_OK, "memory");
}

static const struct target *
find_target(const char *name)
{
	size_t at;

	for (at = 0; at < sizeof(targets) / sizeof(*targets); at++)
		if (strcmp(targets[at].name, name) == 0)
			return &targets[at];
	fuzz_require(false, "the program is called fuzz_TARGET");
	return NULL;
}

static void
configure(struct fuzz_case *one, const char *keys)
{
	struct extauth_error error = {0};
	char text[TEXT_BYTES];
	enum extauth_err err;

	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\norganization_id = 4711\n"
	    "[provider main]\ntype = basic\nurl = https://ID/\n"
	    "[source corp]\n%s[source bare]\n%s"
	    "[group team]\nremote = Team\nremote = g1\nsource = corp\n",
	    keys, keys);
	err = config_parse("fuzz", text, strlen(text), &one->config, &error);
	fuzz_require(err == EXTAUTH_OK, error.text);
	one->sources[0] = config_find_source(&one->config, "corp");
	one->sources[1] = config_find_source(&one->config, "bare");
	one->machine = source_find(one->sources[0]);
	fuzz_require(one->machine != NULL, "there is a machine");
}

struct fuzz_case *
fuzz_case_make(const char *name)
{
	struct fuzz_case *one = calloc(1, sizeof(*one));

	fuzz_require(one != NULL, "memory");
	configure(one, find_target(name)->keys);
	if (*one->sources[0]->access.client_id != '\0')
		set(&one->client_secret, FUZZ_CLIENT_SECRET);
	else
		set(&one->api_token, FUZZ_API_TOKEN);
	one->named.name = "x";
	set(&one->named.secret, FUZZ_URL_SECRET);
	values_fill(
	    &one->values, &one->facts, &one->sources[0]->access, &one->nothing);
	fuzz_require(
	    values_add_secrets(&one->values, &one->named, 1) == EXTAUTH_OK,
	    "memory");
	return one;
}
