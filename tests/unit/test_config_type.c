/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "config_case.h"

#define MAIN "[provider main]\n"
#define DEVICE                                                                 \
	MAIN "type = oauth2\nissuer = https://id/\nclient_id = c\n"            \
	     "grant = device\n"

static const struct {
	const char *text;
	bool resets;
	bool changes;
	bool wants_password;
	const char *base;
} rows[] = {
    {MAIN "type = rest\nurl = https://h/a/\n", false, false, true,
	"https://h/a/"},
    {MAIN "type = basic\nurl = https://h/{{USERNAME}}\n"
	  "forgot_password_url = https://h/?e={{USEREMAIL}}\n",
	true, false, true, ""},
    {MAIN "type = basic\nurl = https://h/\n", false, false, true, "https://h/"},
    {MAIN "type = okta\nurl = https://h/\n", true, true, true, "https://h"},
    {MAIN "type = pingone\nenvironment = e\nclient_id = c\n"
	  "client_secret_file = s\n",
	true, false, true, "https://api.pingone.com/v1"},
    {MAIN "type = pingfederate\nurl = https://h:9031\nclient_id = c\n", false,
	false, true, "https://h:9031"},
    {MAIN "type = aptify\nurl = https://h/s\nlogin_provider = Web\n", false,
	false, true, "https://h/s"},
    {MAIN "type = entra\ntenant = t\nclient_id = c\n", false, false, true,
	"https://login.microsoftonline.com"},
    {DEVICE, false, false, false, ""},
};

START_TEST(a_type_says_what_can_be_asked_of_it)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(rows); index++) {
		cleanup_config struct config config =
		    config_case_taken(rows[index].text);
		const struct config_provider *provider = &config.providers[0];

		ck_assert_msg(
		    config_provider_resets(provider) == rows[index].resets,
		    "%s", rows[index].text);
		ck_assert_msg(
		    config_provider_changes(provider) == rows[index].changes,
		    "%s", rows[index].text);
		ck_assert_msg(config_provider_wants_password(provider) ==
			rows[index].wants_password,
		    "%s", rows[index].text);
		ck_assert_str_eq(
		    config_provider_base(provider), rows[index].base);
	}
}
END_TEST

/* A machine may look at any of them without asking first. */
START_TEST(no_member_is_ever_null)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(rows); index++) {
		cleanup_config struct config config =
		    config_case_taken(rows[index].text);
		const struct config_provider *provider = &config.providers[0];
		const char *const members[] = {provider->identity,
		    provider->identity_external_id, provider->issuer,
		    provider->token_url, provider->userinfo_url,
		    provider->introspection_url,
		    provider->device_authorization_url, provider->client_id,
		    provider->client_secret_file, provider->scope,
		    provider->tenant, provider->authorization_server,
		    provider->api_token_file, provider->environment,
		    provider->region, provider->auth_url,
		    provider->forgot_media_type, provider->validator_id,
		    provider->login_provider, provider->username_field,
		    provider->password_field, provider->user_information_path,
		    provider->login_path, provider->logout_path,
		    provider->export_token, provider->password_page};
		size_t at;

		for (at = 0; at < CONFIG_CASE_LENGTH(members); at++)
			ck_assert_ptr_nonnull(members[at]);
		ck_assert(
		    template_uses(&provider->username, PLACEHOLDER_USEREMAIL));
		ck_assert(provider->qr_code);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_type_says_what_can_be_asked_of_it,
	    no_member_is_ever_null,
	    NULL,
	};

	return unit_run("config_type", tests);
}
