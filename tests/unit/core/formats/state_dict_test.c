// SPDX-License-Identifier: MIT
/* Tensors in pickled models: what they are called, what they are. */
#include "core/formats/state_dict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/formats/reading_of.h"
#include "tests/unit/core/formats/zip_build.h"

/* Pickles of protocol 0, which can be read; Q is that of protocol 1, as text has no tuples. */
#define ID(class, key, n) "(S'storage'\nctorch\n" class "\nS'" key "'\nS'cpu'\nI" #n "\nt"
#define REBUILT(function, storage, at, size, stride, more) \
	"c" function "\n(" storage "QI" #at "\n(" size "t(" stride "t" more "tR"
#define V2(class, n, at, size, stride)                                                   \
	REBUILT("torch._utils\n_rebuild_tensor_v2", ID(class, "0", n), at, size, stride, \
		"I00\nccollections\nOrderedDict\n)R")
#define SIX V2("FloatStorage", 6, 0, "I2\nI3\n", "I3\nI1\n")
#define TWO V2("HalfStorage", 2, 0, "I2\n", "I1\n")
#define ONE V2("LongStorage", 1, 0, "", "")
#define KEY(name) "S'" name "'\n"
#define ORDERED(pairs) "ccollections\nOrderedDict\n)R(" pairs "u"
#define OBJECT(class, state) "\x80\2c" class "\n)\x81" state "b"

struct row {
	const char *what;
	const char *pickle;
	const char *tensors;
	const char *metadata;
	const char *codes;
};

