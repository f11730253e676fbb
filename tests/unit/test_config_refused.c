/* SPDX-License-Identifier: MIT */
#include "config_case.h"

#include <string.h>

#define MAIN "[provider main]\n"
#define REST MAIN "type = rest\nurl = https://id.example.com/\n"
#define AT(line) "x.conf:" #line ": "

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(unknown_sections_and_keys_are_refused_with_the_nearest)
{
	static const struct config_refused rows[] = {
	    {"[extauht]\n",
		AT(1) "[extauht]: unknown section "
		      "(did you mean \"extauth\"?)"},
	    {"[zzz]\n",
		AT(1) "[zzz]: unknown section; known are [extauth], "
		      "[provider NAME], [service NAME], [source NAME], "
		      "[group NAME]"},
	    {"[extauth main]\n",
		AT(1) "[extauth main]: takes no name: write [extauth]"},
	    {"[provider]\n",
		AT(1) "[provider]: needs one name (A-Z a-z 0-9 . _ -), as in "
		      "[provider main]"},
	    {"[service a.b]\n",
		AT(1) "[service a.b]: \"a.b\" is not the name of a PAM "
		      "service (a-z 0-9 _ -), such as sshd"},
	    {"[service SSHD]\n",
		AT(1) "[service SSHD]: PAM gives the names of services in "
		      "lower case: \"SSHD\" would never be found"},
	    {"[service sudo-i]\n",
		AT(1) "[service sudo-i]: sudo-i counts as "
		      "sudo: write sudo"},
	    {"[extauth]\nshel = /bin/sh\n",
		AT(2) "[extauth] shel: unknown key (did you mean "
		      "\"shell\"?)"},
	    {"[extauth]\nqqqqqq = token\n",
		AT(2) "[extauth] qqqqqq: unknown key"},
	    {"[provider a]\nclient_secret = hunter2\n",
		AT(2) "[provider a] client_secret: unknown key: `extauthctl "
		      "secret set NAME` stores a secret; write "
		      "client_secret_file = NAME"},
	    {"[extauth]\nurl = https://u:p@h/\n",
		AT(2) "[extauth] url: this key belongs into "
		      "[provider NAME]"},
	    {"[service su]\nshell = /bin/sh\n",
		AT(2) "[service su] shell: this key belongs into [extauth]"},
	    {"[extauth]\nshell = /bin/sh\n# c\nshell = /bin/sh\n",
		AT(4) "[extauth] shell: /bin/sh: is given twice, first in "
		      "line 2"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(durations_need_a_unit_and_have_bounds)
{
	static const struct config_refused rows[] = {
	    {"[extauth]\nlogin_deadline = 15\n",
		AT(2) "[extauth] login_deadline: 15: has no unit: write 15s, "
		      "15m or 15ms"},
	    {"[extauth]\nlogin_deadline = 15 s\n",
		AT(2) "[extauth] login_deadline: 15 s: unknown unit; known "
		      "are ms, s, m, h"},
	    {"[extauth]\nlogin_deadline = soon\n",
		AT(2) "[extauth] login_deadline: soon: must be a number with "
		      "a unit (ms, s, m, h)"},
	    {"[extauth]\nlogin_deadline = 61s\n",
		AT(2) "[extauth] login_deadline: 61s: must be from 100ms to "
		      "60s"},
	    {"[extauth]\nfailure_pause = 999999999h\n",
		AT(2) "[extauth] failure_pause: 999999999h: must be from 1s "
		      "to 1440m"},
	    {"[extauth]\nfailure_pause = 4294967297s\n",
		AT(2) "[extauth] failure_pause: 4294967297s: must be a number "
		      "with a unit (ms, s, m, h)"},
	    {"[extauth]\nfailure_pause = 4294967295s\n",
		AT(2) "[extauth] failure_pause: 4294967295s: must be from 1s "
		      "to 1440m"},
	    {REST "timeout = 6m\n",
		AT(4) "[provider main] timeout: 6m: must "
		      "be from 100ms to 5m"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(numbers_have_bounds)
{
	static const struct config_refused rows[] = {
	    {"[extauth]\nmax_failures = -1\n",
		AT(2) "[extauth] max_failures: -1: must be a number from 0 to "
		      "64"},
	    {"[extauth]\nmax_failures = 65\n",
		AT(2) "[extauth] max_failures: 65: must be a number from 0 to "
		      "64"},
	    {"[extauth]\nmax_failures = 4294967296\n",
		AT(2) "[extauth] max_failures: 4294967296: must be a number "
		      "from 0 to 64"},
	    {"[extauth]\nmax_failures = 18446744073709551617\n",
		AT(2) "[extauth] max_failures: 18446744073709551617: must be "
		      "a number from 0 to 64"},
	    {"[extauth]\nmax_failures = 5x\n",
		AT(2) "[extauth] max_failures: 5x: must be a number from 0 to "
		      "64"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(values_of_the_general_section_are_checked)
{
	static const struct config_refused rows[] = {
	    {"[extauth]\nenumerate = true\n",
		AT(2) "[extauth] enumerate: true: must be yes or no"},
	    {"[extauth]\nenumerate =\n",
		AT(2) "[extauth] enumerate: must be yes or no"},
	    {"[extauth]\nuid_range = 2000200001\n",
		AT(2) "[extauth] uid_range: 2000200001: must be FIRST-LAST, "
		      "two numbers"},
	    {"[extauth]\nuid_range = 2000200001-99999999999\n",
		AT(2) "[extauth] uid_range: 2000200001-99999999999: must be "
		      "FIRST-LAST, two numbers"},
	    {"[extauth]\nuid_range = 2000200001-+2000200009\n",
		AT(2) "[extauth] uid_range: 2000200001-+2000200009: must be "
		      "FIRST-LAST, two numbers"},
	    {"[extauth]\nuid_range = 2000200009-2000200001\n",
		AT(2) "[extauth] uid_range: 2000200009-2000200001: the first "
		      "number must be below the last"},
	    {"[extauth]\nlocal_device_ip = localhost\n",
		AT(2) "[extauth] local_device_ip: localhost: must be a "
		      "numeric IP address"},
	    {"[extauth]\nhome = /home/shared\n",
		AT(2) "[extauth] home: /home/shared: is the same for "
		      "everybody: put {{USERNAME}} into it"},
	    {"[extauth]\nhome = /home/{{USERNAME}}/{{RHOST}}\n",
		AT(2) "[extauth] home: /home/{{USERNAME}}/{{RHOST}}: "
		      "{{RHOST}} cannot be part of a home"},
	    {"[extauth]\ndevice_os = a\n  b\n",
		AT(2) "[extauth] device_os: a?b: must be one line of "
		      "printable text"},
	    {"[extauth]\ndefault_provider = other\n",
		AT(2) "[extauth] default_provider: other: there is no section "
		      "[provider other]"},
	    {"[extauth]\nservices = sshd, sudo-i\n",
		AT(2) "[extauth] services: sshd, sudo-i: sudo-i counts as "
		      "sudo: write sudo"},
	    {"[extauth]\nservices = sshd, a.b\n",
		AT(2) "[extauth] services: sshd, a.b: \"a.b\" is not the name "
		      "of a PAM service (a-z 0-9 _ -), such as sshd"},
	    {"[extauth]\nservices = sshd,, su\n",
		AT(2) "[extauth] services: sshd,, su: there is nothing "
		      "between two commas"},
	    {"[service su]\nprovider = other\n",
		AT(2) "[service su] provider: other: there is no section "
		      "[provider other]"},
	    {"[service su]\nallow_users = Alice\n",
		AT(2) "[service su] allow_users: Alice: \"Alice\" is not a "
		      "name in the form of registered ones"},
	    {"[service su]\nallow_groups = a,, b\n",
		AT(2) "[service su] allow_groups: a,, b: there is nothing "
		      "between two commas"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(reasons_of_lower_layers_are_passed_on)
{
	static const char *const rows[][2] = {
	    {"[extauth]\nuid_range = 100-2000200001\n",
		AT(2) "[extauth] uid_range: 100-2000200001: "},
	    {"[extauth]\nhome = {{USERNAME}}\n",
		AT(2) "[extauth] home: {{USERNAME}}: "},
	    {"[extauth]\nhome = /home/../{{USERNAME}}\n",
		AT(2) "[extauth] home: /home/../{{USERNAME}}: "},
	    {"[extauth]\nshell = bash\n", AT(2) "[extauth] shell: bash: "},
	    {"[extauth]\nshell =\n", AT(2) "[extauth] shell: "},
	    {REST "ca_file = ca.pem\n",
		AT(4) "[provider main] ca_file: ca.pem: "},
	    {REST "reject_message = error\n",
		AT(4) "[provider main] reject_message: error: "},
	    {REST "accept_if = status\n",
		AT(4) "[provider main] accept_if: status: "},
	    {REST "body = {{USEREMAIL}}\n", AT(4) "[provider main] body: "},
	    {REST "header = X: {{NOSUCH}}\n", AT(4) "[provider main] header: "},
	};
	size_t index;

	for (index = 0; index < sizeof(rows) / sizeof(rows[0]); index++) {
		struct config config = {0};
		struct extauth_error error = {0};
		const char *text = rows[index][0];
		const char *begin = rows[index][1];

		ck_assert_int_eq(
		    config_parse("x.conf", text, strlen(text), &config, &error),
		    EXTAUTH_CONFIG);
		ck_assert_msg(strncmp(error.text, begin, strlen(begin)) == 0 &&
			strlen(error.text) > strlen(begin) + 5,
		    "%s", error.text);
	}
}
END_TEST

START_TEST(broken_text_is_refused_with_its_line)
{
	static const char text[] = "[extauth]\nshell /bin/sh\n";
	struct config config = {0};
	struct extauth_error error;

	ck_assert_int_eq(
	    config_parse("x.conf", text, strlen(text), &config, &error),
	    EXTAUTH_CONFIG);
	ck_assert_msg(
	    strncmp(error.text, AT(2), strlen(AT(2))) == 0, "%s", error.text);
	ck_assert_int_eq(
	    config_parse("x.conf", text, strlen(text), &config, NULL),
	    EXTAUTH_CONFIG);
}
END_TEST

START_TEST(texts_have_a_limit)
{
	cleanup_buffer struct buffer text = buffer_make(1000);
	struct config_refused row = {NULL,
	    AT(2) "[extauth] device_os: "
		  "000000000000000000000000000000000000000000000000000000000000"
		  "...: is longer than 255 bytes"};

	ck_assert_ok(
	    buffer_append_format(&text, "[extauth]\ndevice_os = %0256d\n", 0));
	row.text = buffer_text(&text);
	config_case_refused(&row, 1);
}
END_TEST

START_TEST(a_long_value_is_cut_in_the_message)
{
	static const struct config_refused rows[] = {
	    {"[extauth]\nenumerate = 1234567890123456789012345678901234567890"
	     "123456789012345678901234567890\n",
		AT(2) "[extauth] enumerate: "
		      "1234567890123456789012345678901234567890"
		      "12345678901234567890...: must be yes or no"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    unknown_sections_and_keys_are_refused_with_the_nearest,
	    durations_need_a_unit_and_have_bounds,
	    numbers_have_bounds,
	    values_of_the_general_section_are_checked,
	    reasons_of_lower_layers_are_passed_on,
	    broken_text_is_refused_with_its_line,
	    texts_have_a_limit,
	    a_long_value_is_cut_in_the_message,
	    NULL,
	};

	return unit_run("config_refused", tests);
}
