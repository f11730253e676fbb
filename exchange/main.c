/* SPDX-License-Identifier: MIT */
/* extauth-exchange: the one program that speaks HTTP and reads JSON. It takes
 * one job from the host on descriptor 3, gives its verdict and ends.
 * Does not know: who logs in, and through which service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "job.h"
#include "paths.h"

#define DIALOG_FD 3

static int
main_refuse(void)
{
	(void)fputs(
	    "extauth-exchange is started by pam_extauth and extauthctl.\n",
	    stderr);
	return EX_USAGE;
}

static int
main_serve(void)
{
	struct dialog dialog = {.fd = DIALOG_FD};
	struct dialog_job *job;
	enum extauth_err err;

	/* Hosts give none, but a service manager does. No thread runs yet.
	 * NOLINTNEXTLINE(concurrency-mt-unsafe) */
	if (clearenv() != 0)
		return EX_OSERR;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return EX_OSERR;
	err = dialog_receive_job(&dialog, job);
	if (err == EXTAUTH_OK)
		err = job_run(&dialog, job);
	buffer_clear(&dialog.pending);
	buffer_clear(&dialog.gathered);
	dialog_job_clear(job);
	free(job);
	return err == EXTAUTH_OK ? EXIT_SUCCESS : EX_PROTOCOL;
}

int
main(int argc, char **argv)
{
	struct stat status;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)puts("extauth-exchange " EXTAUTH_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc > 1 || fstat(DIALOG_FD, &status) != 0 ||
	    !S_ISSOCK(status.st_mode))
		return main_refuse();
	return main_serve();
}
