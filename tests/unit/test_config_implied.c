/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "config_case.h"
#include "config_internal.h"

#define MAIN "[provider main]\n"
#define OAUTH2 MAIN "type = oauth2\nissuer = https://id/\nclient_id = c\n"
#define ENTRA MAIN "type = entra\ntenant = example.org\nclient_id = c\n"
#define TENANT "72f988bf-86f1-41af-91ab-2d7cd011db47"
#define OKTA MAIN "type = okta\nurl = https://example.okta.com/\n"
#define TOKEN OKTA "okta_api = token\nclient_id = c\n"
#define PINGONE                                                                \
	MAIN "type = pingone\nenvironment = e\nclient_id = c\n"                \
	     "client_secret_file = s\n"
#define PINGFEDERATE                                                           \
	MAIN "type = pingfederate\nurl = https://sso:9031\nclient_id = c\n"
#define APTIFY MAIN "type = aptify\nurl = https://h/services//\n"
#define CONNECTED                                                              \
	MAIN "type = rest\nurl = https://h/\n"                                 \
	     "connection = oauth2_client_credentials\nclient_id = c\n"         \
	     "token_url = https://h/token\nclient_secret_file = s\n"
#define MICROSOFT "https://login.microsoftonline.com"

static const struct row {
	const char *text;
	const char *key;
	const char *value;
} rows[] = {
    {OAUTH2, "token_url", ""},
    {OAUTH2, "issuer", "https://id/"},
    {OAUTH2, "scope", "openid email"},
    {OAUTH2, "identity", "/email"},
    {OAUTH2, "identity_external_id", ""},
    {OAUTH2, "client_auth", "none"},
    {OAUTH2, "grant", "password"},
    {OAUTH2 "client_secret_file = s\n", "client_auth", "basic"},
    {OAUTH2 "client_secret_file = s\n", "client_secret_file", "./secrets/s"},
    {OAUTH2 "client_secret_file = /a/b\n", "client_secret_file", "/a/b"},
    {OAUTH2 "identity_is = name\n", "identity", "/preferred_username"},
    {OAUTH2 "identity_is = name\n", "scope", "openid profile"},
    {OAUTH2 "identity_is = external_id\n", "identity", "/sub"},
    {OAUTH2 "identity = /upn\n", "identity", "/upn"},
    {OAUTH2 "scope = openid x\n", "scope", "openid x"},

    {ENTRA, "url", MICROSOFT},
    {ENTRA, "token_url", MICROSOFT "/example.org/oauth2/v2.0/token"},
    {ENTRA, "device_authorization_url", ""},
    {ENTRA, "issuer", ""},
    {ENTRA, "scope", "openid profile email"},
    {ENTRA, "identity", "/preferred_username"},
    {ENTRA, "identity_external_id", "/oid"},
    {ENTRA, "client_auth", "none"},
    {ENTRA "client_secret_file = s\n", "client_auth", "post"},
    {ENTRA "identity_is = external_id\n", "identity", "/oid"},
    {ENTRA "grant = device\n", "device_authorization_url",
	MICROSOFT "/example.org/oauth2/v2.0/devicecode"},
    {ENTRA "url = https://login.microsoftonline.us/\n", "token_url",
	"https://login.microsoftonline.us/example.org/oauth2/v2.0/token"},
    {MAIN "type = entra\nclient_id = c\ntenant = " TENANT "\n", "issuer",
	MICROSOFT "/" TENANT "/v2.0"},
    {MAIN "type = entra\nclient_id = c\ntenant = 72F988BF-86F1-41AF-91AB-"
	  "2D7CD011DB4A\n",
	"issuer",
	"https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-"
	"2d7cd011db4a/v2.0"},
    {MAIN "type = entra\nclient_id = c\ntenant = " TENANT "0\n", "issuer", ""},
    {MAIN "type = entra\nclient_id = c\ntenant = 7-2.org\n", "issuer", ""},

    {OKTA, "url", "https://example.okta.com"},
    {OKTA, "token_url", ""},
    {OKTA "api_token_file = t\n", "api_token_file", "./secrets/t"},
    {TOKEN, "token_url", "https://example.okta.com/oauth2/v1/token"},
    {TOKEN, "issuer", "https://example.okta.com"},
    {TOKEN, "scope", "openid profile"},
    {TOKEN, "identity", "/preferred_username"},
    {TOKEN, "identity_external_id", "/sub"},
    {TOKEN "identity_is = external_id\n", "identity", "/sub"},
    {TOKEN "authorization_server = default\n", "token_url",
	"https://example.okta.com/oauth2/default/v1/token"},
    {TOKEN "authorization_server = default\n", "issuer",
	"https://example.okta.com/oauth2/default"},

    {PINGONE, "url", "https://api.pingone.com/v1"},
    {PINGONE, "auth_url", "https://auth.pingone.com"},
    {PINGONE, "token_url", "https://auth.pingone.com/e/as/token"},
    {PINGONE, "client_auth", "basic"},
    {PINGONE "region = com.au\n", "url", "https://api.pingone.com.au/v1"},
    {PINGONE "region = eu\n", "token_url",
	"https://auth.pingone.eu/e/as/token"},
    {PINGONE "auth_url = https://a.example.com/\n", "token_url",
	"https://a.example.com/e/as/token"},

    {PINGFEDERATE, "token_url", "https://sso:9031/as/token.oauth2"},
    {PINGFEDERATE, "userinfo_url", "https://sso:9031/idp/userinfo.openid"},
    {PINGFEDERATE, "introspection_url",
	"https://sso:9031/as/introspect.oauth2"},
    {PINGFEDERATE, "scope", "openid"},
    {PINGFEDERATE, "identity", "/sub"},
    {PINGFEDERATE, "device_authorization_url", ""},
    {PINGFEDERATE "grant = device\n", "device_authorization_url",
	"https://sso:9031/as/device_authz.oauth2"},

    {APTIFY "login_provider = Web\n", "url", "https://h/services"},
    {APTIFY "login_provider = Web\n", "login_by", "form"},
    {APTIFY "login_provider = Web\n", "http_auth", "none"},
    {APTIFY "login_provider = Web\n", "username_field", "UserName"},
    {APTIFY "login_provider = iis\n", "http_auth", "ntlm"},
    {APTIFY "login_provider = SQL\nallow_password_in_url = yes\n", "login_by",
	"query"},
    {APTIFY "login_provider = SQL\nlogin_by = json\n", "login_by", "json"},
    {APTIFY "login_provider = SQLNeedsInputWithContainer\n", "login_by",
	"form"},

    {CONNECTED, "client_auth", "basic"},
    {CONNECTED, "scope", ""},
    {MAIN "type = basic\nurl = https://h/\n", "method", "GET"},
    {MAIN "type = basic\nurl = https://h//\n", "http_auth", "basic"},
};

