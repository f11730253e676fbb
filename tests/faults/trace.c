/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unwind.h>

#define FRAMES_MAX 24
#define WORDS_MAX 64

static struct control *traced;

/* Where the next line goes. */
struct lines {
	char *text;
	size_t left;
	unsigned count;
};

/* Writes OBJECT+OFFSET; false for an address that is in none. */
static bool
write_place(struct lines *lines, uintptr_t address)
{
	Dl_info place = {0};
	const char *name;
	size_t length;

	/* An address that was found. NOLINTNEXTLINE */
	if (dladdr((void *)address, &place) == 0 || place.dli_fname == NULL)
		return false;
	name = strrchr(place.dli_fname, '/');
	name = name != NULL ? name + 1 : place.dli_fname;
	length = (size_t)snprintf(lines->text, lines->left, "%s+%#jx %s\n",
	    name, (uintmax_t)(address - (uintptr_t)place.dli_fbase),
	    place.dli_sname != NULL ? place.dli_sname : "");
	if (length >= lines->left)
		return false;
	lines->text += length;
	lines->left -= length;
	lines->count++;
	return true;
}

static _Unwind_Reason_Code
write_frame(struct _Unwind_Context *context, void *argument)
{
	struct lines *lines = argument;

	(void)write_place(lines, _Unwind_GetIP(context));
	return lines->count < FRAMES_MAX ? _URC_NO_REASON : _URC_END_OF_STACK;
}

void
trace_write(char *ret_text) /* NOLINT(readability-non-const-parameter) */
{
	struct lines lines = {ret_text, CONTROL_TRACE_BYTES, 0};

	(void)_Unwind_Backtrace(write_frame, &lines);
}

/* A jump to where no code is cannot be unwound: who jumped is on the stack. */
static bool
write_jump(const ucontext_t *context, char *ret_text)
{
	struct lines lines = {ret_text, CONTROL_TRACE_BYTES, 0};
#ifdef __x86_64__
	const uintptr_t at = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
	const uintptr_t stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#else
	const uintptr_t at = context->uc_mcontext.pc;
	const uintptr_t stack = context->uc_mcontext.sp;
#endif
	/* An address that the kernel told. NOLINTNEXTLINE */
	const uintptr_t *words = (const uintptr_t *)stack;
	size_t number;

	if (write_place(&lines, at))
		return false;
	for (number = 0; number < WORDS_MAX && lines.count == 0; number++)
		(void)write_place(&lines, words[number]);
	return true;
}

static void
on_signal(int number, siginfo_t *why, void *context)
{
	(void)why;
	if (!write_jump(context, traced->crashed))
		trace_write(traced->crashed);
	(void)raise(number);
}

/* It comes before the call returns: who called is still there. */
static void
on_fault(int number)
{
	(void)number;
	trace_write(traced->failed);
}

void
trace_begin(struct control *control)
{
	static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE};
	struct sigaction action = {.sa_sigaction = on_signal,
	    .sa_flags = SA_SIGINFO | SA_NODEFER | (int)SA_RESETHAND};
	const struct sigaction fault = {
	    .sa_handler = on_fault, .sa_flags = SA_RESTART};
	size_t at;

	traced = control;
	(void)sigaction(CONTROL_TRACE_SIGNAL, &fault, NULL);
	for (at = 0; at < sizeof(crashes) / sizeof(*crashes); at++)
		(void)sigaction(crashes[at], &action, NULL);
}
