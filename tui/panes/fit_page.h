// SPDX-License-Identifier: MIT
/**
 * How a LoRA stands with the chosen checkpoint: the part of the details that tells it.
 */
#ifndef TUI_PANES_FIT_PAGE_H
#define TUI_PANES_FIT_PAGE_H

#include "tui/panes/writing.h"

/** Verdict, reasons, advice, and how many modules bind. */
void fit_page_write(const struct writing *w, const struct fit *fit, const struct strip *strip);
/** Block by block; nothing where nothing is known. */
void fit_page_strip(const struct writing *w, const struct strip *strip);

#endif
