/* SPDX-License-Identifier: MIT */
/* Fuzz targets of the small grammars: conditions, options of the module, names
 * and what else a user has. Each is compared with a second reading of the same
 * rule.
 * Does not know: users, files. */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "condition.h"
#include "fuzz.h"
#include "fuzz_pure.h"
#include "fuzz_words.h"
#include "identity.h"
#include "module_option.h"
#include "strict.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool
is_pointer(const char *text)
{
	if (*text != '\0' && *text != '/')
		return false;
	for (; *text != '\0'; text++)
		if (*text == '~' && text[1] != '0' && text[1] != '1')
			return false;
	return true;
}

static void
check_condition(const struct condition *condition)
{
	struct strict strict = {0};

	fuzz_require(is_pointer(condition->pointer), "it is no pointer");
	fuzz_require((condition->literal == NULL) ==
		(condition->comparison == CONDITION_PRESENT),
	    "nothing to compare with");
	if (condition->literal == NULL)
		return;
	strict = strict_read(condition->literal, strlen(condition->literal));
	fuzz_require(strict.is_json, "what is no JSON is compared with");
}

void
fuzz_condition(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *text = strndup(input.next, length);
	struct condition condition = {0};
	struct extauth_error error = {{0}};
	enum extauth_err err;

	fuzz_require(text != NULL, "memory");
	err = condition_check_pointer(text, &error);
	fuzz_require((err == EXTAUTH_OK) == is_pointer(text),
	    "one reader of pointers differs from the other");
	err = condition_parse(text, &condition, &error);
	if (err == EXTAUTH_OK)
		check_condition(&condition);
	else
		fuzz_require(err == EXTAUTH_CONFIG && error.text[0] != '\0',
		    "it is refused oddly");
	condition_clear(&condition);
}

void
fuzz_module_option(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *word = strndup(input.next, length);
	const char *value = NULL;
	enum module_option option;

	fuzz_require(word != NULL, "memory");
	option = module_option_read(word, &value);
	fuzz_require(value != NULL, "there is a value");
	if (option == MODULE_OPTION_CONFIG)
		fuzz_require(
		    strncmp(word, "config=/", 8) == 0 && value == word + 7,
		    "a path that is not absolute");
	else if (option == MODULE_OPTION_PROVIDER)
		fuzz_require(strncmp(word, "provider=", 9) == 0 &&
			value == word + 9 && *value != '\0',
		    "a provider without a name");
	else
		fuzz_require(*value == '\0', "a value where there is none");
	fuzz_require(option == MODULE_OPTION_WRONG ||
		word[strcspn(word, " \t\n")] == '\0' ||
		strchr(word, '=') != NULL,
	    "a word with blanks");
}

static bool
is_of(const char *text, size_t length, const char *letters)
{
	size_t at;

	for (at = 0; at < length; at++)
		if (strchr(letters, text[at]) == NULL)
			return false;
	return true;
}

bool
fuzz_is_short_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 1 && length <= 32 && is_of(name, 1, LOWER "_") &&
	    is_of(name, length, LOWER DIGITS "_-");
}

/* Each piece between dots has a letter of `letters`, and none else; `ends` are
 * those that it may start and end with. */
static bool
is_dotted(
    const char *text, const char *end, const char *letters, const char *ends)
{
	while (text < end) {
		const char *dot = memchr(text, '.', (size_t)(end - text));
		const char *stop = dot != NULL ? dot : end;

		if (stop == text || dot == end - 1 ||
		    !is_of(text, (size_t)(stop - text), letters) ||
		    !is_of(text, 1, ends) || !is_of(stop - 1, 1, ends))
			return false;
		text = dot != NULL ? dot + 1 : end;
	}
	return true;
}

/* Labels have up to 63 bytes, and the last is no number. */
static bool
is_host(const char *name)
{
	const char *dot;

	while ((dot = strchr(name, '.')) != NULL) {
		if (dot - name > 63)
			return false;
		name = dot + 1;
	}
	return strlen(name) <= 63 && name[strspn(name, DIGITS)] != '\0';
}

bool
fuzz_is_email(const char *email)
{
	static const char host[] = LOWER UPPER DIGITS "-";
	static const char local[] = LOWER UPPER DIGITS "!#$%&'*+-/=?^_`{|}~";
	static const char ends[] = LOWER UPPER DIGITS;
	const char *at = strchr(email, '@');
	const char *end = email + strlen(email);

	return at != NULL && at > email && at - email <= 64 &&
	    end - email <= 254 && strchr(at + 1, '.') != NULL &&
	    is_dotted(email, at, local, local) &&
	    is_dotted(at + 1, end, host, ends) && is_host(at + 1);
}

