/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include <string.h>

#define LOCAL_PART_MAX_BYTES 64
#define LABEL_MAX_BYTES 63
#define ATOM_MARKS "!#$%&'*+-/=?^_`{|}~"
#define NAME_MARKS "._+-"

/* Users and groups that Debian's base and widespread packages own, or that
 * sudoers, polkit and the like trust. A user's private group has his name, so
 * that a group's name is as dangerous as a user's. */
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

struct uid_range {
	uint32_t first;
	uint32_t last;
	const char *owner;
};

static const struct uid_range reserved_uids[] = {
    {0, 999, "root and the system's own users"},
    {60001, 65535, "dynamic users and nobody"},
    {524288, 1879048191, "containers and sub-uids"},
    {2147352576, UINT32_MAX, "systemd's foreign range, or no signed number"},
};

static bool
is_lower(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static bool
is_upper(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_alphanumeric(char byte)
{
	return is_lower(byte) || is_upper(byte) || is_digit(byte);
}

static bool
is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

bool
identity_is_short_name(const char *name)
{
	size_t length;

	if (!is_lower(name[0]) && name[0] != '_')
		return false;
	for (length = 1; name[length] != '\0'; length++)
		if (!is_lower(name[length]) && !is_digit(name[length]) &&
		    name[length] != '_' && name[length] != '-')
			return false;
	return length <= IDENTITY_NAME_MAX_BYTES;
}

bool
identity_is_email_name(const char *name)
{
	const char *byte;

	if (identity_check_email(name, NULL) != EXTAUTH_OK)
		return false;
	if (!is_alphanumeric(name[0]) && name[0] != '_')
		return false;
	for (byte = name; *byte != '@'; byte++)
		if (!is_alphanumeric(*byte) && !is_one_of(*byte, NAME_MARKS))
			return false;
	for (byte = name; *byte != '\0'; byte++)
		if (is_upper(*byte))
			return false;
	return true;
}

static bool
name_is_reserved(const char *name)
{
	size_t i;

	if (strncmp(name, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0)
		return true;
	for (i = 0; i < sizeof(reserved_names) / sizeof(reserved_names[0]); i++)
		if (strcmp(name, reserved_names[i]) == 0)
			return true;
	return false;
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
		    "a login name has 1 to %d bytes of a-z, 0-9, '_' and '-', "
		    "and starts with a letter or '_'%s",
		    IDENTITY_NAME_MAX_BYTES,
		    email_names ? "; or it is an e-mail in lower case" : "");
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
		    !is_one_of(text[i], ATOM_MARKS))
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
	if (!is_upper(byte))
		return byte;
	return (char)(byte - 'A' + 'a');
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

enum extauth_err
identity_check_uid(uint32_t uid, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < sizeof(reserved_uids) / sizeof(reserved_uids[0]); i++)
		if (uid >= reserved_uids[i].first &&
		    uid <= reserved_uids[i].last)
			return error_set(error, EXTAUTH_INVALID,
			    "%u is kept for %s", uid, reserved_uids[i].owner);
	return EXTAUTH_OK;
}

uint32_t
identity_next_uid(uint32_t uid)
{
	size_t i;

	/* The ranges are sorted, so that one pass meets those that adjoin. */
	for (i = 0; i < sizeof(reserved_uids) / sizeof(reserved_uids[0]); i++) {
		if (uid < reserved_uids[i].first || uid > reserved_uids[i].last)
			continue;
		if (reserved_uids[i].last == UINT32_MAX)
			return UINT32_MAX;
		uid = reserved_uids[i].last + 1;
	}
	return uid;
}

/* What passwd(5) can carry: a line break or a ':' would start another field. */
static enum extauth_err
check_passwd_field(
    const char *text, const char *what, struct extauth_error *error)
{
	if (strlen(text) > IDENTITY_TEXT_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "%s has at most %d bytes", what, IDENTITY_TEXT_MAX_BYTES);
	if (!is_printable(text) || strchr(text, ':') != NULL)
		return error_set(error, EXTAUTH_INVALID,
		    "%s has printable ASCII only, and no ':'", what);
	return EXTAUTH_OK;
}

enum extauth_err
identity_check_gecos(const char *gecos, struct extauth_error *error)
{
	return check_passwd_field(gecos, "gecos", error);
}

static bool
is_plain_component(const char *component, size_t length)
{
	if (length == 0)
		return false;
	if (length == 1 && component[0] == '.')
		return false;
	return length != 2 || component[0] != '.' || component[1] != '.';
}

enum extauth_err
identity_check_path(
    const char *path, const char *what, struct extauth_error *error)
{
	enum extauth_err err = check_passwd_field(path, what, error);
	const char *component = path;

	if (err != EXTAUTH_OK)
		return err;
	if (path[0] != '/')
		return error_set(error, EXTAUTH_INVALID,
		    "%s is an absolute path, which starts with '/'", what);
	while (*component == '/') {
		size_t length = strcspn(++component, "/");

		if (!is_plain_component(component, length))
			return error_set(error, EXTAUTH_INVALID,
			    "%s has an empty, \".\" or \"..\" part", what);
		component += length;
	}
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
	if (!is_printable(external_id))
		return error_set(error, EXTAUTH_INVALID,
		    "an external id has printable ASCII only");
	if (external_id[0] == ' ' || external_id[length - 1] == ' ')
		return error_set(error, EXTAUTH_INVALID,
		    "an external id has no blank at its ends");
	return EXTAUTH_OK;
}

enum extauth_err
identity_check_password(
    const char *password, size_t length, struct extauth_error *error)
{
	bool is_blank = true;
	size_t i;

	if (length == 0)
		return error_set(
		    error, EXTAUTH_INVALID, "the password is empty");
	if (length > IDENTITY_PASSWORD_MAX_BYTES)
		return error_set(error, EXTAUTH_INVALID,
		    "the password has more than %d bytes",
		    IDENTITY_PASSWORD_MAX_BYTES);
	for (i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)password[i];

		if (byte < 0x20 || byte == 0x7f)
			return error_set(error, EXTAUTH_INVALID,
			    "the password has a control byte");
		is_blank = is_blank && byte == ' ';
	}
	if (is_blank)
		return error_set(error, EXTAUTH_INVALID,
		    "the password has nothing but blanks");
	return EXTAUTH_OK;
}
