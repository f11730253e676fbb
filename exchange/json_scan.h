/* SPDX-License-Identifier: MIT */
/* A look over the raw text of JSON for what json-c lets pass where it is asked
 * to be strict.
 * Does not know: the tree that is made of the text. */
#ifndef EXTAUTH_JSON_SCAN_H
#define EXTAUTH_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* What was found. */
struct json_scan {
	size_t names;      /* in all objects together */
	bool has_stranger; /* a byte, or a number, that cannot stand there */
};

/* Looks over a whole text: json-c keeps the last of two equal names, cuts a
 * name at a NUL, and takes single quotes, other blanks, and numbers like -01
 * and "2.". RFC 8259. */
struct json_scan json_scan(const char *bytes, size_t length);

#endif
