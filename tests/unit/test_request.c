/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <string.h>

#include "exchange_case.h"
#include "unit.h"

#define URL "url = https://id.example.com/login\n"

static enum extauth_err
build(const struct exchange_case *one, struct request *ret_request,
    struct extauth_error *error)
{
	return request_build(one->provider, &one->values.real, &one->password,
	    ret_request, error);
}

static void
assert_header(const struct request *request, const char *line)
{
	size_t at;

	for (at = 0; at < request->header_count; at++)
		if (strcmp(buffer_text(&request->headers[at]), line) == 0)
			return;
	ck_abort_msg("no header %s", line);
}

START_TEST(default_rest_request_is_json_by_post)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make("type = rest\n" URL, "a\"b{{USEREMAIL}}");
	ck_assert_ok(build(one, &request, NULL));
	ck_assert_str_eq(request_method_name(&request), "POST");
	ck_assert_str_eq(
	    buffer_text(&request.url), "https://id.example.com/login");
	ck_assert_str_eq(buffer_text(&request.body),
	    "{\"email\": \"alice@example.com\", "
	    "\"password\": \"a\\\"b{{USEREMAIL}}\"}");
	ck_assert_uint_eq(request.header_count, 2);
	assert_header(&request, "Content-Type: application/json");
	assert_header(&request, "Accept: application/json");
	ck_assert(request.bears_password);
	ck_assert_ptr_null(request.username);
	exchange_case_free(one);
}
END_TEST

START_TEST(configured_headers_win_over_ours)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make(
	    "type = rest\n" URL "header = content-type: application/x-own\n"
	    "header = ACCEPT: */*\nheader = X-Device: {{DEVICENAME}}\n",
	    "pw");
	ck_assert_ok(build(one, &request, NULL));
	ck_assert_uint_eq(request.header_count, 3);
	assert_header(&request, "content-type: application/x-own");
	assert_header(&request, "ACCEPT: */*");
	assert_header(&request, "X-Device: tty1");
	ck_assert(request_has_header(&request, "x-device"));
	ck_assert(!request_has_header(&request, "x-devic"));
	exchange_case_free(one);
}
END_TEST

START_TEST(form_and_xml_name_their_type)
{
	cleanup_request struct request form = {0};
	cleanup_request struct request xml = {0};
	struct exchange_case *one;

	one = exchange_case_make(
	    "type = rest\n" URL "method = PUT\ndata_as = urlencoded\n", "p&w");
	ck_assert_ok(build(one, &form, NULL));
	ck_assert_str_eq(request_method_name(&form), "PUT");
	ck_assert_str_eq(buffer_text(&form.body),
	    "email=alice%40example.com&password=p%26w");
	assert_header(&form, "Content-Type: application/x-www-form-urlencoded");
	ck_assert(!request_has_header(&form, "Accept"));
	exchange_case_free(one);
	one = exchange_case_make("type = rest\n" URL "data_as = xml\n", "p<w");
	ck_assert_ok(build(one, &xml, NULL));
	assert_header(&xml, "Content-Type: application/xml; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(buffer_text(&xml.body), "p&lt;w"));
	exchange_case_free(one);
}
END_TEST

START_TEST(basic_is_a_get_without_body)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make("type = basic\n" URL, "pw");
	ck_assert_ok(build(one, &request, NULL));
	ck_assert_str_eq(request_method_name(&request), "GET");
	ck_assert(!request.has_body);
	ck_assert_uint_eq(request.header_count, 0);
	ck_assert_str_eq(request.username, "alice@example.com");
	ck_assert_ptr_eq(request.password, &one->password);
	ck_assert(request.bears_password);
	exchange_case_free(one);
}
END_TEST

START_TEST(basic_user_with_a_colon_is_refused)
{
	cleanup_request struct request request = {0};
	struct extauth_error error = {0};
	struct exchange_case *one;

	one = exchange_case_make("type = basic\n" URL, "pw");
	one->facts.email[1] = ':';
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_INVALID);
	one->facts.email[1] = '\t';
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_INVALID);
	one->facts.email[1] = 'l';
	ck_assert_ok(secret_set(&one->password, "p\nw", 3));
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_INVALID);
	ck_assert_ptr_null(strstr(error.text, "p?w"));
	exchange_case_free(one);
}
END_TEST

static void
refill(struct exchange_case *one)
{
	values_fill(&one->values, &one->facts, one->provider, &one->password);
}

START_TEST(request_that_would_name_nobody_is_not_made)
{
	cleanup_request struct request request = {0};
	struct extauth_error error = {0};
	struct exchange_case *one;

	one = exchange_case_make("type = rest\n" URL
				 "body = {\"id\": \"{{USEREXTERNALID}}\", "
				 "\"p\": \"{{USERPASSWORD}}\"}\n",
	    "pw");
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_CONFIG);
	ck_assert_ptr_nonnull(strstr(error.text, "who it is about"));
	memcpy(one->facts.external_id, "x", 2);
	refill(one);
	ck_assert_ok(build(one, &request, NULL));
	exchange_case_free(one);
	one = exchange_case_make("type = basic\n" URL, "pw");
	one->facts.email[0] = '\0';
	refill(one);
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_CONFIG);
	exchange_case_free(one);
}
END_TEST

