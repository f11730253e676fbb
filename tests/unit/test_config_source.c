/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "config_case.h"
#include "config_check.h"

#define MAIN "[source corp]\n"
#define SCIM MAIN "type = scim\nurl = https://h/scim/v2/\n"
#define OKTA MAIN "type = okta\nurl = https://h/\ntoken_file = t\n"
#define ENTRA                                                                  \
	MAIN "type = entra\ntenant = example.org\nclient_id = c\n"             \
	     "client_secret_file = s\n"
#define PINGONE                                                                \
	MAIN "type = pingone\nenvironment = e\nclient_id = c\n"                \
	     "client_secret_file = s\n"
#define REST                                                                   \
	MAIN "type = rest\nurl = https://h/p\nuser_id = /id\n"                 \
	     "user_email = /m\n"
#define CSV MAIN "type = csv\nfile = /a/b\n"
#define POSIX "/urn:ietf:params:scim:schemas:oracle:idcs:extension:posix"

static const struct {
	const char *text;
	const char *key;
	const char *value;
} rows[] = {
    {SCIM, "url", "https://h/scim/v2"},
    {SCIM, "user_id", "/id"},
    {SCIM, "user_email", "/emails"},
    {SCIM, "user_name", "/userName"},
    {SCIM, "user_gecos", "/displayName"},
    {SCIM, "user_uid", POSIX ":User/uidNumber"},
    {SCIM, "user_home", POSIX ":User/homeDirectory"},
    {SCIM, "user_shell", POSIX ":User/loginShell"},
    {SCIM, "user_groups", "/groups"},
    {SCIM, "group_gid", POSIX ":Group/gidNumber"},
    {SCIM, "token_file", ""},
    {SCIM, "paging", "auto"},
    {SCIM, "token_url", ""},
    {SCIM "posix_schema =\n", "user_uid", ""},
    {SCIM "posix_schema =\n", "user_home", ""},
    {SCIM "posix_schema =\n", "user_shell", ""},
    {SCIM "posix_schema =\n", "group_gid", ""},
    {SCIM "posix_schema = urn:x:y\n", "user_uid", "/urn:x:y:User/uidNumber"},
    {SCIM "posix_schema = urn:x:y\n", "group_gid", "/urn:x:y:Group/gidNumber"},
    {SCIM "user_uid = /n\n", "user_uid", "/n"},
    {SCIM "user_email =\n", "user_email", ""},

    {OKTA, "url", "https://h"},
    {OKTA, "user_id", "/id"},
    {OKTA, "user_email", "/profile/email"},
    {OKTA, "user_name", "/profile/login"},
    {OKTA, "user_gecos", "/profile/displayName"},
    {OKTA, "user_uid", ""},
    {OKTA, "user_home", ""},
    {OKTA, "user_shell", ""},
    {OKTA, "group_gid", ""},

    {ENTRA, "url", "https://graph.microsoft.com/v1.0"},
    {ENTRA "url = https://graph.microsoft.us/v1.0/\n", "url",
	"https://graph.microsoft.us/v1.0"},
    {ENTRA, "token_url",
	"https://login.microsoftonline.com/example.org/oauth2/v2.0/token"},
    {ENTRA, "scope", "https://graph.microsoft.com/.default"},
    {ENTRA, "client_auth", "post"},
    {ENTRA "client_auth = basic\n", "client_auth", "basic"},
    {ENTRA, "user_id", "/id"},
    {ENTRA, "user_email", "/mail"},
    {ENTRA, "user_name", "/userPrincipalName"},
    {ENTRA, "user_gecos", "/displayName"},
    {ENTRA, "user_uid", ""},
    {MAIN "type = entra\ntenant = t\ntoken_file = x\n", "token_url", ""},
    {MAIN "type = entra\ntenant = t\ntoken_file = x\n", "scope", ""},
    {MAIN "type = entra\ntenant = t\ntoken_file = x\n", "client_auth", "basic"},

    {PINGONE, "url", "https://api.pingone.com/v1"},
    {PINGONE "region = eu\n", "url", "https://api.pingone.eu/v1"},
    {PINGONE "region = eu\n", "token_url",
	"https://auth.pingone.eu/e/as/token"},
    {PINGONE, "scope", ""},
    {PINGONE, "client_auth", "basic"},
    {PINGONE, "user_id", "/id"},
    {PINGONE, "user_email", "/email"},
    {PINGONE, "user_name", "/username"},
    {PINGONE, "user_gecos", "/name/formatted"},
    {PINGONE, "user_uid", ""},
    {MAIN "type = pingone\nenvironment = e\ntoken_file = x\n", "token_url", ""},

    {REST, "url", "https://h/p"},
    {REST, "user_name", ""},
    {REST, "user_gecos", ""},
    {REST, "user_uid", ""},
    {REST, "user_groups", ""},
    {REST, "next", ""},
    {REST "next = /a/b\n", "next", "/a/b"},

    {CSV, "user_id", "id"},
    {CSV, "user_email", "email"},
    {CSV, "user_name", "name"},
    {CSV, "user_gecos", "gecos"},
    {CSV, "user_uid", "uid"},
    {CSV, "user_home", "home"},
    {CSV, "user_shell", "shell"},
    {CSV, "user_groups", "groups"},
    {CSV "user_id = employee number\n", "user_id", "employee number"},
};

