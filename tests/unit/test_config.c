/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "config_case.h"

#define PIN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

START_TEST(an_empty_text_gives_the_defaults)
{
	cleanup_config struct config config = config_case_taken("");
	const struct config_general *general = &config.general;

	ck_assert_str_eq(config.path, "x.conf");
	ck_assert_str_eq(config.directory, ".");
	ck_assert_str_eq(general->default_provider, "");
	ck_assert_uint_eq(general->services.count, 0);
	ck_assert_uint_eq(general->uid_range_first, 2000200001);
	ck_assert_uint_eq(general->uid_range_last, 2147352575);
	ck_assert(template_uses(&general->home, PLACEHOLDER_USERNAME));
	ck_assert_str_eq(general->shell, "/bin/bash");
	ck_assert(!general->email_login_names && !general->enumerate);
	ck_assert_str_eq(general->local_device_ip, "127.0.0.1");
	ck_assert_uint_eq(general->login_deadline_ms, 15000);
	ck_assert_uint_eq(general->person_deadline_ms, 100000);
	ck_assert_uint_eq(general->failure_delay_ms, 2000);
	ck_assert_uint_eq(general->max_failures, 5);
	ck_assert_uint_eq(general->failure_window_ms, 600000);
	ck_assert_uint_eq(general->failure_pause_ms, 300000);
	ck_assert_uint_eq(config.provider_count, 0);
	ck_assert_uint_eq(config.service_count, 0);
	ck_assert_ptr_null(config_find_provider(&config, "main"));
	ck_assert_ptr_null(config_find_service(&config, "sudo"));
}
END_TEST

START_TEST(a_rest_provider_has_a_default_body)
{
	static const struct {
		const char *text;
		enum config_data_as data_as;
		const char *begin;
	} rows[] = {
	    {"", CONFIG_JSON, "{\"email\": \""},
	    {"data_as = json\n", CONFIG_JSON, "{\"email\": \""},
	    {"data_as = urlencoded\n", CONFIG_URLENCODED, "email="},
	    {"data_as = xml\n", CONFIG_XML, "<login><email>"},
	    {"method = PUT\n", CONFIG_JSON, "{\"email\": \""},
	};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(rows); index++) {
		cleanup_buffer struct buffer text = buffer_make(1000);
		cleanup_config struct config config = {0};
		const struct config_provider *provider;

		ck_assert_ok(buffer_append_format(&text,
		    "[provider main]\ntype = rest\nurl = https://h/\n%s",
		    rows[index].text));
		config = config_case_taken(buffer_text(&text));
		provider = config_find_provider(&config, "main");
		ck_assert_ptr_nonnull(provider);
		ck_assert_uint_eq(provider->data_as, rows[index].data_as);
		ck_assert(
		    template_uses(&provider->body, PLACEHOLDER_USERPASSWORD));
		ck_assert_str_eq(
		    provider->body.parts[0].text, rows[index].begin);
	}
}
END_TEST

START_TEST(a_provider_has_the_defaults_of_the_table)
{
	cleanup_config struct config config =
	    config_case_taken("[extauth]\norganization_id = 4711\n"
			      "[provider main]\ntype = rest\n"
			      "url = https://h/\n");
	const struct config_provider *provider =
	    config_find_provider(&config, "main");

	ck_assert_uint_eq(provider->method, CONFIG_POST);
	ck_assert_uint_eq(provider->http_auth, CONFIG_AUTH_NONE);
	ck_assert_uint_eq(provider->minimum_tls, CONFIG_TLS_1_2);
	ck_assert_uint_eq(provider->accept_status.count, 1);
	ck_assert_uint_eq(provider->accept_status.items[0], 200);
	ck_assert_uint_eq(provider->connect_timeout_ms, 5000);
	ck_assert_uint_eq(provider->timeout_ms, 10000);
	ck_assert_str_eq(provider->organization_id, "4711");
	ck_assert_str_eq(provider->ca_file, "");
	ck_assert_uint_eq(provider->forgot_password_url.part_count, 0);
	ck_assert_uint_eq(config.warnings.count, 0);
}
END_TEST

START_TEST(http_basic_sends_no_body_unless_it_is_written)
{
	cleanup_config struct config config = config_case_taken(
	    "[provider a]\ntype = basic\nurl = https://h/\n"
	    "header = X-A: b\n"
	    "[provider b]\ntype = rest\nurl = https://h/\n"
	    "http_auth = basic\n"
	    "[provider c]\ntype = rest\nurl = https://h/\n"
	    "http_auth = basic\nbody = {\"app\": \"{{SERVICE}}\"}\n"
	    "[provider d]\ntype = basic\nurl = https://h/\nmethod = GET\n"
	    "http_auth = basic\nbody =\n");

	ck_assert_uint_eq(config.provider_count, 4);
	ck_assert_uint_eq(config.providers[0].method, CONFIG_GET);
	ck_assert_uint_eq(config.providers[0].http_auth, CONFIG_AUTH_BASIC);
	ck_assert_uint_eq(config.providers[0].body.part_count, 0);
	ck_assert_uint_eq(config.providers[1].method, CONFIG_POST);
	ck_assert_uint_eq(config.providers[1].body.part_count, 0);
	ck_assert(
	    template_uses(&config.providers[2].body, PLACEHOLDER_SERVICE));
	ck_assert_uint_eq(config.providers[3].method, CONFIG_GET);
}
END_TEST

