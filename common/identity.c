/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#define LOCAL_PART_MAX_BYTES 64
#define LABEL_MAX_BYTES 63
#define ATOM_MARKS "!#$%&'*+-/=?^_`{|}~"

/* Users and groups that Debian's base and widespread packages own, or that
 * sudoers, polkit and the like trust. A user's private group has his name, so
 * that a group's name is as dangerous as a user's. In the order of strcmp(3).
 */
static const char *const reserved_names[] = {
    /* clang-format off */
    "_apt", "_chrony", "_rpc", "_ssh", "adm", "admin", "administrator",
    "audio", "avahi", "backup", "bin", "bluetooth", "cdrom", "colord",
    "crontab", "daemon", "dbus", "dhcpcd", "dialout", "dip", "disk",
    "dnsmasq", "docker", "extauth", "fax", "floppy", "games", "gdm", "gnats",
    "halt", "incus", "incus-admin", "input", "irc", "kmem", "kvm", "libvirt",
    "libvirt-qemu", "lightdm", "list", "lp", "lpadmin", "lxd", "mail", "man",
    "messagebus", "mysql", "netdev", "news", "nobody", "nogroup", "nscd",
    "ntp", "operator", "plugdev", "podman", "polkitd", "postfix", "postgres",
    "proxy", "render", "root", "rtkit", "sambashare", "sasl", "scanner",
    "sgx", "shadow", "shutdown", "src", "ssh", "sshd", "ssl-cert", "sssd",
    "staff", "sudo", "sync", "sys", "tape", "toor", "tss", "tty", "users",
    "utmp", "uucp", "uuidd", "video", "voice", "wheel", "wireshark",
    "www-data",
    /* clang-format on */
};

#define RESERVED_PREFIX "systemd-"

/* What a byte may be part of. Look-ups check every name that they are asked for
 * and every one that they give, so that one table has all of it. */
enum byte_class {
	BYTE_LOWER = 1,
	BYTE_UPPER = 2,
	BYTE_DIGIT = 4,
	BYTE_ATOM = 8,   /* a mark in the local part of an e-mail */
	BYTE_EMAIL = 16, /* a mark in the local part of a login name */
	BYTE_SHORT = 32, /* a mark in a short login name */
};

/* clang-format off */
#define LOW(byte) [byte] = BYTE_LOWER
#define UPP(byte) [byte] = BYTE_UPPER
#define DIG(byte) [byte] = BYTE_DIGIT
#define ATO(byte) [byte] = BYTE_ATOM
static const uint8_t byte_classes[256] = {
    LOW('a'), LOW('b'), LOW('c'), LOW('d'), LOW('e'), LOW('f'), LOW('g'),
    LOW('h'), LOW('i'), LOW('j'), LOW('k'), LOW('l'), LOW('m'), LOW('n'),
    LOW('o'), LOW('p'), LOW('q'), LOW('r'), LOW('s'), LOW('t'), LOW('u'),
    LOW('v'), LOW('w'), LOW('x'), LOW('y'), LOW('z'),
    UPP('A'), UPP('B'), UPP('C'), UPP('D'), UPP('E'), UPP('F'), UPP('G'),
    UPP('H'), UPP('I'), UPP('J'), UPP('K'), UPP('L'), UPP('M'), UPP('N'),
    UPP('O'), UPP('P'), UPP('Q'), UPP('R'), UPP('S'), UPP('T'), UPP('U'),
    UPP('V'), UPP('W'), UPP('X'), UPP('Y'), UPP('Z'),
    DIG('0'), DIG('1'), DIG('2'), DIG('3'), DIG('4'), DIG('5'), DIG('6'),
    DIG('7'), DIG('8'), DIG('9'),
    ATO('!'), ATO('#'), ATO('$'), ATO('%'), ATO('&'), ATO('\''), ATO('*'),
    ATO('/'), ATO('='), ATO('?'), ATO('^'), ATO('`'), ATO('{'), ATO('|'),
    ATO('}'), ATO('~'),
    ['+'] = BYTE_ATOM | BYTE_EMAIL,
    ['-'] = BYTE_ATOM | BYTE_EMAIL | BYTE_SHORT,
    ['_'] = BYTE_ATOM | BYTE_EMAIL | BYTE_SHORT,
    ['.'] = BYTE_EMAIL,
};
/* clang-format on */

static inline bool
is_of(char byte, unsigned classes)
{
	return (byte_classes[(unsigned char)byte] & classes) != 0;
}

