/* SPDX-License-Identifier: MIT */
#include "import_row.h"

#include "record.h"
#include "unit.h"

START_TEST(fields_are_those_of_the_export)
{
	const char *const *fields = record_fields();
	unsigned index;

	for (index = 0; fields[index] != NULL; index++)
		ck_assert_uint_eq(import_field_find(fields[index]), index);
	ck_assert_uint_eq(index, IMPORT_FIELD_COUNT);
	ck_assert_uint_eq(import_field_find("mail"), IMPORT_FIELD_COUNT);
}
END_TEST

START_TEST(row_becomes_a_wish)
{
	struct import_row row = {.texts = {[IMPORT_NAME] = "alice",
				     [IMPORT_EMAIL] = "alice@example.com",
				     [IMPORT_UID] = "2000200009",
				     [IMPORT_GID] = "2000200009",
				     [IMPORT_STATE] = "disabled",
				     [IMPORT_GROUPS] = "one;;two",
				     [IMPORT_LINKED] = "no"}};
	cleanup_import_person struct import_person person = {0};

	ck_assert_ok(import_row_read(&row, &person, NULL));
	ck_assert_str_eq(person.wish.name, "alice");
	ck_assert(person.wish.has_uid);
	ck_assert_uint_eq(person.wish.uid, 2000200009);
	ck_assert(person.wish.has_state && person.wish.is_disabled);
	ck_assert_uint_eq(person.wish.group_count, 2);
	ck_assert_str_eq(person.wish.groups[1], "two");
	ck_assert(!person.is_removed);
	ck_assert_ptr_null(person.wish.gecos);
}
END_TEST

START_TEST(what_cannot_be_meant_is_refused)
{
	static const struct {
		enum import_field field;
		const char *text;
		const char *reason;
	} wrong[] = {
	    {IMPORT_NAME, "", "name: missing"},
	    {IMPORT_UID, "12x", "uid: \"12x\" is no number"},
	    {IMPORT_UID, "4294967296", "uid: \"4294967296\" is no number"},
	    {IMPORT_GID, "-1", "gid: \"-1\" is no number"},
	    {IMPORT_GID, "5", "gid: it is always the uid; leave it away"},
	    {IMPORT_STATE, "removed",
		"uid: a removed user is known by it alone"},
	    {IMPORT_STATE, "on",
		"state: \"on\" is none of enabled, disabled, held, removed"},
	    {IMPORT_LINKED, "maybe", "linked: \"maybe\" is neither yes nor no"},
	};
	size_t index;

	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		struct import_row row = {.texts = {[IMPORT_NAME] = "alice"}};
		struct import_person person = {0};
		struct extauth_error error = {0};

		row.texts[wrong[index].field] = wrong[index].text;
		ck_assert_int_eq(
		    import_row_read(&row, &person, &error), EXTAUTH_INVALID);
		ck_assert_str_eq(error.text, wrong[index].reason);
	}
	import_person_clear(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    fields_are_those_of_the_export,
	    row_becomes_a_wish,
	    what_cannot_be_meant_is_refused,
	    NULL,
	};

	return unit_run("import_row", tests);
}
