/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static char *
copy(const char *text)
{
	return text == NULL ? NULL : strdup(text);
}

static char *
from_json(const char *body, const char *name)
{
	struct json_object *whole = json_tokener_parse(body);
	struct json_object *member;
	char *text = NULL;

	if (json_object_object_get_ex(whole, name, &member) &&
	    json_object_is_type(member, json_type_string))
		text = copy(json_object_get_string(member));
	(void)json_object_put(whole);
	return text;
}

static int
hex_digit(char character)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *found =
	    character == '\0' ? NULL : strchr(digits, character);

	return found == NULL ? -1 : (int)((found - digits) % 16);
}

static char *
decode_form(const char *text, size_t length)
{
	char *out = calloc(1, length + 1);
	size_t used = 0;

	for (size_t i = 0; out != NULL && i < length; i++) {
		int high = text[i] == '%' ? hex_digit(text[i + 1]) : -1;
		int low = high < 0 ? -1 : hex_digit(text[i + 2]);

		out[used++] = text[i] == '+' ? ' ' : text[i];
		if (low >= 0) {
			out[used - 1] = (char)(high * 16 + low);
			i += 2;
		}
	}
	return out;
}

static char *
from_form(const char *form, const char *name)
{
	size_t name_length = strlen(name);

	while (form != NULL && *form != '\0') {
		size_t length = strcspn(form, "&");

		if (strncmp(form, name, name_length) == 0 &&
		    form[name_length] == '=')
			return decode_form(
			    form + name_length + 1, length - name_length - 1);
		form += length + (form[length] == '&' ? 1 : 0);
	}
	return NULL;
}

static size_t
decode_entity(const char *text, char *ret_character)
{
	static const struct {
		const char *entity;
		char character;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}, {"&#34;", '"'}};

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		size_t length = strlen(entities[i].entity);

		if (strncmp(text, entities[i].entity, length) == 0) {
			*ret_character = entities[i].character;
			return length;
		}
	}
	*ret_character = *text;
	return 1;
}

static char *
from_xml(const char *body, const char *name)
{
	char tag[64];
	const char *start;
	const char *end;
	char *out;
	size_t used = 0;

	(void)snprintf(tag, sizeof(tag), "<%s>", name);
	start = strstr(body, tag);
	if (start == NULL)
		return NULL;
	start += strlen(tag);
	(void)snprintf(tag, sizeof(tag), "</%s>", name);
	end = strstr(start, tag);
	out = end == NULL ? NULL : calloc(1, (size_t)(end - start) + 1);
	while (out != NULL && start < end)
		start += decode_entity(start, &out[used++]);
	return out;
}

static char *
find(const struct request *request, struct MHD_Connection *connection,
    const char *name)
{
	const char *body = request->body == NULL ? "" : request->body;
	const char *query = strchr(request->target, '?');
	char header[64];
	char *text = NULL;

	if (*body == '{')
		text = from_json(body, name);
	else if (*body == '<')
		text = from_xml(body, name);
	else
		text = from_form(body, name);
	if (text == NULL && query != NULL)
		text = from_form(query + 1, name);
	(void)snprintf(header, sizeof(header), "X-%s", name);
	if (text == NULL)
		text = copy(MHD_lookup_connection_value(
		    connection, MHD_HEADER_KIND, header));
	return text;
}

bool
login_read(const struct request *request, struct MHD_Connection *connection,
    struct credentials *ret_credentials)
{
	(void)fflush(request->body_stream);
	ret_credentials->email = find(request, connection, "email");
	ret_credentials->password = find(request, connection, "password");
	return ret_credentials->email != NULL &&
	    ret_credentials->password != NULL;
}

bool
login_read_basic(
    struct MHD_Connection *connection, struct credentials *ret_credentials)
{
	char *password = NULL;
	char *email =
	    MHD_basic_auth_get_username_password(connection, &password);

	ret_credentials->email = copy(email);
	ret_credentials->password = copy(password);
	MHD_free(email);
	MHD_free(password);
	return ret_credentials->email != NULL &&
	    ret_credentials->password != NULL;
}

void
credentials_clear(struct credentials *credentials)
{
	free(credentials->email);
	free(credentials->password);
	*credentials = (struct credentials){0};
}