START_TEST(a_key_that_is_not_written_follows_from_type_and_others)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(rows); index++) {
		cleanup_config struct config config =
		    config_case_taken(rows[index].text);
		const struct config_key *key =
		    config_find_key("source", rows[index].key);

		ck_assert_ptr_nonnull(key);
		ck_assert_msg(
		    strcmp(config_source_key_implied(key, &config.sources[0]),
			rows[index].value) == 0,
		    "%s%s: %s", rows[index].text, rows[index].key,
		    config_source_key_implied(key, &config.sources[0]));
	}
}
END_TEST

static const char written[] =
    "[extauth]\norganization_id = 4711\n"
    "[provider main]\ntype = basic\nurl = https://h/\n"
    "[source corp]\ntype = rest\nurl = https://h/{{ORGID}}?a=b\n"
    "header = X-A: {{HOSTNAME}}\nheader = X-B: {{SECRET:b}}\n"
    "username = jane\npassword_file = p\npage_size = 50\n"
    "next = offset\nnext_parameter = from\nusers = /people\n"
    "user_id = /id\nuser_email = /mail\nuser_name = /login\n"
    "user_gecos = /full\nuser_uid = /uid\nuser_home = /home\n"
    "user_shell = /shell\nuser_groups = /teams\n"
    "disabled_if = /left\ndisabled_if = /gone\nskip_if = /robot\n"
    "domains = Example.com\nonly_groups = devs, x-all\n"
    "group_prefix = x-\nprovider = main\nuid_base = 2000200000\n"
    "when_gone = remove\nmax_removal_percent = 5\n"
    "max_sync_age = 1h\nsync_deadline = 5m\nca_file = /c\n"
    "minimum_tls = 1.3\nproxy = http://h:1\ntimeout = 1m\n"
    "[group devs]\nremote = Dev\nremote = Ops\nsource = corp\n"
    "gid = 2000300000\n";

START_TEST(how_a_source_is_asked_is_read)
{
	cleanup_config struct config config = config_case_taken(written);
	const struct config_source *source =
	    config_find_source(&config, "corp");
	const struct config_provider *access = &source->access;

	ck_assert_str_eq(access->name, "corp");
	ck_assert_str_eq(access->organization_id, "4711");
	ck_assert_uint_eq(access->headers.count, 2);
	ck_assert(template_uses(&access->url, PLACEHOLDER_ORGID));
	ck_assert_str_eq(source->username, "jane");
	ck_assert_str_eq(source->password_file, "./secrets/p");
	ck_assert_str_eq(access->api_token_file, "./secrets/p");
	ck_assert_uint_eq(source->page_size, 50);
	ck_assert_str_eq(source->next, "offset");
	ck_assert_str_eq(source->next_parameter, "from");
	ck_assert_str_eq(source->users, "/people");
	ck_assert_uint_eq(source->sync_deadline_ms, 300000);
	ck_assert_uint_eq(access->timeout_ms, 60000);
	ck_assert_uint_eq(access->connect_timeout_ms, 5000);
	ck_assert_uint_eq(access->minimum_tls, CONFIG_TLS_1_3);
	ck_assert_str_eq(access->ca_file, "/c");
	ck_assert_ptr_null(config_find_source(&config, "devs"));
}
END_TEST

