/* SPDX-License-Identifier: MIT */
#include "metrics_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <time.h>

static enum extauth_err
end_of(const X509 *certificate, int64_t *ret_end_s)
{
	struct tm parts;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
		return EXTAUTH_INVALID;
	*ret_end_s = (int64_t)timegm(&parts);
	return EXTAUTH_OK;
}

enum extauth_err
metrics_certificate_end(const char *path, int64_t *ret_end_s)
{
	FILE *file = fopen(path, "re");
	enum extauth_err err = EXTAUTH_INVALID;
	X509 *certificate;
	int64_t end_s;

	if (file == NULL)
		return EXTAUTH_UNAVAILABLE;
	while ((certificate = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
		if (end_of(certificate, &end_s) == EXTAUTH_OK &&
		    (err != EXTAUTH_OK || end_s < *ret_end_s)) {
			*ret_end_s = end_s;
			err = EXTAUTH_OK;
		}
		X509_free(certificate);
	}
	ERR_clear_error();
	(void)fclose(file);
	return err;
}
