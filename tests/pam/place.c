/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "registry_write.h"

#define SYSLOG_PATH "/var/log/auth.log"
#define LOG_MARK "/run/pam-test/log-start"

const char place_config[] = "[extauth]\n"
			    "default_provider = main\n"
			    "email_login_names = yes\n"
			    "failure_delay = 100ms\n"
			    "login_deadline = 2s\n"
			    "[provider main]\n"
			    "type = rest\n"
			    "url = https://id.example.com/login\n"
			    "forgot_password_url = "
			    "https://id.example.com/f?e={{USEREMAIL}}\n";

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
			     "toor:x:0:0:root:/root:/bin/bash\n"
			     "extauth:x:990:990::/nonexistent:/bin/false\n"
			     "bob:x:1501:1501::/home/bob:/bin/bash\n"
			     "lucy:x:1502:1502::/home/lucy:/bin/bash\n"
			     "carl:x:1503:1503::/home/carl:/bin/bash\n"
			     "lena:x:1504:1504::/home/lena:/bin/bash\n"
			     "nobody:x:65534:65534::/nonexistent:/bin/false\n";

struct entry {
	const char *name;
	const char *email;
	uint32_t uid;
	bool is_linked;
	bool is_disabled;
	int64_t not_after;
};

static const struct entry users[] = {
    {"alice", "alice@example.com", PLACE_ALICE_UID, false, false, 0},
    {"dora", "dora@example.com", PLACE_ALICE_UID + 1, false, true, 0},
    {"paula", "paula@example.com", PLACE_ALICE_UID + 2, false, false, 86400},
    {"carl", "carl@example.com", PLACE_ALICE_UID + 3, false, false, 0},
    {"eva@example.com", "eva@example.com", PLACE_ALICE_UID + 4, false, false,
	0},
    {"bob", "bob@example.com", 1501, true, false, 0},
    {"lena", "lena@example.com", 1600, true, false, 0},
};

void
place_check(bool is_right, const char *what)
{
	if (!is_right)
		err(99, "%s", what);
}

static void
put(const char *path, const char *text, int flags, mode_t mode)
{
	const size_t length = strlen(text);
	const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);

	place_check(fd >= 0, path);
	place_check(write(fd, text, length) == (ssize_t)length, path);
	place_check(fchmod(fd, mode) == 0, path);
	(void)close(fd);
}

void
place_write(const char *path, const char *text, mode_t mode)
{
	put(path, text, O_TRUNC, mode);
}

void
place_append(const char *path, const char *text)
{
	put(path, text, O_APPEND, 0644);
}

static void
run(const char *command)
{
	/* Only words of ours stand in it. */
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	place_check(
	    waitpid(child, &status, 0) == child && status == 0, command);
}

void
place_make(void)
{
	if (getenv("EXTAUTH_BUILD") == NULL)
		errx(99, "run it by tests/enter: it changes /etc");
	run("mkdir -p /run/pam-test /usr/libexec/extauth /etc/extauth");
}

void
place_install_worker(const char *program)
{
	char command[512];

	(void)snprintf(command, sizeof(command), "cp %s %s", program,
	    EXTAUTH_EXCHANGE_PATH);
	run(command);
}

static enum extauth_err
enter(struct registry_change *change, const struct entry *entry,
    struct extauth_error *error)
{
	const struct registry_user user = {
	    .name = entry->name,
	    .gecos = "",
	    .home = "/home/extauth",
	    .shell = "/bin/sh",
	    .email = entry->email,
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = entry->uid,
	    .gid = entry->uid,
	    .not_after = entry->not_after,
	    .is_disabled = entry->is_disabled,
	    .is_linked = entry->is_linked,
	};

	return registry_contents_add_user(&change->contents, &user, error);
}

static void
write_registry(const struct entry *entries, size_t count)
{
	cleanup_change struct registry_change change = {.lock_fd = -1};
	struct extauth_error error = {""};
	enum extauth_err result = registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 1000, &change, &error);
	size_t number;

	for (number = 0; result == EXTAUTH_OK && number < count; number++)
		result = enter(&change, &entries[number], &error);
	if (result == EXTAUTH_OK)
		result = registry_change_commit(&change, &error);
	if (result != EXTAUTH_OK)
		errx(99, "registry: %s", error.text);
}

void
place_add_user(const char *name, const char *email, uint32_t number)
{
	const struct entry entry = {
	    .name = name,
	    .email = email,
	    .uid = PLACE_ALICE_UID + 1000 + number,
	};

	write_registry(&entry, 1);
}

void
place_reset(void)
{
	struct stat status;
	char start[32] = "0";

	run("rm -rf " EXTAUTH_REGISTRY_DIRECTORY "/* " EXTAUTH_RUN_DIRECTORY
	    " /run/pam-test/[sr]*");
	place_install_worker(STAND_IN);
	place_write("/etc/passwd", passwd, 0644);
	place_write("/etc/nsswitch.conf",
	    "passwd: files extauth\nhosts: files dns\n", 0644);
	place_write(EXTAUTH_CONFIG_PATH, place_config, 0644);
	write_registry(users, sizeof(users) / sizeof(users[0]));
	if (stat(SYSLOG_PATH, &status) == 0)
		(void)snprintf(
		    start, sizeof(start), "%lld", (long long)status.st_size);
	place_write(LOG_MARK, start, 0644);
}

void
place_script(const char *text)
{
	place_write(PLACE_SCRIPT, text, 0644);
}

static const char *
read_from(const char *path, off_t offset)
{
	static char text[65536];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = 0;

	if (fd >= 0)
		length = pread(fd, text, sizeof(text) - 1, offset);
	text[length > 0 ? length : 0] = '\0';
	if (fd >= 0)
		(void)close(fd);
	return text;
}

const char *
place_record(void)
{
	return read_from(PLACE_RECORD, 0);
}

const char *
place_log(void)
{
	const struct timespec moment = {.tv_nsec = 100000000};
	const off_t start = strtol(read_from(LOG_MARK, 0), NULL, 10);

	/* The other side of /dev/log writes when it comes to it. */
	(void)nanosleep(&moment, NULL);
	return read_from(SYSLOG_PATH, start);
}