START_TEST(what_is_taken_of_a_source_is_read)
{
	cleanup_config struct config config = config_case_taken(written);
	const struct config_source *source =
	    config_find_source(&config, "corp");
	const struct config_group *group = config_find_group(&config, "devs");

	ck_assert_str_eq(source->user_home, "/home");
	ck_assert_str_eq(source->user_shell, "/shell");
	ck_assert_str_eq(source->user_groups, "/teams");
	ck_assert_uint_eq(source->disabled_if.count, 2);
	ck_assert_uint_eq(source->skip_if.count, 1);
	ck_assert_str_eq(source->domains.items[0], "example.com");
	ck_assert_uint_eq(source->only_groups.count, 2);
	ck_assert_str_eq(source->group_prefix, "x-");
	ck_assert_str_eq(source->provider, "main");
	ck_assert_uint_eq(source->uid_base, 2000200000);
	ck_assert_uint_eq(source->when_gone, CONFIG_GONE_REMOVE);
	ck_assert_uint_eq(source->max_removal_percent, 5);
	ck_assert_uint_eq(source->max_sync_age_ms, 3600000);
	ck_assert_uint_eq(group->remote.count, 2);
	ck_assert_str_eq(group->remote.items[1], "Ops");
	ck_assert_str_eq(group->source, "corp");
	ck_assert_uint_eq(group->gid, 2000300000);
	ck_assert_ptr_null(config_find_group(&config, "corp"));
}
END_TEST

START_TEST(a_source_has_the_defaults_of_the_table)
{
	cleanup_config struct config config = config_case_taken(SCIM);
	const struct config_source *source = &config.sources[0];
	const struct config_provider *access = &source->access;

	ck_assert_uint_eq(source->page_size, 0);
	ck_assert_uint_eq(source->paging, CONFIG_PAGING_AUTO);
	ck_assert_uint_eq(source->uid_base, 0);
	ck_assert_uint_eq(source->when_gone, CONFIG_GONE_DISABLE);
	ck_assert_uint_eq(source->max_removal_percent, 20);
	ck_assert_uint_eq(source->max_sync_age_ms, 86400000);
	ck_assert_uint_eq(source->sync_deadline_ms, 1800000);
	ck_assert_uint_eq(access->timeout_ms, 60000);
	ck_assert_str_eq(access->type, "");
	ck_assert_str_eq(access->api_token_file, "");
	ck_assert_uint_eq(config_traits(access), 0);
	ck_assert(config_provider_wants_password(access));
	ck_assert(!config_provider_resets(access));
	ck_assert(!config_provider_changes(access));
	ck_assert_uint_eq(config.provider_count, 0);
}
END_TEST

/* Secrets are files, and which file does for which way. */
START_TEST(paths_of_secrets_are_absolute)
{
	cleanup_config struct config token =
	    config_case_taken(SCIM "token_file = t\n");
	cleanup_config struct config path =
	    config_case_taken(SCIM "token_file = /x/t\n");
	cleanup_config struct config client = config_case_taken(ENTRA);

	ck_assert_str_eq(token.sources[0].access.api_token_file, "./secrets/t");
	ck_assert_str_eq(path.sources[0].access.api_token_file, "/x/t");
	ck_assert_str_eq(
	    client.sources[0].access.client_secret_file, "./secrets/s");
	ck_assert_str_eq(client.sources[0].access.api_token_file, "");
}
END_TEST

START_TEST(groups_are_asked_for_where_some_are_wanted)
{
	static const struct {
		const char *text;
		bool has_groups;
	} cases[] = {
	    {SCIM, false},
	    {SCIM "group_prefix = x-\n", true},
	    {SCIM "[group devs]\nremote = D\n", true},
	    {SCIM "[group devs]\nremote = D\nsource = corp\n", true},
	    {SCIM "[source b]\ntype = scim\nurl = https://h/\n"
		  "[group devs]\nremote = D\nsource = b\n",
		false},
	};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(cases); index++) {
		cleanup_config struct config config =
		    config_case_taken(cases[index].text);

		ck_assert_msg(config_source_has_groups(&config,
				  config_find_source(&config, "corp")) ==
			cases[index].has_groups,
		    "%s", cases[index].text);
	}
}
END_TEST

