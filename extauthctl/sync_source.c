/* SPDX-License-Identifier: MIT */
#include "sync_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "paths.h"
#include "sync_change.h"
#include "sync_reading.h"
#include "sync_report.h"
#include "sync_state.h"

/* One sync under way. */
struct run {
	const struct sync_order *order;
	struct sync_state state;
	char settings[SYNC_STATE_SETTINGS_BYTES];
	int state_fd; /* -1: nothing is remembered */
	struct sync_report_order report;
	struct sync_people people;
	struct sync_end end;
	struct registrar registrar;
	struct sync_plan plan;
	bool is_begun; /* there is a registrar and a plan */
};

static enum ctl_exit
run_complain(
    const struct run *run, enum extauth_err err, struct extauth_error *error)
{
	return complain_about(run->order->source->name, err, error);
}

static uint64_t
registry_generation(void)
{
	cleanup_registry struct registry registry = {.fd = -1};

	if (registry_open(EXTAUTH_REGISTRY_PATH, &registry, NULL) != EXTAUTH_OK)
		return 0;
	return registry.generation;
}

static void
reading_forget(struct run *run)
{
	if (run->is_begun) {
		sync_plan_clear(&run->plan);
		registrar_end(&run->registrar);
	}
	run->is_begun = false;
	sync_people_clear(&run->people);
	sync_end_clear(&run->end);
}

static void
run_clear(struct run *run)
{
	reading_forget(run);
	sync_state_clear(&run->state);
	cleanup_close_fd(&run->state_fd);
}

#define cleanup_run __attribute__((cleanup(run_clear)))

/* Writes down what came of the attempt. A state that cannot be kept costs a
 * whole reading next time, no more, but somebody should know. */
static enum ctl_exit
run_remember(struct run *run, int64_t attempt_s, const char *result)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (run->state_fd < 0)
		return CTL_DONE;
	run->state.attempt_s = attempt_s;
	(void)snprintf(
	    run->state.result, sizeof(run->state.result), "%s", result);
	err = sync_state_write(
	    run->state_fd, run->order->source->name, &run->state, &error);
	if (err == EXTAUTH_OK)
		return CTL_DONE;
	return run_complain(run, err, &error);
}

static enum ctl_exit
run_remember_success(struct run *run, uint64_t generation)
{
	struct sync_state *state = &run->state;
	char sums[256] = "unchanged";

	state->success_s = (int64_t)time(NULL);
	state->generation = generation;
	(void)snprintf(
	    state->settings, sizeof(state->settings), "%s", run->settings);
	if (run->end.kind == SYNC_COMPLETE)
		state->whole_s = state->success_s;
	if (run->end.kind != SYNC_UNCHANGED) {
		state->counts = sync_plan_counts(&run->plan);
		sync_report_sums(&state->counts, false, sums, sizeof(sums));
	}
	/* One that says nothing new leaves what is known. */
	if (run->end.kind != SYNC_UNCHANGED || run->end.state != NULL) {
		free(state->state);
		state->state = run->end.state;
		run->end.state = NULL;
	}
	return run_remember(run, state->success_s, sums);
}

/* An attempt that is not the last success has failed: of the same second it is
 * told as of the next one. */
static void
run_remember_failure(struct run *run, const char *result)
{
	int64_t now_s = (int64_t)time(NULL);

	if (now_s == run->state.success_s)
		now_s++;
	(void)run_remember(run, now_s, result);
}

static enum ctl_exit
run_failed(struct run *run, enum extauth_err err, struct extauth_error *error)
{
	char result[SYNC_STATE_RESULT_BYTES];
	enum ctl_exit status = run_complain(run, err, error);

	(void)snprintf(result, sizeof(result), "failed: %.300s",
	    error->text[0] != '\0' ? error->text : error_name(err));
	if (run->order->json != NULL)
		document_text(run->order->json, "result", result);
	run_remember_failure(run, result);
	return status == CTL_CONFIG ? CTL_CONFIG : CTL_CANNOT;
}

static enum extauth_err
run_prepare(struct run *run, struct extauth_error *error)
{
	const struct sync_order *order = run->order;
	enum extauth_err err;

	err = sync_state_settings(order->config, order->source, run->settings);
	if (err != EXTAUTH_OK || order->email != NULL)
		return err;
	/* On a host where nobody is registered yet. */
	if (!order->is_rehearsal)
		(void)mkdir(EXTAUTH_REGISTRY_DIRECTORY, 0755);
	if (!order->is_rehearsal)
		err = sync_state_lock(
		    SYNC_STATE_DIRECTORY, &run->state_fd, error);
	if (err == EXTAUTH_OK)
		sync_state_load(
		    SYNC_STATE_DIRECTORY, order->source->name, &run->state);
	return err;
}

/* The registry as it is now, not as it was before the directory was read. */
static enum extauth_err
run_plan(struct run *run, struct extauth_error *error)
{
	enum extauth_err err = run->order->is_rehearsal
	    ? registrar_begin_rehearsal(
		  run->order->config, &run->registrar, error)
	    : registrar_begin(run->order->config, &run->registrar, error);

	if (err != EXTAUTH_OK)
		return err;
	run->is_begun = true;
	return sync_plan_make(
	    &run->people, run->end.kind, &run->registrar, &run->plan, error);
}

