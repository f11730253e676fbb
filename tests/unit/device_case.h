/* SPDX-License-Identifier: MIT */
/* What the tests of the device grant share: a provider, the answers before and
 * between polls, and the machine up to the first poll.
 * Does not know: what comes of a poll. */
#ifndef EXTAUTH_DEVICE_CASE_H
#define EXTAUTH_DEVICE_CASE_H

#include "machine_case.h"

#define AS "https://as.example.com"
#define TYPE "type = oauth2\ngrant = device\nclient_id = client-1\n"
#define KEYS                                                                   \
	TYPE "token_url = " AS "/token\nissuer = " AS "\n"                     \
	     "device_authorization_url = " AS "/device\nqr_code = no\n"
#define DEVICE_URI "\"verification_uri\":\"https://as/device\""
#define DEVICE_BEGIN "{\"device_code\":\"DEVICE-CODE\","
#define DEVICE                                                                 \
	DEVICE_BEGIN "\"user_code\":\"WDJB-MJHT\"," DEVICE_URI                 \
		     ",\"expires_in\":600}"
#define PENDING "{\"error\":\"authorization_pending\"}"

/* As machine_case_make for that grant, moved to its first request. */
struct machine_case *device_case_make(const char *keys);

/* The same with KEYS, moved to its first poll: the code of `device` was shown,
 * and Enter pressed. */
struct machine_case *device_case_make_polling(const char *device);

#endif
