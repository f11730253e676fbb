/* SPDX-License-Identifier: MIT */
#include "tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "text.h"

/* Without strftime(3), which would read the time zone's file. */
static void
tls_write_date(const ASN1_TIME *asn1, char text[TLS_DATE_BYTES])
{
	struct tm date;

	text[0] = '\0';
	if (ASN1_TIME_to_tm(asn1, &date) == 1)
		text_print(text, TLS_DATE_BYTES, "%04d-%02d-%02d",
		    date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

static void
tls_write_common_name(const X509_NAME *name, char *text, size_t size)
{
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	const ASN1_STRING *string;

	text[0] = '\0';
	if (at < 0)
		return;
	string = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
	text_copy_printable(text, size,
	    (const char *)ASN1_STRING_get0_data(string),
	    (size_t)ASN1_STRING_length(string));
}

/* Certificates of today often have no common name. */
static void
tls_write_dns_name(const X509 *certificate, char *text, size_t size)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int at;

	for (at = 0; at < sk_GENERAL_NAME_num(names); at++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, at);

		if (name->type != GEN_DNS)
			continue;
		text_copy_printable(text, size,
		    (const char *)ASN1_STRING_get0_data(name->d.dNSName),
		    (size_t)ASN1_STRING_length(name->d.dNSName));
		break;
	}
	GENERAL_NAMES_free(names);
}

static void
tls_describe(X509 *certificate, struct tls_certificate *ret_certificate)
{
	struct tls_certificate one = {0};

	tls_write_common_name(
	    X509_get_subject_name(certificate), one.name, sizeof(one.name));
	if (one.name[0] == '\0')
		tls_write_dns_name(certificate, one.name, sizeof(one.name));
	tls_write_common_name(
	    X509_get_issuer_name(certificate), one.issuer, sizeof(one.issuer));
	tls_write_date(X509_get0_notBefore(certificate), one.not_before);
	tls_write_date(X509_get0_notAfter(certificate), one.not_after);
	*ret_certificate = one;
}

/* The place of a report in an SSL_CTX; the same number at every call. */
static int
tls_report_index(void)
{
	static int index = -1;

	if (index < 0)
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return index;
}

/* libcurl would look at the common name of a certificate that has neither a DNS
 * name nor an address. RFC 9525 section 2. */
static bool
tls_names_host(const X509 *certificate)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	bool is_named = false;
	int at;

	for (at = 0; at < sk_GENERAL_NAME_num(names) && !is_named; at++) {
		int type = sk_GENERAL_NAME_value(names, at)->type;

		is_named = type == GEN_DNS || type == GEN_IPADD;
	}
	GENERAL_NAMES_free(names);
	return is_named;
}

static int
tls_verified(int is_good, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
	    store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_report *report =
	    SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), tls_report_index());
	X509 *current = X509_STORE_CTX_get_current_cert(store);

	if (report == NULL || current == NULL)
		return is_good;
	if (X509_STORE_CTX_get_error_depth(store) == 0) {
		tls_describe(current, &report->leaf);
		if (is_good && !tls_names_host(current)) {
			X509_STORE_CTX_set_error(
			    store, X509_V_ERR_APPLICATION_VERIFICATION);
			is_good = 0;
		}
	}
	if (!is_good && report->verify_error == X509_V_OK) {
		tls_describe(current, &report->failed);
		report->verify_error = X509_STORE_CTX_get_error(store);
	}
	return is_good;
}

static void
tls_heard(const SSL *ssl, int where, int alert)
{
	struct tls_report *report =
	    SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), tls_report_index());

	if (report != NULL && where == SSL_CB_READ_ALERT &&
	    (alert & 0xff) == SSL_AD_CLOSE_NOTIFY)
		report->is_closed = true;
}

bool
tls_watch(void *ssl_ctx, struct tls_report *report)
{
	SSL_CTX *context = ssl_ctx;

	if (tls_report_index() < 0 ||
	    SSL_CTX_set_ex_data(context, tls_report_index(), report) != 1)
		return false;
	SSL_CTX_set_verify(
	    context, SSL_CTX_get_verify_mode(context), tls_verified);
	SSL_CTX_set_info_callback(context, tls_heard);
	return true;
}

void
tls_explain(const struct tls_report *report, char *text, size_t size)
{
	const struct tls_certificate *failed = &report->failed;

	switch (report->verify_error) {
	case X509_V_OK:
		text_print(text, size, "wrong-host cn=%s", report->leaf.name);
		return;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		text_print(text, size, "wrong-host cn=%s", failed->name);
		return;
	case X509_V_ERR_APPLICATION_VERIFICATION:
		text_print(text, size, "no-san cn=%s", failed->name);
		return;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		text_print(text, size, "expired %s cn=%s", failed->not_after,
		    failed->name);
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		text_print(text, size, "not-yet-valid %s cn=%s",
		    failed->not_before, failed->name);
		return;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		text_print(text, size, "self-signed cn=%s", failed->name);
		return;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		text_print(text, size, "unknown-issuer cn=%s issuer=%s",
		    failed->name, failed->issuer);
		return;
	default:
		text_print(text, size, "%s cn=%s",
		    X509_verify_cert_error_string(report->verify_error),
		    failed->name);
		return;
	}
}

/* What libcurl and OpenSSL say, and what a line of ours says instead. */
struct tls_known_error {
	const char *part;
	const char *words;
};

static const struct tls_known_error known_errors[] = {
    {"wrong version number", "not-tls"},
    {"packet length too long", "not-tls"},
    {"http request", "not-tls"},
    {"protocol version", "protocol"},
    {"unsupported protocol", "protocol"},
    {" in connection to ", "handshake: the connection ended"},
    {"Recv failure: ", "handshake: the connection ended"},
    {"Send failure: ", "handshake: the connection ended"},
};

void
tls_explain_handshake(const char *error_text, char *text, size_t size)
{
	static const char mark[] = " routines::";
	const char *why = strstr(error_text, mark);
	size_t at;

	for (at = 0; at < sizeof(known_errors) / sizeof(*known_errors); at++) {
		if (strstr(error_text, known_errors[at].part) == NULL)
			continue;
		text_print(text, size, "%s", known_errors[at].words);
		return;
	}
	text_print(text, size, "handshake%s%s", why != NULL ? ": " : "",
	    why != NULL ? why + sizeof(mark) - 1 : "");
}

enum extauth_err
tls_read_certificate(
    const char *pem, size_t length, struct tls_certificate *ret_certificate)
{
	X509 *certificate;
	BIO *bio;

	if (length > INT_MAX)
		return EXTAUTH_INVALID;
	bio = BIO_new_mem_buf(pem, (int)length);
	if (bio == NULL)
		return EXTAUTH_NOMEM;
	certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (certificate == NULL)
		return EXTAUTH_INVALID;
	tls_describe(certificate, ret_certificate);
	X509_free(certificate);
	return EXTAUTH_OK;
}