static bool
is_upper(char byte)
{
	return is_of(byte, BYTE_UPPER);
}

static bool
is_digit(char byte)
{
	return is_of(byte, BYTE_DIGIT);
}

static bool
is_alphanumeric(char byte)
{
	return is_of(byte, BYTE_LOWER | BYTE_UPPER | BYTE_DIGIT);
}

/* Printable ASCII only, without the forbidden byte, which is no blank. Eight
 * bytes are looked at at once: the upper bit of each tells. */
static bool
is_printable(const char *text, size_t length, char forbidden)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t odd = 0;
	size_t last = length - sizeof(uint64_t);
	size_t place;

	for (place = 0; place < length; place += sizeof(uint64_t)) {
		uint64_t word = ones * ' ';
		uint64_t low;

		/* The last ones come with some that were looked at. */
		if (length < sizeof(word))
			memcpy(&word, text, length);
		else
			memcpy(&word, text + (place < last ? place : last),
			    sizeof(word));
		low = word & ~(ones << 7);
		odd |= word | ~(low + ones * 0x60) | (low + ones);
		low ^= ones * (unsigned char)forbidden;
		odd |= ~(low + ones * 0x7f);
	}
	return (odd & ones << 7) == 0;
}

bool
identity_is_short_name(const char *name)
{
	size_t length = 1;

	if (!is_of(name[0], BYTE_LOWER) && name[0] != '_')
		return false;
	while (is_of(name[length], BYTE_LOWER | BYTE_DIGIT | BYTE_SHORT))
		length++;
	return length <= IDENTITY_NAME_MAX_BYTES && name[length] == '\0';
}

bool
identity_is_email_name(const char *name)
{
	const char *byte = name;

	if (!is_of(name[0], BYTE_LOWER | BYTE_DIGIT) && name[0] != '_')
		return false;
	while (is_of(*byte, BYTE_LOWER | BYTE_DIGIT | BYTE_EMAIL))
		byte++;
	if (*byte != '@')
		return false;
	while (*byte != '\0' && !is_upper(*byte))
		byte++;
	return *byte == '\0' && identity_check_email(name, NULL) == EXTAUTH_OK;
}

static int
compare_name(const void *name, const void *entry)
{
	const char *const *reserved = entry;

	return strcmp(name, *reserved);
}

