/* SPDX-License-Identifier: MIT */
#include "config_case.h"

#include <stdio.h>
#include <string.h>

#define MAIN "[provider main]\n"
#define REST MAIN "type = rest\nurl = https://id.example.com/\n"
#define BASIC MAIN "type = basic\nurl = https://id.example.com/\n"
#define AT(line) "x.conf:" #line ": [provider main] "
#define PIN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define CLEAR "http sends passwords in the clear: write https://"
#define PROXY_FORM "must be http://HOST:PORT or https://HOST:PORT"
#define LOCAL_ONLY "http to this machine itself needs insecure_http = yes"

#define TYPES "rest, basic, oauth2, okta, entra, pingone, pingfederate, aptify"

#define ASSERT_REFUSED(rows)                                                   \
	config_case_refused((rows), CONFIG_CASE_LENGTH(rows))

START_TEST(type_and_url_are_needed)
{
	static const struct config_refused rows[] = {
	    {MAIN, AT(1) "type: is missing; known are " TYPES},
	    {MAIN "type = ldap\n",
		AT(2) "type: ldap: unknown type; known are " TYPES},
	    {MAIN "type = oatuh2\n",
		AT(2) "type: oatuh2: unknown type (did you mean \"oauth2\"?); "
		      "known are " TYPES},
	    {MAIN "type =\n", AT(2) "type: is missing; known are " TYPES},
	    {MAIN "type = rest\n", AT(2) "url: is missing"},
	    {MAIN "type = rest\nurl =\n", AT(3) "url: is missing"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(basic_is_a_get_without_a_body)
{
	static const struct config_refused rows[] = {
	    {BASIC "method = POST\n",
		AT(4) "method: POST: type basic sends GET; type rest with "
		      "http_auth = basic sends others"},
	    {BASIC "data_as = json\n",
		AT(4) "data_as: json: type basic sends no body"},
	    {BASIC "body = {}\n", AT(4) "body: type basic sends no body"},
	    {BASIC "http_auth = none\n",
		AT(4) "http_auth: none: type basic is http_auth = basic: "
		      "remove this line"},
	    {BASIC "header = AUTHORIZATION: Bearer x\n",
		AT(4) "header: http_auth = basic makes the Authorization "
		      "header itself"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(get_sends_no_body)
{
	static const struct config_refused rows[] = {
	    {REST "method = GET\ndata_as = xml\n",
		AT(5) "data_as: xml: method GET sends no body"},
	    {REST "method = GET\nbody = {}\n",
		AT(5) "body: method GET sends no body"},
	    {REST "method = post\n",
		AT(4) "method: post: must be one of POST, PUT, GET"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_request_must_ask_about_a_person_and_a_password)
{
	static const char no_password[] =
	    AT(3) "url: the password is never sent: put {{USERPASSWORD}} into "
		  "body or header, or set http_auth = basic";
	static const char nobody[] =
	    AT(3) "url: the request never says who logs in: put {{USEREMAIL}}, "
		  "{{USERNAME}}, {{USERID}} or {{USEREXTERNALID}} into body, "
		  "header or url";
	static const struct config_refused rows[] = {
	    {REST "body = {\"email\": \"{{USEREMAIL}}\"}\n", no_password},
	    {REST "body =\n", no_password},
	    {REST "method = GET\n", no_password},
	    {REST "body = {\"password\": \"{{USERPASSWORD}}\"}\n", nobody},
	    {REST "method = GET\nheader = X-Key: {{USERPASSWORD}}\n", nobody},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

#define URL(url) MAIN "type = basic\nurl = " url "\n"

START_TEST(only_https_is_taken)
{
	static const struct config_refused rows[] = {
	    {URL("file:///etc/shadow"), AT(3) "url: must begin with https://"},
	    {URL("ftp://h/"), AT(3) "url: must begin with https://"},
	    {URL("id.example.com"), AT(3) "url: must begin with https://"},
	    {URL("http://id.example.com/"), AT(3) "url: " CLEAR},
	    {URL("http://id.example.com/") "insecure_http = yes\n",
		AT(3) "url: " CLEAR},
	    {URL("http://127.1/") "insecure_http = yes\n", AT(3) "url: " CLEAR},
	    {URL("http://[::2]/") "insecure_http = yes\n", AT(3) "url: " CLEAR},
	    {URL("http://localhost.example.com/") "insecure_http = yes\n",
		AT(3) "url: " CLEAR},
	    {URL("http://localhost/"), AT(3) "url: " LOCAL_ONLY},
	    {URL("http://127.9.9.9:80/x"), AT(3) "url: " LOCAL_ONLY},
	    {URL("http://[::1]:80/x"), AT(3) "url: " LOCAL_ONLY},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_url_is_host_port_and_path)
{
	static const char no_host[] = AT(3) "url: there is no valid host in it";
	static const char bad_port[] =
	    AT(3) "url: the port must be a number from 1 to 65535";
	static const char user[] =
	    AT(3) "url: must not hold a user or password in front of @";
	static const char bytes[] =
	    AT(3) "url: blanks, backslashes and bytes beyond ASCII must be "
		  "percent-encoded";
	static const struct config_refused rows[] = {
	    {URL("https://alice:hunter2@id.example.com/"), user},
	    {URL("https://alice@id.example.com"), user},
	    {URL("https://"), no_host},
	    {URL("https:///x"), no_host},
	    {URL("https://a!b/"), no_host},
	    {URL("https://-a/"), no_host},
	    {URL("https://[::1/"), no_host},
	    {URL("https://[zz]/"), no_host},
	    {URL("https://{{USERNAME}}.h/"),
		AT(3) "url: no placeholder can be part of host and port"},
	    {URL("https://h:0/"), bad_port},
	    {URL("https://h:65536/"), bad_port},
	    {URL("https://h:/"), bad_port},
	    {URL("https://h:8o/"), bad_port},
	    {URL("https://[::1]x/"), bad_port},
	    {URL("https://h/a b"), bytes},
	    {URL("https://h/a\n  b"), bytes},
	    {URL("https://h\\x/"), bytes},
	    {URL("https://h/#top"),
		AT(3) "url: a part behind # is never sent: remove it"},
	    {"[provider main]\ntype = oauth2\nclient_id = c\n"
	     "issuer = https://h/.well-known/openid-configuration\n",
		AT(4) "issuer: is the part in front of "
		      "/.well-known/openid-configuration"},
	    {"[provider main]\ntype = entra\nclient_id = c\n"
	     "tenant = organizations\ngrant = device\nidentity = /email\n",
		AT(6) "identity: /email: is an address that people write "
		      "themselves, and whoever approves would be in: leave it "
		      "at /preferred_username"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(a_password_in_the_url_needs_a_yes)
{
	static const struct config_refused rows[] = {
	    {MAIN "type = rest\nmethod = GET\n"
		  "url = https://h/?e={{USEREMAIL}}&p={{USERPASSWORD}}\n",
		AT(4) "url: {{USERPASSWORD}} in a URL ends up in the logs of "
		      "servers; it needs allow_password_in_url = yes"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

#define FORGOT(url) BASIC "forgot_password_url = " url "\n"

START_TEST(a_reset_url_has_no_password)
{
	static const struct config_refused rows[] = {
	    {FORGOT("https://h/?e={{USEREMAIL}}&p={{USERPASSWORD}}"),
		AT(4) "forgot_password_url: {{USERPASSWORD}} cannot be part "
		      "of this URL"},
	    {FORGOT("https://h/?e={{USEREMAIL}}&k={{SECRET:key}}"),
		AT(4) "forgot_password_url: {{SECRET}} cannot be part of this "
		      "URL"},
	    {FORGOT("https://h/?e={{USEREMAIL}}&k={{RHOST}}"),
		AT(4) "forgot_password_url: {{RHOST}} cannot be part of this "
		      "URL"},
	    {FORGOT("https://h/"),
		AT(4) "forgot_password_url: never says who asks: put "
		      "{{USEREMAIL}}, {{USERID}} or {{USEREXTERNALID}} into "
		      "it"},
	    {FORGOT("http://h/?e={{USEREMAIL}}"),
		AT(4) "forgot_password_url: " CLEAR},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(headers_that_frame_the_request_are_refused)
{
	static const struct config_refused rows[] = {
	    {REST "header = hunter2\n",
		AT(4) "header: must be \"Name: value\""},
	    {REST "header = : hunter2\n",
		AT(4) "header: the name in front of the colon is not one of "
		      "an HTTP header"},
	    {REST "header = My Key: hunter2\n",
		AT(4) "header: the name in front of the colon is not one of "
		      "an HTTP header"},
	    {REST "header = X-Empty:\n", AT(4) "header: X-Empty has no value"},
	    {REST "header = Host: h\n",
		AT(4) "header: host cannot be set: it "
		      "is made for each request"},
	    {REST "header = content-length: 1\n",
		AT(4) "header: content-length cannot be set: it is made for "
		      "each request"},
	    {REST "header = Transfer-Encoding: x\n",
		AT(4) "header: transfer-encoding cannot be set: it is made "
		      "for each request"},
	    {REST "header = Connection: x\n",
		AT(4) "header: connection cannot be set: it is made for each "
		      "request"},
	    {REST "header = Expect: x\n",
		AT(4) "header: expect cannot be set: it is made for each "
		      "request"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

START_TEST(only_a_2xx_status_can_accept)
{
	static const char reason[] =
	    "only 200 to 299 can accept: a redirect or an error says nothing "
	    "about the password";
	static const char form[] = "must be HTTP statuses such as 200, 204";
	char line[256];
	struct config_refused row = {REST "accept_status = 200, 302\n", line};

	(void)snprintf(
	    line, sizeof(line), AT(4) "accept_status: 200, 302: %s", reason);
	config_case_refused(&row, 1);
	row.text = REST "accept_status = 20x\n";
	(void)snprintf(
	    line, sizeof(line), AT(4) "accept_status: 20x: %s", form);
	config_case_refused(&row, 1);
	row.text = REST "accept_status = 2000\n";
	(void)snprintf(
	    line, sizeof(line), AT(4) "accept_status: 2000: %s", form);
	config_case_refused(&row, 1);
}
END_TEST

START_TEST(tls_and_proxy_values_are_checked)
{
	static const char pin[] = "must be the base64 of 32 bytes, the SHA-256 "
				  "of the server's public key";
	char line[256];
	struct config_refused bad_pin = {
	    REST "pin_sha256 = sha256//AAAA=\n", line};
	static const struct config_refused rows[] = {
	    {REST "minimum_tls = 1.1\n",
		AT(4) "minimum_tls: 1.1: must be one of 1.2, 1.3"},
	    {REST "client_key_file = /k\n",
		AT(4) "client_key_file: /k: needs client_certificate_file as "
		      "well"},
	    {REST "client_certificate_file = /c\n",
		AT(4) "client_certificate_file: /c: needs client_key_file as "
		      "well"},
	    {REST "proxy = socks5://h:1\n", AT(4) "proxy: " PROXY_FORM},
	    {REST "proxy = http://h\n", AT(4) "proxy: " PROXY_FORM},
	    {REST "proxy = http://h:1/\n", AT(4) "proxy: " PROXY_FORM},
	    {REST "proxy = http://u:hunter2@h:1\n",
		AT(4) "proxy: must not hold a user or password in front of @"},
	    {REST "insecure_http = yes\nproxy = http://h:1\n",
		AT(5) "proxy: would see the password in the clear: take it "
		      "out, or insecure_http"},
	};

	ASSERT_REFUSED(rows);
	(void)snprintf(
	    line, sizeof(line), AT(4) "pin_sha256: sha256//AAAA=: %s", pin);
	config_case_refused(&bad_pin, 1);
}
END_TEST

START_TEST(a_domain_has_one_provider)
{
	static const struct config_refused rows[] = {
	    {REST "domains = exa mple.com\n",
		AT(4) "domains: exa mple.com: \"exa mple.com\" is not a "
		      "domain such as example.com"},
	    {REST "domains = a@example.com\n",
		AT(4) "domains: a@example.com: \"a@example.com\" is not a "
		      "domain such as example.com"},
	    {REST "domains = example.com,\n",
		AT(4) "domains: example.com,: there is nothing between two "
		      "commas"},
	    {"[provider first]\ntype = basic\nurl = https://h/\n"
	     "domains = a.org, Example.com\n" REST "domains = example.COM\n",
		AT(8) "domains: example.COM: [provider first] claims "
		      "example.com as well (x.conf:4)"},
	};

	ASSERT_REFUSED(rows);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    type_and_url_are_needed,
	    basic_is_a_get_without_a_body,
	    get_sends_no_body,
	    a_request_must_ask_about_a_person_and_a_password,
	    only_https_is_taken,
	    a_url_is_host_port_and_path,
	    a_password_in_the_url_needs_a_yes,
	    a_reset_url_has_no_password,
	    headers_that_frame_the_request_are_refused,
	    only_a_2xx_status_can_accept,
	    tls_and_proxy_values_are_checked,
	    a_domain_has_one_provider,
	    NULL,
	};

	return unit_run("config_provider", tests);
}