static enum extauth_err
run_read(struct run *run, const char *state, struct extauth_error *error)
{
	enum extauth_err err =
	    sync_read(run->order, state, &run->people, &run->end, error);

	if (err != EXTAUTH_OK || run->end.kind == SYNC_UNCHANGED)
		return err;
	err = run_plan(run, error);
	if (err != EXTAUTH_OK || !run->plan.needs_all)
		return err;
	reading_forget(run);
	err = sync_read(run->order, "", &run->people, &run->end, error);
	if (err == EXTAUTH_OK)
		err = run_plan(run, error);
	return err;
}

/* One who was asked for by name may be disabled whatever the share is. */
static bool
is_too_much(const struct run *run)
{
	return run->order->email == NULL &&
	    sync_plan_is_too_much(&run->plan,
		run->order->source->max_removal_percent, run->order->accepted);
}

/* Rounded up: what is more than 20 % is not called 20 %. */
static size_t
share_percent(size_t part, size_t whole)
{
	return whole == 0 ? 0 : (part * 100 + whole - 1) / whole;
}

static enum ctl_exit
run_stop(struct run *run, struct extauth_error *error)
{
	const struct sync_plan *plan = &run->plan;
	const struct config_source *source = run->order->source;

	run->report.is_rehearsal = true;
	sync_report(&run->report, plan);
	(void)error_set(error, EXTAUTH_INVALID,
	    "would disable or remove %zu of %zu users (%zu %%), more than "
	    "max_removal_percent = %u: nothing was changed",
	    plan->lost, plan->at_stake,
	    share_percent(plan->lost, plan->at_stake),
	    source->max_removal_percent);
	complain("%s: %s. If that is right: extauthctl sync %s "
		 "--accept-removals %zu",
	    source->name, error->text, source->name, plan->lost);
	if (run->order->json != NULL)
		document_text(run->order->json, "result", error->text);
	run_remember_failure(run, error->text);
	return CTL_NO;
}

static bool
has_work(const struct sync_plan *plan)
{
	struct sync_counts counts = sync_plan_counts(plan);

	return counts.added + counts.changed + counts.enabled +
	    counts.disabled + counts.removed >
	    0;
}

static enum ctl_exit
run_finish(struct run *run)
{
	const struct sync_order *order = run->order;
	enum ctl_exit status = CTL_DONE;

	if (order->email == NULL && !order->is_rehearsal)
		status = run_remember_success(
		    run, run->registrar.change.contents.generation);
	if (order->email != NULL && run->plan.refusals.count > 0)
		status = CTL_NO;
	if (order->json != NULL)
		document_text(order->json, "result",
		    order->is_rehearsal ? "dry run" : "done");
	sync_report(&run->report, &run->plan);
	return status;
}

static enum ctl_exit
run_change(struct run *run, struct extauth_error *error)
{
	enum extauth_err err = sync_change(&run->plan, error);

	if (err == EXTAUTH_OK && is_too_much(run))
		return run_stop(run, error);
	if (err == EXTAUTH_OK && !run->order->is_rehearsal &&
	    has_work(&run->plan))
		err = registrar_commit(&run->registrar, error);
	if (err != EXTAUTH_OK)
		return run_failed(run, err, error);
	return run_finish(run);
}

static enum ctl_exit
run_unchanged(struct run *run)
{
	if (run->order->json != NULL)
		document_text(run->order->json, "result", "unchanged");
	sync_report_unchanged(&run->report, run->state.counts.refused);
	if (run->order->is_rehearsal)
		return CTL_DONE;
	return run_remember_success(run, run->state.generation);
}

/* Nobody with that e-mail, or one whom domains or only_groups leave out. */
static enum ctl_exit
run_nobody(struct run *run)
{
	const struct sync_order *order = run->order;
	bool is_left_out = run->plan.filtered > 0;

	if (order->json != NULL)
		document_text(order->json, "result",
		    is_left_out ? "is left out by domains or only_groups"
				: "is not in the directory");
	if (is_left_out)
		complain("%s: %s is left out by domains or only_groups",
		    order->source->name, order->email);
	else
		complain("%s: %s is not in the directory", order->source->name,
		    order->email);
	return CTL_NO;
}

static bool
is_nobody(const struct run *run)
{
	return run->order->email != NULL && run->plan.count == 0 &&
	    run->plan.refusals.count == 0 && run->plan.unchanged == 0;
}

enum ctl_exit
sync_source(const struct sync_order *order)
{
	cleanup_run struct run run = {.order = order, .state_fd = -1};
	struct extauth_error error = {0};
	const char *state = "";
	enum extauth_err err;

	run.report = (struct sync_report_order){.source = order->source->name,
	    .is_rehearsal = order->is_rehearsal,
	    .has_differences = order->has_differences,
	    .json = order->json};
	err = run_prepare(&run, &error);
	if (err != EXTAUTH_OK)
		return run_failed(&run, err, &error);
	if (!order->is_whole)
		state = sync_state_lend(&run.state, run.settings,
		    registry_generation(), (int64_t)time(NULL));
	err = run_read(&run, state, &error);
	if (err != EXTAUTH_OK)
		return run_failed(&run, err, &error);
	if (run.end.kind == SYNC_UNCHANGED)
		return run_unchanged(&run);
	if (is_nobody(&run))
		return run_nobody(&run);
	return run_change(&run, &error);
}
