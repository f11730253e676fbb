/* SPDX-License-Identifier: MIT */
/* What is left of names, URLs and log lines.
 * Does not know: the parts of a bundle. */
#include <string.h>

#include "scrub.h"
#include "unit.h"

#define HEAD "Nov 22 15:17:20 host sshd[7]: pam_extauth(sshd:auth): "

static const struct registry_contents nobody;

static struct scrub
scrub_new(void)
{
	return (struct scrub){
	    .registry = &nobody, .left_out = document_object()};
}

static void
scrub_end(struct scrub *scrub)
{
	scrub_clear(scrub);
	document_clear(&scrub->left_out);
}

START_TEST(same_text_has_the_same_name_within_its_kind)
{
	static const struct {
		enum scrub_kind kind;
		const char *text;
		const char *name;
	} rows[] = {
	    {SCRUB_USER, "alice", "user-1"},
	    {SCRUB_USER, "bob", "user-2"},
	    {SCRUB_USER, "alice", "user-1"},
	    {SCRUB_ADDRESS, "alice", "ip-1"},
	    {SCRUB_GROUP, "bob", "group-1"},
	    {SCRUB_USER, "", "-"},
	    {SCRUB_ADDRESS, "-", "-"},
	    {SCRUB_USER, "carl@example.com", "user-3"},
	};
	struct scrub scrub = scrub_new();
	char name[SCRUB_NAME_BYTES];
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		scrub_name(&scrub, rows[at].kind, rows[at].text, name);
		ck_assert_str_eq(name, rows[at].name);
	}
	scrub_end(&scrub);
}
END_TEST

START_TEST(url_keeps_scheme_host_port_and_short_words_of_the_path)
{
	static const struct {
		const char *url;
		const char *kept;
	} rows[] = {
	    {"https://id.example/login", "https://id.example/login"},
	    {"https://id.example:8443/a/b/", "https://id.example:8443/a/b/"},
	    {"https://id.example", "https://id.example"},
	    {"https://joe:pw@id.example/x", "https://id.example/x"},
	    {"https://a@b@id.example/x", "https://id.example/x"},
	    {"https://id.example/x?token=1", "https://id.example/x"},
	    {"https://id.example?token=1", "https://id.example"},
	    {"https://id.example/x#token", "https://id.example/x"},
	    {"https://id.example/0123456789abcdef0123456789/y",
		"https://id.example/***/y"},
	    {"https://id.example/{{CONNECTION:/a-long-pointer}}/y",
		"https://id.example/{{CONNECTION:/a-long-pointer}}/y"},
	    {"https://id.example/jane@x.example/y", "https://id.example/***/y"},
	    {"https://id.example/jane%40x.example", "https://id.example/***"},
	    {"https://id.example/a;key=hunter2/y", "https://id.example/***/y"},
	    {"https://id.example/hunter2-{{ORGID}}", "https://id.example/***"},
	    {"https://id.example/{{ORGID}}-hunter2", "https://id.example/***"},
	    {"https://id.example/{{ORGID}}hunter2{{ORGID}}",
		"https://id.example/***"},
	    {"http://127.0.0.1:80/x", "http://127.0.0.1:80/x"},
	    {"http://192.0.2.7:80/x", "http://ip-1:80/x"},
	    {"https://[2001:db8::7]:80/x", "https://ip-2:80/x"},
	    {"https://[2001:db8::7]/x", "https://ip-2/x"},
	    {"http://[::1]/x", "http://[::1]/x"},
	    {"ftp://id.example/x", "(set)"},
	    {"token", "(set)"},
	    {"javascript://id.example/", "(set)"},
	};
	struct scrub scrub = scrub_new();
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		cleanup_document struct json_object *object = document_object();

		scrub_url_add(&scrub, object, "value", rows[at].url);
		ck_assert_str_eq(
		    document_get_text(object, "value"), rows[at].kept);
	}
	scrub_end(&scrub);
}
END_TEST

START_TEST(line_that_is_not_of_the_grammar_is_none)
{
	static const char *const lines[] = {
	    "",
	    "Nov 22 15:17:20 host sshd[7]: Failed password for alice",
	    "Nov 22 15:17:20 host sshd[7]: pam_extauth(",
	    "Nov 22 15:17:20 host sshd[7]: pam_extauth(sshd:auth)",
	    "Nov 22 15:17:20 host sshd[7]: pam_extauth(sshd auth): result=x",
	    "Nov 22 15:17:20 host x: pam_extauth(sshd:other): "
	    "result=rejected",
	    HEAD,
	    HEAD "user=alice result=rejected",
	    HEAD "result=hunter2",
	    HEAD "result=rejected ",
	    HEAD "result=rejected  user=alice",
	    HEAD "result=rejected user=",
	    HEAD "result=rejected user=\"alice",
	    HEAD "result=rejected user=\"alice\"x=1",
	    HEAD "result=rejected hunter2",
	    HEAD "result=rejected us er=alice",
	    HEAD "result=rejected u-r=alice",
	};
	struct scrub scrub = scrub_new();
	size_t at;

	for (at = 0; at < sizeof(lines) / sizeof(*lines); at++)
		ck_assert_msg(scrub_log_line(&scrub, NULL, lines[at]) == NULL,
		    "%s", lines[at]);
	scrub_end(&scrub);
}
END_TEST

START_TEST(line_keeps_what_is_known_to_be_harmless)
{
	struct scrub scrub = scrub_new();
	cleanup_document struct json_object *object =
	    scrub_log_line(&scrub, NULL,
		HEAD "result=unavailable user=\"a b\" provider=main rhost=x "
		     "http=0 ms=77 id=00ff tls=\"expired 2020-01-01 cn=x\" "
		     "reason=\"any words\" more=1");

	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(
	    json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
	    "{\"time\":\"Nov 22 15:17:20\",\"call\":\"auth\","
	    "\"result\":\"unavailable\",\"user\":\"user-1\","
	    "\"rhost\":\"ip-1\",\"http\":0,\"ms\":77,\"id\":\"00ff\","
	    "\"tls\":\"expired\"}");
	ck_assert_str_eq(json_object_to_json_string_ext(
			     scrub.left_out, JSON_C_TO_STRING_PLAIN),
	    "{\"service of a log line\":1,\"provider of a log line\":1,"
	    "\"text of a log line\":3}");
	scrub_end(&scrub);
}
END_TEST

START_TEST(free_text_in_a_harmless_key_is_left_out)
{
	struct scrub scrub = scrub_new();
	cleanup_document struct json_object *object = scrub_log_line(&scrub,
	    NULL,
	    "hunter2hunter2hunter2 x: pam_extauth(sshd:auth): "
	    "result=rejected http=hunter2 ms=-1 id=hunter2 tls=\"hunter2 x\"");

	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(
	    json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
	    "{\"call\":\"auth\",\"result\":\"rejected\"}");
	scrub_end(&scrub);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    same_text_has_the_same_name_within_its_kind,
	    url_keeps_scheme_host_port_and_short_words_of_the_path,
	    line_that_is_not_of_the_grammar_is_none,
	    line_keeps_what_is_known_to_be_harmless,
	    free_text_in_a_harmless_key_is_left_out,
	    NULL,
	};

	return unit_run("scrub", tests);
}
