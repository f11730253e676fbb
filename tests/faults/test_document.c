/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while a document is made and printed: the program
 * ends with its message, and never by a signal. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "document.h"
#include "inject.h"
#include "message.h"
#include "unit.h"

static void
print_one(void)
{
	cleanup_document struct json_object *document = document_object();
	struct json_object *list = document_array();

	document_text(document, "name", "alice");
	document_number(document, "uid", 2000200001);
	document_flag(document, "linked", true);
	document_push_text(list, "admins");
	document_put(document, "groups", list);
	document_print_fields(document);
	document_print_json(document);
}

/* In a child; its status. */
static int
print_with(struct control *control, unsigned fail_at)
{
	const pid_t child = fork();
	int status = -1;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		const int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, STDOUT_FILENO);
		(void)dup2(null, STDERR_FILENO);
		control->counts[INJECT_HOST] = 0;
		control->fail_at[INJECT_HOST] = fail_at;
		control->is_armed = true;
		print_one();
		control->is_armed = false;
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(missing_memory_ends_the_program_with_its_message)
{
	struct control *control = inject_share(sizeof(*control));
	unsigned number = 0;
	int status;

	alloc_begin(control);
	do {
		control->is_fired = false;
		status = print_with(control, ++number);
		ck_assert_msg(WIFEXITED(status), "allocation %u: signal %d",
		    number, WTERMSIG(status));
		ck_assert_msg(!control->is_fired || WEXITSTATUS(status) == 0 ||
			WEXITSTATUS(status) == CTL_CANNOT,
		    "allocation %u: status %d", number, WEXITSTATUS(status));
	} while (control->is_fired);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_gt(number, 20);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    missing_memory_ends_the_program_with_its_message, NULL};

	return unit_run("document", tests);
}
