/* SPDX-License-Identifier: MIT */
/* The machine as a test wants it: /etc/passwd, configuration, registry, worker
 * and marks. Only for a private root (tests/enter).
 * Does not know: PAM. */
#ifndef EXTAUTH_TESTS_PLACE_H
#define EXTAUTH_TESTS_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PLACE_ALICE_UID 2000200001u
#define PLACE_SCRIPT "/run/pam-test/script"
#define PLACE_RECORD "/run/pam-test/record"

/* The configuration that place_reset writes, without a last section, so that
 * lines can be put behind it. */
extern const char place_config[];

/* Ends the program with a message unless it holds. */
void place_check(bool is_right, const char *what);

/* Writes a file whole. */
void place_write(const char *path, const char *text, mode_t mode);

/* Appends to a file. */
void place_append(const char *path, const char *text);

/* Makes the private root into the machine of the tests. Once, before the first
 * test; ends the program outside of a private root. */
void place_make(void);

/* Puts everything back: registered are alice, dora (disabled), paula (past her
 * date), alice@example.com's colleague eva@example.com by e-mail, bob and lena
 * (linked); in /etc/passwd stand root, bob, lena (another uid), lucy, and carl,
 * who is registered as well. */
void place_reset(void);

/* Registers one more user, until place_reset; `number` makes his uid. */
void place_add_user(const char *name, const char *email, uint32_t number);

/* Puts a program in the place of extauth-exchange, until place_reset. */
void place_install_worker(const char *program);

/* Tells the stand-in for extauth-exchange what to say; see stand_in.c. */
void place_script(const char *text);

/* What the stand-in was answered, "" if it was never started. Static. */
const char *place_record(void);

/* The lines of pam_extauth in the syslog since place_reset. Static. */
const char *place_log(void);

#endif
