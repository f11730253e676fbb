/* SPDX-License-Identifier: MIT */
#include "real_service.h"

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "place.h"

#define PORT "8443"
/* 127.0.0.1, this port and the state in hexadecimal digits. */
#define LISTENING "0100007F:20FB 00000000:0000 0A"
#define CERTIFICATE "/etc/extauth-test/server.pem"
#define KEY "/etc/extauth-test/server.key"
#define USERS "/run/pam-test/service-users"
#define RECORD "/run/pam-test/service-record"
#define CONTROL "/run/pam-test/service-control"
#define START_TRIES 1000
#define RECORD_BYTES (1024 * 1024)

static const char general[] = "[extauth]\n"
			      "default_provider = main\n"
			      "email_login_names = yes\n"
			      "failure_delay = 100ms\n";
static const char provider_head[] = "[provider main]\n"
				    "type = rest\n";

/* By the kernel's table: a connection without a handshake would make the
 * service complain. */
static bool
is_listening(void)
{
	FILE *table = fopen("/proc/net/tcp", "re");
	char line[256];
	bool is_found = false;

	place_check(table != NULL, "/proc/net/tcp");
	while (!is_found && fgets(line, sizeof(line), table) != NULL)
		is_found = strstr(line, LISTENING) != NULL;
	(void)fclose(table);
	return is_found;
}

pid_t
real_service_start(void)
{
	const struct timespec moment = {.tv_nsec = 10000000};
	const pid_t service = fork();
	int tries;

	if (service == 0) {
		(void)execl(TEST_SERVICE, "extauth-test-service", "--port",
		    PORT, "--certificate", CERTIFICATE, "--key", KEY, "--users",
		    USERS, "--record", RECORD, "--control", CONTROL,
		    (char *)NULL);
		_exit(127);
	}
	place_check(service > 0, "fork");
	for (tries = 0; !is_listening(); tries++) {
		if (tries == START_TRIES ||
		    waitpid(service, NULL, WNOHANG) != 0)
			errx(99, "the test service does not listen");
		(void)nanosleep(&moment, NULL);
	}
	return service;
}

void
real_service_stop(pid_t service)
{
	(void)kill(service, SIGKILL);
	(void)waitpid(service, NULL, 0);
}

void
real_service_use(const char *settings, const char *provider)
{
	place_install_worker(EXCHANGE);
	place_write(EXTAUTH_CONFIG_PATH, general, 0644);
	place_append(EXTAUTH_CONFIG_PATH, settings);
	place_append(EXTAUTH_CONFIG_PATH, provider_head);
	place_append(EXTAUTH_CONFIG_PATH, provider);
	place_write(USERS,
	    "alice@example.com:secret\nbob@example.com:secret\n"
	    "eva@example.com:secret\n",
	    0644);
}

void
real_service_add_account(const char *line)
{
	place_append(USERS, line);
	place_append(USERS, "\n");
}

void
real_service_answer(const char *path)
{
	place_write(CONTROL, path, 0644);
}

static int
count_in_record(const char *text)
{
	static char record[RECORD_BYTES];
	const int fd = open(RECORD, O_RDONLY | O_CLOEXEC);
	const char *place = record;
	ssize_t length = 0;
	int count = 0;

	if (fd >= 0)
		length = read(fd, record, sizeof(record) - 1);
	if (fd >= 0)
		(void)close(fd);
	place_check(length < RECORD_BYTES - 1, "the record is too long");
	record[length > 0 ? length : 0] = '\0';
	while ((place = strstr(place, text)) != NULL) {
		place += strlen(text);
		count++;
	}
	return count;
}

int
real_service_requests(void)
{
	return count_in_record("\n");
}

int
real_service_saw(const char *bytes)
{
	char digits[512] = "";
	size_t at;

	/* The record has them as hexadecimal digits. */
	for (at = 0; bytes[at] != '\0' && at < sizeof(digits) / 2 - 1; at++)
		(void)snprintf(
		    digits + at * 2, 3, "%02x", (unsigned char)bytes[at]);
	return count_in_record(digits);
}