static const struct row rows[] = {
	{ "a dict", "(" KEY("a") SIX KEY("b.c") TWO "d.", "a:F32[2,3] b.c:F16[2]", "", "" },
	{ "an OrderedDict", ORDERED(KEY("a") SIX KEY("s") ONE) ".", "a:F32[2,3] s:I64[]", "", "" },
	{ "an OrderedDict of Python 2",
	  "ccollections\nOrderedDict\n(((S'a'\n" SIX "l(S'b'\n" TWO "lltR.", "a:F32[2,3] b:F16[2]",
	  "", "" },
	{ "dicts in dicts", "(" KEY("x") "(" KEY("y") "(" KEY("z") ONE "ddd.", "x.y.z:I64[]", "",
	  "" },
	{ "lists and numbers", "(I768\n(" ORDERED(KEY("w") ONE) ORDERED(KEY("w") TWO) "ld.",
	  "768.0.w:I64[] 768.1.w:F16[2]", "", "" },
	{ "a tuple", "(" SIX TWO "t.", "0:F32[2,3] 1:F16[2]", "", "" },
	{ "nothing but a tensor", SIX ".", "tensor:F32[2,3]", "", "" },
	{ "no tensor at all", "(" KEY("a") "I1\nd.", "", "a=1", "" },

	{ "wrapped",
	  "(" KEY("state_dict") "(" KEY("a") SIX
	  "d" KEY("epoch") "I7\n" KEY("rate") "F0.5\n" KEY("done") "I01\n" KEY("none") "Nd.",
	  "a:F32[2,3]", "epoch=7 rate=0.5 done=True", "" },
	{ "wrapped twice", "(" KEY("model") "(" KEY("state_dict") "(" KEY("a") SIX "ddd.",
	  "a:F32[2,3]", "", "" },
	{ "two of a kind",
	  "(" KEY("params_ema") "(" KEY("a") SIX "d" KEY("params") "(" KEY("a") TWO "dd.",
	  "a:F16[2] params_ema.a:F32[2,3]", "", "" },
	{ "a wrapping's name without tensors",
	  "(" KEY("model") "S'sdxl'\n" KEY("net") "(d" KEY("a") SIX "d.", "a:F32[2,3]",
	  "model=sdxl", "" },
	{ "a wrapping's name for a tensor", "(" KEY("weights") SIX "d.", "weights:F32[2,3]", "",
	  "" },
	{ "no wrappings",
	  "(" KEY("image_proj") "(" KEY("w") ONE "d" KEY("ip_adapter") "(" KEY("1.k") TWO "dd.",
	  "image_proj.w:I64[] ip_adapter.1.k:F16[2]", "", "" },
	{ "an optimizer's state is counted",
	  "(" KEY("model") "(" KEY("a") SIX "d" KEY("optimizer") "(" KEY("state") "(I0\n" SIX
										  "ddd.",
	  "a:F32[2,3]", "training checkpoint=24 bytes are optimizer state", "" },
	{ "hyper parameters",
	  "(" KEY("state_dict") "(" KEY("a") ONE
	  "d" KEY("hyper_parameters") "(" KEY("lr") "F0.25\n" KEY("unet") "(ddd.",
	  "a:I64[]", "hyper_parameters.lr=0.25", "" },
	{ "an embedding",
	  "(" KEY("string_to_token") "(" KEY("*") "I265\nd" KEY("string_to_param") "(" KEY("*") SIX
	  "d" KEY("name") "S'x'\n" KEY("sd_checkpoint_name") "S'nai'\nd.",
	  "string_to_param.*:F32[2,3]", "name=x sd_checkpoint_name=nai", "" },
	{ "an embedding in a module of torch's",
	  "(" KEY("string_to_param") OBJECT("torch.nn.modules.container\nParameterDict",
					    "}(" KEY("_parameters") ORDERED(KEY("*") SIX) "u") "d.",
	  "string_to_param.*:F32[2,3]", "", "V_RUNS_CODE" },
	{ "a module",
	  OBJECT("models\nNet",
		 "}(" KEY("_parameters") ORDERED(KEY("w") ONE) KEY("_buffers") ORDERED(KEY("b") TWO)
			 KEY("_modules") ORDERED(KEY("sub") OBJECT(
				 "models\nLinear",
				 "}(" KEY("_parameters") ORDERED(KEY("w") SIX) "u")) "u") ".",
	  "w:I64[] b:F16[2] sub.w:F32[2,3]", "", "V_MODULE V_RUNS_CODE" },
	{ "a module that is wrapped",
	  "(" KEY("model")
		  OBJECT("models\nNet", "}(" KEY("_parameters") ORDERED(KEY("w") ONE) "u") "d.",
	  "w:I64[]", "", "V_MODULE V_RUNS_CODE" },
	{ "one dict in two places", "((" KEY("a") SIX "dp0\n0(" KEY("x") "g0\n" KEY("y") "g0\nd.",
	  "x.a:F32[2,3]", "", "" },
	{ "one tensor in two places", "(" KEY("x") SIX "p0\n" KEY("y") "g0\nd.",
	  "x:F32[2,3] y:F32[2,3]", "", "" },
	{ "a dict within itself", "(dp0\n" KEY("a") SIX "s" KEY("b") "g0\ns.", "a:F32[2,3]", "",
	  "" },
	{ "a wrapping within itself", "(dp0\n" KEY("a") SIX "s" KEY("model") "g0\ns.", "a:F32[2,3]",
	  "", "" },

	{ "a parameter", "(" KEY("a") "ctorch._utils\n_rebuild_parameter\n(" SIX "I01\nNtRd.",
	  "a:F32[2,3]", "", "" },
	{ "a parameter with a state",
	  "(" KEY("a") "ctorch._utils\n_rebuild_parameter_with_state\n(" SIX "I01\nN(dtRd.",
	  "a:F32[2,3]", "", "" },
	{ "a tensor of another class",
	  "(" KEY("a") "ctorch._tensor\n_rebuild_from_type_v2\n("
		       "ctorch._utils\n_rebuild_tensor_v2\nctorch.nn.parameter\nParameter\n(" ID(
			       "FloatStorage", "0", 6) "QI0\n(I6\nt(I1\ntI00\nNt(dtRd.",
	  "a:F32[6]", "", "" },
	{ "an old tensor",
	  "(" KEY("a") REBUILT("torch._utils\n_rebuild_tensor", ID("ByteStorage", "0", 6), 2,
			       "I4\n", "I1\n", "") "d.",
	  "a:U8[4]", "", "" },
	{ "a tensor with a type of its own",
	  "(" KEY("a") REBUILT("torch._utils\n_rebuild_tensor_v3", ID("UntypedStorage", "0", 6), 0,
			       "I6\n", "I1\n", "I00\nNctorch\nfloat8_e4m3fn\n") "d.",
	  "a:F8_E4M3[6]", "", "V_RUNS_CODE" },
	{ "a quantised tensor",
	  "(" KEY("a") REBUILT("torch._utils\n_rebuild_qtensor", ID("QInt8Storage", "0", 6), 0,
			       "I6\n", "I1\n", "(ctorch\nper_tensor_affine\nF0.1\nI0\nt") "d.",
	  "a:I8[6]", "", "" },
	{ "a tensor without bytes",
	  "(" KEY("a") "ctorch._utils\n_rebuild_meta_tensor_no_storage\n("
		       "ctorch\nbfloat16\n(I3\nt(I1\ntI00\ntRd.",
	  "a:BF16[3]", "", "" },
	{ "a torch.Size",
	  "(" KEY("a") "ctorch._utils\n_rebuild_tensor_v2\n(" ID(
		  "FloatStorage", "0", 6) "QI0\nctorch\nSize\n((I6\nttR(I1\ntI00\nNtRd.",
	  "a:F32[6]", "", "" },
	{ "saved from a GPU",
	  "(" KEY("a") REBUILT("torch._utils\n_rebuild_tensor_v2",
			       "(S'storage'\nctorch.cuda\nHalfStorage\nS'0'\nS'cuda:0'\nI6\nt", 0,
			       "I6\n", "I1\n", "I00\nN") "d.",
	  "a:F16[6]", "", "" },
	{ "strides", "(" KEY("a") V2("FloatStorage", 24, 12, "I4\nI3\n", "I1\nI4\n") "d.",
	  "a:F32[4,3]", "", "" },
	{ "one element for all", "(" KEY("a") V2("FloatStorage", 1, 0, "I7\nI9\n", "I0\nI0\n") "d.",
	  "a:F32[7,9]", "", "" },
	{ "no element", "(" KEY("a") V2("FloatStorage", 0, 0, "I0\nI9\n", "I9\nI1\n") "d.",
	  "a:F32[0,9]", "", "" },

	{ "past the end", "(" KEY("a") V2("FloatStorage", 6, 1, "I2\nI3\n", "I3\nI1\n") "d.",
	  "a:F32[2,3]", "", "E_PT_SPAN" },
	{ "far past the end",
	  "(" KEY("a") V2("FloatStorage", 6, 0, "I3\nI3\n",
			  "I9223372036854775807\nI9223372036854775807\n") "d.",
	  "a:F32[3,3]", "", "E_PT_SPAN" },
	{ "too large a shape",
	  "(" KEY("a") V2("FloatStorage", 6, 0, "I9223372036854775807\nI3\n", "I0\nI0\n") "d.",
	  "a:F32[9223372036854775807,3]", "", "E_PT_SPAN" },
	{ "a negative size is no tensor",
	  "(" KEY("a") V2("FloatStorage", 6, 0, "I-2\n", "I1\n") "d.", "", "", "" },
	{ "strides for another shape are none",
	  "(" KEY("a") V2("FloatStorage", 6, 0, "I2\n", "I1\nI1\n") "d.", "", "", "" },
	{ "an unknown class", "(" KEY("a") V2("PositStorage", 6, 0, "I6\n", "I1\n") "d.", "a:?[6]",
	  "", "W_PT_DTYPE V_RUNS_CODE" },
};

