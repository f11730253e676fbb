/* SPDX-License-Identifier: MIT */
/* What a TLS handshake showed of certificates, in words for a log line.
 * Does not know: HTTP. The only file that includes OpenSSL's headers. */
#ifndef EXTAUTH_TLS_H
#define EXTAUTH_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

#define TLS_NAME_BYTES 96
#define TLS_DATE_BYTES 11

/* All printable; dates as 2026-11-20 in UTC. "" = not known. */
struct tls_certificate {
	char name[TLS_NAME_BYTES]; /* common name, else first DNS name */
	char issuer[TLS_NAME_BYTES];
	char not_before[TLS_DATE_BYTES];
	char not_after[TLS_DATE_BYTES];
};

/* What one handshake showed. {0} is none. */
struct tls_report {
	struct tls_certificate leaf;
	struct tls_certificate failed; /* the one that was not believed */
	int verify_error;              /* X509_V_ERR_*, 0 = none */
	bool is_closed;                /* the server said that it is done */
};

/* Makes the handshakes of an SSL_CTX fill `report`, which must outlive it. A
 * certificate that has neither a DNS name nor an address is not believed; else
 * what OpenSSL decides is not changed. Returns false if it cannot be done. */
bool tls_watch(void *ssl_ctx, struct tls_report *report);

/* Writes why the certificate was not believed: `expired DATE cn=NAME`,
 * `not-yet-valid DATE cn=`, `self-signed cn=`, `unknown-issuer cn= issuer=`,
 * `wrong-host cn=`, `no-san cn=`, or OpenSSL's own words. */
void tls_explain(const struct tls_report *report, char *text, size_t size);

/* Writes why a handshake ended early, read from the text of its error:
 * `protocol`, `not-tls` or `handshake: ` with OpenSSL's own words. */
void tls_explain_handshake(const char *error_text, char *text, size_t size);

/* Reads the first certificate of a PEM text. `*ret_certificate` is written only
 * on success. EXTAUTH_INVALID if there is none, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err tls_read_certificate(
    const char *pem, size_t length, struct tls_certificate *ret_certificate);

#endif
