/* SPDX-License-Identifier: MIT */
/* The servers that a provider may talk to: what is not in its configuration is
 * sent nothing.
 * Does not know: names and addresses. RFC 6454. */
#ifndef EXTAUTH_ORIGIN_H
#define EXTAUTH_ORIGIN_H

#include "config.h"
#include "frame.h"

#define ORIGINS_MAX 10

/* Tells whether scheme, host and port are the same; a port that is not written
 * is that of the scheme, and letters count without case. False for what is no
 * URL of http or https, has a user in it, or bytes that URLs do not have. */
bool origin_is_same(const char *one, const char *other);

/* Tells whether `url` is at the origin of one of the URLs that the provider's
 * configuration holds. */
bool origin_is_configured(
    const struct config_provider *provider, const char *url);

/* Lends one URL for each origin that a job may talk to (FORGOT: that of
 * forgot_password_url alone, where there is one), each origin once. Returns how
 * many, at most ORIGINS_MAX. The first is that of the first request. */
size_t origin_list(const struct config_provider *provider, enum frame_type job,
    const char *ret_urls[ORIGINS_MAX]);

#endif
