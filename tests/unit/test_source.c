/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const char *const types[] = {
    "scim", "okta", "entra", "pingone", "rest", "csv"};

static void
check_type(const char *name)
{
	char type[16];
	const struct config_source source = {.type = type};
	const struct source *machine;

	(void)snprintf(type, sizeof(type), "%s", name);
	machine = source_find(&source);
	ck_assert_ptr_nonnull(machine);
	ck_assert_str_eq(machine->name, name);
	ck_assert(machine->start != NULL && machine->next != NULL);
	ck_assert(machine->memory_bytes == 0 || machine->forget != NULL);
}

START_TEST(each_type_has_its_machine)
{
	size_t at;

	for (at = 0; at < sizeof(types) / sizeof(*types); at++)
		check_type(types[at]);
}
END_TEST

START_TEST(another_type_has_none)
{
	char type[] = "ldap";
	const struct config_source source = {.type = type};

	ck_assert_ptr_null(source_find(&source));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_type_has_its_machine,
	    another_type_has_none,
	    NULL,
	};

	return unit_run("source", tests);
}
