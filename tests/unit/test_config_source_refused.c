/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "config_case.h"

#define MAIN "[source corp]\n"
#define SCIM MAIN "type = scim\nurl = https://h/v2\n"
#define OKTA MAIN "type = okta\nurl = https://h\ntoken_file = t\n"
#define ENTRA                                                                  \
	MAIN "type = entra\ntenant = t\nclient_id = c\n"                       \
	     "client_secret_file = s\n"
#define PINGONE                                                                \
	MAIN "type = pingone\nenvironment = e\nclient_id = c\n"                \
	     "client_secret_file = s\n"
#define REST                                                                   \
	MAIN "type = rest\nurl = https://h/p\nuser_id = /id\n"                 \
	     "user_email = /m\n"
#define CSV MAIN "type = csv\nfile = /a\n"
#define AT(line) "x.conf:" #line ": [source corp] "
#define NO_SECRET                                                              \
	"client_secret_file: is missing: `extauthctl secret set NAME` stores " \
	"the secret; write its NAME here"

#define SLASH "a JSON pointer starts with '/', as in /status"

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(a_source_has_a_name_and_a_type)
{
	static const struct config_refused rows[] = {
	    {"[source]\n",
		"x.conf:1: [source]: needs one name (A-Z a-z 0-9 . _ -) that "
		"does not begin with a dot, as in [source corp]"},
	    {"[source ..]\n",
		"x.conf:1: [source ..]: needs one name (A-Z a-z 0-9 . _ -) "
		"that does not begin with a dot, as in [source corp]"},
	    {"[source manual]\n",
		"x.conf:1: [source manual]: manual is the source of those who "
		"are registered by hand: take another name"},
	    {MAIN,
		AT(1) "type: is missing; known are scim, okta, entra, "
		      "pingone, rest, csv"},
	    {MAIN "type = scmi\n",
		AT(2) "type: scmi: unknown type (did you mean \"scim\"?); "
		      "known are scim, okta, entra, pingone, rest, csv"},
	    {MAIN "type = ldap\n",
		AT(2) "type: ldap: unknown type; known are scim, okta, entra, "
		      "pingone, rest, csv"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(facts_that_nothing_can_replace_are_asked_for)
{
	static const struct config_refused rows[] = {
	    {MAIN "type = scim\n",
		AT(2) "url: is missing: the base of the addresses, as "
		      "https://id.example.com/scim/v2"},
	    {MAIN "type = okta\ntoken_file = t\n",
		AT(2) "url: is missing: the organisation's address, as "
		      "https://example.okta.com"},
	    {MAIN "type = okta\nurl = https://h\n",
		AT(2) "token_file: is missing: `extauthctl secret set NAME` "
		      "stores an API token; write its NAME here"},
	    {MAIN "type = rest\nuser_id = /a\nuser_email = /b\n",
		AT(2) "url: is missing: where the list of people is"},
	    {MAIN "type = rest\nurl = https://h/\nuser_email = /b\n",
		AT(2) "user_id: is missing: the pointer to what never "
		      "changes, as /id"},
	    {MAIN "type = rest\nurl = https://h/\nuser_id = /b\n",
		AT(2) "user_email: is missing: the pointer to the e-mail "
		      "address, as /email"},
	    {MAIN "type = entra\nclient_id = c\n",
		AT(2) "tenant: is missing: the id of the directory, or its "
		      "domain"},
	    {MAIN "type = entra\ntenant = t\n",
		AT(2) "client_id: is missing: the id under which this client "
		      "is registered there"},
	    {MAIN "type = entra\ntenant = t\nclient_id = c\n", AT(2) NO_SECRET},
	    {ENTRA "url =\n",
		AT(6) "url: is empty: remove this line, and it is the "
		      "service's own"},
	    {PINGONE "url =\n",
		AT(6) "url: is empty: remove this line, and it is the "
		      "service's own"},
	    {ENTRA "token_url =\n",
		AT(6) "token_url: is missing: where the client gets its "
		      "token"},
	    {MAIN "type = pingone\n",
		AT(2) "environment: is missing: the id of the environment"},
	    {MAIN "type = pingone\nenvironment = e\n",
		AT(2) "client_id: is missing: the id under which this client "
		      "is registered there"},
	    {PINGONE "region =\n",
		AT(6) "region: is missing: com, eu, asia, ca, com.au"},
	    {MAIN "type = csv\n",
		AT(2) "url: is missing: write url = https://..., or file = "
		      "/..."},
	    {SCIM "user_id =\n",
		AT(4) "user_id: is empty, and nobody could be told from "
		      "another: remove this line"},
	    {SCIM "user_email =\nuser_name =\n",
		AT(4) "user_email: is empty, and user_name too: nobody would "
		      "have an e-mail address"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_source_is_known_in_one_way_at_most)
{
	static const struct config_refused rows[] = {
	    {SCIM "token_file = t\nusername = u\npassword_file = p\n",
		AT(5) "username: u: is a second Authorization beside "
		      "token_file: remove one of the two"},
	    {SCIM "username = u\npassword_file = p\nclient_id = c\n",
		AT(6) "client_id: c: is a second Authorization beside "
		      "username: remove one of the two"},
	    {SCIM "token_file = t\nheader = authorization: x\n",
		AT(5) "header: is a second Authorization beside token_file: "
		      "remove one of the two"},
	    {OKTA "username = u\n",
		AT(5) "username: u: is of no use here; it belongs to scim, "
		      "rest, csv"},
	    {SCIM "username = u\n",
		AT(4) "username: u: needs password_file: `extauthctl secret "
		      "set NAME` stores the password"},
	    {SCIM "password_file = p\n",
		AT(4) "password_file: needs username as well"},
	    {SCIM "username = a:b\npassword_file = p\n",
		AT(4) "username: a:b: cannot hold a colon: HTTP Basic ends "
		      "the name there"},
	    {SCIM "client_id = c\n", AT(2) NO_SECRET},
	    {SCIM "client_id = c\nclient_secret_file = s\n",
		AT(2) "token_url: is missing: where the client gets its "
		      "token"},
	    {SCIM "token_url = https://i/\n",
		AT(4) "token_url: needs client_id as well"},
	    {SCIM "client_secret_file = s\n",
		AT(4) "client_secret_file: needs client_id as well"},
	    {SCIM "client_auth = post\n",
		AT(4) "client_auth: post: needs client_id as well"},
	    {SCIM "scope = s\n", AT(4) "scope: s: needs client_id as well"},
	    {ENTRA "client_auth = none\n",
		AT(6) "client_auth: none: without a secret there is no token "
		      "for this client: basic, basic_raw or post"},
	    {MAIN "type = entra\ntenant = Common\n",
		AT(3) "tenant: Common: is no directory of yours: write the id "
		      "of the directory, or its domain"},
	    {MAIN "type = entra\ntenant = consumers\n",
		AT(3) "tenant: consumers: is no directory of yours: write the "
		      "id of the directory, or its domain"},
	    {MAIN "type = entra\ntenant = organizations\n",
		AT(3) "tenant: organizations: is no directory of yours: write "
		      "the id of the directory, or its domain"},
	    {SCIM "token_file = a/b\n",
		AT(4) "token_file: must be the name of a secret (extauthctl "
		      "secret set NAME) or an absolute path"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

#define NO_VALUE                                                               \
	"has no value when a directory is read; {{ORGID}}, {{HOSTNAME}} and "  \
	"{{SECRET:NAME}} have"

START_TEST(an_address_is_plain_and_names_nobody)
{
	static const struct config_refused rows[] = {
	    {MAIN "type = scim\nurl = http://h/\n",
		AT(3) "url: http sends passwords in the clear: write "
		      "https://"},
	    {MAIN "type = scim\nurl = http://localhost/\n",
		AT(3) "url: http to this machine itself needs insecure_http "
		      "= yes"},
	    {MAIN "type = scim\nurl = https://u:p@h/\n",
		AT(3) "url: must not hold a user or password in front of @"},
	    {MAIN "type = scim\nurl = https://{{ORGID}}.h/\n",
		AT(3) "url: no placeholder can be part of host and port"},
	    {MAIN "type = scim\nurl = https://h/v2/Users/\n",
		AT(3) "url: is the part in front of /Users"},
	    {MAIN "type = scim\nurl = https://h/v2?a=b\n",
		AT(3) "url: is an address that takes no query"},
	    {MAIN "type = rest\nurl = https://h/{{USERNAME}}\n"
		  "user_id = /a\nuser_email = /b\n",
		AT(3) "url: {{USERNAME}} " NO_VALUE},
	    {MAIN "type = csv\nurl = https://h/{{DEVICEIP}}\n",
		AT(3) "url: {{DEVICEIP}} " NO_VALUE},
	    {SCIM "header = X-A: b\nheader = X-C: {{USEREMAIL}}\n",
		AT(5) "header: {{USEREMAIL}} " NO_VALUE},
	    {OKTA "url = https://h/\n",
		AT(5) "url: is given twice, first in line 3"},
	    {MAIN "type = okta\ntoken_file = t\nurl = https://h/api\n",
		AT(4) "url: is the organisation's address without a path, as "
		      "https://example.okta.com"},
	    {ENTRA "url = https://h/{{ORGID}}\n",
		AT(6) "url: no placeholder can be part of this URL"},
	    {PINGONE "url = https://h/?a\n",
		AT(6) "url: is an address that takes no query"},
	    {SCIM "client_id = c\nclient_secret_file = s\n"
		  "token_url = http://i/\n",
		AT(6) "token_url: http sends passwords in the clear: write "
		      "https://"},
	    {SCIM "insecure_http = yes\nproxy = http://h:1\n",
		AT(5) "proxy: would see the password in the clear: take it "
		      "out, or insecure_http"},
	    {SCIM "client_certificate_file = /c\n",
		AT(4) "client_certificate_file: /c: needs client_key_file as "
		      "well"},
	    {SCIM "client_key_file = /k\n",
		AT(4) "client_key_file: /k: needs client_certificate_file as "
		      "well"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

#define BESIDE "is of no use beside file: remove one of the two"

START_TEST(a_file_has_no_server)
{
	static const struct config_refused rows[] = {
	    {CSV "url = https://h/\n", AT(4) "url: " BESIDE},
	    {CSV "token_file = t\n", AT(4) "token_file: " BESIDE},
	    {CSV "username = u\npassword_file = p\n",
		AT(4) "username: u: " BESIDE},
	    {CSV "header = X-A: b\n", AT(4) "header: " BESIDE},
	    {CSV "timeout = 5s\n", AT(4) "timeout: 5s: " BESIDE},
	    {CSV "insecure_http = yes\n", AT(4) "insecure_http: yes: " BESIDE},
	    {MAIN "type = csv\nfile = a.csv\n",
		AT(3) "file: a.csv: the path is an absolute path, which starts "
		      "with '/'"},
	    {SCIM "file = /a\n",
		AT(4) "file: /a: is of no use here; it belongs to csv"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(pages_are_asked_for_as_the_type_gives_them)
{
	static const struct config_refused rows[] = {
	    {OKTA "page_size = 201\n",
		AT(5) "page_size: 201: okta gives at most 200 people on a "
		      "page"},
	    {ENTRA "page_size = 1000\n",
		AT(6) "page_size: 1000: entra gives at most 999 people on a "
		      "page"},
	    {PINGONE "page_size = 1001\n",
		AT(6) "page_size: 1001: pingone gives at most 1000 people on "
		      "a page"},
	    {SCIM "page_size = 10001\n",
		AT(4) "page_size: 10001: must be a number from 0 to 10000"},
	    {CSV "page_size = 1\n",
		AT(4) "page_size: 1: is of no use here; it belongs to scim, "
		      "okta, entra, pingone, rest"},
	    {SCIM "paging = pages\n",
		AT(4) "paging: pages: must be one of auto, index, cursor, "
		      "none"},
	    {REST "next = lnik\n",
		AT(6) "next: lnik: must be link, page, offset, or a JSON "
		      "pointer such as /next (did you mean \"link\"?)"},
	    {REST "next = https://h/\n",
		AT(6) "next: https://h/: must be link, page, offset, or a "
		      "JSON pointer such as /next"},
	    {REST "next = page\n",
		AT(6) "next: page: needs next_parameter: the name in the "
		      "query"},
	    {REST "next = offset\n",
		AT(6) "next: offset: needs next_parameter: the name in the "
		      "query"},
	    {REST "next = link\nnext_parameter = p\n",
		AT(7) "next_parameter: p: is of no use with next = link, "
		      "which is a URL"},
	    {REST "next_parameter = p\n",
		AT(6) "next_parameter: p: is of no use without next = page, "
		      "offset or a JSON pointer"},
	    {REST "filter = a\n",
		AT(6) "filter: a: is of no use here; it belongs to scim, "
		      "okta, entra, pingone"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(attributes_are_pointers_or_columns)
{
	static const struct config_refused rows[] = {
	    {SCIM "user_name = userName\n",
		AT(4) "user_name: userName: " SLASH},
	    {REST "user_home = /a~b\n",
		AT(6) "user_home: /a~b: in a JSON pointer '~' is written ~0 "
		      "and a '/' within a name ~1"},
	    {SCIM "group_gid = gid\n", AT(4) "group_gid: gid: " SLASH},
	    {CSV "user_email = /email\n",
		AT(4) "user_email: /email: is the name of a column here, not "
		      "a JSON pointer"},
	    {SCIM "disabled_if = active\n",
		AT(4) "disabled_if: active: " SLASH},
	    {SCIM "posix_schema = posix\n",
		AT(4) "posix_schema: posix: must be a URN, as "
		      "urn:example:posix"},
	    {SCIM "posix_schema = urn:a/b\n",
		AT(4) "posix_schema: urn:a/b: must be a URN, as "
		      "urn:example:posix"},
	    {SCIM "posix_schema = urn:a:\n",
		AT(4) "posix_schema: urn:a:: must be a URN, as "
		      "urn:example:posix"},
	    {SCIM "posix_schema = urn:a:User\n",
		AT(4) "posix_schema: urn:a:User: is the part in front of "
		      ":User and :Group"},
	    {SCIM "posix_schema = urn:a:Group\n",
		AT(4) "posix_schema: urn:a:Group: is the part in front of "
		      ":User and :Group"},
	    {OKTA "posix_schema = urn:a\n",
		AT(5) "posix_schema: urn:a: is of no use here; it belongs to "
		      "scim"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(people_have_a_provider_and_numbers)
{
	static const struct config_refused rows[] = {
	    {SCIM "provider = main\n",
		AT(4) "provider: main: there is no section [provider main]"},
	    {SCIM "provider = mian\n[provider main]\ntype = basic\n"
		  "url = https://h/\n",
		AT(4) "provider: mian: there is no section [provider mian] "
		      "(did you mean \"main\"?)"},
	    {SCIM "uid_base = 2147352575\n",
		AT(4) "uid_base: 2147352575: every number above it is outside "
		      "of uid_range"},
	    {SCIM "uid_base = 4294967296\n",
		AT(4) "uid_base: 4294967296: must be a number from 0 to "
		      "4294967295"},
	    {SCIM "max_removal_percent = 101\n",
		AT(4) "max_removal_percent: 101: must be a number from 0 to "
		      "100"},
	    {SCIM "when_gone = delete\n",
		AT(4) "when_gone: delete: must be one of disable, remove"},
	    {SCIM "domains = corp\n",
		AT(4) "domains: corp: \"corp\" is not a domain such as "
		      "example.com"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_source_has_a_name_and_a_type,
	    facts_that_nothing_can_replace_are_asked_for,
	    a_source_is_known_in_one_way_at_most,
	    an_address_is_plain_and_names_nobody,
	    a_file_has_no_server,
	    pages_are_asked_for_as_the_type_gives_them,
	    attributes_are_pointers_or_columns,
	    people_have_a_provider_and_numbers,
	    NULL,
	};

	return unit_run("config_source_refused", tests);
}