START_TEST(body_that_is_not_json_is_never_sent)
{
	cleanup_request struct request request = {0};
	struct extauth_error error = {0};
	struct exchange_case *one;
	enum extauth_err err;

	one = exchange_case_make(
	    "type = rest\n" URL
	    "body = {\"e\": \"{{USEREMAIL}}\" \"p\": \"{{USERPASSWORD}}\"}\n",
	    "hunter2");
	err = build(one, &request, &error);
	ck_assert_int_eq(err, EXTAUTH_CONFIG);
	ck_assert_int_eq(strncmp(error.text, "body is not JSON", 16), 0);
	ck_assert_ptr_null(strstr(error.text, "hunter2"));
	ck_assert_ptr_null(request.url.bytes);
	exchange_case_free(one);
}
END_TEST

START_TEST(password_that_xml_cannot_express_is_refused)
{
	cleanup_request struct request request = {0};
	struct extauth_error error = {0};
	struct exchange_case *one;

	one =
	    exchange_case_make("type = rest\n" URL "data_as = xml\n", "a\001b");
	ck_assert_int_eq(build(one, &request, &error), EXTAUTH_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "USERPASSWORD"));
	exchange_case_free(one);
}
END_TEST

START_TEST(missing_secret_is_an_error)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make(
	    "type = rest\n" URL "header = X-Key: {{SECRET:key}}\n", "pw");
	ck_assert_int_eq(build(one, &request, NULL), EXTAUTH_NOTFOUND);
	exchange_case_free(one);
}
END_TEST

START_TEST(masked_request_shows_no_secret)
{
	cleanup_request struct request request = {0};
	cleanup_buffer struct buffer lines = buffer_make(65536);
	struct named_secret secret = {.name = "key"};
	struct exchange_case *one;

	one =
	    exchange_case_make("type = rest\n" URL "http_auth = basic\n"
			       "header = X-Key: {{SECRET:key}}\n"
			       "body = {\"password\": \"{{USERPASSWORD}}\"}\n",
		"hunter2");
	ck_assert_ok(secret_set(&secret.secret, "tok-123", 7));
	ck_assert_ok(values_add_secrets(&one->values, &secret, 1));
	ck_assert_ok(request_build(one->provider, &one->values.masked,
	    &one->password, &request, NULL));
	ck_assert_ok(request_render(&request, &lines));
	ck_assert_ptr_null(strstr(buffer_text(&lines), "hunter2"));
	ck_assert_ptr_null(strstr(buffer_text(&lines), "tok-123"));
	ck_assert_str_eq(buffer_text(&lines),
	    "POST https://id.example.com/login\nX-Key: MASKED\n"
	    "Content-Type: application/json\nAccept: application/json\n"
	    "Authorization: Basic MASKED\n\n"
	    "{\"password\": \"MASKED\"}\n");
	request_clear(&request);
	ck_assert_ok(request_build(
	    one->provider, &one->values.real, &one->password, &request, NULL));
	assert_header(&request, "X-Key: tok-123");
	secret_clear(&secret.secret);
	exchange_case_free(one);
}
END_TEST

START_TEST(plain_get_carries_nothing)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make(
	    "type = rest\n" URL "header = X-A: b\n"
	    "forgot_password_url = https://id.example.com/f?e={{USEREMAIL}}\n",
	    "pw");
	ck_assert_ok(request_build_get(&one->provider->forgot_password_url,
	    &one->values.real, &request, NULL));
	ck_assert_str_eq(buffer_text(&request.url),
	    "https://id.example.com/f?e=alice%40example.com");
	ck_assert_uint_eq(request.header_count, 0);
	ck_assert(!request.bears_password && !request.has_body);
	request_clear(NULL);
	exchange_case_free(one);
}
END_TEST

START_TEST(plain_get_that_would_name_nobody_is_not_made)
{
	cleanup_request struct request request = {0};
	struct exchange_case *one;

	one = exchange_case_make("type = rest\n" URL "forgot_password_url = "
				 "https://id.example.com/f?i="
				 "{{USEREXTERNALID}}\n",
	    "pw");
	one->values.real.of[PLACEHOLDER_USEREXTERNALID].length = 0;
	ck_assert_int_eq(request_build_get(&one->provider->forgot_password_url,
			     &one->values.real, &request, NULL),
	    EXTAUTH_CONFIG);
	ck_assert_ptr_null(request.url.bytes);
	exchange_case_free(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    default_rest_request_is_json_by_post,
	    configured_headers_win_over_ours,
	    form_and_xml_name_their_type,
	    basic_is_a_get_without_body,
	    basic_user_with_a_colon_is_refused,
	    request_that_would_name_nobody_is_not_made,
	    body_that_is_not_json_is_never_sent,
	    password_that_xml_cannot_express_is_refused,
	    missing_secret_is_an_error,
	    masked_request_shows_no_secret,
	    plain_get_carries_nothing,
	    plain_get_that_would_name_nobody_is_not_made,
	    NULL,
	};

	return unit_run("request", tests);
}
