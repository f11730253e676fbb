/* SPDX-License-Identifier: MIT */
/* The canaries of the soak: what the host says in one login, what the server
 * makes of it, and what each then expects of the other. User U is `soakU`; in
 * login K his password is `c.OWNER.K.ACT.MS`, he comes from `p.U.K`, and a
 * refusal reads `note.U.K`.
 * Does not know: PAM, HTTP. */
#ifndef TEST_SOAK_H
#define TEST_SOAK_H

#define SOAK_TEXT_BYTES 64
#define SOAK_EMAIL "soak%u@example.com"
#define SOAK_NAME "soak%u"
#define SOAK_ID "id-%u"
#define SOAK_PLACE "p.%u.%u"
#define SOAK_NOTE "note.%u.%u"
#define SOAK_PASSWORD "c.%u.%u.%c.%u"

/* What the third part of a password asks of the server. */
#define SOAK_RIGHT 'r'   /* accept its owner */
#define SOAK_WRONG 'w'   /* refuse everybody */
#define SOAK_SWAPPED 's' /* accept, in an answer about the next user */

/* What a grant says besides, and nobody may believe. */
#define SOAK_LIES                                                              \
	"\"uid\": 0, \"gid\": 0, \"name\": \"root\", \"home\": \"/\", "        \
	"\"shell\": \"/bin/true\", \"gecos\": \"lies\", "                      \
	"\"groups\": [\"root\", \"sudo\"]"

#endif