static bool
name_is_reserved(const char *name)
{
	if (strncmp(name, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0)
		return true;
	return bsearch(name, reserved_names,
		   sizeof(reserved_names) / sizeof(reserved_names[0]),
		   sizeof(reserved_names[0]), compare_name) != NULL;
}

enum extauth_err
identity_check_name(
    const char *name, bool email_names, struct extauth_error *error)
{
	if (email_names && identity_is_email_name(name))
		return EXTAUTH_OK;
	if (!email_names && strchr(name, '@') != NULL)
		return error_set(error, EXTAUTH_INVALID,
		    "an e-mail as login name needs email_login_names = yes");
	if (!identity_is_short_name(name))
		return error_set(error, EXTAUTH_INVALID,
		    email_names
			? "a login name is an e-mail in lower case, or has 1 "
			  "to %d bytes of a-z, 0-9, '_' and '-' and starts "
			  "with a letter or '_'"
			: "a login name has 1 to %d bytes of a-z, 0-9, '_' and "
			  "'-', and starts with a letter or '_'",
		    IDENTITY_NAME_MAX_BYTES);
	if (name_is_reserved(name))
		return error_set(error, EXTAUTH_INVALID,
		    "the name \"%s\" belongs to the system", name);
	return EXTAUTH_OK;
}

static bool
is_dot_atom(const char *text, size_t length)
{
	size_t i;

	if (length == 0 || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (i = 0; i < length; i++) {
		if (text[i] == '.' && text[i + 1] == '.')
			return false;
		if (text[i] != '.' && !is_alphanumeric(text[i]) &&
		    !is_of(text[i], BYTE_ATOM))
			return false;
	}
	return true;
}

static bool
is_host_label(const char *label, size_t length)
{
	size_t i;

	if (length == 0 || length > LABEL_MAX_BYTES)
		return false;
	if (label[0] == '-' || label[length - 1] == '-')
		return false;
	for (i = 0; i < length; i++)
		if (!is_alphanumeric(label[i]) && label[i] != '-')
			return false;
	return true;
}

/* The last label has a letter, else it is an address and no name. */
static bool
is_host_name(const char *name)
{
	const char *label = name;
	const char *end;
	size_t i;

	while ((end = strchr(label, '.')) != NULL) {
		if (!is_host_label(label, (size_t)(end - label)))
			return false;
		label = end + 1;
	}
	if (label == name || !is_host_label(label, strlen(label)))
		return false;
	for (i = 0; label[i] != '\0'; i++)
		if (!is_digit(label[i]))
			return true;
	return false;
}

enum extauth_err
identity_check_email(const char *email, struct extauth_error *error)
{
	const char *at = strrchr(email, '@');
	size_t local_length;

	if (at == NULL)
		return error_set(
		    error, EXTAUTH_INVALID, "an e-mail needs an '@'");
	if (strlen(email) > IDENTITY_EMAIL_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "an e-mail has at most %d bytes", IDENTITY_EMAIL_MAX_BYTES);
	local_length = (size_t)(at - email);
	if (local_length > LOCAL_PART_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "an e-mail has at most %d bytes before the '@'",
		    LOCAL_PART_MAX_BYTES);
	if (!is_dot_atom(email, local_length))
		return error_set(error, EXTAUTH_INVALID,
		    "the part before the '@' of an e-mail is not made of "
		    "letters, digits, single inner dots and %s",
		    ATOM_MARKS);
	if (!is_host_name(at + 1))
		return error_set(error, EXTAUTH_INVALID,
		    "the part behind the '@' of an e-mail is not a host name "
		    "with a dot");
	return EXTAUTH_OK;
}

static char
fold(char byte)
{
	return (char)(is_upper(byte) ? byte - 'A' + 'a' : byte);
}

bool
identity_equal(const char *one, const char *other)
{
	for (; *one != '\0' && fold(*one) == fold(*other); one++)
		other++;
	return *one == *other;
}

void
identity_fold(char *text)
{
	for (; *text != '\0'; text++)
		*text = fold(*text);
}

const char *
identity_domain(const char *email)
{
	const char *at = strrchr(email, '@');

	return at != NULL ? at + 1 : "";
}

/* What passwd(5) can carry: a line break or a ':' would start another field. */
static enum extauth_err
check_passwd_field(
    const char *text, const char *what, struct extauth_error *error)
{
	size_t length = strlen(text);

	if (length > IDENTITY_TEXT_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "%s has at most %d bytes", what, IDENTITY_TEXT_MAX_BYTES);
	if (!is_printable(text, length, ':'))
		return error_set(error, EXTAUTH_INVALID,
		    "%s has printable ASCII only, and no ':'", what);
	return EXTAUTH_OK;
}

enum extauth_err
identity_check_gecos(const char *gecos, struct extauth_error *error)
{
	return check_passwd_field(gecos, "gecos", error);
}

/* Tells that the part of a path that begins here is not empty, "." or "..". */
static bool
is_plain_component(const char *component)
{
	unsigned dots;

	for (dots = 0; dots < 2 && *component == '.'; dots++)
		component++;
	return *component != '/' && *component != '\0';
}

enum extauth_err
identity_check_path(
    const char *path, const char *what, struct extauth_error *error)
{
	enum extauth_err err = check_passwd_field(path, what, error);
	const char *byte;

	if (err != EXTAUTH_OK)
		return err;
	if (path[0] != '/')
		return error_set(error, EXTAUTH_INVALID,
		    "%s is an absolute path, which starts with '/'", what);
	for (byte = path; *byte != '\0'; byte++)
		if (*byte == '/' && !is_plain_component(byte + 1))
			return error_set(error, EXTAUTH_INVALID,
			    "%s has an empty, \".\" or \"..\" part", what);
	return EXTAUTH_OK;
}

enum extauth_err
identity_check_external_id(const char *external_id, struct extauth_error *error)
{
	size_t length = strlen(external_id);

	if (length == 0)
		return EXTAUTH_OK;
	if (length > IDENTITY_TEXT_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "an external id has at most %d bytes",
		    IDENTITY_TEXT_MAX_BYTES);
	if (!is_printable(external_id, length, '\0'))
		return error_set(error, EXTAUTH_INVALID,
		    "an external id has printable ASCII only");
	if (external_id[0] == ' ' || external_id[length - 1] == ' ')
		return error_set(error, EXTAUTH_INVALID,
		    "an external id has no blank at its ends");
	return EXTAUTH_OK;
}
