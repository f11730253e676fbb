/* SPDX-License-Identifier: MIT */
#include "login_case.h"

const char login_case_nonce[FRAME_NONCE_BYTES] = {1, 2, 3, 0, 5, 6, 7, 8};

struct frame
login_case_with(const struct frame *frame, enum frame_tag tag,
    const char *bytes, size_t length)
{
	struct frame changed = frame_make(frame->type);
	int each;

	for (each = TAG_VERSION; each <= TAG_PHRASES; each++) {
		enum frame_tag name = (enum frame_tag)each;
		const char *old;
		size_t old_length;

		if (frame_get(frame, name, &old, &old_length) != EXTAUTH_OK)
			continue;
		if (name != tag)
			ck_assert_ok(
			    frame_add(&changed, name, old, old_length));
		else if (bytes != NULL)
			ck_assert_ok(frame_add(&changed, name, bytes, length));
	}
	return changed;
}
