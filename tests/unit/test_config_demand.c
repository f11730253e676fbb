/* SPDX-License-Identifier: MIT */
#include "config_case.h"

#include <stdio.h>

#define MAIN "[provider main]\n"
#define OAUTH2 MAIN "type = oauth2\nclient_id = c\n"
#define ISSUER OAUTH2 "issuer = https://id/\n"
#define GRANT OAUTH2 "token_url = https://id/t\n"
#define ENTRA MAIN "type = entra\nclient_id = c\n"
#define OKTA MAIN "type = okta\nurl = https://example.okta.com\n"
#define PINGONE MAIN "type = pingone\nclient_id = c\nclient_secret_file = s\n"
#define APTIFY MAIN "type = aptify\nurl = https://h/services\n"
#define CONNECTED                                                              \
	MAIN "type = rest\nurl = https://h/\n"                                 \
	     "connection = oauth2_client_credentials\nclient_id = c\n"         \
	     "token_url = https://h/token\n"
#define AT(line) "x.conf:" #line ": [provider main] "
#define NO_SECRET                                                              \
	"client_secret_file: is missing: `extauthctl secret set NAME` stores " \
	"the secret; write its NAME here"

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(facts_that_nothing_can_replace_are_asked_for)
{
	static const struct config_refused rows[] = {
	    {MAIN "type = okta\n",
		AT(2) "url: is missing: the organisation's address, as "
		      "https://example.okta.com"},
	    {MAIN "type = pingfederate\nclient_id = c\n",
		AT(2) "url: is missing: the server's address, as "
		      "https://sso.example.com:9031"},
	    {MAIN "type = aptify\nlogin_provider = Web\n",
		AT(2) "url: is missing: the address of the services, as "
		      "https://host/AptifyServicesAPI/services"},
	    {MAIN "type = oauth2\nissuer = https://id\n",
		AT(2) "client_id: is missing: the id under which this client "
		      "is registered there"},
	    {OKTA "okta_api = token\n",
		AT(2) "client_id: is missing: the id under which this client "
		      "is registered there"},
	    {ENTRA,
		AT(2) "tenant: is missing: the id of the directory, or its "
		      "domain"},
	    {PINGONE,
		AT(2) "environment: is missing: the id of the environment"},
	    {PINGONE "environment = e\nregion =\n",
		AT(6) "region: is missing: com, eu, asia, ca, com.au"},
	    {MAIN "type = pingone\nclient_id = c\nenvironment = e\n",
		AT(2) NO_SECRET},
	    {APTIFY,
		AT(2) "login_provider: is missing: Web, SQL, Domain, IIS or as "
		      "the server calls it"},
	    {APTIFY "login_provider = Web\nusername_field =\n",
		AT(5) "username_field: is missing"},
	    {APTIFY "login_provider = Web\npassword_field =\n",
		AT(5) "password_field: is missing"},
	    {MAIN "type = rest\nurl = https://h/\nconnection = request\n",
		AT(2) "connection_url: is missing: connection = request asks "
		      "it first"},
	    {MAIN "type = rest\nurl = https://h/\nclient_id = c\n"
		  "connection = oauth2_client_credentials\n",
		AT(2) "token_url: is missing: where the client gets its "
		      "token"},
	    {CONNECTED, AT(2) NO_SECRET},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_key_belongs_to_types_and_modes)
{
	static const struct config_refused rows[] = {
	    {OAUTH2 "url = https://id/\n",
		AT(4) "url: is of no use here: write issuer = https://..., "
		      "or token_url = https://..."},
	    {OKTA "client_id = c\n",
		AT(4) "client_id: c: is of no use here; it belongs to oauth2, "
		      "entra, pingone, pingfederate, okta with okta_api = "
		      "token, rest with connection = "
		      "oauth2_client_credentials"},
	    {ISSUER "tenant = t\n",
		AT(5) "tenant: t: is of no use here; it belongs to entra"},
	    {ISSUER "device_authorization_url = https://id/d\n",
		AT(5) "device_authorization_url: is of no use here; it belongs "
		      "to grant = device"},
	    {MAIN "type = basic\nurl = https://h/\ngrant = device\n",
		AT(4) "grant: device: is of no use here; it belongs to oauth2, "
		      "entra, pingfederate"},
	    {MAIN "type = rest\nurl = https://h/\n"
		  "connection_url = https://h/\n",
		AT(4) "connection_url: is of no use here; it belongs to rest "
		      "with connection = request"},
	    {OKTA "body = {}\n",
		AT(4) "body: is of no use here; it belongs to rest, basic"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(the_client_has_a_secret_or_says_none)
{
	static const struct config_refused rows[] = {
	    {ISSUER "client_auth = post\n",
		AT(5) "client_auth: post: needs client_secret_file"},
	    {ISSUER "client_auth = basic_raw\n",
		AT(5) "client_auth: basic_raw: needs client_secret_file"},
	    {ISSUER "client_auth = none\nclient_secret_file = s\n",
		AT(5) "client_auth: none: does not send the secret of "
		      "client_secret_file: remove one of the two"},
	    {ISSUER "client_secret_file = a/b\n",
		AT(5) "client_secret_file: must be the name of a secret "
		      "(extauthctl secret set NAME) or an absolute path"},
	    {ISSUER "client_secret_file = .a\n",
		AT(5) "client_secret_file: must be the name of a secret "
		      "(extauthctl secret set NAME) or an absolute path"},
	};
	cleanup_config struct config config =
	    config_case_taken(CONNECTED "client_auth = none\n");

	ASSERT_REFUSED(rows);
	ck_assert_uint_eq(config.providers[0].client_auth, CONFIG_CLIENT_NONE);
}
END_TEST

START_TEST(a_tenant_is_one_directory)
{
	static const struct config_refused rows[] = {
	    {ENTRA "tenant = Common\n",
		AT(4) "tenant: Common: is no directory of yours, and takes no "
		      "password: write the id of the directory, or its "
		      "domain"},
	    {ENTRA "tenant = consumers\n",
		AT(4) "tenant: consumers: is no directory of yours, and takes "
		      "no password: write the id of the directory, or its "
		      "domain"},
	    {ENTRA "tenant = a/b\n",
		AT(4) "tenant: a/b: must be made of A-Z a-z 0-9 . _ - and "
		      "not begin with a dot"},
	    {ENTRA "tenant = ..\n",
		AT(4) "tenant: ..: must be made of A-Z a-z 0-9 . _ - and not "
		      "begin with a dot"},
	};
	cleanup_config struct config config =
	    config_case_taken(ENTRA "tenant = organizations\n");

	ASSERT_REFUSED(rows);
	ck_assert_str_eq(config.providers[0].tenant, "organizations");
}
END_TEST

START_TEST(endpoints_are_given_or_can_be_found)
{
	static const char nowhere[] =
	    AT(2) "issuer: is missing: write issuer = https://..., or "
		  "token_url = https://...";
	static const struct config_refused rows[] = {
	    {OAUTH2, nowhere},
	    {OAUTH2 "grant = device\n"
		    "device_authorization_url = https://id/d\n",
		nowhere},
	    {GRANT "grant = device\n",
		AT(2) "device_authorization_url: is missing: grant = device "
		      "needs it, or issuer"},
	    {OAUTH2 "token_url = http://id/t\n",
		AT(4) "token_url: http sends passwords in the clear: write "
		      "https://"},
	    {OAUTH2 "token_url = http://localhost/t\n",
		AT(4) "token_url: http to this machine itself needs "
		      "insecure_http = yes"},
	    {OAUTH2 "issuer = https://id/{{ORGID}}\n",
		AT(4) "issuer: no placeholder can be part of this URL"},
	    {ISSUER "password_page = http://id/\n",
		AT(5) "password_page: http sends passwords in the clear: write "
		      "https://"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(something_says_whose_token_it_is)
{
	static const struct config_refused rows[] = {
	    {GRANT "scope = openidx\n",
		AT(5) "scope: openidx: nothing would say whose token it is: "
		      "put openid into it, or write userinfo_url or "
		      "introspection_url"},
	    {GRANT "identity_from = userinfo\n",
		AT(5) "identity_from: userinfo: needs userinfo_url"},
	    {GRANT "identity_from = introspection\n",
		AT(5) "identity_from: introspection: needs "
		      "introspection_url"},
	    {GRANT "identity =\n",
		AT(5) "identity: is empty, and anybody's token would do"},
	    {ISSUER "grant = device\nidentity_from = none\n",
		AT(6) "identity_from: none: grant = device would let in "
		      "whoever approves"},
	    {ENTRA "tenant = t\nidentity_from = userinfo\n",
		AT(5) "identity_from: userinfo: type entra says it in the "
		      "id_token"},
	    {ENTRA "tenant = t\nscope = profile\n",
		AT(5) "scope: profile: nothing would say whose token it is: "
		      "put openid into it, or write userinfo_url or "
		      "introspection_url"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(what_says_it_may_be_any_of_the_three)
{
	static const char *const texts[] = {
	    GRANT,
	    GRANT "scope =\nidentity_from = none\n",
	    GRANT "scope =\nuserinfo_url = https://id/u\n",
	    GRANT "scope = a b\nintrospection_url = https://id/i\n",
	    GRANT "scope = a  openid b\n",
	    GRANT "identity_from = id_token\n",
	    GRANT "identity_from = userinfo\nuserinfo_url = https://id/u\n",
	    GRANT "identity_from = introspection\n"
		  "introspection_url = https://id/i\n",
	    ISSUER "scope = email\nidentity_from = introspection\n",
	    ISSUER "grant = device\ntoken_url = https://id/t\n",
	    GRANT "grant = device\ndevice_authorization_url = https://id/d\n",
	};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(texts); index++) {
		cleanup_config struct config config =
		    config_case_taken(texts[index]);

		ck_assert_uint_eq(config.provider_count, 1);
	}
}
END_TEST

START_TEST(the_name_that_is_sent_is_a_persons)
{
	static const struct config_refused rows[] = {
	    {ISSUER "username = x-{{USERPASSWORD}}\n",
		AT(5) "username: x-{{USERPASSWORD}}: {{USERPASSWORD}} cannot "
		      "be part of it"},
	    {OKTA "username = {{SECRET:a}}\n",
		AT(4) "username: {{SECRET:a}}: {{SECRET}} cannot be part of "
		      "it"},
	    {ISSUER "username = admin\n",
		AT(5) "username: admin: is the same for everybody: put "
		      "{{USEREMAIL}}, {{USERNAME}}, {{USERID}} or "
		      "{{USEREXTERNALID}} into it"},
	    {ISSUER "username =\n",
		AT(5) "username: is empty, and nothing would say who logs in"},
	    {OKTA "identity_is = external_id\n",
		AT(4) "identity_is: external_id: must be email or name here; "
		      "the external id of a record is compared anyway"},
	    {PINGONE "environment = e\nidentity_is = external_id\n",
		AT(6) "identity_is: external_id: must be email or name here; "
		      "the external id of a record is compared anyway"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_field_has_a_name_and_no_password)
{
	static const struct config_refused rows[] = {
	    {ISSUER "field = a: b\nfield = p: {{USERPASSWORD}}\n",
		AT(6) "field: {{USERPASSWORD}} cannot be part of it"},
	    {ISSUER "field = p: {{CONNECTION:/a}}\n",
		AT(5) "field: {{CONNECTION}} cannot be part of it"},
	    {ISSUER "field = hunter2\n",
		AT(5) "field: must be \"Name: value\""},
	    {ISSUER "field = : x\n", AT(5) "field: must be \"Name: value\""},
	    {ISSUER "field = a b: x\n",
		AT(5) "field: the name in front of the colon has a blank or a "
		      "control byte"},
	    {ISSUER "field = a:\n", AT(5) "field: a has no value"},
	    {ISSUER "field = grant_type: client_credentials\n",
		AT(5) "field: grant_type comes from its own key"},
	    {ISSUER "field = Password: x\n",
		AT(5) "field: Password comes from its own key"},
	    {APTIFY "login_provider = Web\npassword_field = P\nfield = p: x\n",
		AT(6) "field: p comes from its own key"},
	};
	cleanup_config struct config config =
	    config_case_taken(ISSUER "field = host: {{DEVICENAME}}\n"
				     "field = resource[]: {{SECRET:a}}\n");
	const struct config_headers *fields = &config.providers[0].fields;

	ASSERT_REFUSED(rows);
	ck_assert_uint_eq(fields->count, 2);
	ck_assert_str_eq(fields->items[0].name, "host");
	ck_assert_str_eq(fields->items[1].name, "resource[]");
}
END_TEST

#define LOGIN(provider) APTIFY "login_provider = " provider "\n"

START_TEST(aptify_puts_no_password_anywhere_by_chance)
{
	static const char query[] =
	    "query, the default of login_provider = SQL, puts the password "
	    "into the URL, which ends up in the logs of servers; it needs "
	    "allow_password_in_url = yes";
	char written[300];
	char implied[300];
	const struct config_refused rows[] = {
	    {LOGIN("SQL"), implied},
	    {LOGIN("Web") "login_by = query\n", written},
	    {LOGIN("Web") "http_auth = basic\n",
		AT(5) "http_auth: basic: type aptify knows none and ntlm"},
	    {LOGIN("IIS") "http_auth = none\n",
		AT(5) "http_auth: none: login_provider = IIS takes a password "
		      "by ntlm alone"},
	    {LOGIN("Web") "login_path =\n", AT(5) "login_path: is missing"},
	    {LOGIN("Web") "logout_path = /x\n",
		AT(5) "logout_path: /x: must be a path below url that does "
		      "not begin with a slash"},
	    {LOGIN("Web") "user_information_path = a/../b\n",
		AT(5) "user_information_path: a/../b: must be a path below "
		      "url that does not begin with a slash"},
	    {LOGIN("Web") "user_information_path = a?b\n",
		AT(5) "user_information_path: a?b: must be a path below url "
		      "that does not begin with a slash"},
	};

	(void)snprintf(implied, sizeof(implied), AT(2) "login_by: %s", query);
	(void)snprintf(
	    written, sizeof(written), AT(5) "login_by: query: %s", query);
	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(aptify_by_query_is_warned_about)
{
	cleanup_config struct config config = config_case_taken(
	    LOGIN("SQL") "allow_password_in_url = yes\nlogout_path =\n");
	cleanup_config struct config by_ntlm =
	    config_case_taken(LOGIN("IIS") "login_by = query\n");

	ck_assert_uint_eq(config.warnings.count, 1);
	ck_assert_str_eq(config.warnings.items[0],
	    AT(2) "login_by: the password is part of the URL, which servers "
		  "and proxies write to their logs");
	ck_assert_uint_eq(by_ntlm.warnings.count, 0);
}
END_TEST

START_TEST(a_token_is_exported_as_a_variable_that_nothing_obeys)
{
	static const char reason[] =
	    AT(5) "export_token: %s: must be a variable's name in A-Z 0-9 _ "
		  "that begins with a letter and ends in TOKEN";
	static const char *const names[] = {"PATH", "LD_PRELOAD", "Token",
	    "_TOKEN", "1TOKEN", "A-TOKEN", "TOKEN=x", "XTOKEN_"};
	cleanup_config struct config config =
	    config_case_taken(ISSUER "export_token = MY_TOKEN\n");
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(names); index++) {
		char text[200];
		char line[300];
		const struct config_refused row = {text, line};

		(void)snprintf(text, sizeof(text), ISSUER "export_token = %s\n",
		    names[index]);
		(void)snprintf(line, sizeof(line), reason, names[index]);
		config_case_refused(&row, 1);
	}
	ck_assert_str_eq(config.providers[0].export_token, "MY_TOKEN");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    facts_that_nothing_can_replace_are_asked_for,
	    a_key_belongs_to_types_and_modes,
	    the_client_has_a_secret_or_says_none,
	    a_tenant_is_one_directory,
	    endpoints_are_given_or_can_be_found,
	    something_says_whose_token_it_is,
	    what_says_it_may_be_any_of_the_three,
	    the_name_that_is_sent_is_a_persons,
	    a_field_has_a_name_and_no_password,
	    aptify_puts_no_password_anywhere_by_chance,
	    aptify_by_query_is_warned_about,
	    a_token_is_exported_as_a_variable_that_nothing_obeys,
	    NULL,
	};

	return unit_run("config_demand", tests);
}
