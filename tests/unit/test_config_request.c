/* SPDX-License-Identifier: MIT */
#include "config_case.h"

#include <stdio.h>

#define MAIN "[provider main]\n"
#define REST MAIN "type = rest\nurl = https://h/\n"
#define FIRST REST "connection = request\nconnection_url = https://h/open\n"
#define USED FIRST "header = X-Session: {{CONNECTION:/session}}\n"
#define CLIENT                                                                 \
	REST "connection = oauth2_client_credentials\nclient_id = c\n"         \
	     "token_url = https://h/token\nclient_secret_file = s\n"
#define AT(line) "x.conf:" #line ": [provider main] "
#define ALONE "{{USERPASSWORD}} belongs into the login's own request alone"
#define BRINGS "{{CONNECTION}} is what this request brings"
#define UNUSED                                                                 \
	"nothing of its answer is used: put {{CONNECTION:/pointer}} into "     \
	"url, header or body"

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(a_connection_goes_first_and_its_answer_is_used)
{
	cleanup_config struct config config = config_case_taken(
	    MAIN "type = rest\nconnection = request\n"
		 "url = https://h/{{CONNECTION:/id}}/login\n"
		 "connection_url = https://h/open?o={{ORGID}}\n"
		 "connection_method = PUT\nconnection_data_as = xml\n"
		 "connection_header = X-Key: {{SECRET:key}}\n"
		 "connection_header = X-App: {{SERVICE}}\n"
		 "connection_body = <a b=\"{{SECRET:key}}\"/>\n");
	const struct config_provider *provider = &config.providers[0];

	ck_assert_uint_eq(provider->connection, CONFIG_CONNECTION_REQUEST);
	ck_assert_uint_eq(provider->connection_method, CONFIG_PUT);
	ck_assert_uint_eq(provider->connection_data_as, CONFIG_XML);
	ck_assert_uint_eq(provider->connection_headers.count, 2);
	ck_assert_uint_eq(
	    provider->connection_body.parts[1].context, ESCAPE_XML);
	ck_assert(config_provider_uses(provider, PLACEHOLDER_CONNECTION));
	ck_assert(config_provider_uses(provider, PLACEHOLDER_USERPASSWORD));
	ck_assert(!config_provider_uses(provider, PLACEHOLDER_SECRET));
}
END_TEST

START_TEST(a_connection_is_written_and_used_or_neither)
{
	static const char needs[] =
	    "{{CONNECTION}} needs connection = oauth2_client_credentials or "
	    "request";
	static const struct config_refused rows[] = {
	    {FIRST, AT(4) "connection: request: " UNUSED},
	    {CLIENT "http_auth = basic\n",
		AT(4) "connection: oauth2_client_credentials: " UNUSED},
	    {CLIENT "header = Authorization: x\n",
		AT(4) "connection: oauth2_client_credentials: " UNUSED},
	    {USED "connection_url =\n",
		AT(7) "connection_url: is given twice, first in line 5"},
	};
	static const char *const places[] = {
	    MAIN "type = rest\nurl = https://h/{{CONNECTION:/a}}\n",
	    REST "body = {\"e\": \"{{USEREMAIL}}{{CONNECTION:/a}}\", "
		 "\"p\": \"{{USERPASSWORD}}\"}\n",
	    REST "header = A: b\nheader = B: {{CONNECTION:/a}}\n",
	};
	static const char *const keys[] = {
	    AT(3) "url: ", AT(4) "body: ", AT(5) "header: "};
	size_t index;

	ASSERT_REFUSED(rows);
	for (index = 0; index < CONFIG_CASE_LENGTH(places); index++) {
		char line[300];
		const struct config_refused row = {places[index], line};

		(void)snprintf(line, sizeof(line), "%s%s", keys[index], needs);
		config_case_refused(&row, 1);
	}
}
END_TEST

