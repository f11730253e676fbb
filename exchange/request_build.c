/* SPDX-License-Identifier: MIT */
/* How the keys of a provider become a request.
 * Does not know: what a request is to be sent by. */
#include <string.h>

#include "json.h"
#include "request.h"

/* Which of the provider's keys make a request: those of the login, or those of
 * the connection before it. Borrowed. */
struct request_shape {
	enum config_method method;
	enum config_data_as data_as;
	const struct template *url;
	const struct config_headers *headers;
	const struct template *body;
	bool wants_json; /* whatever is sent */
};

static struct request_shape
request_login_shape(const struct config_provider *provider)
{
	return (struct request_shape){
	    .method = provider->method,
	    .data_as = provider->data_as,
	    .url = &provider->url,
	    .headers = &provider->headers,
	    .body = &provider->body,
	    .wants_json =
		provider->accept_if.count > 0 || *provider->identity != '\0',
	};
}

static struct request_shape
request_connection_shape(const struct config_provider *provider)
{
	return (struct request_shape){
	    .method = provider->connection_method,
	    .data_as = provider->connection_data_as,
	    .url = &provider->connection_url,
	    .headers = &provider->connection_headers,
	    .body = &provider->connection_body,
	    .wants_json = true,
	};
}

/* The colon ends the user id of HTTP Basic, and a control byte has no meaning
 * in it. RFC 7617 2. */
static enum extauth_err
request_check_basic(const struct request *request, struct extauth_error *error)
{
	const unsigned char *byte;

	if (strchr(request->username, ':') != NULL)
		return error_set(error, EXTAUTH_INVALID,
		    "a user id with a colon cannot be sent by HTTP Basic");
	byte = (const unsigned char *)request->username;
	for (; *byte != '\0'; byte++)
		if (*byte < 0x20 || *byte == 0x7f)
			return error_set(error, EXTAUTH_INVALID,
			    "a control byte in the user id");
	byte = (const unsigned char *)secret_reveal(request->password);
	for (; *byte != '\0'; byte++)
		if (*byte < 0x20 || *byte == 0x7f)
			return error_set(error, EXTAUTH_INVALID,
			    "a control byte in the password");
	return EXTAUTH_OK;
}

static enum extauth_err
request_add_configured_headers(const struct request_shape *shape,
    const struct template_values *values, struct request *request,
    struct extauth_error *error)
{
	size_t at;