static const char *
value_of(const struct config_provider *provider, const char *name)
{
	const struct config_key *key = config_find_key("provider", name);
	const void *member = (const char *)provider + key->rule->offset;
	const unsigned *word = member;
	char *const *text = member;

	if (key->rule->type == CONFIG_WORD)
		return key->rule->words[*word];
	return key->rule->type == CONFIG_URL ? config_provider_base(provider)
					     : *text;
}

START_TEST(a_key_that_is_not_written_follows_from_the_others)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(rows); index++) {
		cleanup_config struct config config =
		    config_case_taken(rows[index].text);

		ck_assert_msg(
		    strcmp(value_of(&config.providers[0], rows[index].key),
			rows[index].value) == 0,
		    "%s%s is %s", rows[index].text, rows[index].key,
		    value_of(&config.providers[0], rows[index].key));
	}
}
END_TEST

START_TEST(an_address_that_others_are_made_of_is_plain)
{
	static const struct config_refused refused[] = {
	    {MAIN "type = okta\nurl = https://h/{{USERNAME}}\n",
		"x.conf:3: [provider main] url: no placeholder can be part of "
		"this URL"},
	    {MAIN "type = okta\nurl = https://h?a=b\n",
		"x.conf:3: [provider main] url: is an address that takes no "
		"query"},
	    {MAIN "type = okta\nurl = https://h/oauth2\n",
		"x.conf:3: [provider main] url: is the organisation's address "
		"without a path, as https://example.okta.com"},
	    {ENTRA "url = http://login.example.com\n",
		"x.conf:5: [provider main] url: http sends passwords in the "
		"clear: write https://"},
	};

	config_case_refused(refused, CONFIG_CASE_LENGTH(refused));
}
END_TEST

START_TEST(what_comes_out_too_long_is_refused)
{
	cleanup_buffer struct buffer text = buffer_make(5000);
	struct config config = {0};
	struct extauth_error error = {0};
	unsigned count;

	ck_assert_ok(buffer_append_text(&text,
	    MAIN "type = pingfederate\nclient_id = c\nurl = https://h/"));
	for (count = 0; count < 2040; count++)
		ck_assert_ok(buffer_append_text(&text, "x"));
	ck_assert_int_eq(config_parse("x.conf", buffer_text(&text), text.length,
			     &config, &error),
	    EXTAUTH_CONFIG);
	ck_assert_str_eq(
	    error.text, "x.conf:2: [provider main] token_url: is too long");
}
END_TEST

START_TEST(a_client_token_is_a_bearer_token_unless_it_is_put_elsewhere)
{
	cleanup_config struct config added = config_case_taken(CONNECTED);
	cleanup_config struct config placed = config_case_taken(
	    CONNECTED "header = X-Token: {{CONNECTION:/access_token}}\n"
		      "header = authorization: {{CONNECTION:/token}}\n");
	const struct config_headers *headers = &added.providers[0].headers;

	ck_assert_uint_eq(headers->count, 1);
	ck_assert_str_eq(headers->items[0].name, "Authorization");
	ck_assert(
	    template_uses(&headers->items[0].value, PLACEHOLDER_CONNECTION));
	ck_assert_uint_eq(placed.providers[0].headers.count, 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_key_that_is_not_written_follows_from_the_others,
	    an_address_that_others_are_made_of_is_plain,
	    what_comes_out_too_long_is_refused,
	    a_client_token_is_a_bearer_token_unless_it_is_put_elsewhere,
	    NULL,
	};

	return unit_run("config_implied", tests);
}