START_TEST(a_connection_knows_no_password_and_no_connection)
{
	static const struct config_refused rows[] = {
	    {REST "connection = request\nheader = A: {{CONNECTION:/a}}\n"
		  "connection_url = https://h/{{USERPASSWORD}}\n",
		AT(6) "connection_url: " ALONE},
	    {USED "connection_body = {\"a\": \"{{USERPASSWORD}}\"}\n",
		AT(7) "connection_body: " ALONE},
	    {USED "connection_header = A: b\n"
		  "connection_header = B: {{USERPASSWORD}}\n",
		AT(8) "connection_header: " ALONE},
	    {REST "connection = request\nheader = A: {{CONNECTION:/a}}\n"
		  "connection_url = https://h/{{CONNECTION:/b}}\n",
		AT(6) "connection_url: " BRINGS},
	    {USED "connection_body = {\"a\": \"{{CONNECTION:/b}}\"}\n",
		AT(7) "connection_body: " BRINGS},
	    {USED "connection_header = B: {{CONNECTION:/b}}\n",
		AT(7) "connection_header: " BRINGS},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_connection_is_a_request_as_any_other)
{
	static const struct config_refused rows[] = {
	    {REST "connection = request\nheader = A: {{CONNECTION:/a}}\n"
		  "connection_url = http://h/\n",
		AT(6) "connection_url: http sends passwords in the clear: "
		      "write https://"},
	    {USED "connection_method = GET\nconnection_body = {}\n",
		AT(8) "connection_body: connection_method GET sends no body"},
	    {USED "connection_method = GET\nconnection_data_as = xml\n",
		AT(8) "connection_data_as: xml: connection_method GET sends "
		      "no body"},
	    {USED "connection_header = Host: x\n",
		AT(7) "connection_header: host cannot be set: it is made for "
		      "each request"},
	    {USED "connection_body = {\"a\": {{ORGID}}}\n",
		AT(7) "connection_body: {{ORGID}}: it stands outside of a JSON "
		      "string: put it in double quotes"},
	    {REST "forgot_password_url = https://h/{{USEREMAIL}}"
		  "{{CONNECTION:/a}}\n",
		AT(4) "forgot_password_url: {{CONNECTION}} cannot be part of "
		      "this URL"},
	    {"[extauth]\nhome = /home/{{USERNAME}}{{CONNECTION:/a}}\n",
		"x.conf:2: [extauth] home: /home/{{USERNAME}}{{CONNECTION:/a}}"
		": {{CONNECTION}} cannot be part of a home"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(ntlm_says_who_logs_in_as_basic_does)
{
	static const struct config_refused rows[] = {
	    {REST "http_auth = ntlm\nheader = Authorization: x\n",
		AT(5) "header: http_auth = ntlm makes the Authorization "
		      "header itself"},
	};
	cleanup_config struct config config =
	    config_case_taken(REST "http_auth = ntlm\n");

	ASSERT_REFUSED(rows);
	ck_assert_uint_eq(config.providers[0].http_auth, CONFIG_AUTH_NTLM);
	ck_assert_uint_eq(config.providers[0].body.part_count, 0);
}
END_TEST

START_TEST(what_is_compared_stands_somewhere)
{
	static const struct config_refused rows[] = {
	    {REST "identity_is = name\n",
		AT(4) "identity_is: name: compares nothing: write identity = "
		      "/pointer as well"},
	    {REST "identity_is = external_id\n",
		AT(4) "identity_is: external_id: compares nothing: write "
		      "identity = /pointer as well"},
	};
	cleanup_config struct config config =
	    config_case_taken(REST "identity = /a\nidentity_is = name\n");

	ASSERT_REFUSED(rows);
	ck_assert_uint_eq(config.providers[0].identity_is, CONFIG_IS_NAME);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_connection_goes_first_and_its_answer_is_used,
	    a_connection_is_written_and_used_or_neither,
	    a_connection_knows_no_password_and_no_connection,
	    a_connection_is_a_request_as_any_other,
	    ntlm_says_who_logs_in_as_basic_does,
	    what_is_compared_stands_somewhere,
	    NULL,
	};

	return unit_run("config_request", tests);
}