static void every_row_holds(void **state)
{
	int n_bad = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct read_file file;
		read_file_open(&file, "a.pkl", str_from(rows[i].pickle));
		const char *tensors = read_file_tensors(&file),
			   *metadata = read_file_metadata(&file);
		if (strcmp(tensors, rows[i].tensors) != 0 ||
		    strcmp(metadata, rows[i].metadata) != 0 ||
		    strcmp(read_file_codes(&file), rows[i].codes) != 0) {
			print_error("%s: \"%s\", \"%s\", \"%s\"\n", rows[i].what, tensors, metadata,
				    read_file_codes(&file));
			n_bad++;
		}
		read_file_close(&file);
	}
	assert_int_equal(n_bad, 0);
}

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define TWENTY_FOUR "------------------------"

/** The bytes must be in the zip, and enough of them. */
static void storages_are_looked_up(void **state)
{
	static const struct {
		const char *name;
		struct str data;
		const char *codes;
	} cases[] = {
		{ "archive/data/0", S(TWENTY_FOUR), "" },
		{ "archive/data/0", S("-----------------------"), "E_PT_STORAGE" },
		{ "archive/data/1", S(TWENTY_FOUR), "E_PT_STORAGE" },
		{ "other/data/0", S(TWENTY_FOUR), "E_PT_STORAGE" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct zip_build zip = { 0 };
		struct read_file file;
		zip_add(&zip, (struct zip_part){ "archive/data.pkl", S("(" KEY("a") SIX "d.") });
		zip_add(&zip, (struct zip_part){ cases[i].name, cases[i].data });
		zip_close(&zip, (struct zip_finish){ 0 });
		read_file_open(&file, "a.pt", bytes_str(&zip.bytes));
		assert_string_equal(read_file_codes(&file), cases[i].codes);
		assert_string_equal(read_file_tensors(&file), "a:F32[2,3]");
		assert_int_equal(file.reading.table.tensors[0].size_bytes, 24);
		read_file_close(&file);
		zip_free(&zip);
	}
}

static void the_message_tells_what_is_missing(void **state)
{
	struct zip_build zip = { 0 };
	struct read_file file;
	(void)state;
	zip_add(&zip, (struct zip_part){ "archive/data.pkl", S("(" KEY("a") SIX "d.") });
	zip_add(&zip, (struct zip_part){ "archive/data/0", S("-----") });
	zip_close(&zip, (struct zip_finish){ 0 });
	read_file_open(&file, "a.pt", bytes_str(&zip.bytes));
	assert_string_equal(file.reading.error.message.ptr,
			    "tensor \"a\": storage 0 is missing or has 5 of 24 bytes");
	read_file_close(&file);
	zip_free(&zip);
}

/** A tensor takes no more room than its storage has. */
static void bytes_are_those_that_are_stored(void **state)
{
	static const struct {
		const char *pickle;
		uint64_t size_bytes;
	} cases[] = {
		{ SIX ".", 24 },
		{ V2("FloatStorage", 1, 0, "I7\nI9\n", "I0\nI0\n") ".", 4 },
		{ V2("FloatStorage", 6, 1, "I6\n", "I1\n") ".", 0 },
		{ V2("DoubleStorage", 100, 50, "I2\n", "I10\n") ".", 16 },
		{ "ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nbfloat16\n(I3\nt(I1\ntI00\ntR.",
		  0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct read_file file;
		read_file_open(&file, "a.pkl", str_from(cases[i].pickle));
		assert_int_equal(file.reading.table.n_tensors, 1);
		assert_int_equal(file.reading.table.tensors[0].size_bytes, cases[i].size_bytes);
		read_file_close(&file);
	}
}

/** 2 to the 40th ways lead to the same list. */
static void many_ways_to_one_value_cost_nothing(void **state)
{
	struct bytes bytes = { 0 };
	struct read_file file;
	(void)state;
	bytes_printf(&bytes, "(lp0\n0");
	for (int i = 0; i < 40; i++)
		bytes_printf(&bytes, "(g%d\ng%d\nlp%d\n0", i, i, i + 1);
	bytes_printf(&bytes, "g40\n.");
	read_file_open(&file, "a.pkl", bytes_str(&bytes));
	assert_int_equal(file.reading.table.n_tensors, 0);
	assert_string_equal(read_file_codes(&file), "");
	read_file_close(&file);
	bytes_finish(&bytes);
}

/** A name has sixteen parts at most, a walk some more steps. */
static void depth_has_an_end(void **state)
{
	struct bytes bytes = { 0 };
	struct read_file file;
	(void)state;
	for (int i = 0; i < 1000; i++)
		bytes_printf(&bytes, "(" KEY("a"));
	bytes_printf(&bytes, "%s", SIX);
	for (int i = 0; i < 1000; i++)
		bytes_append_byte(&bytes, 'd');
	bytes_append_byte(&bytes, '.');
	read_file_open(&file, "a.pkl", bytes_str(&bytes));
	assert_int_equal(file.reading.table.n_tensors, 0);
	assert_int_equal(file.reading.safety, SAFETY_DATA_ONLY);
	read_file_close(&file);
	bytes_finish(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
		cmocka_unit_test(storages_are_looked_up),
		cmocka_unit_test(bytes_are_those_that_are_stored),
		cmocka_unit_test(the_message_tells_what_is_missing),
		cmocka_unit_test(many_ways_to_one_value_cost_nothing),
		cmocka_unit_test(depth_has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