START_TEST(every_key_of_a_provider_is_read)
{
	cleanup_config struct config config = config_case_taken(
	    "[provider main]\ntype = rest\nurl = https://h:8443/a?b\n"
	    "domains = Example.com,\n  example.ORG\nany_domain = yes\n"
	    "organization_id = 7\nmethod = PUT\ndata_as = urlencoded\n"
	    "header = X-Device: {{DEVICENAME}}\nheader = Accept:  a/b\n"
	    "body = u={{USERNAME}}&p={{USERPASSWORD}}\n"
	    "accept_status = 200, 204\naccept_if = /a == 1\naccept_if = /b\n"
	    "expired_if = /c != null\nlocked_if = /d\n"
	    "second_factor_if = /e\nunavailable_if = /f\n"
	    "reject_message = /error/message\n"
	    "forgot_password_url = https://h/f?e={{USEREMAIL}}\n"
	    "ca_file = /etc/ca.pem\nclient_certificate_file = /etc/c.pem\n"
	    "client_key_file = /etc/k.pem\npin_sha256 = sha256//" PIN "\n"
	    "pin_sha256 = " PIN "\nminimum_tls = 1.3\n"
	    "proxy = http://[::1]:3128\nconnect_timeout = 250ms\n"
	    "timeout = 1m\n");
	const struct config_provider *provider =
	    config_find_provider(&config, "main");

	ck_assert_uint_eq(provider->domains.count, 2);
	ck_assert_str_eq(provider->domains.items[0], "example.com");
	ck_assert_str_eq(provider->domains.items[1], "example.org");
	ck_assert_uint_eq(provider->method, CONFIG_PUT);
	ck_assert_str_eq(provider->organization_id, "7");
	ck_assert_uint_eq(provider->headers.count, 2);
	ck_assert_str_eq(provider->headers.items[0].name, "X-Device");
	ck_assert_str_eq(provider->headers.items[1].value.parts[0].text, "a/b");
	ck_assert_uint_eq(provider->accept_status.items[1], 204);
	ck_assert_uint_eq(provider->accept_if.count, 2);
	ck_assert_str_eq(provider->accept_if.items[1].pointer, "/b");
	ck_assert_uint_eq(provider->expired_if.count, 1);
	ck_assert_uint_eq(provider->unavailable_if.count, 1);
	ck_assert_str_eq(provider->reject_message, "/error/message");
	ck_assert_uint_eq(provider->pin_sha256.count, 2);
	ck_assert_str_eq(provider->pin_sha256.items[0], PIN);
	ck_assert_uint_eq(provider->minimum_tls, CONFIG_TLS_1_3);
	ck_assert_uint_eq(provider->connect_timeout_ms, 250);
	ck_assert_uint_eq(provider->timeout_ms, 60000);
}
END_TEST

START_TEST(a_password_in_the_url_is_warned_about)
{
	cleanup_config struct config config = config_case_taken(
	    "[provider main]\ntype = rest\nmethod = GET\n"
	    "url = https://h/?e={{USEREMAIL}}&p={{USERPASSWORD}}\n"
	    "allow_password_in_url = yes\n");

	ck_assert_uint_eq(config.warnings.count, 1);
	ck_assert_str_eq(config.warnings.items[0],
	    "x.conf:4: [provider main] url: the password is part of the URL, "
	    "which servers and proxies write to their logs");
}
END_TEST

START_TEST(http_is_taken_for_this_machine_alone)
{
	static const char *const hosts[] = {
	    "localhost", "127.0.0.1:8080", "127.255.0.1", "[::1]:80"};
	size_t index;

	for (index = 0; index < CONFIG_CASE_LENGTH(hosts); index++) {
		cleanup_buffer struct buffer text = buffer_make(1000);
		cleanup_config struct config config = {0};

		ck_assert_ok(buffer_append_format(&text,
		    "[provider main]\ntype = basic\nurl = http://%s/\n"
		    "insecure_http = yes\n",
		    hosts[index]));
		config = config_case_taken(buffer_text(&text));
		ck_assert(config.providers[0].insecure_http);
	}
}
END_TEST

