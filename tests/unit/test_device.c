/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "device_os.h"
#include "unit.h"

#define HOST "(this host)"

static const struct {
	const char *rhost;
	const char *tty;
	const char *ssh_connection;
	const char *name; /* HOST: this host's name */
	const char *ip;
} rows[] = {
    {"192.0.2.7", "ssh", NULL, "192.0.2.7", "192.0.2.7"},
    {"2001:db8::7", "ssh", NULL, "2001:db8::7", "2001:db8::7"},
    {"2001:DB8:0:0::7", "ssh", NULL, "2001:DB8:0:0::7", "2001:db8::7"},
    {"::ffff:192.0.2.7", "ssh", NULL, "::ffff:192.0.2.7", "192.0.2.7"},
    {"::ffff:c000:207", "ssh", NULL, "::ffff:c000:207", "192.0.2.7"},
    {"::192.0.2.7", "ssh", NULL, "::192.0.2.7", "::192.0.2.7"},
    {"fe80::1%eth0", "ssh", NULL, "fe80::1%eth0", "fe80::1"},
    {"192.0.2.7%eth0", "ssh", NULL, "192.0.2.7%eth0", ""},
    {"client.example.com", "ssh", NULL, "client.example.com", ""},
    {"client.example.com", "ssh", "192.0.2.9 5022 192.0.2.1 22",
	"client.example.com", "192.0.2.9"},
    {"client.example.com", "ssh", "fe80::2%eth1 5022 fe80::1 22",
	"client.example.com", "fe80::2"},
    {"192.0.2.7", "ssh", "192.0.2.9 5022 192.0.2.1 22", "192.0.2.7",
	"192.0.2.7"},
    {"client.example.com", "ssh", "evil 5022", "client.example.com", ""},
    {"UNKNOWN", "ssh", NULL, "UNKNOWN", ""},
    {"UNKNOWN", "ssh", "192.0.2.9 1 192.0.2.1 22", "UNKNOWN", "192.0.2.9"},
    {"192.0.2.7 x", "ssh", NULL, "192.0.2.7 x", ""},
    {"192.0.2", "ssh", NULL, "192.0.2", ""},
    {"", "/dev/pts/0", NULL, "pts/0", "127.0.0.9"},
    {NULL, "/dev/tty1", NULL, "tty1", "127.0.0.9"},
    {NULL, "tty1", NULL, "tty1", "127.0.0.9"},
    {NULL, ":7", NULL, ":7", "127.0.0.9"},
    {NULL, "cron", NULL, "cron", "127.0.0.9"},
    {"", "ssh", NULL, "ssh", "127.0.0.9"},
    {"", "", "192.0.2.9 5022 192.0.2.1 22", HOST, "192.0.2.9"},
    {"", "", NULL, HOST, "127.0.0.9"},
    {NULL, NULL, NULL, HOST, "127.0.0.9"},
    {NULL, "/dev/", NULL, HOST, "127.0.0.9"},
    {"localhost", "/dev/pts/3", NULL, "pts/3", "127.0.0.9"},
    {"LocalHost", "/dev/pts/3", NULL, "pts/3", "127.0.0.9"},
    {"localhost.example.com", "/dev/pts/3", NULL, "localhost.example.com", ""},
    {HOST, "/dev/pts/3", NULL, "pts/3", "127.0.0.9"},
    {"localhost", "ssh", "::1 5022 ::1 22", "localhost", "::1"},
    {HOST, "ssh", "192.0.2.1 5022 192.0.2.1 22", HOST, "192.0.2.1"},
    {"127.0.0.1", "/dev/pts/3", NULL, "127.0.0.1", "127.0.0.1"},
};

static const char *
resolve(const char *text, const char *hostname)
{
	return text != NULL && strcmp(text, HOST) == 0 ? hostname : text;
}

START_TEST(name_and_address_are_told_for_each_kind_of_login)
{
	char hostname[256] = "";
	size_t i;

	ck_assert_int_eq(gethostname(hostname, sizeof(hostname) - 1), 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct device_source source = {
		    .rhost = resolve(rows[i].rhost, hostname),
		    .tty = rows[i].tty,
		    .ssh_connection = rows[i].ssh_connection,
		    .local_device_ip = "127.0.0.9"};
		struct device device;

		device_describe(&source, &device);
		ck_assert_msg(
		    strcmp(device.name, resolve(rows[i].name, hostname)) == 0,
		    "row %zu gives %s", i, device.name);
		ck_assert_msg(strcmp(device.ip, rows[i].ip) == 0,
		    "row %zu gives %s", i, device.ip);
		ck_assert_str_eq(device.hostname, hostname);
	}
}
END_TEST

START_TEST(what_pam_says_is_kept_as_given)
{
	struct device_source source = {
	    .rhost = "::ffff:192.0.2.7", .tty = "/dev/pts/0"};
	struct device device;

	device_describe(&source, &device);
	ck_assert_str_eq(device.rhost, "::ffff:192.0.2.7");
	ck_assert_str_eq(device.tty, "/dev/pts/0");
}
END_TEST

