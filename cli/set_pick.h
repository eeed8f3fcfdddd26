// SPDX-License-Identifier: MIT
/**
 * SET arguments, the models in a set, and a set as a combination that can be judged.
 */
#ifndef CLI_SET_PICK_H
#define CLI_SET_PICK_H

#include "cli/combination.h"

/** All sets. @return to be destroyed by the caller; NULL with `err` */
struct event *set_pick_all(struct cli *cli, struct error *err);

/**
 * The set of that name, letters of any case.
 * @return  lives as long as the program; NULL with `err`: USAGE, there is none
 */
const struct set_info *set_pick(struct cli *cli, struct str name, struct error *err);

/**
 * A model of the set, its checkpoint included: path, #ID, file name or stem.
 * @err  USAGE: none or several
 */
const struct set_part *set_pick_part(struct cli *cli, const struct set_info *set,
				     struct str argument, struct error *err);

/** Reads the set's models. A model that is gone counts as one that cannot be read. */
NODISCARD bool set_pick_models(struct cli *cli, const struct set_info *set, struct combination *out,
			       struct error *err);

/** A set with its fit, as `set list` shows it, or whole, as `set show` does. */
NODISCARD bool set_print(struct cli *cli, const struct set_info *set, bool whole,
			 struct error *err);

/** The verdict of a set with the reasons of its LoRAs, each named. On `arena`. */
struct fit set_pick_fit(const struct combination *judged, struct arena *arena);

#endif