bool
fuzz_is_gecos(const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++)
		if (*at < 0x20 || *at > 0x7e || *at == ':')
			return false;
	return strlen(text) <= 255;
}

bool
fuzz_is_path(const char *path)
{
	return path[0] == '/' && fuzz_is_gecos(path) &&
	    path[strlen(path) - 1] != '/' && strstr(path, "//") == NULL &&
	    strstr(path, "/./") == NULL && strstr(path, "/../") == NULL &&
	    strcmp(strrchr(path, '/'), "/.") != 0 &&
	    strcmp(strrchr(path, '/'), "/..") != 0;
}

bool
fuzz_is_uid(uint32_t uid)
{
	return uid > 999 && (uid < 60001 || uid > 65535) &&
	    (uid < 524288 || uid > 1879048191) && uid < 2147352576;
}

static bool
is_password(const char *bytes, size_t length)
{
	bool has_more = false;
	size_t at;

	for (at = 0; at < length; at++) {
		if ((unsigned char)bytes[at] < 0x20 || bytes[at] == 0x7f)
			return false;
		has_more |= bytes[at] != ' ';
	}
	return has_more && length <= 1024;
}

static void
check_names(const char *text)
{
	struct extauth_error error = {{0}};
	bool is_name = fuzz_is_short_name(text);
	bool is_email_name = identity_is_email_name(text);
	enum extauth_err err = identity_check_name(text, false, &error);

	fuzz_require(identity_is_short_name(text) == is_name,
	    "one reader of names differs from the other");
	fuzz_require(err != EXTAUTH_OK || is_name, "no name is taken for one");
	err = identity_check_name(text, true, &error);
	fuzz_require(err != EXTAUTH_OK || is_name || is_email_name,
	    "no e-mail is taken for a name");
	fuzz_require(!is_email_name ||
		(fuzz_is_email(text) && strpbrk(text, UPPER) == NULL &&
		    strspn(text, LOWER DIGITS "._+-") == strcspn(text, "@") &&
		    is_of(text, 1, LOWER DIGITS "_")),
	    "no e-mail is taken for a name");
	err = identity_check_email(text, &error);
	fuzz_require((err == EXTAUTH_OK) == fuzz_is_email(text),
	    "one reader of e-mails differs from the other");
}

static void
check_texts(const char *text)
{
	struct extauth_error error = {{0}};
	size_t length = strlen(text);
	cleanup_free char *folded = fuzz_copy_bytes(text, length + 1);
	bool has_blank =
	    length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
	cleanup_free char *bare = fuzz_copy_bytes(text, length + 1);
	char *colon;

	fuzz_require((identity_check_gecos(text, &error) == EXTAUTH_OK) ==
		fuzz_is_gecos(text),
	    "one reader of gecos differs from the other");
	fuzz_require((identity_check_path(text, "home", &error) ==
			 EXTAUTH_OK) == fuzz_is_path(text),
	    "one reader of paths differs from the other");
	while ((colon = strchr(bare, ':')) != NULL)
		*colon = '_';
	fuzz_require((identity_check_external_id(text, &error) == EXTAUTH_OK) ==
		(fuzz_is_gecos(bare) && !has_blank),
	    "one reader of ids differs from the other");
	identity_fold(folded);
	fuzz_require(identity_equal(text, folded) &&
		strpbrk(folded, UPPER) == NULL && strlen(folded) == length,
	    "it is not the same in lower case");
}

void
fuzz_identity(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *text = strndup(input.next, length);
	cleanup_free char *raw = fuzz_copy_bytes(input.next, length);
	struct extauth_error error = {{0}};
	uint32_t uid = 0;

	fuzz_require(text != NULL, "memory");
	check_names(text);
	check_texts(text);
	memcpy(&uid, raw, length < sizeof(uid) ? length : sizeof(uid));
	fuzz_require(
	    (identity_check_uid(uid, &error) == EXTAUTH_OK) == fuzz_is_uid(uid),
	    "one reader of uids differs from the other");
	fuzz_require(identity_are_uids(&uid, 1) == fuzz_is_uid(uid),
	    "a list of uids is something else");
	fuzz_require(identity_next_uid(uid) >= uid &&
		(identity_next_uid(uid) == UINT32_MAX ||
		    fuzz_is_uid(identity_next_uid(uid))),
	    "the next uid is none");
	fuzz_require((identity_check_password(raw, length, &error) ==
			 EXTAUTH_OK) == is_password(raw, length),
	    "one reader of passwords differs from the other");
	fuzz_require(strlen(identity_domain(text)) <= strlen(text), "domain");
}