static const char *const taken[] = {
    SCIM "token_file = t\n",
    SCIM "username = u\npassword_file = p\n",
    SCIM "client_id = c\nclient_secret_file = s\ntoken_url = https://i/t\n",
    SCIM "header = Authorization: Bearer {{SECRET:x}}\n",
    SCIM "header = X-Key: {{SECRET:x}}\ntoken_file = t\n",
    MAIN "type = scim\nurl = https://h/{{ORGID}}/{{HOSTNAME}}\n"
	 "[provider corp]\ntype = basic\nurl = https://h/\n",
    SCIM "page_size = 10000\n",
    SCIM "user_email =\n",
    SCIM "user_name =\n",
    SCIM "posix_schema = urn:a\n",
    SCIM "group_prefix = abcdefghijklmno-\n",
    SCIM "max_removal_percent = 0\n",
    SCIM "uid_base = 2147352574\n",
    OKTA "page_size = 200\n",
    ENTRA "page_size = 999\n",
    PINGONE "page_size = 1000\n",
    REST "page_size = 10000\n",
    REST "next = link\n",
    REST "next = page\nnext_parameter = p\n",
    REST "next = /n\nnext_parameter = p\n",
    MAIN "type = csv\nurl = https://h/p.csv?x={{SECRET:x}}\n"
	 "token_file = t\n",
    CSV "url =\ntoken_file =\nproxy =\n",
    SCIM "[group a]\nremote = 0\ngid = 2000300000\n"
	 "[group b]\nremote = 1\ngid = 2000300001\n",
    SCIM "[source b]\ntype = csv\nfile = /b\n"
	 "[group a]\nremote = D\nsource = corp\n"
	 "[group c]\nremote = D\nsource = b\n",
    SCIM "only_groups = a\n[group a]\nremote = D\n",
    SCIM "only_groups = a\n[group a]\nremote = D\nsource = corp\n",
    SCIM "only_groups = p-a\ngroup_prefix = p-\n",
};

START_TEST(what_fits_together_is_taken)
{
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(taken); index++) {
		cleanup_config struct config config =
		    config_case_taken(taken[index]);

		ck_assert_ptr_nonnull(config_find_source(&config, "corp"));
		ck_assert_uint_eq(config.warnings.count, 0);
	}
}
END_TEST

START_TEST(an_empty_remote_empties_the_list)
{
	cleanup_config struct config config = config_case_taken(
	    SCIM "[group a]\nremote = D\nremote =\nremote = E\n");

	ck_assert_uint_eq(config.groups[0].remote.count, 1);
	ck_assert_str_eq(config.groups[0].remote.items[0], "E");
}
END_TEST

/* Keys of a source are those of its type, whatever bits a provider's keys have.
 */
START_TEST(a_key_is_of_use_to_its_types)
{
	static const struct {
		const char *text;
		const char *key;
		bool is_of_use;
	} cases[] = {
	    {SCIM, "paging", true},
	    {SCIM, "timeout", true},
	    {SCIM, "tenant", false},
	    {SCIM, "file", false},
	    {OKTA, "paging", false},
	    {OKTA, "client_id", false},
	    {OKTA, "filter", true},
	    {ENTRA, "tenant", true},
	    {ENTRA, "environment", false},
	    {PINGONE, "environment", true},
	    {REST, "next", true},
	    {REST, "filter", false},
	    {CSV, "file", true},
	    {CSV, "disabled_if", false},
	};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(cases); index++) {
		cleanup_config struct config config =
		    config_case_taken(cases[index].text);
		const struct config_source *source = &config.sources[0];

		ck_assert_msg(config_source_key_is_of_use(
				  config_find_key("source", cases[index].key),
				  source) == cases[index].is_of_use,
		    "%s%s", cases[index].text, cases[index].key);
		ck_assert(config_source_key_is_of_use(
		    config_find_key("provider", "body"), source));
		ck_assert_str_eq(
		    config_source_key_implied(
			config_find_key("extauth", "shell"), source),
		    "/bin/bash");
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_key_that_is_not_written_follows_from_type_and_others,
	    how_a_source_is_asked_is_read,
	    what_is_taken_of_a_source_is_read,
	    a_source_has_the_defaults_of_the_table,
	    paths_of_secrets_are_absolute,
	    groups_are_asked_for_where_some_are_wanted,
	    what_fits_together_is_taken,
	    an_empty_remote_empties_the_list,
	    a_key_is_of_use_to_its_types,
	    NULL,
	};

	return unit_run("config_source", tests);
}
