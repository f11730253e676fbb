/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

bool
terminal_is_person(void)
{
	return isatty(STDIN_FILENO) == 1;
}

/* Byte by byte up to the line end where `is_line`, so that nothing of what
 * follows is taken from a pipe; straight into `bytes`, since stdio would keep
 * a copy. */
static enum extauth_err
read_bytes(char *bytes, size_t size, bool is_line, size_t *ret_length,
    struct extauth_error *error)
{
	size_t length = 0;

	for (;;) {
		ssize_t got = read(STDIN_FILENO, bytes + length, 1);

		if (got < 0 && errno == EINTR)
			return error_set(error, EXTAUTH_SYSTEM, "interrupted");
		if (got < 0)
			return error_set(error, EXTAUTH_SYSTEM, "reading: %s",
			    error_of_number(errno));
		if (got == 0 && is_line && length == 0)
			return error_set(error, EXTAUTH_INVALID,
			    "standard input ended before a line began");
		if (got == 0 || (is_line && bytes[length] == '\n'))
			break;
		if (++length >= size)
			return error_set(error, EXTAUTH_TOOBIG,
			    "more than %zu bytes", size - 1);
	}
	*ret_length = length;
	return EXTAUTH_OK;
}

static enum extauth_err
read_secret(
    bool is_line, struct secret *ret_secret, struct extauth_error *error)
{
	char bytes[2048];
	size_t length = 0;
	enum extauth_err err;

	err = read_bytes(bytes, sizeof(bytes), is_line, &length, error);
	if (err == EXTAUTH_OK && !is_line && length > 0 &&
	    bytes[length - 1] == '\n')
		length--;
	if (err == EXTAUTH_OK)
		err = secret_set(ret_secret, bytes, length);
	explicit_bzero(bytes, sizeof(bytes));
	return err;
}

enum extauth_err
terminal_read_all(struct secret *ret_secret, struct extauth_error *error)
{
	return read_secret(false, ret_secret, error);
}

/* Only there so that a signal interrupts read(2) and the echo comes back. */
static void
interrupted(int number)
{
	(void)number;
}

static void
signals_take(struct sigaction *ret_interrupt, struct sigaction *ret_terminate)
{
	struct sigaction action = {.sa_handler = interrupted};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, ret_interrupt);
	(void)sigaction(SIGTERM, &action, ret_terminate);
}

enum extauth_err
terminal_read_line(const char *prompt, bool echo, struct secret *ret_secret,
    struct extauth_error *error)
{
	struct sigaction interrupt;
	struct sigaction terminate;
	struct termios before;
	struct termios quiet;
	enum extauth_err err;

	if (!terminal_is_person())
		return read_secret(true, ret_secret, error);
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "terminal: %s",
		    error_of_number(errno));
	quiet = before;
	if (!echo)
		quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ECHONL;
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
	(void)fflush(stdout);
	(void)fprintf(stderr, "%s", prompt);
	signals_take(&interrupt, &terminate);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	err = read_secret(true, ret_secret, error);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	(void)sigaction(SIGINT, &interrupt, NULL);
	(void)sigaction(SIGTERM, &terminate, NULL);
	return err;
}
