/* SPDX-License-Identifier: MIT */
#include "throttle_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct throttle_limits throttle_case_usual = {5, 600000, 300000};
const struct throttle_limits throttle_case_brief = {3, 400, 300};

struct throttle_place
throttle_case_make(void)
{
	struct throttle_place place = {
	    .parent = "/tmp/extauth-throttle-XXXXXX"};

	ck_assert_ptr_nonnull(mkdtemp(place.parent));
	snprintf(
	    place.directory, sizeof(place.directory), "%s/run", place.parent);
	return place;
}

void
throttle_case_path(
    const struct throttle_place *place, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", place->directory, name);
}

void
throttle_case_remove(struct throttle_place *place)
{
	static const char *const names[] = {"2000200001", "2000200001.forgot",
	    "2000200002.forgot", "2000200002"};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		throttle_case_path(place, names[i], path);
		unlink(path);
	}
	unlink(place->directory);
	rmdir(place->directory);
	rmdir(place->parent);
}

static struct secret
secret_of(const char *text)
{
	struct secret secret = {0};

	ck_assert_ok(secret_set(&secret, text, strlen(text)));
	return secret;
}

enum throttle_answer
throttle_case_ask(const struct throttle_place *place,
    const struct throttle_limits *limits, const char *text)
{
	cleanup_secret struct secret password = secret_of(text);

	uint32_t ticket;
	enum throttle_answer answer = throttle_ask(
	    place->directory, CASE_UID, limits, &password, &ticket);

	throttle_give_back(place->directory, CASE_UID, ticket);
	return answer;
}

void
throttle_case_refuse(const struct throttle_place *place,
    const struct throttle_limits *limits, const char *text)
{
	cleanup_secret struct secret password = secret_of(text);

	throttle_note_refusal(place->directory, CASE_UID, limits, &password, 0);
}
