/* SPDX-License-Identifier: MIT */
#include "ini.h"

#include <string.h>

#define WORD_MAX_BYTES 64

static size_t
smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

/* One row of the edit distance; `rows` are the row before the last, the last,
 * and the one to fill. Two neighbours that changed places count as one edit. */
static void
fill_row(const char *word, const char *other, size_t at,
    size_t rows[3][WORD_MAX_BYTES + 1])
{
	size_t k;

	rows[2][0] = at;
	for (k = 1; other[k - 1] != '\0'; k++) {
		size_t cost = word[at - 1] == other[k - 1] ? 0 : 1;

		rows[2][k] = smaller(rows[1][k], rows[2][k - 1]) + 1;
		rows[2][k] = smaller(rows[2][k], rows[1][k - 1] + cost);
		if (at > 1 && k > 1 && word[at - 1] == other[k - 2] &&
		    word[at - 2] == other[k - 1])
			rows[2][k] = smaller(rows[2][k], rows[0][k - 2] + 1);
	}
}

/* Both words have at most WORD_MAX_BYTES. */
static size_t
edit_distance(const char *word, const char *other)
{
	size_t rows[3][WORD_MAX_BYTES + 1] = {{0}};
	size_t i;

	for (i = 0; i <= WORD_MAX_BYTES; i++)
		rows[1][i] = i;
	for (i = 1; word[i - 1] != '\0'; i++) {
		fill_row(word, other, i, rows);
		memcpy(rows[0], rows[1], sizeof(rows[0]));
		memcpy(rows[1], rows[2], sizeof(rows[1]));
	}
	return rows[1][strlen(other)];
}

/* The first candidate that is the word and more, behind an underscore. */
static const char *
find_longer(const char *word, const char *const *candidates)
{
	size_t length = strlen(word);

	for (; *candidates != NULL; candidates++)
		if (strncmp(*candidates, word, length) == 0 &&
		    (*candidates)[length] == '_')
			return *candidates;
	return NULL;
}

const char *
ini_suggest(const char *word, const char *const *candidates)
{
	size_t length = strlen(word);
	size_t limit = length / 3 > 1 ? length / 3 : 1;
	const char *best = NULL;
	const char *const *all = candidates;

	if (length == 0 || length > WORD_MAX_BYTES)
		return NULL;
	for (; *candidates != NULL; candidates++) {
		size_t distance;

		if (strlen(*candidates) > WORD_MAX_BYTES)
			continue;
		distance = edit_distance(word, *candidates);
		if (distance > limit || (best != NULL && distance == limit))
			continue;
		best = *candidates;
		limit = distance;
	}
	return best != NULL ? best : find_longer(word, all);
}
