/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "unit.h"

static const char whole[] =
    "[extauth]\ndefault_provider = main\n"
    "[provider main]\ntype = basic\nurl = https://h/\n"
    "[source corp]\ntype = scim\nurl = https://h/{{ORGID}}/v2/\n"
    "username = jane\npassword_file = p\nheader = X-A: {{HOSTNAME}}\n"
    "only_groups = devs\nprovider = main\ndisabled_if = /a == 1\n"
    "[source hr]\ntype = entra\ntenant = t\nclient_id = c\n"
    "client_secret_file = s\n"
    "[group devs]\nremote = Dev\nsource = corp\n";

START_TEST(with_memory_enough_all_of_it_is_read)
{
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};

	ck_assert_ok(
	    config_parse("x.conf", whole, strlen(whole), &config, &error));
	ck_assert_uint_eq(config.provider_count, 1);
	ck_assert_uint_eq(config.source_count, 2);
	ck_assert_uint_eq(config.group_count, 1);
}
END_TEST

/* The sanitizer has a malloc() of its own. */
#ifndef __SANITIZE_ADDRESS__
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

/* Seen from libc, whose strdup() calls it. */
#define EXPORTED __attribute__((visibility("default")))

static bool is_counted;
static size_t allocations_left;
static size_t live_blocks;

static bool
may_allocate(void)
{
	if (!is_counted)
		return true;
	if (allocations_left == 0)
		return false;
	allocations_left--;
	return true;
}

static void *
note_block(void *block)
{
	live_blocks += is_counted && block != NULL;
	return block;
}

EXPORTED void *
malloc(size_t size)
{
	return may_allocate() ? note_block(__libc_malloc(size)) : NULL;
}

EXPORTED void *
calloc(size_t count, size_t size)
{
	return may_allocate() ? note_block(__libc_calloc(count, size)) : NULL;
}

EXPORTED void *
realloc(void *block, size_t size)
{
	if (!may_allocate())
		return NULL;
	return block == NULL ? note_block(__libc_realloc(NULL, size))
			     : __libc_realloc(block, size);
}

EXPORTED void
free(void *block)
{
	live_blocks -= is_counted && block != NULL;
	__libc_free(block);
}

static enum extauth_err
parse_with(const char *text, size_t allocations, struct extauth_error *error)
{
	struct config config = {0};
	enum extauth_err err;

	live_blocks = 0;
	allocations_left = allocations;
	is_counted = true;
	err = config_parse("x.conf", text, strlen(text), &config, error);
	config_clear(&config);
	is_counted = false;
	ck_assert_uint_eq(live_blocks, 0);
	return err;
}

/* Each allocation in turn fails; every reading before the last is told so. */
START_TEST(memory_that_runs_out_is_told)
{
	size_t count;

	for (count = 0; count < 10000; count++) {
		struct extauth_error error = {0};
		enum extauth_err err = parse_with(whole, count, &error);

		if (err == EXTAUTH_OK)
			break;
		ck_assert_int_eq(err, EXTAUTH_NOMEM);
		ck_assert_str_eq(error.text, "out of memory");
	}
	ck_assert_uint_gt(count, 300);
	ck_assert_uint_lt(count, 10000);
}
END_TEST

/* What is wrong is told where it could be found out, else that there is no
 * memory: never something else. */
START_TEST(a_mistake_is_told_or_memory_has_run_out)
{
	static const char *const wrong[] = {
	    "[provider main]\ntype = basic\nurl = https://h/\n"
	    "[service cron]\nprovider = mainx\n",
	    "[source corp]\ntype = scim\nurl = https://h/\n"
	    "only_groups = dev\n[group devs]\nremote = Dev\n",
	    "[source corp]\ntype = scim\nurl = https://h/\n"
	    "[group devs]\nremote = Dev\nsource = crop\n",
	    "[source corp]\ntype = scim\nurl = https://h/\n"
	    "provider = main\n",
	};
	size_t index;

	for (index = 0; index < sizeof(wrong) / sizeof(char *); index++) {
		size_t count = 0;

		while (parse_with(wrong[index], count, NULL) == EXTAUTH_NOMEM)
			ck_assert_uint_lt(count++, 10000);
		ck_assert_uint_gt(count, 50);
		ck_assert_int_eq(
		    parse_with(wrong[index], count, NULL), EXTAUTH_CONFIG);
	}
}
END_TEST
#endif

int
main(void)
{
	const TTest *const tests[] = {
	    with_memory_enough_all_of_it_is_read,
#ifndef __SANITIZE_ADDRESS__
	    memory_that_runs_out_is_told,
	    a_mistake_is_told_or_memory_has_run_out,
#endif
	    NULL,
	};

	return unit_run("config_memory", tests);
}
