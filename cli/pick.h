// SPDX-License-Identifier: MIT
/**
 * MODEL, CHECKPOINT and LORA arguments: contract.md, "Arguments".
 *
 * An existing path is read from disk and needs no library, but what was corrected by hand holds
 * where there is one; else #ID, file name, stem.
 */
#ifndef CLI_PICK_H
#define CLI_PICK_H

#include "cli/cli.h"
#include "core/fit/fit.h"

struct picked {
	struct str path; /* as given, or the library's absolute one */
	struct model model;
	bool is_file;   /* read from disk, not as the library knows it */
	bool has_entry; /* it stands in the library */
	struct entry entry;
};

/**
 * Finds one model.
 * @out  on cli->arena
 * @err  USAGE: none or several; the several are listed on stderr
 */
NODISCARD bool pick_model(struct cli *cli, struct str argument, struct picked *out,
			  struct error *err);

/** A model of the library; `*is_there` false when it has left. */
NODISCARD bool pick_id(struct cli *cli, uint32_t id, bool *is_there, struct picked *out,
		       struct error *err);

/** A model of the library by its argument; the library must be open. @err as pick_model */
NODISCARD bool pick_entry(struct cli *cli, struct str argument, uint32_t *id, struct error *err);

/** Does a path that nothing can be read at lie in a root that is not there? `err` (OFFLINE) names it. */
bool pick_is_away(struct cli *cli, struct str path, struct error *err);

struct picked_lora {
	struct picked picked;
	double weight;
	bool has_weight_te;
	double weight_te;
};

/** LORA[:WEIGHT[:TE]]: the whole argument first, then cut at its trailing numbers. */
NODISCARD bool pick_lora(struct cli *cli, struct str argument, struct picked_lora *out,
			 struct error *err);

/** For a verdict; `content` tells copies of one file, and one path twice. On cli->arena. */
struct fit_side pick_side(struct cli *cli, const struct picked *picked);

#endif
