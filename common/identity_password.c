/* SPDX-License-Identifier: MIT */
#include "identity.h"

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