START_TEST(what_is_not_given_is_empty)
{
	struct device_source source = {0};
	struct device device;

	device_describe(&source, &device);
	ck_assert_str_eq(device.rhost, "");
	ck_assert_str_eq(device.tty, "");
	ck_assert_str_eq(device.ip, "");
	ck_assert_str_ne(device.os, "");
}
END_TEST

START_TEST(bytes_that_are_not_printable_are_replaced)
{
	struct device_source source = {.rhost = "a\nb\x7f\xc3\xa9 ~\"",
	    .tty = "\x1b[0m",
	    .device_os = "x\ty"};
	struct device device;

	device_describe(&source, &device);
	ck_assert_str_eq(device.rhost, "a?b??? ~\"");
	ck_assert_str_eq(device.name, "a?b??? ~\"");
	ck_assert_str_eq(device.tty, "?[0m");
	ck_assert_str_eq(device.os, "x?y");
}
END_TEST

START_TEST(long_text_is_cut_to_255_bytes)
{
	char text[1000];
	struct device_source source = {
	    .rhost = text, .tty = text, .device_os = text};
	struct device device;

	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	device_describe(&source, &device);
	ck_assert_uint_eq(strlen(device.rhost), 255);
	ck_assert_uint_eq(strlen(device.name), 255);
	ck_assert_uint_eq(strlen(device.tty), 255);
	ck_assert_uint_eq(strlen(device.os), 255);
	ck_assert_str_eq(device.ip, "");
}
END_TEST

START_TEST(system_is_told_unless_the_configuration_does)
{
	struct device_source source = {.device_os = ""};
	struct device device;
	struct utsname system;
	size_t length;

	ck_assert_int_eq(uname(&system), 0);
	device_describe(&source, &device);
	length = strlen(device.os);
	ck_assert_uint_gt(length, strlen(system.machine) + 1);
	ck_assert_str_eq(
	    device.os + length - strlen(system.machine), system.machine);
	ck_assert_ptr_null(strchr(device.os, '"'));
	source.device_os = "Toaster 2";
	device_describe(&source, &device);
	ck_assert_str_eq(device.os, "Toaster 2");
}
END_TEST

static const struct {
	const char *line;
	const char *name; /* NULL: the line tells none */
} lines[] = {
    {"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
	"Debian GNU/Linux 12 (bookworm)"},
    {"PRETTY_NAME='A \"b\" \\$c'\n", "A \"b\" \\$c"},
    {"PRETTY_NAME=Alpine\n", "Alpine"},
    {"PRETTY_NAME=Alpine", "Alpine"},
    {"PRETTY_NAME=Alpine # x\n", "Alpine"},
    {"PRETTY_NAME=Alpine\tx\n", "Alpine"},
    {"PRETTY_NAME=Alpine\r\n", "Alpine"},
    {"PRETTY_NAME=A\\ b\n", "A b"},
    {"PRETTY_NAME=\"a\\\"b\\\\c\\$d\\`e\\n\"\n", "a\"b\\c$d`e\\n"},
    {"PRETTY_NAME=\"it's\"\n", "it's"},
    {"PRETTY_NAME=\"open\n", NULL},
    {"PRETTY_NAME='open\n", NULL},
    {"PRETTY_NAME=\"open\\", NULL},
    {"PRETTY_NAME=\"open\\\n", NULL},
    {"PRETTY_NAME=\"\"\n", NULL},
    {"PRETTY_NAME=\n", NULL},
    {"PRETTY_NAME\n", NULL},
    {" PRETTY_NAME=x\n", NULL},
    {"NAME=x\n", NULL},
    {"#PRETTY_NAME=x\n", NULL},
    {"", NULL},
};

START_TEST(pretty_name_is_read_as_a_shell_does)
{
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char name[100] = "as before";
		bool is_told =
		    device_os_parse_line(lines[i].line, name, sizeof(name));

		ck_assert_msg(is_told == (lines[i].name != NULL),
		    "row %zu gives %s", i, name);
		ck_assert_str_eq(name, is_told ? lines[i].name : "as before");
	}
}
END_TEST

START_TEST(long_pretty_name_is_cut)
{
	char line[600];
	char name[512];
	char few[4];

	(void)snprintf(line, sizeof(line), "PRETTY_NAME=%0500d", 7);
	ck_assert(device_os_parse_line(line, name, sizeof(name)));
	ck_assert_uint_eq(strlen(name), 255);
	ck_assert(device_os_parse_line("PRETTY_NAME=abcdef", few, 4));
	ck_assert_str_eq(few, "abc");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    name_and_address_are_told_for_each_kind_of_login,
	    what_pam_says_is_kept_as_given,
	    what_is_not_given_is_empty,
	    bytes_that_are_not_printable_are_replaced,
	    long_text_is_cut_to_255_bytes,
	    system_is_told_unless_the_configuration_does,
	    pretty_name_is_read_as_a_shell_does,
	    long_pretty_name_is_cut,
	    NULL,
	};

	return unit_run("device", tests);
}
