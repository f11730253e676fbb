/* SPDX-License-Identifier: MIT */
#include "module_option.h"

#include "unit.h"

static const struct {
	const char *word;
	enum module_option option;
	const char *value;
} words[] = {
    {"debug", MODULE_OPTION_DEBUG, ""},
    {"use_first_pass", MODULE_OPTION_USE_FIRST_PASS, ""},
    {"try_first_pass", MODULE_OPTION_TRY_FIRST_PASS, ""},
    {"forgot_password", MODULE_OPTION_FORGOT_PASSWORD, ""},
    {"ignore_unknown_user", MODULE_OPTION_IGNORE_UNKNOWN_USER, ""},
    {"ignore_authinfo_unavail", MODULE_OPTION_IGNORE_AUTHINFO_UNAVAIL, ""},
    {"config=/etc/other.conf", MODULE_OPTION_CONFIG, "/etc/other.conf"},
    {"provider=main", MODULE_OPTION_PROVIDER, "main"},
    {"config=other.conf", MODULE_OPTION_WRONG, ""},
    {"config=", MODULE_OPTION_WRONG, ""},
    {"config", MODULE_OPTION_WRONG, ""},
    {"provider=", MODULE_OPTION_WRONG, ""},
    {"Debug", MODULE_OPTION_WRONG, ""},
    {"debugs", MODULE_OPTION_WRONG, ""},
    {"debug=yes", MODULE_OPTION_WRONG, ""},
    {"", MODULE_OPTION_WRONG, ""},
};

START_TEST(each_word_is_its_option_or_none)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *value = NULL;

		ck_assert_int_eq(
		    module_option_read(words[i].word, &value), words[i].option);
		ck_assert_str_eq(value, words[i].value);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {each_word_is_its_option_or_none, NULL};

	return unit_run("module_option", tests);
}