	for (at = 0; at < shape->headers->count; at++) {
		const struct config_header *header = &shape->headers->items[at];
		cleanup_buffer struct buffer value =
		    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
		enum extauth_err err =
		    template_expand(&header->value, values, &value, error);

		if (err == EXTAUTH_OK)
			err = request_add_header(
			    request, header->name, buffer_text(&value));
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static const char *
request_content_type(enum config_data_as data_as)
{
	switch (data_as) {
	case CONFIG_JSON:
		return "application/json";
	case CONFIG_URLENCODED:
		return "application/x-www-form-urlencoded";
	case CONFIG_XML:
		return "application/xml; charset=utf-8";
	}
	return "application/octet-stream";
}

/* JSON is asked for where JSON is sent or a condition needs it; otherwise any
 * answer will do, and no Accept header says so. RFC 9110 12.5.1. */
static const char *
request_accept(const struct request_shape *shape, const struct request *request)
{
	if (request->has_body && shape->data_as == CONFIG_XML)
		return "application/xml";
	if ((request->has_body && shape->data_as == CONFIG_JSON) ||
	    shape->wants_json)
		return "application/json";
	return NULL;
}

static enum extauth_err
request_add_default_headers(
    const struct request_shape *shape, struct request *request)
{
	const char *accept = request_accept(shape, request);
	enum extauth_err err = EXTAUTH_OK;

	if (request->has_body && !request_has_header(request, "Content-Type"))
		err = request_add_header(request, "Content-Type",
		    request_content_type(shape->data_as));
	if (err == EXTAUTH_OK && accept != NULL &&
	    !request_has_header(request, "Accept"))
		err = request_add_header(request, "Accept", accept);
	return err;
}

static enum extauth_err
request_add_body(const struct request_shape *shape,
    const struct template_values *values, struct request *request,
    struct extauth_error *error)
{
	cleanup_json struct json json = {0};
	enum extauth_err err;

	request->has_body =
	    shape->method != CONFIG_GET && shape->body->part_count > 0;
	if (!request->has_body)
		return EXTAUTH_OK;
	err = template_expand(shape->body, values, &request->body, error);
	if (err != EXTAUTH_OK || shape->data_as != CONFIG_JSON)
		return err;
	err =
	    json_parse(request->body.bytes, request->body.length, &json, error);
	return err == EXTAUTH_INVALID
	    ? error_prefix(error, EXTAUTH_CONFIG, "body is not JSON")
	    : err;
}

static bool
request_bears_password(const struct config_provider *provider)
{
	return provider->http_auth != CONFIG_AUTH_NONE ||
	    config_provider_uses(provider, PLACEHOLDER_USERPASSWORD);
}

static enum extauth_err
request_names_nobody(struct extauth_error *error)
{
	return error_set(error, EXTAUTH_CONFIG,
	    "the request would not say who it is about: the user has no value "
	    "for its placeholder");
}

/* A template that says who logs in says nobody for a user who has no such
 * value, and an endpoint may take that for no question at all. */
static enum extauth_err
request_check_person(const struct config_provider *provider,
    const struct template_values *values, struct extauth_error *error)
{
	bool is_named = provider->http_auth != CONFIG_AUTH_NONE
	    ? values->of[PLACEHOLDER_USEREMAIL].length > 0
	    : config_provider_names_person(provider, values);

	return is_named ? EXTAUTH_OK : request_names_nobody(error);
}

static struct request
request_make(enum config_method method)
{
	return (struct request){
	    .method = method,
	    .url = buffer_make(TEMPLATE_OUTPUT_MAX_BYTES),
	    .body = buffer_make(TEMPLATE_OUTPUT_MAX_BYTES),
	};
}

static enum extauth_err
request_add_parts(const struct request_shape *shape,
    const struct template_values *values, struct request *request,
    struct extauth_error *error)
{
	enum extauth_err err;

	err = template_expand(shape->url, values, &request->url, error);
	if (err == EXTAUTH_OK)
		err = request_add_body(shape, values, request, error);
	if (err == EXTAUTH_OK)
		err = request_add_configured_headers(
		    shape, values, request, error);
	if (err == EXTAUTH_OK)
		err = request_add_default_headers(shape, request);
	return err;
}

enum extauth_err
request_build(const struct config_provider *provider,
    const struct template_values *values, const struct secret *password,
    struct request *ret_request, struct extauth_error *error)
{
	const struct request_shape shape = request_login_shape(provider);
	cleanup_request struct request request = request_make(shape.method);
	const char *email = values->of[PLACEHOLDER_USEREMAIL].bytes;
	enum extauth_err err = request_check_person(provider, values, error);

	if (err == EXTAUTH_OK)
		err = request_add_parts(&shape, values, &request, error);
	if (err != EXTAUTH_OK)
		return err;
	if (provider->http_auth != CONFIG_AUTH_NONE) {
		request.username = email != NULL ? email : "";
		request.password = password;
		request.is_ntlm = provider->http_auth == CONFIG_AUTH_NTLM;
		err = request_check_basic(&request, error);
		if (err != EXTAUTH_OK)
			return err;
	}
	request.bears_password = request_bears_password(provider);
	*ret_request = request;
	request = (struct request){0};
	return EXTAUTH_OK;
}

enum extauth_err
request_build_connection(const struct config_provider *provider,
    const struct template_values *values, struct request *ret_request,
    struct extauth_error *error)
{
	const struct request_shape shape = request_connection_shape(provider);
	cleanup_request struct request request = request_make(shape.method);
	enum extauth_err err =
	    request_add_parts(&shape, values, &request, error);

	if (err != EXTAUTH_OK)
		return err;
	*ret_request = request;
	request = (struct request){0};
	return EXTAUTH_OK;
}

enum extauth_err
request_build_get(const struct template *url,
    const struct template_values *values, struct request *ret_request,
    struct extauth_error *error)
{
	cleanup_request struct request request = request_make(CONFIG_GET);
	enum extauth_err err;

	if (!template_names_person(url, values))
		return request_names_nobody(error);
	err = template_expand(url, values, &request.url, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_request = request;
	request = (struct request){0};
	return EXTAUTH_OK;
}