START_TEST(services_are_found_and_sudo_i_is_sudo)
{
	cleanup_config struct config config = config_case_taken(
	    "[service sudo]\nallow_groups = admins, wheel-users\n"
	    "allow_users = alice, bob@example.com\n"
	    "[service su-l]\nsecond_factor = append\n"
	    "[service cron]\nsecond_factor = deny\n");
	const struct config_service *sudo =
	    config_find_service(&config, "sudo-i");

	ck_assert_uint_eq(config.service_count, 3);
	ck_assert_ptr_nonnull(sudo);
	ck_assert_ptr_eq(sudo, config_find_service(&config, "sudo"));
	ck_assert_uint_eq(sudo->allow_groups.count, 2);
	ck_assert_str_eq(sudo->allow_users.items[1], "bob@example.com");
	ck_assert_uint_eq(sudo->second_factor, CONFIG_SECOND_FACTOR_ASK);
	ck_assert_str_eq(sudo->provider, "");
	ck_assert_uint_eq(config_find_service(&config, "su-l")->second_factor,
	    CONFIG_SECOND_FACTOR_APPEND);
	ck_assert_uint_eq(config_find_service(&config, "cron")->second_factor,
	    CONFIG_SECOND_FACTOR_DENY);
	ck_assert_ptr_null(config_find_service(&config, "sshd"));
}
END_TEST

START_TEST(rules_for_su_hold_for_su_with_a_dash)
{
	cleanup_config struct config config =
	    config_case_taken("[service su]\nallow_groups = admins\n");

	ck_assert_ptr_nonnull(config_find_service(&config, "su-l"));
	ck_assert_ptr_eq(config_find_service(&config, "su-l"),
	    config_find_service(&config, "su"));
}
END_TEST

START_TEST(an_empty_value_empties_a_list)
{
	cleanup_config struct config config = config_case_taken(
	    "[provider main]\ntype = basic\nurl = https://h/\n"
	    "header = X-A: 1\nheader = X-B: 2\nheader =\nheader = X-C: 3\n"
	    "domains =\n");
	const struct config_provider *provider = &config.providers[0];
	const struct ini_entry *entry;

	ck_assert_uint_eq(provider->headers.count, 1);
	ck_assert_str_eq(provider->headers.items[0].name, "X-C");
	ck_assert_uint_eq(provider->domains.count, 0);
	entry = config_origin(&config, "provider main", "header", 0);
	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(entry->line, 7);
	ck_assert_ptr_null(
	    config_origin(&config, "provider main", "header", 1));
	ck_assert_ptr_null(
	    config_origin(&config, "provider main", "timeout", 0));
	ck_assert_ptr_null(config_origin(&config, "provider main", "url", 1));
	ck_assert_ptr_null(config_origin(&config, "nothing", "url", 0));
}
END_TEST

START_TEST(equal_sections_of_one_file_merge)
{
	cleanup_config struct config config = config_case_taken(
	    "[provider main]\ntype = basic\n[extauth]\nshell = /bin/sh\n"
	    "[provider main]\nurl = https://h/\n[extauth]\nenumerate = yes\n");

	ck_assert_uint_eq(config.provider_count, 1);
	ck_assert_str_eq(config.general.shell, "/bin/sh");
	ck_assert(config.general.enumerate);
}
END_TEST

START_TEST(a_secret_has_a_path_below_the_configuration)
{
	static const char *const refused[] = {
	    "", ".", "..", ".hidden", "a/b", "../x", "a b"};
	cleanup_config struct config config = {0};
	cleanup_buffer struct buffer path = buffer_make(4096);
	struct extauth_error error;
	size_t index;

	ck_assert_ok(
	    config_parse("/etc/extauth/extauth.conf", "", 0, &config, &error));
	ck_assert_ok(config_secret_path(&config, "api-key.1", &path, &error));
	ck_assert_str_eq(buffer_text(&path), "/etc/extauth/secrets/api-key.1");
	for (index = 0; index < CONFIG_CASE_LENGTH(refused); index++)
		ck_assert_int_eq(
		    config_secret_path(&config, refused[index], &path, &error),
		    EXTAUTH_CONFIG);
}
END_TEST

START_TEST(clearing_nothing_is_allowed)
{
	struct config none = {0};

	config_clear(&none);
	config_clear(NULL);
	ck_assert_ptr_null(none.path);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    an_empty_text_gives_the_defaults,
	    a_rest_provider_has_a_default_body,
	    a_provider_has_the_defaults_of_the_table,
	    http_basic_sends_no_body_unless_it_is_written,
	    every_key_of_a_provider_is_read,
	    a_password_in_the_url_is_warned_about,
	    http_is_taken_for_this_machine_alone,
	    services_are_found_and_sudo_i_is_sudo,
	    rules_for_su_hold_for_su_with_a_dash,
	    an_empty_value_empties_a_list,
	    equal_sections_of_one_file_merge,
	    a_secret_has_a_path_below_the_configuration,
	    clearing_nothing_is_allowed,
	    NULL,
	};

	return unit_run("config", tests);
}
