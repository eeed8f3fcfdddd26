// SPDX-License-Identifier: MIT
/**
 * The opcodes, and what the machine offers to those who carry them out. For the pickle machine.
 */
#ifndef CORE_FORMATS_PICKLE_OP_H
#define CORE_FORMATS_PICKLE_OP_H

#include "core/formats/pickle.h"

/** What stands behind an opcode. */
enum pickle_form {
	FORM_NONE,
	FORM_U8,
	FORM_U16,
	FORM_I32,
	FORM_U32,
	FORM_U64,
	FORM_REAL,
	FORM_LINE,
	FORM_TWO_LINES,
	FORM_TEXT1,
	FORM_TEXT4,
	FORM_TEXT8,
	FORM_OLD_TEXT4, /* digits: bytes of the length */
	FORM_BYTES1,
	FORM_BYTES4,
	FORM_BYTES8,
	FORM_LONG1,
	FORM_LONG4,
	FORM_COUNT
};

struct pickle_op {
	enum pickle_form form;
	void (*act)(struct pickle *pickle); /* NULL: there is no such opcode */
};

const struct pickle_op *pickle_op_find(unsigned char byte);

/** Reads what stands behind the opcode; false with the pickle over when it is not there. */
NODISCARD bool pickle_argument_read(struct pickle *pickle, enum pickle_form form);

/** Ends the pickle as broken. Returns false. */
bool pickle_give_up(struct pickle *pickle, const char *code, const char *format, ...) PRINTF(3, 4);
/** E_PK_OPCODE at the current opcode. */
bool pickle_give_up_here(struct pickle *pickle);
/** E_PK_EOF, or why the source could not be read. */
bool pickle_give_up_short(struct pickle *pickle);
/** E_PK_LIMIT. */
bool pickle_give_up_limit(struct pickle *pickle, const char *limit);

void pickle_push(struct pickle *pickle, uint32_t value);
void pickle_push_mark(struct pickle *pickle);
/** 0 and E_PK_STACK when there is nothing above the last mark. */
uint32_t pickle_pop(struct pickle *pickle);
uint32_t pickle_top(struct pickle *pickle);
/** Takes all above the last mark and the mark; valid until the next push. */
const uint32_t *pickle_pop_mark(struct pickle *pickle, size_t *n);
/** A new value; 0 with the pickle over when the budget is used up. */
uint32_t pickle_make(struct pickle *pickle, enum pickle_kind kind);
/** Appends to a container. */
void pickle_put_in(struct pickle *pickle, uint32_t container, const uint32_t *members, size_t n);
/** E_PK_STACK: the pickle goes on, but Python's would not. */
void pickle_stray(struct pickle *pickle);

/* pickle_act_value.c */
void act_none(struct pickle *pickle);
void act_bool(struct pickle *pickle);
void act_number(struct pickle *pickle);
void act_number_line(struct pickle *pickle);
void act_long(struct pickle *pickle);
void act_real(struct pickle *pickle);
void act_real_line(struct pickle *pickle);
void act_text(struct pickle *pickle);
void act_quoted_line(struct pickle *pickle);
void act_unicode_line(struct pickle *pickle);
void act_bytes(struct pickle *pickle);
void act_unknown(struct pickle *pickle);

/* pickle_act_container.c */
void act_empty(struct pickle *pickle);
void act_few(struct pickle *pickle);
void act_many(struct pickle *pickle);
void act_append(struct pickle *pickle);
void act_appends(struct pickle *pickle);
void act_set_item(struct pickle *pickle);
void act_set_items(struct pickle *pickle);

/* pickle_act_call.c */
void act_global(struct pickle *pickle);
void act_stack_global(struct pickle *pickle);
void act_extension(struct pickle *pickle);
void act_persistent_line(struct pickle *pickle);
void act_persistent(struct pickle *pickle);
void act_instance(struct pickle *pickle);
void act_object(struct pickle *pickle);
void act_reduce(struct pickle *pickle);
void act_new_object(struct pickle *pickle);
void act_new_object_named(struct pickle *pickle);
void act_build(struct pickle *pickle);

#endif
