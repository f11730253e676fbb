/* SPDX-License-Identifier: MIT */
#include "registry_text.h"

#include <stdint.h>
#include <string.h>

#define STEP_BYTES 16

/* Sixteen bytes that the compiler compares at once where the processor can; a
 * comparison gives -1 for each that it holds of. */
typedef signed char byte_vector __attribute__((vector_size(STEP_BYTES)));
typedef unsigned char count_vector __attribute__((vector_size(STEP_BYTES)));

struct text_scan {
	byte_vector odd;
	count_vector nuls; /* how many in each place */
};

/* Looks at those of STEP_BYTES that `places` has, and at the byte before. A
 * byte above 0x7f is below zero; '.' | 1 is '/'. */
static inline void
scan_step(struct text_scan *scan, const char *bytes, byte_vector places)
{
	byte_vector now;
	byte_vector before;
	byte_vector nuls;

	memcpy(&now, bytes, sizeof(now));
	memcpy(&before, bytes - 1, sizeof(before));
	nuls = (now == 0) & places;
	scan->odd |= (((now < ' ') & places) ^ nuls) |
	    (((now == 0x7f) | (now == ':') |
		 ((before == '/') & ((now | 1) == '/'))) &
		places);
	scan->nuls -= (count_vector)nuls;
}

static inline size_t
sum_of(count_vector vector)
{
	const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
	const uint64_t ones = UINT64_C(0x0001000100010001);
	uint64_t halves[2];
	uint64_t pairs;

	memcpy(halves, &vector, sizeof(halves));
	pairs = (halves[0] & even) + (halves[0] >> 8 & even) +
	    (halves[1] & even) + (halves[1] >> 8 & even);
	return (size_t)(pairs * ones >> 48);
}

/* Where the last bytes are fewer than STEP_BYTES, those before them come a
 * second time. From the byte n of this list on, the last n places count. */
static const signed char last_places[2 * STEP_BYTES] = {[STEP_BYTES] = -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1,
    -1};

struct registry_text_marks
registry_text_scan(const char *bytes, size_t length)
{
	const byte_vector all_places = ~(byte_vector){0};
	struct text_scan scan = {0};
	byte_vector places;
	uint64_t odd[2];
	size_t done;

	for (done = 0; length - done > STEP_BYTES; done += STEP_BYTES)
		scan_step(&scan, bytes + done, all_places);
	memcpy(&places, last_places + (length - done), sizeof(places));
	scan_step(&scan, bytes + length - STEP_BYTES, places);
	memcpy(odd, &scan.odd, sizeof(odd));
	return (struct registry_text_marks){
	    .nuls = sum_of(scan.nuls),
	    .is_plain = (odd[0] | odd[1]) == 0,
	};
}
