/* SPDX-License-Identifier: MIT */
/* Stands between a host and the real extauth-exchange, and hands on what both
 * say, but for what the script names of it: "nonce", one bit is another; "end",
 * the last byte is not there.
 * Does not know: what is said. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "login.h"
#include "place.h"

#define DIALOG_FD 3
#define FAR_MS 20000
#define ANSWER_MAX_BYTES ((size_t)1024 * 1024)

static void
must(bool is_right)
{
	if (!is_right)
		_exit(1);
}

static void
hear_login(struct frame *frame, char nonce[FRAME_NONCE_BYTES])
{
	struct buffer pending = buffer_make((size_t)FRAME_MAX_BYTES * 2);
	static struct login_facts facts;
	struct secret password = {0};
	struct secret other = {0};

	must(frame_receive(DIALOG_FD, &pending, frame_clock_ms() + FAR_MS,
		 frame) == EXTAUTH_OK);
	must(login_from_frame(frame, &facts, nonce, &password, &other) ==
	    EXTAUTH_OK);
	secret_clear(&password);
	secret_clear(&other);
}

/* Starts the real one, and gives the end of the dialog with it. */
static int
start_worker(char **argv)
{
	int ends[2];
	pid_t child;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	child = fork();
	must(child >= 0);
	if (child == 0) {
		must(dup2(ends[1], DIALOG_FD) == DIALOG_FD);
		(void)execv(EXCHANGE, argv);
		_exit(127);
	}
	(void)close(ends[1]);
	return ends[0];
}

static void
bend(struct buffer *answer, const char nonce[FRAME_NONCE_BYTES])
{
	FILE *script = fopen(PLACE_SCRIPT, "re");
	char words[64] = "";
	char *found =
	    memmem(answer->bytes, answer->length, nonce, FRAME_NONCE_BYTES);

	must(script != NULL && found != NULL);
	must(fgets(words, sizeof(words), script) != NULL);
	(void)fclose(script);
	if (strstr(words, "nonce") != NULL)
		found[0] = (char)(found[0] ^ 1);
	if (strstr(words, "end") != NULL)
		answer->length--;
}

int
main(int argc, char **argv)
{
	struct buffer answer = buffer_make(ANSWER_MAX_BYTES);
	char nonce[FRAME_NONCE_BYTES];
	struct frame login = {0};
	int worker;

	must(argc > 0);
	hear_login(&login, nonce);
	worker = start_worker(argv);
	must(frame_send(worker, &login, frame_clock_ms() + FAR_MS) ==
	    EXTAUTH_OK);
	must(buffer_read(&answer, worker) == EXTAUTH_OK);
	bend(&answer, nonce);
	must(frame_send_bytes(DIALOG_FD, &answer, frame_clock_ms() + FAR_MS) ==
	    EXTAUTH_OK);
	return 0;
}
