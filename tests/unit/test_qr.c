/* SPDX-License-Identifier: MIT */
#include "qr.h"

#include <stdbool.h>
#include <string.h>

#include "unit.h"

#define URL "https://as.example.com/device?user_code=WDJB-MJHT"

struct size {
	size_t lines;
	size_t columns; /* of the longest line */
};

/* Counts characters, each of them one of the four, of UTF-8. */
static struct size
measure(const char *text)
{
	static const char *const blocks[] = {"\u2588", "\u2580", "\u2584", " "};
	struct size size = {0};
	size_t column = 0;

	while (*text != '\0') {
		size_t which;

		if (*text == '\n') {
			size.lines++;
			column = 0;
			text++;
			continue;
		}
		for (which = 0; which < 4; which++)
			if (strncmp(text, blocks[which],
				strlen(blocks[which])) == 0)
				break;
		ck_assert_uint_lt(which, 4);
		text += strlen(blocks[which]);
		column++;
		if (column > size.columns)
			size.columns = column;
	}
	ck_assert_uint_eq(column, 0);
	return size;
}

START_TEST(code_is_square_with_a_light_quiet_zone)
{
	struct buffer text = buffer_make(16384);
	struct size size;

	ck_assert_ok(qr_draw(URL, &text));
	if (text.length == 0)
		return; /* built without libqrencode */
	size = measure(buffer_text(&text));
	/* Version 3 or 4 holds the text: 29 or 33 modules, and 4 on each side.
	 */
	ck_assert_uint_ge(size.columns, 37);
	ck_assert_uint_eq(size.columns % 4, 1);
	ck_assert_uint_eq(size.lines, (size.columns + 1) / 2);
	ck_assert_int_eq(strncmp(buffer_text(&text),
			     "\u2588\u2588\u2588\u2588\u2588\u2588", 18),
	    0);
	buffer_clear(&text);
}
END_TEST

/* The upper left corner: a dark ring of 7 modules, in it a light one, in it
 * dark. */
START_TEST(finder_stands_where_a_camera_looks_for_it)
{
	static const char *const rows[] = {
	    "\u2588\u2588\u2588\u2588 \u2584\u2584\u2584\u2584\u2584 \u2588",
	    "\u2588\u2588\u2588\u2588 \u2588   \u2588 \u2588",
	    "\u2588\u2588\u2588\u2588 \u2588\u2584\u2584\u2584\u2588 \u2588",
	};
	struct buffer text = buffer_make(16384);
	const char *line;
	size_t row;

	ck_assert_ok(qr_draw(URL, &text));
	line = buffer_text(&text);
	for (row = 0; row < 5 && *line != '\0'; row++) {
		if (row >= 2)
			ck_assert_int_eq(
			    strncmp(line, rows[row - 2], strlen(rows[row - 2])),
			    0);
		line = strchr(line, '\n') + 1;
	}
	buffer_clear(&text);
}
END_TEST

START_TEST(what_is_too_long_is_left_out)
{
	struct buffer text = buffer_make(65536);
	char much[3200];

	memset(much, 'a', sizeof(much));
	much[600] = '\0';
	ck_assert_ok(qr_draw(much, &text));
	ck_assert_uint_eq(text.length, 0);
	memset(much, 'a', sizeof(much));
	much[sizeof(much) - 1] = '\0';
	ck_assert_ok(qr_draw(much, &text));
	ck_assert_uint_eq(text.length, 0);
	ck_assert_ok(qr_draw("", &text));
	ck_assert_uint_eq(text.length, 0);
	buffer_clear(&text);
}
END_TEST

START_TEST(limit_holds)
{
	struct buffer text = buffer_make(100);
	enum extauth_err err = qr_draw(URL, &text);

	ck_assert(err == EXTAUTH_TOOBIG || text.length == 0);
	buffer_clear(&text);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    code_is_square_with_a_light_quiet_zone,
	    finder_stands_where_a_camera_looks_for_it,
	    what_is_too_long_is_left_out,
	    limit_holds,
	    NULL,
	};

	return unit_run("qr", tests);
}
