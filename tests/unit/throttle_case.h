/* SPDX-License-Identifier: MIT */
/* A directory of marks of its own for each test of the throttle.
 * Does not know: what is expected. */
#ifndef EXTAUTH_THROTTLE_CASE_H
#define EXTAUTH_THROTTLE_CASE_H

#include "throttle.h"
#include "unit.h"

#define CASE_UID 2000200001

extern const struct throttle_limits throttle_case_usual;
extern const struct throttle_limits throttle_case_brief;

/* A directory that is not there yet, inside one that is. */
struct throttle_place {
	char parent[64];
	char directory[80];
};

/* Makes the parent. */
struct throttle_place throttle_case_make(void);

/* Gives the path of a file in the directory. */
void throttle_case_path(
    const struct throttle_place *place, const char *name, char path[128]);

/* Removes both with the marks in them. */
void throttle_case_remove(struct throttle_place *place);

/* Asks for CASE_UID with the password `text`, and sends nothing. */
enum throttle_answer throttle_case_ask(const struct throttle_place *place,
    const struct throttle_limits *limits, const char *text);

/* Notes that the password `text` of CASE_UID was refused. */
void throttle_case_refuse(const struct throttle_place *place,
    const struct throttle_limits *limits, const char *text);

#define cleanup_place __attribute__((cleanup(throttle_case_remove)))

#endif
