/* SPDX-License-Identifier: MIT */
/* The XML part of template_context: text, tags, quoted attributes, comments,
 * CDATA sections and processing instructions.
 * Does not know: whether the elements match. */
#ifndef EXTAUTH_TEMPLATE_XML_H
#define EXTAUTH_TEMPLATE_XML_H

#include "template_context.h"

/* Goes on over one byte of literal text, of which `length` bytes are left.
 * EXTAUTH_CONFIG with the reason in `error` for what cannot stand there: a
 * document type, a bare '&', '<' in an attribute. XML 1.0 2.4. */
EXTAUTH_CHECKED enum extauth_err template_xml_byte(
    struct template_context *context, const char *text, size_t length,
    struct extauth_error *error);

/* Tells whether a value may stand here: in text or a quoted attribute. */
bool template_xml_takes_value(const struct template_context *context);

/* Tells whether the text may end here: outside of every tag and section. */
bool template_xml_may_end(const struct template_context *context);

#endif
