/* SPDX-License-Identifier: MIT */
/* In the place of the function by which libpam tells the audit system of each
 * login, preloaded where ThreadSanitizer looks: that of libaudit formats the
 * program's name into a static buffer, unlocked, in whatever host has threads.
 * Does not know: who logs in. */
int audit_log_acct_message(int audit_fd, int type, const char *program,
    const char *operation, const char *name, unsigned id, const char *host,
    const char *address, const char *terminal, int result);

int
audit_log_acct_message(int audit_fd, int type, const char *program,
    const char *operation, const char *name, unsigned id, const char *host,
    const char *address, const char *terminal, int result)
{
	(void)audit_fd;
	(void)type;
	(void)program;
	(void)operation;
	(void)name;
	(void)id;
	(void)host;
	(void)address;
	(void)terminal;
	(void)result;
	return 1;
}
