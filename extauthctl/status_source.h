/* SPDX-License-Identifier: MIT */
/* How old what is known of the sources is, and who comes from none.
 * Does not know: how a source is read. */
#ifndef EXTAUTHCTL_STATUS_SOURCE_H
#define EXTAUTHCTL_STATUS_SOURCE_H

#include "config.h"
#include "document.h"
#include "finding.h"
#include "registry_write.h"

/* Adds "sources": for each its last success, its age and the result of the last
 * attempt; as objects for JSON, else as lines to be read. `now_s` is the time.
 */
void status_sources_add(struct json_object *report, const struct config *config,
    const char *directory, int64_t now_s, bool is_json);

/* Adds "without_source": the names of enabled users who come from no source of
 * the configuration and whose access has no end; for JSON all of them. `config`
 * may be NULL: any source counts. */
void status_without_source_add(struct json_object *report,
    const struct config *config, const struct registry_contents *contents,
    bool is_json);

/* Finds the sources whose last good sync is older than max_sync_age. One that
 * was never synced is a note: somebody is setting it up. */
void status_sources_check(const struct config *config, const char *directory,
    int64_t now_s, struct findings *findings);

#endif
