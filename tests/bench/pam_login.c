/* SPDX-License-Identifier: MIT */
/* The smallest host: one pam_start, pam_authenticate, pam_acct_mgmt, pam_end.
 * Prints the PAM code and ends in it. With "time" a second line tells how many
 * microseconds pam_authenticate took; with "memory" more lines tell the most
 * KiB of memory that a process that it started had, and that it had itself;
 * with "wait" it then waits for the end of its standard input, so that its
 * memory can be looked at.
 * Does not know: modules.
 *
 * usage: pam_login SERVICE USER PASSWORD_FILE [time|memory|wait] */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PASSWORD_BYTES 2048

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **ret_responses, void *path)
{
	struct pam_response *responses =
	    calloc((size_t)count, sizeof(*responses));
	int i;

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < count; i++) {
		char *answer;
		FILE *file;

		if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF)
			continue;
		answer = calloc(1, PASSWORD_BYTES);
		file = fopen(path, "re");
		if (answer == NULL || file == NULL)
			abort();
		setvbuf(file, NULL, _IONBF, 0);
		if (fgets(answer, PASSWORD_BYTES, file) != NULL)
			answer[strcspn(answer, "\n")] = '\0';
		fclose(file);
		responses[i].resp = answer;
	}
	*ret_responses = responses;
	return PAM_SUCCESS;
}

static long
clock_us(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Not ru_maxrss, which begins with what was there before execve. */
static long
own_peak_kib(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	long kib = 0;

	while (
	    file != NULL && kib == 0 && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return kib;
}

static void
print_memory(void)
{
	struct rusage children = {0};

	getrusage(RUSAGE_CHILDREN, &children);
	printf("%ld\n%ld\n", children.ru_maxrss, own_peak_kib());
}

int
main(int argc, char **argv)
{
	struct pam_conv conversation = {.conv = converse};
	pam_handle_t *handle = NULL;
	const char *more = argc > 4 ? argv[4] : "";
	long start;
	long end;
	char byte;
	int code;

	if (argc < 4)
		return 64;
	conversation.appdata_ptr = argv[3];
	code = pam_start(argv[1], argv[2], &conversation, &handle);
	start = clock_us();
	if (code == PAM_SUCCESS)
		code = pam_authenticate(handle, 0);
	end = clock_us();
	if (code == PAM_SUCCESS)
		code = pam_acct_mgmt(handle, 0);
	pam_end(handle, code);
	printf("%d\n", code);
	if (strcmp(more, "time") == 0 || strcmp(more, "memory") == 0)
		printf("%ld\n", end - start);
	if (strcmp(more, "memory") == 0)
		print_memory();
	fflush(stdout);
	while (strcmp(more, "wait") == 0 && read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return code;
}
