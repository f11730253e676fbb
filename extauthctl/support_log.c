/* SPDX-License-Identifier: MIT */
/* The last decisions in the system's log, of the support bundle.
 * Does not know: what of a line is kept. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"
#include "support_report.h"
#include "support_system.h"

#define AUTH_LOG "/var/log/auth.log"
/* So much of the end of a log is looked at. */
#define LOG_MAX_BYTES ((size_t)16 << 20)
#define MARK "pam_extauth("

/* Reads the end of the file, from a whole line on. */
static bool
file_read(struct buffer *text)
{
	FILE *file = fopen(AUTH_LOG, "re");
	char bytes[2048];
	struct stat status;
	size_t got;

	if (file == NULL)
		return false;
	if (fstat(fileno(file), &status) == 0 &&
	    status.st_size > (off_t)LOG_MAX_BYTES / 2) {
		(void)fseeko(
		    file, status.st_size - (off_t)LOG_MAX_BYTES / 2, SEEK_SET);
		while (
		    (got = (size_t)fgetc(file)) != (size_t)EOF && got != '\n')
			;
	}
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		if (buffer_append(text, bytes, got) == EXTAUTH_NOMEM)
			die_of_memory();
	(void)fclose(file);
	return true;
}

static const char *
log_read(struct buffer *text)
{
	static const char *const argv[] = {"/usr/bin/journalctl", "--no-pager",
	    "--quiet", "--output=short-iso", "--lines=10000",
	    "--grep=pam_extauth\\(", NULL};

	if (file_read(text))
		return AUTH_LOG;
	return support_capture(argv, text) ? "journalctl" : "none";
}

/* NUL bytes would hide what stands behind them. */
static void
text_clean(struct buffer *text)
{
	size_t at;

	for (at = 0; at < text->length; at++)
		if (text->bytes[at] == '\0')
			text->bytes[at] = '?';
}

static size_t
lines_count(const char *text)
{
	size_t count = 0;

	for (; (text = strstr(text, MARK)) != NULL; text++)
		count++;
	return count;
}

struct json_object *
support_log(const struct support_scene *scene)
{
	cleanup_buffer struct buffer text = buffer_make(LOG_MAX_BYTES);
	struct json_object *object = document_object();
	struct json_object *array = document_array();
	size_t count;
	char *next;
	char *line;

	document_text(object, "read", log_read(&text));
	text_clean(&text);
	count = lines_count(buffer_text(&text));
	for (next = text.bytes; support_line(&next, &line);) {
		struct json_object *kept;

		if (strstr(line, MARK) == NULL)
			continue;
		if (count-- > scene->log_lines)
			continue;
		kept = scrub_log_line(scene->scrub, scene->status.config, line);
		if (kept != NULL)
			document_push(array, kept);
		else
			scrub_leave_out(scene->scrub,
			    "log line that is not as ours are written");
	}
	document_put(object, "lines", array);
	return object;
}
